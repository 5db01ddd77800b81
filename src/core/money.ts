import { Decimal } from 'decimal.js';
import { assert } from './assert.ts';
import { err, ok, type Result } from './result.ts';

/**
 * Four kinds of number that never mix without a named function. All are whole numbers of a fixed unit in
 * a bigint, so sums and products are exact; decimal.js parses (scales: interface table 4.2.2).
 */
declare const kind: unique symbol;
/** Money (金额) in fen, 0.01 yuan; wire scale 16,2. */
export type Money = bigint & { readonly [kind]: 'money' };
/** Price of one unit (单价) in 10⁻⁶ yuan; wire scale 16,6. */
export type UnitPrice = bigint & { readonly [kind]: 'unit-price' };
/** Quantity (数量) in 10⁻⁴ units; wire scale 16,4. */
export type Quantity = bigint & { readonly [kind]: 'quantity' };
/** Ratio (比例) in 10⁻⁴; 10000 is one; wire scale 5,4. */
export type Ratio = bigint & { readonly [kind]: 'ratio' };

/** How an exact amount becomes whole fen. Every rounding in the program names one of these. */
export type Rounding = 'half-up' | 'down' | 'up';

const PLACES = { money: 2, unitPrice: 6, quantity: 4, ratio: 4 } as const;
const Exact = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -40, toExpPos: 40 });

const MOST_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
/** `.00` to `.99`. */
const CENTS = Array.from({ length: 100 }, (_, fen) => `.${String(fen).padStart(2, '0')}`);

export const zeroMoney = 0n as Money;
export const wholeRatio = 10_000n as Ratio;
export const oneUnit = 10_000n as Quantity;

/** Brands a whole number of fen that comes from our own records. */
export function fen(value: bigint): Money {
  return value as Money;
}

/** Parses `12`, `12.3`, `-0.05`, `1.2E1` (JSON source text); refuses more than two decimals that are not zero. */
export function parseMoney(text: string): Result<Money, 'not-money'> {
  const scaled = parseScaled(text, PLACES.money);
  return scaled === undefined ? err('not-money') : ok(scaled as Money);
}

export function parseUnitPrice(text: string): Result<UnitPrice, 'not-a-price'> {
  const scaled = parseScaled(text, PLACES.unitPrice);
  return scaled === undefined || scaled < 0n ? err('not-a-price') : ok(scaled as UnitPrice);
}

export function parseQuantity(text: string): Result<Quantity, 'not-a-quantity'> {
  const scaled = parseScaled(text, PLACES.quantity);
  return scaled === undefined ? err('not-a-quantity') : ok(scaled as Quantity);
}

export function parseRatio(text: string): Result<Ratio, 'not-a-ratio'> {
  const scaled = parseScaled(text, PLACES.ratio);
  if (scaled === undefined || scaled < 0n || scaled > wholeRatio) return err('not-a-ratio');
  return ok(scaled as Ratio);
}

/** A literal of our own code, such as `yuan('12.50')`; throws when it is not money. */
export function yuan(text: string): Money {
  const parsed = parseMoney(text);
  assert(parsed.ok, `"${text}" is an amount of yuan with at most two decimals`);
  return parsed.value;
}

export function price(text: string): UnitPrice {
  const parsed = parseUnitPrice(text);
  assert(parsed.ok, `"${text}" is a unit price with at most six decimals`);
  return parsed.value;
}

export function quantity(text: string): Quantity {
  const parsed = parseQuantity(text);
  assert(parsed.ok, `"${text}" is a quantity with at most four decimals`);
  return parsed.value;
}

export function ratio(text: string): Ratio {
  const parsed = parseRatio(text);
  assert(parsed.ok, `"${text}" is a ratio from 0 to 1 with at most four decimals`);
  return parsed.value;
}

/** `12.30`: always two decimals, no separators, ASCII minus. */
export function formatMoney(value: Money): string {
  // Nearly every amount is a safe integer of fen, so its digits come out of a number exactly, and much faster.
  if (value < -MOST_SAFE || value > MOST_SAFE) return formatScaled(value, PLACES.money, PLACES.money);
  const inFen = Math.abs(Number(value));
  const whole = Math.floor(inFen / 100);
  return (value < 0n ? '-' : '') + whole + (CENTS[inFen - whole * 100] ?? '');
}

/** At least two decimals, more only when they count: `12.50`, `0.333333`. */
export function formatUnitPrice(value: UnitPrice): string {
  const inFen = value / 10_000n;
  if (inFen * 10_000n === value) return formatMoney(inFen as Money);
  return formatScaled(value, PLACES.unitPrice, 2);
}

/** No trailing zeros: `2`, `0.5`. */
export function formatQuantity(value: Quantity): string {
  const units = value / oneUnit;
  if (units * oneUnit === value) return units.toString();
  return formatScaled(value, PLACES.quantity, 0);
}

/** No trailing zeros: `0.1`, `1`. */
export function formatRatio(value: Ratio): string {
  return formatScaled(value, PLACES.ratio, 0);
}

export function addMoney(a: Money, b: Money): Money {
  return (a + b) as Money;
}

export function subtractMoney(a: Money, b: Money): Money {
  return (a - b) as Money;
}

export function negateMoney(a: Money): Money {
  return -a as Money;
}

export function sumMoney(values: Iterable<Money>): Money {
  let total = 0n;
  for (const value of values) total += value;
  return total as Money;
}

export function minMoney(a: Money, b: Money): Money {
  return a < b ? a : b;
}

export function maxMoney(a: Money, b: Money): Money {
  return a > b ? a : b;
}

/** unit price × quantity, rounded once to the fen (interface relation 11: half up). */
export function lineAmount(unitPrice: UnitPrice, count: Quantity, rounding: Rounding): Money {
  return roundFen(unitPrice * count, 100_000_000n, rounding);
}

/** A share of an amount, rounded once to the fen. */
export function shareOf(amount: Money, share: Ratio, rounding: Rounding): Money {
  return roundFen(amount * share, 10_000n, rounding);
}

/**
 * An exact amount of numerator ÷ denominator fen, rounded once. Of a negative amount the size is rounded: half
 * a fen goes away from zero, so that a refund gives back what the sale took. The denominator is positive.
 */
export function roundFen(numerator: bigint, denominator: bigint, rounding: Rounding): Money {
  const size = numerator < 0n ? -numerator : numerator;
  const whole = roundSize(size, denominator, rounding);
  return (numerator < 0n ? -whole : whole) as Money;
}

function roundSize(size: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (rounding === 'half-up') return (size * 2n + denominator) / (denominator * 2n);
  return rounding === 'down' ? size / denominator : (size + denominator - 1n) / denominator;
}

/**
 * Spreads `total` over `weights` by largest remainder, ties to the earlier place; the parts always add up
 * to the whole. All-zero weights put everything on the first place. Weights are never negative.
 */
export function allocate(total: Money, weights: readonly Money[]): Money[] {
  assert(weights.length > 0, 'an amount is spread over at least one place');
  const sum = sumMoney(weights);
  if (sum === 0n) return weights.map((_, index) => (index === 0 ? total : zeroMoney));
  const size = total < 0n ? -total : total;
  const parts: bigint[] = [];
  const rests: bigint[] = [];
  let left = size;
  for (const weight of weights) {
    assert(weight >= 0n, 'weights are not negative');
    const exact = size * weight;
    const part = exact / sum;
    parts.push(part);
    rests.push(exact - part * sum);
    left -= part;
  }
  for (const index of largestFirst(rests).slice(0, Number(left))) parts[index] = (parts[index] ?? 0n) + 1n;
  return (total < 0n ? parts.map((part) => -part) : parts) as Money[];
}

/** Places by remainder, the largest first, among equals the earlier. */
function largestFirst(rests: readonly bigint[]): number[] {
  const order = rests.map((_, index) => index);
  return order.sort((a, b) => {
    const [ours, theirs] = [rests[a] ?? 0n, rests[b] ?? 0n];
    return ours === theirs ? a - b : ours > theirs ? -1 : 1;
  });
}

/** At most 16 digits before the point (the wire's 16,x types); undefined when the text does not fit. */
function parseScaled(text: string, places: number): bigint | undefined {
  // Amounts as they are mostly written need no arithmetic: only their digits are moved.
  const plain = /^(-?\d{1,16})(?:\.(\d{1,6}))?$/.exec(text);
  const decimals = plain?.[2] ?? '';
  if (plain !== null && decimals.length <= places) return BigInt(plain[1] + decimals.padEnd(places, '0'));
  if (!/^-?\d{1,16}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?$/.test(text)) return undefined;
  const scaled = new Exact(text).mul(new Exact(10).pow(places));
  if (!scaled.isInteger() || scaled.abs().gte('1e22')) return undefined;
  return BigInt(scaled.toFixed(0));
}

/** By digits, not by decimal.js: screens, slips and reasons format hundreds of amounts, and a whole number is exact anyway. */
function formatScaled(value: bigint, places: number, atLeast: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0');
  const point = digits.length - places;
  let end = digits.length;
  while (end > point + atLeast && digits[end - 1] === '0') end -= 1;
  const whole = sign + digits.slice(0, point);
  return end === point ? whole : `${whole}.${digits.slice(point, end)}`;
}
