import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type Fault, fault } from '#core/fault';
import type { CatalogStore, CatalogVersion } from '#core/ports/catalog-store';
import { err, ok, type Result } from '#core/result';
import { createPriceLog, PRICES_SINCE } from './price-log.ts';
import { createProductLookups } from './product-lookups.ts';
import { APPLICATION_ID, FORMAT, OLDEST_FORMAT } from './schema.ts';

/**
 * Opens one catalogue version read-only. Looks at head, format, size and counts, which is quick at any size;
 * `verifyCatalogVersion` reads every page. Errors: `catalog-none` (no such file), `catalog-damaged`,
 * `catalog-newer-format`.
 */
export function openCatalogVersion(file: string): Result<CatalogStore, Fault> {
  const opened = openChecked(file);
  return opened.ok ? ok(storeOver(opened.value)) : opened;
}

/** Reads the whole file: for `doctor` and after a copy. Errors as `openCatalogVersion`. */
export function verifyCatalogVersion(file: string): Result<CatalogVersion, Fault> {
  const opened = openChecked(file);
  if (!opened.ok) return opened;
  const { db, version } = opened.value;
  try {
    const answer = db.pragma('integrity_check(1)', { simple: true });
    return answer === 'ok' ? ok(version) : err(fault('catalog-damaged', String(answer)));
  } catch (error) {
    return err(fault('catalog-damaged', messageOf(error)));
  } finally {
    db.close();
  }
}

interface Opened {
  readonly db: Database.Database;
  readonly version: CatalogVersion;
  readonly pricesSinceMs: number;
}

function openChecked(file: string): Result<Opened, Fault> {
  let db: Database.Database | undefined;
  try {
    const sizeBytes = statSync(file).size;
    db = new Database(file, { readonly: true, fileMustExist: true });
    const bad = formatFault(db, sizeBytes);
    if (bad === undefined) {
      const facts = readFacts(db);
      if (facts !== undefined) return ok({ db, ...facts });
    }
    db.close();
    return err(bad ?? fault('catalog-damaged', 'facts about the version are missing or do not fit the rows'));
  } catch (error) {
    db?.close();
    if (isMissing(error)) return err(fault('catalog-none', 'no such file'));
    return err(fault('catalog-damaged', messageOf(error)));
  }
}

function formatFault(db: Database.Database, sizeBytes: number): Fault | undefined {
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    return fault('catalog-damaged', 'not a catalogue file');
  }
  const format = db.pragma('user_version', { simple: true });
  if (typeof format === 'number' && format > FORMAT) {
    return fault('catalog-newer-format', `format ${format}, this program reads ${FORMAT}`);
  }
  if (typeof format !== 'number' || format < OLDEST_FORMAT)
    return fault('catalog-damaged', `format ${String(format)}`);
  const pages = Number(db.pragma('page_count', { simple: true }));
  const expected = pages * Number(db.pragma('page_size', { simple: true }));
  return expected === sizeBytes ? undefined : fault('catalog-damaged', `${sizeBytes} of ${expected} bytes`);
}

function readFacts(db: Database.Database): Omit<Opened, 'db'> | undefined {
  const rows = db.prepare<[], { name: string; value: string }>('SELECT name, value FROM meta').all();
  const meta = new Map(rows.map(({ name, value }) => [name, value]));
  const [version, source] = [meta.get('version'), meta.get('source')];
  const [importedAtMs, productCount] = [Number(meta.get('importedAtMs')), Number(meta.get('productCount'))];
  const last = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM product').get();
  if (version === undefined || source === undefined || !Number.isSafeInteger(importedAtMs)) return undefined;
  if ((last?.id ?? 0) !== productCount) return undefined;
  const pricesSinceMs = Number(meta.get(PRICES_SINCE) ?? importedAtMs);
  return { version: { version, importedAtMs, productCount, source }, pricesSinceMs };
}

function storeOver({ db, version, pricesSinceMs }: Opened): CatalogStore {
  db.defaultSafeIntegers(true);
  // 16 MB keep the upper pages of every index at hand.
  db.pragma('cache_size = -16384');
  return {
    version,
    ...createProductLookups(db),
    ...createPriceLog(db),
    pricesSinceMs,
    close: () => db.close(),
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function messageOf(error: unknown): string {
  // Messages of SQLite name no path; those of the file system do, and the detail is shown on screens.
  return error instanceof Database.SqliteError ? error.message : 'the file cannot be read';
}
