import { businessDay, parseBusinessDateTime } from '#core/business-time';
import type { Product } from '#core/domain/product';
import { type Fault, fault } from '#core/fault';
import type { UnitPrice } from '#core/money';
import type { CatalogStore, PriceChange } from '#core/ports/catalog-store';
import { err, ok, type Result } from '#core/result';

/** A price as it was in force at the end of a day. */
export interface DayPrice {
  readonly shopCode: string;
  readonly genericName: string;
  readonly specification: string;
  readonly maker: string;
  readonly packUnit: string;
  readonly price: UnitPrice;
  /** Place of the row, from 1: reading goes on behind it. */
  readonly position: number;
  /** The price before, when it changed on that day. */
  readonly before?: UnitPrice;
  /** The product in the list in use; absent when it has left the list since. */
  readonly product?: Product;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** More changes than a shop makes in years; a bound for memory only. */
const MOST_CHANGES = 5_000_000;

/**
 * The prices in force on `day` (`yyyy-MM-dd`), in the order of the list, those that have left it since at the end.
 * Reckoned back from the list in use by the price log, so it needs no old file. Fault `catalog-prices-unknown`
 * for a day before the log begins, after `today`, or that is no day. `after` = position behind which to begin.
 */
export function dayPrices(
  store: CatalogStore,
  day: string,
  today: string,
  after = 0,
): Result<Iterable<DayPrice>, Fault> {
  const startMs = parseBusinessDateTime(`${day} 00:00:00`);
  if (startMs === undefined || day > today || day < businessDay(store.pricesSinceMs))
    return err(
      fault('catalog-prices-unknown', `${day}; the log begins on ${businessDay(store.pricesSinceMs)}`),
    );
  const endMs = startMs + DAY_MS;
  const since = firstOfEach(store.priceChanges({ fromMs: endMs }, MOST_CHANGES));
  const within = firstOfEach(store.priceChanges({ fromMs: startMs, toMs: endMs }, MOST_CHANGES));
  return ok(pricesOf(store, { since, within, after }));
}

interface Changes {
  /** First change of each product after the day, and on it. */
  readonly since: ReadonlyMap<string, PriceChange>;
  readonly within: ReadonlyMap<string, PriceChange>;
  readonly after: number;
}

function* pricesOf(store: CatalogStore, { since, within, after }: Changes): Generator<DayPrice> {
  let position = Math.min(after, store.version.productCount);
  for (const product of store.products(position)) {
    position += 1;
    const key = product.shopCode.toUpperCase();
    const later = since.get(key);
    const price = later === undefined ? product.price : later.oldPrice;
    // No old price: the product came into the list after that day.
    if (price !== undefined)
      yield { ...factsOf(product), price, position, ...beforeOf(within.get(key)), product };
  }
  position = store.version.productCount;
  for (const [key, change] of since) {
    if (change.oldPrice === undefined || store.byShopCode(change.shopCode) !== undefined) continue;
    position += 1;
    if (position > after)
      yield { ...factsOf(change), price: change.oldPrice, position, ...beforeOf(within.get(key)) };
  }
}

function factsOf({ shopCode, genericName, specification, maker, packUnit }: Product | PriceChange) {
  return { shopCode, genericName, specification, maker, packUnit };
}

function beforeOf(change: PriceChange | undefined): { readonly before?: UnitPrice } {
  return change?.oldPrice === undefined ? {} : { before: change.oldPrice };
}

/** Changes come oldest first. */
function firstOfEach(changes: readonly PriceChange[]): ReadonlyMap<string, PriceChange> {
  const first = new Map<string, PriceChange>();
  for (const change of changes) {
    const key = change.shopCode.toUpperCase();
    if (!first.has(key)) first.set(key, change);
  }
  return first;
}
