import { expect, test } from 'vitest';
import { splitOwnPay } from '#benefits/split-sale';
import { starterProducts } from '#catalog/starter';
import type { BasketLine } from '#core/domain/product';
import { wholeSplit } from '#core/domain/whole-split';
import { lineAmount, oneUnit, sumMoney } from '#core/money';

const lines = starterProducts()
  .slice(0, 3)
  .map((product, index): BasketLine => {
    const amount = lineAmount(product.price, oneUnit, 'half-up');
    return { lineNumber: index + 1, product, quantity: oneUnit, amount, catalogVersion: 'test' };
  });
const total = sumMoney(lines.map((line) => line.amount));

test('lines that the agency was not asked about are added once, however often it is asked for', () => {
  const asked = splitOwnPay(lines.slice(0, 2));
  const whole = wholeSplit(lines, asked);
  expect(whole).toMatchObject({ total, cash: total });
  expect(wholeSplit(lines, whole)).toBe(whole);
});

test('an answer without rows per line keeps its sums: no line is counted twice', () => {
  const bare = { ...splitOwnPay(lines), lines: [] };
  expect(wholeSplit(lines, bare)).toBe(bare);
});
