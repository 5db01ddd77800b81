import type Database from 'better-sqlite3';
import type { Product } from '#core/domain/product';
import type { CatalogStore } from '#core/ports/catalog-store';
import { guarded } from '../catalog-file/read-file.ts';
import { openIndex } from './open-index.ts';
import type { Posting } from './postings.ts';
import { toProduct } from './product-row.ts';
import { hasTable, numbers } from './statements.ts';

/** Approval numbers (批准文号) are typed and found without the words that begin them all. */
const approval = "replace(approval_number, '国药准字', '') COLLATE NOCASE";

/** Indexes of the codes that files of the first format have not. */
export const laterCodeIndexes = `
  CREATE INDEX product_approval_number ON product (${approval});
  CREATE INDEX product_standard_code ON product (standard_code) WHERE standard_code IS NOT NULL;
  CREATE INDEX product_trace_prefix ON product (trace_prefix) WHERE trace_prefix IS NOT NULL;
`;

const firstCodes = ['barcode', 'shop_code', 'national_code'];
const laterCodes = ['standard_code', approval, 'trace_prefix'];

/** A drug trace code (追溯码), whole or so far typed; its first digits name product and pack. */
const TRACE = /^8\d{7,19}$/;
const PACK_DIGITS = 7;

type Lookups = Pick<CatalogStore, 'index' | 'byCode' | 'byShopCode' | 'byIds' | 'rankBySales'>;

/** Products by code, by id and through the search index. */
export function createProductLookups(db: Database.Database): Lookups {
  const select = 'SELECT * FROM product WHERE';
  const byCode = db.prepare(`${select} barcode = @code
    UNION ALL ${select} shop_code = @code AND barcode IS NOT @code`);
  const byNationalCode = db.prepare(`${select} national_code = ? ORDER BY stock DESC`);
  const byShopCode = db.prepare(`${select} shop_code = ?`);
  const byIds = db.prepare<[string], { id: bigint }>(`${select} id IN (SELECT value FROM json_each(?))`);
  const standing = numbers(
    db.prepare<[string], Posting>(
      'SELECT id AS product, -coalesce(stock, 0) AS lessStock FROM product WHERE shop_code = ?',
    ),
  );
  const later = hasTable(db, 'term') ? laterCodes : [];
  const index = openIndex(db, { table: 'product', codes: [...firstCodes, ...later], inStock: 'stock > 0' });
  const coded = (code: string): readonly number[] => {
    const found = index.byCode(code);
    return found.length === 0 && TRACE.test(code) ? index.byCode(code.slice(0, PACK_DIGITS)) : found;
  };
  const products = (ids: readonly number[]): readonly Product[] => {
    const rows = new Map(byIds.all(JSON.stringify(ids)).map((row) => [Number(row.id), row]));
    return ids.map((id) => toProduct(rows.get(id)));
  };
  return {
    index: { ...index, byCode: coded },
    byCode: guarded((code) => {
      const found = byCode.all({ code });
      if (found.length > 0) return found.map(toProduct);
      const mapped = byNationalCode.all(code);
      if (mapped.length > 0) return mapped.map(toProduct);
      return products(coded(code));
    }),
    byShopCode: guarded((shopCode) => {
      const row = byShopCode.get(shopCode);
      return row === undefined ? undefined : toProduct(row);
    }),
    byIds: guarded(products),
    rankBySales: guarded((sold) => {
      const standings = [...sold].flatMap(([shopCode, count]) => {
        const found = standing.get(shopCode);
        return found === undefined ? [] : [{ ...found, sold: count }];
      });
      index.rankBySales(standings);
    }),
  };
}
