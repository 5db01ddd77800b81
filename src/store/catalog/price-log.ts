import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { UnitPrice } from '#core/money';
import { type CatalogStore, CatalogUnreadable, type PriceChange } from '#core/ports/catalog-store';
import { guarded } from '../catalog-file/read-file.ts';
import { toProduct } from './product-row.ts';

/** Moment since which the price log is whole, in `meta`; files of format 1 have none. */
export const PRICES_SINCE = 'pricesSinceMs';

const changeRow = z.object({
  shop_code: z.string(),
  generic_name: z.string(),
  specification: z.string(),
  maker: z.string(),
  pack_unit: z.string(),
  old_price: z.bigint().positive().nullable(),
  new_price: z.bigint().positive().nullable(),
  changed_at_ms: z.bigint(),
  version: z.string(),
});

type PriceLog = Pick<CatalogStore, 'products' | 'priceChanges'>;

/** The whole list in its order, and the price log (调价记录) of a version file; one of format 1 has no log. */
export function createPriceLog(db: Database.Database): PriceLog {
  const page = db.prepare('SELECT * FROM product WHERE id > ? ORDER BY id LIMIT ?');
  const select = hasLog(db)
    ? db.prepare<[string | null, string | null, bigint, bigint, bigint]>(
        `SELECT * FROM price_change WHERE (? IS NULL OR shop_code = ?)
         AND changed_at_ms >= ? AND changed_at_ms < ? ORDER BY changed_at_ms, id LIMIT ?`,
      )
    : undefined;
  const nextPage = guarded((last: bigint) => page.all(last, BigInt(PAGE)));
  const changes = select === undefined ? undefined : guarded(select.all.bind(select));
  return {
    // By pages: an open cursor would keep the file from being closed when another version is switched to.
    // Numbers run from 1 without a gap, in the order of the list.
    *products(skip = 0) {
      for (let last = BigInt(skip); ; ) {
        const rows = nextPage(last);
        for (const row of rows) {
          last = idOf(row);
          yield toProduct(row);
        }
        if (rows.length < PAGE) return;
      }
    },
    priceChanges({ fromMs = 0, toMs = Number.MAX_SAFE_INTEGER, shopCode = null }, limit) {
      if (changes === undefined) return [];
      const most = BigInt(Math.max(0, limit));
      return changes(shopCode, shopCode, BigInt(fromMs), BigInt(toMs), most).map(toChange);
    },
  };
}

const PAGE = 500;
const numbered = z.object({ id: z.bigint() });

function idOf(row: unknown): bigint {
  const checked = numbered.safeParse(row);
  if (!checked.success) throw new CatalogUnreadable('a product row has no number');
  return checked.data.id;
}

function hasLog(db: Database.Database): boolean {
  const table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'price_change'";
  return db.prepare(table).get() !== undefined;
}

function toChange(row: unknown): PriceChange {
  const checked = changeRow.safeParse(row);
  if (!checked.success) throw new CatalogUnreadable('a row of the price log does not fit its table');
  const value = checked.data;
  return {
    shopCode: value.shop_code,
    genericName: value.generic_name,
    specification: value.specification,
    maker: value.maker,
    packUnit: value.pack_unit,
    ...(value.old_price === null ? {} : { oldPrice: value.old_price as UnitPrice }),
    ...(value.new_price === null ? {} : { newPrice: value.new_price as UnitPrice }),
    changedAtMs: Number(value.changed_at_ms),
    version: value.version,
  };
}
