import type { Product } from '#core/domain/product';
import {
  addMoney,
  lineAmount,
  type Money,
  oneUnit,
  type Quantity,
  shareOf,
  subtractMoney,
  type UnitPrice,
  zeroMoney,
} from '#core/money';
import { formGroup, type MedicineKind } from '../match/form-groups.ts';
import { nameParts, plainName } from '../match/names.ts';
import { compareAmounts, strengthOf } from '../match/strength.ts';

/** Another product with the same medicine in the same form and strength (B4). */
export interface Equivalent {
  readonly product: Product;
  /** Whether insurance takes part in it at all. */
  readonly covered: boolean;
  /** What as many units as one pack of the asked product cost: the price of its pack when both hold as many. */
  readonly price: Money;
  /** Part of `price` that the holder bears by class, share and ceiling, before the fund's own ratio. */
  readonly holderPays: Money;
  /** Less than the asked product costs; negative = dearer. */
  readonly saving: Money;
  /** Less than the holder bears of the asked product. */
  readonly holderSaves: Money;
}

/** Price of a pack ÷ its smallest units, half up at 10⁻⁴ yuan; undefined = neither list nor specification tells them. */
export function unitPriceOf(product: Product): UnitPrice | undefined {
  const units = unitsOf(product);
  if (units === undefined || units <= 0n) return undefined;
  const step = 100n;
  return (((2n * product.price * oneUnit + units * step) / (2n * units * step)) * step) as UnitPrice;
}

/**
 * Keeps of `candidates` the equivalents of `product`: same generic name without its salt, same group of forms,
 * same strength (凡例 7–9); a pack of another size is compared by the unit. Those that spare the holder most
 * come first: covered, then by what the holder bears, then by price.
 */
export function equivalentsOf(
  product: Product,
  candidates: Iterable<Product>,
  limit: number,
): readonly Equivalent[] {
  const wanted = medicineOf(product);
  const own = priceParts(product, oneUnit);
  const found: Equivalent[] = [];
  for (const candidate of candidates) {
    if (candidate.shopCode === product.shopCode || !isSame(wanted, medicineOf(candidate))) continue;
    const packs = packsFor(unitsOf(product), unitsOf(candidate));
    if (packs === undefined) continue;
    const parts = priceParts(candidate, packs);
    found.push({
      product: candidate,
      covered: isCovered(candidate),
      price: parts.price,
      holderPays: parts.holderPays,
      saving: subtractMoney(own.price, parts.price),
      holderSaves: subtractMoney(own.holderPays, parts.holderPays),
    });
  }
  return found.sort(inOrder).slice(0, limit);
}

/** Word under which candidates are looked for: the medicine's name without salt and form. */
export function searchStem(product: Product): string {
  return medicineOf(product).stem;
}

interface Medicine {
  readonly stem: string;
  readonly group: string;
  readonly category: Product['category'];
  readonly strength: ReturnType<typeof strengthOf>;
}

function medicineOf(product: Product): Medicine {
  const kind: MedicineKind = isPatent(product) ? 'patent' : 'western';
  const parts = nameParts(product.genericName);
  const stem = kind === 'patent' ? parts.withSalt : parts.stem;
  return {
    // A name that is nothing but a form (a plaster, a dressing) stands for itself.
    stem: stem === '' ? plainName(product.genericName) : stem,
    group: formGroup(product.form === '' ? (parts.form ?? '') : product.form, kind),
    category: product.category,
    strength: strengthOf(product.specification),
  };
}

function isSame(a: Medicine, b: Medicine): boolean {
  if (a.stem !== b.stem || a.category !== b.category || a.group !== b.group) return false;
  const amounts = compareAmounts(a.strength, b.strength);
  // Where neither names a strength (herbal pieces, many patent medicines) the name alone must do.
  return amounts === 'same' || (a.strength.amounts.length === 0 && b.strength.amounts.length === 0);
}

/** Chinese patent medicine by its national code or approval number: its names are never taken apart. */
function isPatent(product: Product): boolean {
  return /^Z/i.test(product.nationalCode ?? '') || /准字ZC?\d/i.test(product.approvalNumber ?? '');
}

/** Smallest units in a pack, by the shop's list or the specification. */
function unitsOf(product: Product): Quantity | undefined {
  if (product.unitsPerPack !== undefined) return product.unitsPerPack;
  const { count } = strengthOf(product.specification);
  return count === undefined ? undefined : ((BigInt(count) * oneUnit) as Quantity);
}

/** Packs of the other that hold as many units as one of ours; undefined = cannot be told. */
function packsFor(ours: Quantity | undefined, theirs: Quantity | undefined): Quantity | undefined {
  if (ours === theirs) return oneUnit;
  if (ours === undefined || theirs === undefined || theirs === 0n) return undefined;
  return ((2n * ours * oneUnit + theirs) / (2n * theirs)) as Quantity;
}

export function isCovered(product: Product): boolean {
  return product.nationalCode !== undefined && product.insuranceClass !== 'C';
}

/** Price of `packs` and what of it lies outside the scope: above the ceiling, and the first self-pay share. */
export function priceParts(product: Product, packs: Quantity): { price: Money; holderPays: Money } {
  const price = lineAmount(product.price, packs, 'half-up');
  if (!isCovered(product)) return { price, holderPays: price };
  const ceiling: UnitPrice = product.ceiling ?? product.price;
  const counted = lineAmount(ceiling < product.price ? ceiling : product.price, packs, 'half-up');
  const above = subtractMoney(price, counted);
  const share =
    product.insuranceClass === 'B' ? shareOf(counted, product.firstSelfPayRatio, 'half-up') : zeroMoney;
  return { price, holderPays: addMoney(above, share) };
}

function inOrder(a: Equivalent, b: Equivalent): number {
  if (a.covered !== b.covered) return a.covered ? -1 : 1;
  if (a.holderPays !== b.holderPays) return a.holderPays < b.holderPays ? -1 : 1;
  if (a.price !== b.price) return a.price < b.price ? -1 : 1;
  return a.product.shopCode < b.product.shopCode ? -1 : 1;
}
