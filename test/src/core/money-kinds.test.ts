import { expect, test } from 'vitest';
import { addMoney, type Money, price, quantity, ratio, shareOf, yuan } from '#core/money';

test('the four kinds of number do not mix: each wrong use below fails to compile', () => {
  // @ts-expect-error a plain bigint is not money
  const plain: Money = 12n;
  // @ts-expect-error a price is not an amount
  expect(() => addMoney(yuan('1'), price('1'))).not.toThrow();
  // @ts-expect-error a quantity is not a share
  expect(() => shareOf(yuan('1'), quantity('1'), 'half-up')).not.toThrow();
  // @ts-expect-error a number is never money
  const float: Money = 0.5;
  // @ts-expect-error a ratio is not money
  const share: Money = ratio('1');
  expect([plain, float, share]).toHaveLength(3);
});
