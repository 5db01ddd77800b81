import type { Product } from '#core/domain/product';
import { formatUnitPrice, type UnitPrice } from '#core/money';

/** A price that an inspector would ask about (B5). */
export interface PriceNotice {
  readonly kind: 'above-ceiling' | 'above-procured';
  readonly price: UnitPrice;
  /** What it should not exceed. */
  readonly limit: UnitPrice;
  readonly zh: string;
  readonly en: string;
}

/**
 * Flags of a product's price on `day`: above the procured price (带量采购价) while that holds, above the
 * ceiling. A flag stops nothing.
 */
export function priceNotices(product: Product, day: string): readonly PriceNotice[] {
  const { price, ceiling } = product;
  const procured = procuredPriceOn(product, day);
  const notices: PriceNotice[] = [];
  if (procured !== undefined && price > procured)
    notices.push(notice('above-procured', price, procured, '高于带量采购价', 'above the procured price'));
  if (ceiling !== undefined && price > ceiling)
    notices.push(notice('above-ceiling', price, ceiling, '高于医保支付上限', 'above the ceiling'));
  return notices;
}

/** The procured price that holds on `day` (`yyyy-MM-dd`, both days inclusive). */
export function procuredPriceOn(product: Product, day: string): UnitPrice | undefined {
  const { procured } = product;
  if (procured === undefined || day < procured.from) return undefined;
  return procured.to !== undefined && day > procured.to ? undefined : procured.price;
}

function notice(
  kind: PriceNotice['kind'],
  price: UnitPrice,
  limit: UnitPrice,
  zh: string,
  en: string,
): PriceNotice {
  const [ours, theirs] = [formatUnitPrice(price), formatUnitPrice(limit)];
  return {
    kind,
    price,
    limit,
    zh: `售价 ${ours} 元${zh} ${theirs} 元`,
    en: `price ${ours} is ${en} ${theirs}`,
  };
}
