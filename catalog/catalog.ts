import type { BasketLine, Product } from '#core/domain/product';
import { type Fault, fault } from '#core/fault';
import { lineAmount, type Quantity } from '#core/money';
import { type CatalogStore, CatalogUnreadable, type CatalogVersion } from '#core/ports/catalog-store';
import { err, ok, type Result } from '#core/result';
import { plainCode, search } from './search/search.ts';

/** A line before it has its number in the sale. */
export type PricedLine = Omit<BasketLine, 'lineNumber'>;

export interface Catalog {
  readonly version: CatalogVersion;
  /**
   * One box for everything: codes, initials, pinyin, hanzi, several words apart by spaces. Best match
   * first, goods in stock before others. Any text is safe; nothing found is an empty list. A damaged file
   * gives an empty list too and shows in `damage`.
   */
  search(text: string, limit: number): readonly Product[];
  /**
   * What a scanner or a typed code means: barcode or shop code, else national code. Several packs may share
   * a barcode: all are given and the cashier chooses. Errors: `catalog-product-unknown`, `catalog-damaged`.
   */
  findByCode(code: string): Result<readonly Product[], Fault>;
  /** Errors as `findByCode`. */
  findByShopCode(shopCode: string): Result<Product, Fault>;
  /** Amount half up to the fen, once per line (interface relation 11). */
  priceLine(product: Product, quantity: Quantity): PricedLine;
  /** `catalog-damaged` once a look-up met a damaged file. */
  damage(): Fault | undefined;
  close(): void;
}

const MOST_RESULTS = 100;

/** Search, look-up and price over one opened catalogue version. */
export function createCatalog(store: CatalogStore): Catalog {
  let damaged: Fault | undefined;
  function guarded<T>(look: () => T): Result<T, Fault> {
    try {
      return ok(look());
    } catch (error) {
      if (!(error instanceof CatalogUnreadable)) throw error;
      damaged = fault('catalog-damaged', error.message);
      return err(damaged);
    }
  }
  return {
    version: store.version,
    search(text, limit) {
      const found = guarded(() => search(store, text, Math.max(0, Math.min(limit, MOST_RESULTS))));
      return found.ok ? found.value : [];
    },
    findByCode(code) {
      const plain = plainCode(code);
      const found = guarded(() => (plain === '' ? [] : store.byCode(plain)));
      if (!found.ok || found.value.length > 0) return found;
      return err(fault('catalog-product-unknown', plain));
    },
    findByShopCode(shopCode) {
      const found = guarded(() => store.byShopCode(plainCode(shopCode)));
      if (!found.ok) return found;
      return found.value === undefined ? err(fault('catalog-product-unknown')) : ok(found.value);
    },
    priceLine: (product, quantity) => ({
      product,
      quantity,
      amount: lineAmount(product.price, quantity, 'half-up'),
      catalogVersion: store.version.version,
    }),
    damage: () => damaged,
    close: () => store.close(),
  };
}
