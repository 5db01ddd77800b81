import Database from 'better-sqlite3';
import type { CatalogVersion } from '#core/ports/catalog-store';
import { openCatalogVersion } from './open.ts';

interface Facts {
  readonly shop_code: string;
  readonly generic_name: string;
  readonly specification: string;
  readonly maker: string;
  readonly pack_unit: string;
  readonly price: bigint;
}

type Marks = Pick<CatalogVersion, 'version' | 'importedAtMs'>;

/**
 * Writes the price log of a new version: what the log of `previousFile` says, then every price that differs from
 * it, products that came and products that went. Without a previous file, or with one that cannot be opened,
 * the log begins here. Answers since when it is whole. `db` holds the new products with their indexes.
 */
export function writePriceLog(db: Database.Database, previousFile: string | undefined, marks: Marks): number {
  const previous = previousFile === undefined ? undefined : openedRaw(previousFile);
  if (previous === undefined) return marks.importedAtMs;
  try {
    copyLog(db, previous.db);
    compare(db, previous.db, marks);
    return previous.pricesSinceMs;
  } finally {
    previous.db.close();
  }
}

/** Opened once with all its checks, then for plain rows. */
function openedRaw(file: string): { db: Database.Database; pricesSinceMs: number } | undefined {
  const checked = openCatalogVersion(file);
  if (!checked.ok) return undefined;
  const { pricesSinceMs } = checked.value;
  checked.value.close();
  const db = new Database(file, { readonly: true, fileMustExist: true });
  db.defaultSafeIntegers(true);
  return { db, pricesSinceMs };
}

const COLUMNS =
  'shop_code, generic_name, specification, maker, pack_unit, old_price, new_price, changed_at_ms, version';

function inserter(db: Database.Database) {
  return db.prepare(`INSERT INTO price_change (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
}

function copyLog(db: Database.Database, previous: Database.Database): void {
  const has = previous.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'price_change'").get();
  if (has === undefined) return;
  const insert = inserter(db);
  const rows = previous.prepare<[], unknown[]>(`SELECT ${COLUMNS} FROM price_change ORDER BY id`);
  for (const row of rows.raw().iterate()) insert.run(...row);
}

function compare(db: Database.Database, previous: Database.Database, marks: Marks): void {
  const insert = inserter(db);
  const now = pricesOf(db);
  const note = (facts: Facts, oldPrice: bigint | null, newPrice: bigint | null) => {
    const { shop_code: shopCode, generic_name: name, specification, maker, pack_unit: unit } = facts;
    insert.run(
      shopCode,
      name,
      specification,
      maker,
      unit,
      oldPrice,
      newPrice,
      marks.importedAtMs,
      marks.version,
    );
  };
  const facts = 'SELECT shop_code, generic_name, specification, maker, pack_unit, price FROM product';
  for (const before of previous.prepare<[], Facts>(`${facts} ORDER BY id`).iterate()) {
    const key = before.shop_code.toUpperCase();
    const price = now.get(key);
    now.delete(key);
    if (price !== before.price) note(before, before.price, price ?? null);
  }
  const own = db.prepare<[string], Facts>(`${facts} WHERE shop_code = ?`);
  for (const [shopCode, price] of now) {
    const row = own.get(shopCode);
    if (row !== undefined) note(row, null, price);
  }
}

function pricesOf(db: Database.Database): Map<string, bigint> {
  const rows = db.prepare<[], Facts>('SELECT shop_code, price FROM product ORDER BY id').safeIntegers(true);
  const prices = new Map<string, bigint>();
  for (const row of rows.iterate()) prices.set(row.shop_code.toUpperCase(), row.price);
  return prices;
}
