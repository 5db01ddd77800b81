import type Database from 'better-sqlite3';
import type { Fault } from '#core/fault';
import type { CatalogStore, CatalogVersion } from '#core/ports/catalog-store';
import { ok, type Result } from '#core/result';
import { type OpenedFile, openVersionFile, readMeta, verifyPages } from '../catalog-file/read-file.ts';
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
  const verified = verifyPages(opened.value);
  return verified.ok ? ok(verified.value.version) : verified;
}

interface Facts {
  readonly version: CatalogVersion;
  readonly pricesSinceMs: number;
}

function openChecked(file: string): Result<OpenedFile<Facts>, Fault> {
  const kind = { applicationId: APPLICATION_ID, format: FORMAT, oldestFormat: OLDEST_FORMAT };
  return openVersionFile(file, kind, readFacts);
}

function readFacts(db: Database.Database): Facts | undefined {
  const meta = readMeta(db);
  const [version, source] = [meta.get('version'), meta.get('source')];
  const [importedAtMs, productCount] = [Number(meta.get('importedAtMs')), Number(meta.get('productCount'))];
  const last = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM product').get();
  if (version === undefined || source === undefined || !Number.isSafeInteger(importedAtMs)) return undefined;
  if ((last?.id ?? 0) !== productCount) return undefined;
  const pricesSinceMs = Number(meta.get(PRICES_SINCE) ?? importedAtMs);
  return { version: { version, importedAtMs, productCount, source }, pricesSinceMs };
}

function storeOver({ db, facts }: OpenedFile<Facts>): CatalogStore {
  const { version, pricesSinceMs } = facts;
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
