import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  fen,
  formatMoney,
  formatQuantity,
  formatUnitPrice,
  lineAmount,
  type Quantity,
  type Ratio,
  type Rounding,
  roundFen,
  shareOf,
  type UnitPrice,
} from '#core/money';

/** Whole numbers of our own against decimal.js with digits enough to be exact. */
const Exact = Decimal.clone({ precision: 80 });
const modes: Record<Rounding, Decimal.Rounding> = {
  'half-up': Decimal.ROUND_HALF_UP,
  down: Decimal.ROUND_DOWN,
  up: Decimal.ROUND_UP,
};
const seed = Number(process.env['GUITAI_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const settings = { seed, numRuns: 2000 };
const amount = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
const mode = fc.constantFrom<Rounding>('half-up', 'down', 'up');

function exactly(product: Decimal, rounding: Rounding): bigint {
  return BigInt(product.toDecimalPlaces(0, modes[rounding]).toFixed(0));
}

test(`shares and line amounts are those of decimal.js to the fen, also negative ones (seed ${seed})`, () => {
  fc.assert(
    fc.property(amount, fc.bigInt({ min: 0n, max: 10_000n }), mode, (value, share, rounding) => {
      const expected = exactly(new Exact(value.toString()).mul(share.toString()).div('1e4'), rounding);
      expect(shareOf(fen(value), share as Ratio, rounding)).toBe(expected);
    }),
    settings,
  );
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 15n }),
      fc.bigInt({ min: -(10n ** 10n), max: 10n ** 10n }),
      mode,
      (price, count, rounding) => {
        const expected = exactly(new Exact(price.toString()).mul(count.toString()).div('1e8'), rounding);
        expect(lineAmount(price as UnitPrice, count as Quantity, rounding)).toBe(expected);
      },
    ),
    settings,
  );
});

test.each([
  [5n, 10n, 'half-up', 1n],
  [-5n, 10n, 'half-up', -1n],
  [4n, 10n, 'half-up', 0n],
  [1n, 3n, 'up', 1n],
  [-1n, 3n, 'up', -1n],
  [-5n, 3n, 'down', -1n],
] as const)('%s ÷ %s, %s, is %s', (numerator, denominator, rounding, expected) => {
  expect(roundFen(numerator, denominator, rounding)).toBe(expected);
});

test(`texts of amounts, prices and quantities are those of decimal.js (seed ${seed})`, () => {
  const text = (value: bigint, places: number) => new Exact(value.toString()).div(new Exact(10).pow(places));
  fc.assert(
    fc.property(fc.oneof(amount, fc.bigInt({ min: 0n, max: 20_000n })), (value) => {
      expect(formatMoney(fen(value))).toBe(text(value, 2).toFixed(2));
      const size = value < 0n ? -value : value;
      const price = text(size, 6);
      expect(formatUnitPrice(size as UnitPrice)).toBe(price.toFixed(Math.max(2, price.decimalPlaces())));
      expect(formatQuantity(value as Quantity)).toBe(text(value, 4).toFixed());
    }),
    settings,
  );
});
