import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Product } from '#core/domain/product';
import { type Fault, fault } from '#core/fault';
import { type CatalogStore, CatalogUnreadable, type CatalogVersion } from '#core/ports/catalog-store';
import { err, ok, type Result } from '#core/result';
import { toProduct } from './product-row.ts';
import { APPLICATION_ID, FORMAT, OLDEST_FORMAT } from './schema.ts';
import { createLookup } from './terms.ts';

/**
 * Opens one catalogue version read-only. Looks at head, format, size and counts, which is quick at any size;
 * `verifyCatalogVersion` reads every page. Errors: `catalog-none` (no such file), `catalog-damaged`,
 * `catalog-newer-format`.
 */
export function openCatalogVersion(file: string): Result<CatalogStore, Fault> {
  const opened = openChecked(file);
  return opened.ok ? ok(storeOver(opened.value.db, opened.value.version)) : opened;
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
}

function openChecked(file: string): Result<Opened, Fault> {
  let db: Database.Database | undefined;
  try {
    const sizeBytes = statSync(file).size;
    db = new Database(file, { readonly: true, fileMustExist: true });
    const bad = formatFault(db, sizeBytes);
    if (bad === undefined) {
      const version = readVersion(db);
      if (version !== undefined) return ok({ db, version });
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

function readVersion(db: Database.Database): CatalogVersion | undefined {
  const rows = db.prepare<[], { name: string; value: string }>('SELECT name, value FROM meta').all();
  const meta = new Map(rows.map(({ name, value }) => [name, value]));
  const [version, source] = [meta.get('version'), meta.get('source')];
  const [importedAtMs, productCount] = [Number(meta.get('importedAtMs')), Number(meta.get('productCount'))];
  const last = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM product').get();
  if (version === undefined || source === undefined || !Number.isSafeInteger(importedAtMs)) return undefined;
  if ((last?.id ?? 0) !== productCount) return undefined;
  return { version, importedAtMs, productCount, source };
}

function storeOver(db: Database.Database, version: CatalogVersion): CatalogStore {
  db.defaultSafeIntegers(true);
  // 16 MB keep the upper pages of every index at hand.
  db.pragma('cache_size = -16384');
  const select = 'SELECT * FROM product WHERE';
  const byCode = db.prepare(`${select} barcode = @code
    UNION ALL ${select} shop_code = @code AND barcode IS NOT @code`);
  const byNationalCode = db.prepare(`${select} national_code = ? ORDER BY stock DESC`);
  const byShopCode = db.prepare(`${select} shop_code = ?`);
  const byPrefix = ['shop_code', 'barcode', 'national_code'].map((column) =>
    db.prepare(`${select} ${column} >= ? AND ${column} < ? ORDER BY ${column} LIMIT ?`),
  );
  const lookup = createLookup(db);
  return {
    version,
    byCode: (code) =>
      guarded(() => {
        const found = byCode.all({ code }).map(toProduct);
        return found.length > 0 ? found : byNationalCode.all(code).map(toProduct);
      }),
    byCodePrefix: (prefix, limit) =>
      guarded(() => {
        const rows = byPrefix.flatMap((query) => query.all(prefix, `${prefix}\u{10FFFF}`, BigInt(limit)));
        return distinct(rows.map(toProduct)).sort(inStockFirst).slice(0, limit);
      }),
    byShopCode: (shopCode) =>
      guarded(() => {
        const row = byShopCode.get(shopCode);
        return row === undefined ? undefined : toProduct(row);
      }),
    byKeyPrefix: (prefix, limit) => guarded(() => lookup('pinyin', prefix, limit).map(toProduct)),
    bySubstring: (text, limit) => guarded(() => lookup('name', text, limit).map(toProduct)),
    close: () => db.close(),
  };
}

function distinct(products: readonly Product[]): Product[] {
  return [...new Map(products.map((product) => [product.shopCode, product])).values()];
}

function inStockFirst(a: Product, b: Product): number {
  return Number((b.stock ?? 0n) > 0n) - Number((a.stock ?? 0n) > 0n);
}

function guarded<T>(look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof Database.SqliteError) throw new CatalogUnreadable(`${error.code}: ${error.message}`);
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function messageOf(error: unknown): string {
  // Messages of SQLite name no path; those of the file system do, and the detail is shown on screens.
  return error instanceof Database.SqliteError ? error.message : 'the file cannot be read';
}
