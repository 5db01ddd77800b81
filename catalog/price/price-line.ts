import { assert } from '#core/assert';
import type { BasketLine, Product } from '#core/domain/product';
import { lineAmount, oneUnit, type Quantity, type UnitPrice } from '#core/money';

/** Amount of a line and what it was reckoned from. */
export type LinePrice = Pick<BasketLine, 'product' | 'quantity' | 'amount' | 'brokenPack'>;

/** What a quantity counts: packs, or smallest units of a broken pack (拆零). */
export type SaleUnit = 'pack' | 'smallest';

export type Breakable = Product & Required<Pick<Product, 'unitsPerPack' | 'smallestUnit'>>;

/** Whether the shop's list says how many smallest units a pack holds. */
export function isBreakable(product: Product): product is Breakable {
  return product.unitsPerPack !== undefined && product.smallestUnit !== undefined;
}

/**
 * Amount half up to the fen, once per line (interface relation 11). By the smallest unit, `quantity` counts those
 * and the line's product is that unit: its name, price, ceiling and stock; the pack stays in `brokenPack`.
 * Only a breakable product is sold so.
 */
export function priceOf(product: Product, quantity: Quantity, unit: SaleUnit = 'pack'): LinePrice {
  if (unit === 'pack') return amountOf(product, quantity);
  assert(isBreakable(product), 'only a product with units per pack is sold by the smallest unit');
  const brokenPack = { unitsPerPack: product.unitsPerPack, packPrice: product.price };
  return { ...amountOf(smallestUnitOf(product), quantity), brokenPack };
}

function amountOf(product: Product, quantity: Quantity): LinePrice {
  return { product, quantity, amount: lineAmount(product.price, quantity, 'half-up') };
}

/**
 * The smallest unit as a product of its own. The shop's price of a unit counts as it is; without one it is the
 * pack price ÷ units, cut (not rounded up) at 10⁻⁶ yuan, so that a pack sold in pieces never costs more than
 * the pack. The ceiling and the procured price are divided likewise.
 */
export function smallestUnitOf(product: Breakable): Product {
  const { unitsPerPack: units, smallestUnit, smallestUnitPrice, ceiling, procured, stock } = product;
  return {
    ...product,
    packUnit: smallestUnit,
    price: smallestUnitPrice ?? divided(product.price, units),
    ...(ceiling === undefined ? {} : { ceiling: divided(ceiling, units) }),
    ...(procured === undefined ? {} : { procured: { ...procured, price: divided(procured.price, units) } }),
    ...(stock === undefined ? {} : { stock: ((stock * units) / oneUnit) as Quantity }),
  };
}

function divided(pack: UnitPrice, units: Quantity): UnitPrice {
  return ((pack * oneUnit) / units) as UnitPrice;
}
