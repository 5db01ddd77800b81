import { isBreakable, type SaleUnit } from '#catalog/price/price-line';
import type { HerbalDoses, Product } from '#core/domain/product';
import { type Fault, fault } from '#core/fault';
import { oneUnit, parseQuantity, type Quantity, quantity } from '#core/money';
import { err, ok, type Result } from '#core/result';

const DOSES_MAX = quantity('365');
const GRAMS_MAX = quantity('1000');

/** Grams in the weights by which pieces are sold. */
const WEIGHTS: Readonly<Record<string, Quantity>> = {
  g: oneUnit,
  克: oneUnit,
  kg: quantity('1000'),
  千克: quantity('1000'),
  公斤: quantity('1000'),
};

/** Doses (付数, whole) and grams per dose (每付克数) as typed; `sale-doses-invalid`. */
export function typedDoses(doses: string, gramsPerDose: string): Result<HerbalDoses, Fault> {
  const count = parseQuantity(doses.trim());
  const grams = parseQuantity(gramsPerDose.trim());
  const isCount = count.ok && count.value > 0n && count.value <= DOSES_MAX && count.value % oneUnit === 0n;
  if (!isCount || !grams.ok || grams.value <= 0n || grams.value > GRAMS_MAX)
    return err(fault('sale-doses-invalid', `${doses} × ${gramsPerDose}`.slice(0, 30)));
  return ok({ doses: count.value, gramsPerDose: grams.value });
}

/** Whether a product is a herbal piece (中药饮片) whose price is for a weight. */
export function takesDoses(product: Product): boolean {
  return weightOf(product) !== undefined;
}

/**
 * Quantity of a line and what it counts: doses × grams ÷ grams of the unit, exact to four decimals.
 * `sale-doses-unfit` for what is not sold by weight, `sale-quantity-invalid` for what cannot be weighed so.
 */
export function quantityOfDoses(
  product: Product,
  { doses, gramsPerDose }: HerbalDoses,
): Result<{ readonly quantity: Quantity; readonly unit: SaleUnit }, Fault> {
  const weight = weightOf(product);
  if (weight === undefined) return err(fault('sale-doses-unfit', product.shopCode));
  const scaled = doses * gramsPerDose;
  if (scaled % weight.grams !== 0n) return err(fault('sale-quantity-invalid', product.packUnit));
  return ok({ quantity: (scaled / weight.grams) as Quantity, unit: weight.unit });
}

/** Grams of the unit that is priced: the pack's own (克, 10g, 千克), else the smallest unit's of a breakable pack. */
function weightOf(product: Product): { readonly grams: Quantity; readonly unit: SaleUnit } | undefined {
  if (product.category !== 'herbal') return undefined;
  const pack = gramsOf(product.packUnit);
  if (pack !== undefined) return { grams: pack, unit: 'pack' };
  const smallest = isBreakable(product) ? gramsOf(product.smallestUnit) : undefined;
  return smallest === undefined ? undefined : { grams: smallest, unit: 'smallest' };
}

function gramsOf(unit: string): Quantity | undefined {
  const found = /^(\d+(?:\.\d+)?)?\s*(g|克|kg|千克|公斤)$/.exec(unit.normalize('NFKC').trim().toLowerCase());
  const weight = WEIGHTS[found?.[2] ?? ''];
  if (found === null || weight === undefined) return undefined;
  const count = found[1] === undefined ? ok(oneUnit) : parseQuantity(found[1]);
  if (!count.ok || count.value <= 0n) return undefined;
  return ((count.value * weight) / oneUnit) as Quantity;
}
