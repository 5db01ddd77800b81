import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { priceNotices, procuredPriceOn } from '#catalog/price/notices';
import { isBreakable, priceOf, smallestUnitOf } from '#catalog/price/price-line';
import { oneUnit, price, type Quantity, quantity, type UnitPrice, yuan } from '#core/money';
import { goods } from './goods.ts';

const split = (units: string, change = {}) =>
  goods({ unitsPerPack: quantity(units), smallestUnit: '片', ...change });

describe('a broken pack (拆零)', () => {
  test.each([
    ['units that divide', split('10'), '3', '3.00', '1.00'],
    [
      'units that do not: a third is cut at six decimals, the line rounded once',
      split('3'),
      '1',
      '3.33',
      '3.333333',
    ],
    ['all of such a pack', split('3'), '3', '10.00', '3.333333'],
    ['seven of twelve', split('12'), '7', '5.83', '0.833333'],
    [
      'the shop’s own price of a unit',
      split('12', { smallestUnitPrice: price('0.90') }),
      '12',
      '10.80',
      '0.90',
    ],
    ['half a tablet', split('12'), '0.5', '0.42', '0.833333'],
  ])('is priced by the unit: %s', (_, product, count, amount, unitPrice) => {
    const line = priceOf(product, quantity(count), 'smallest');
    expect(line.amount).toBe(yuan(amount));
    expect(line.product).toMatchObject({ packUnit: '片', price: price(unitPrice) });
    expect(line.brokenPack).toEqual({ unitsPerPack: product.unitsPerPack, packPrice: price('10.00') });
  });

  test('has its ceiling, procured price and stock divided likewise', () => {
    const product = split('12', {
      ceiling: price('9'),
      stock: quantity('2.5'),
      procured: { price: price('8'), from: '2026-01-01' },
    });
    expect(isBreakable(product) && smallestUnitOf(product)).toMatchObject({
      ceiling: price('0.75'),
      stock: quantity('30'),
      procured: { price: price('0.666666'), from: '2026-01-01' },
    });
  });

  test('never costs more in pieces than whole, whatever the price and the units', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 99_999_999n), fc.integer({ min: 1, max: 5_000 }), (fen, units) => {
        const product = split(String(units), { price: (fen * 10_000n) as UnitPrice });
        const whole = priceOf(product, oneUnit).amount;
        const pieces = priceOf(product, quantity(String(units)), 'smallest').amount;
        expect(pieces <= whole).toBe(true);
        // Cut at six decimals, so a whole pack in pieces misses less than a fen per ten thousand units.
        expect(whole - pieces <= 1n).toBe(true);
      }),
    );
  });

  test('is refused by a broken assumption where the list does not say how many units a pack holds', () => {
    expect(isBreakable(goods())).toBe(false);
    expect(() => priceOf(goods(), oneUnit, 'smallest')).toThrow(/units per pack/);
  });

  test('is no other word for herbs, which are weighed', () => {
    const herb = goods({ category: 'herbal', packUnit: '克', price: price('0.185') });
    expect(priceOf(herb, quantity('12.3') as Quantity)).toEqual({
      product: herb,
      quantity: quantity('12.3'),
      amount: yuan('2.28'),
    });
  });
});

describe('a price is flagged', () => {
  const procured = { price: price('8'), from: '2026-01-01', to: '2026-12-31' };
  const kinds = (change: Parameters<typeof goods>[0], day: string) =>
    priceNotices(goods(change), day).map(({ kind }) => kind);

  test.each([
    ['the day before it holds', '2025-12-31', []],
    ['its first day', '2026-01-01', ['above-procured']],
    ['its last day', '2026-12-31', ['above-procured']],
    ['the day after', '2027-01-01', []],
  ])('above the procured price: %s', (_, day, expected) => {
    expect(kinds({ procured }, day)).toEqual(expected);
  });

  test('above the ceiling, with both amounts in words', () => {
    expect(priceNotices(goods({ ceiling: price('9.99') }), '2026-01-01')).toEqual([
      {
        kind: 'above-ceiling',
        price: price('10'),
        limit: price('9.99'),
        zh: '售价 10.00 元高于医保支付上限 9.99 元',
        en: 'price 10.00 is above the ceiling 9.99',
      },
    ]);
  });

  test('and not at the limit itself, nor without one', () => {
    expect(
      kinds({ ceiling: price('10'), procured: { price: price('10'), from: '2026-01-01' } }, '2030-01-01'),
    ).toEqual([]);
    expect(kinds({}, '2026-01-01')).toEqual([]);
    expect(
      procuredPriceOn(goods({ procured: { price: price('8'), from: '2026-01-01' } }), '2099-01-01'),
    ).toBe(price('8'));
  });
});
