import type { BasketLine, Product } from '#core/domain/product';
import type { AgencyCatalogStore } from '#core/ports/agency-catalog';
import type { CatalogStore } from '#core/ports/catalog-store';
import { asOf } from './as-of.ts';
import { priceOf } from './price-line.ts';

/** Where versions of long ago may still lie; undefined = that file is gone. */
export interface OldVersions {
  readonly region: string;
  readonly list: (version: string) => CatalogStore | undefined;
  readonly agency: (version: string) => AgencyCatalogStore | undefined;
}

export interface Repriced {
  readonly product: Product;
  readonly amount: BasketLine['amount'];
  /** `versions`: reckoned anew from the recorded versions; `line`: one is gone and the line's own record stands. */
  readonly from: 'versions' | 'line';
}

/**
 * The price of an old line, found again: by the versions that it records as they were on its day, or, when a
 * file was pruned, by the facts in the line itself. Both give the fen that were charged.
 */
export function repriceLine(line: BasketLine, day: string, versions: OldVersions): Repriced {
  const unit = line.brokenPack === undefined ? 'pack' : 'smallest';
  const listed = versions.list(line.catalogVersion)?.byShopCode(line.product.shopCode);
  const { agencyCatalogVersion } = line;
  const agency = agencyCatalogVersion === undefined ? undefined : versions.agency(agencyCatalogVersion);
  const isGone = listed === undefined || (agencyCatalogVersion !== undefined && agency === undefined);
  if (isGone)
    return { product: line.product, amount: priceOf(line.product, line.quantity).amount, from: 'line' };
  const { product } = asOf(listed, day, {
    region: versions.region,
    agency: () => agency,
    // A mapping confirmed later must not change what was sold before.
    mappedCode: () => line.product.nationalCode ?? null,
  });
  const priced = priceOf(product, line.quantity, unit);
  return { product: priced.product, amount: priced.amount, from: 'versions' };
}
