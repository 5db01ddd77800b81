import type { BasketLine, Product } from '#core/domain/product';
import { type Fault, fault } from '#core/fault';
import type { Quantity } from '#core/money';
import {
  type CatalogStore,
  CatalogUnreadable,
  type CatalogVersion,
  type PriceChange,
} from '#core/ports/catalog-store';
import { err, ok, type Result } from '#core/result';
import { type AsOf, asOf, type PriceSources } from './price/as-of.ts';
import { type DayPrice, dayPrices } from './price/day-prices.ts';
import { type Equivalent, equivalentsOf, searchStem } from './price/equivalents.ts';
import { priceOf, type SaleUnit } from './price/price-line.ts';
import { LONGEST_KEY, normalise } from './search/normalise.ts';
import { plainCode, search } from './search/search.ts';

/** A line before it has its number in the sale. */
export type PricedLine = Omit<BasketLine, 'lineNumber'>;

/** What a catalogue needs beside the shop's list; without it products are as listed. */
export interface CatalogOptions extends PriceSources {
  /** Today as `yyyy-MM-dd`: products are given out as they count today. */
  readonly today: () => string;
  /** How often products were sold, by shop code in capitals: ranks the search. */
  readonly sold?: () => ReadonlyMap<string, number>;
}

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
  /**
   * Every product as the shop's list has it, in its order, read as they are asked for. Throws
   * `CatalogUnreadable` when the file turns out to be damaged.
   */
  listed(): Iterable<Product>;
  /** The product as it counted on another day (`yyyy-MM-dd`), by this version. Errors as `findByCode`. */
  priceOn(shopCode: string, day: string): Result<Product, Fault>;
  /**
   * Amount half up to the fen, once per line (interface relation 11). With the unit `smallest` the quantity counts
   * smallest units of a broken pack (拆零); only for a product that `isBreakable`.
   */
  priceLine(product: Product, quantity: Quantity, how?: { readonly unit: SaleUnit }): PricedLine;
  /** Version of the agency's tables behind a product that this catalogue gave out; absent = the list alone. */
  agencyVersionOf(product: Product): string | undefined;
  /** Same medicine, form and strength: what spares the holder most first. A damaged file gives none. */
  equivalents(product: Product, limit: number): readonly Equivalent[];
  /**
   * Prices in force at the end of `day`, and products as they counted then, behind the position `after`; read as
   * they are asked for, so a damaged file may throw `CatalogUnreadable` on the way. Faults of `dayPrices`.
   */
  dayPrices(day: string, after?: number): Result<Iterable<DayPrice>, Fault>;
  /** Price log from `fromMs` to `toMs` (exclusive), oldest first. */
  priceLog(
    wanted: { readonly fromMs?: number; readonly toMs?: number; readonly shopCode?: string },
    limit: number,
  ): Result<readonly PriceChange[], Fault>;
  /** `catalog-damaged` once a look-up met a damaged file. */
  damage(): Fault | undefined;
  close(): void;
}

const MOST_RESULTS = 100;
/** Products among which equivalents are looked for: of one generic name there are seldom so many. */
const MOST_CANDIDATES = 1_000;

/** Products as they count on a day, with the version that was asked about each. */
function createDated(options: CatalogOptions | undefined, damaged: (fault: Fault) => void) {
  const agencyVersions = new WeakMap<Product, string>();
  const onDay = (product: Product, day: string): Product => {
    if (options === undefined) return product;
    const found: AsOf = asOf(product, day, options);
    if (found.unreadable !== undefined) damaged(fault('catalog-damaged', found.unreadable.message));
    if (found.agencyVersion !== undefined) agencyVersions.set(found.product, found.agencyVersion);
    return found.product;
  };
  return {
    onDay,
    today(products: readonly Product[]): readonly Product[] {
      if (options === undefined) return products;
      const today = options.today();
      return products.map((product) => onDay(product, today));
    },
    agencyVersionOf: (product: Product) => agencyVersions.get(product),
  };
}

/** Search, look-up and price over one opened catalogue version. */
export function createCatalog(store: CatalogStore, options?: CatalogOptions): Catalog {
  let damaged: Fault | undefined;
  const dated = createDated(options, (found) => {
    damaged = found;
  });
  function guarded<T>(look: () => T): Result<T, Fault> {
    try {
      return ok(look());
    } catch (error) {
      if (!(error instanceof CatalogUnreadable)) throw error;
      damaged = fault('catalog-damaged', error.message);
      return err(damaged);
    }
  }
  const onDay = (shopCode: string, day: string): Result<Product, Fault> => {
    const found = guarded(() => store.byShopCode(plainCode(shopCode)));
    if (!found.ok) return found;
    return found.value === undefined
      ? err(fault('catalog-product-unknown'))
      : ok(dated.onDay(found.value, day));
  };
  const bySold = options?.sold;
  if (bySold !== undefined) guarded(() => store.rankBySales(bySold()));

  return {
    version: store.version,
    search(text, limit) {
      const found = guarded(() => search(store, text, Math.max(0, Math.min(limit, MOST_RESULTS))));
      return found.ok ? dated.today(found.value) : [];
    },
    findByCode(code) {
      const plain = plainCode(code);
      const found = guarded(() => (plain === '' ? [] : dated.today(store.byCode(plain))));
      if (!found.ok || found.value.length > 0) return found;
      return err(fault('catalog-product-unknown', plain));
    },
    findByShopCode: (shopCode) => onDay(shopCode, options?.today() ?? ''),
    listed: () => store.products(),
    priceOn: onDay,
    priceLine(product, quantity, how) {
      const agencyVersion = dated.agencyVersionOf(product);
      return {
        ...priceOf(product, quantity, how?.unit),
        catalogVersion: store.version.version,
        ...(agencyVersion === undefined ? {} : { agencyCatalogVersion: agencyVersion }),
      };
    },
    agencyVersionOf: dated.agencyVersionOf,
    equivalents(product, limit) {
      const found = guarded(() => dated.today(candidates(store, searchStem(product))));
      return found.ok ? equivalentsOf(product, found.value, Math.max(0, limit)) : [];
    },
    dayPrices(day, after) {
      const found = guarded(() => dayPrices(store, day, options?.today() ?? day, after));
      if (!found.ok || !found.value.ok) return found.ok ? found.value : found;
      return ok(asOfDay(found.value.value, (product) => dated.onDay(product, day)));
    },
    priceLog: (wanted, limit) => guarded(() => store.priceChanges(wanted, limit)),
    damage: () => damaged,
    close: () => store.close(),
  };
}

/** Products whose names hold the stem, best stocked first. */
function candidates(store: CatalogStore, stem: string): readonly Product[] {
  const key = normalise(stem).slice(0, LONGEST_KEY);
  if (key === '') return [];
  const terms = store.index.terms('name', key).map(({ term }) => term);
  return store.byIds(store.index.best(terms, new Set(), MOST_CANDIDATES));
}

function* asOfDay(rows: Iterable<DayPrice>, onDay: (product: Product) => Product): Generator<DayPrice> {
  for (const row of rows) yield row.product === undefined ? row : { ...row, product: onDay(row.product) };
}
