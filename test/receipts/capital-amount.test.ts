import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fen, yuan } from '#core/money';
import { capitalAmount } from '#receipts/capital-amount';

/** The first ten are the examples of 支付结算办法, annex 1, with one of the spellings that it allows. */
const table: readonly (readonly [string, string])[] = [
  ['1409.50', '壹仟肆佰零玖元伍角整'],
  ['6007.14', '陆仟零柒元壹角肆分'],
  ['1680.32', '壹仟陆佰捌拾元零叁角贰分'],
  ['107000.53', '壹拾万柒仟元零伍角叁分'],
  ['16409.02', '壹万陆仟肆佰零玖元零贰分'],
  ['325.04', '叁佰贰拾伍元零肆分'],
  ['0.00', '零元整'],
  ['0.05', '伍分'],
  ['0.50', '伍角整'],
  ['0.55', '伍角伍分'],
  ['1.00', '壹元整'],
  ['10.00', '壹拾元整'],
  ['10.05', '壹拾元零伍分'],
  ['10.50', '壹拾元零伍角整'],
  ['11.11', '壹拾壹元壹角壹分'],
  ['89.80', '捌拾玖元捌角整'],
  ['100.00', '壹佰元整'],
  ['101.00', '壹佰零壹元整'],
  ['1000.00', '壹仟元整'],
  ['1001.00', '壹仟零壹元整'],
  ['1010.00', '壹仟零壹拾元整'],
  ['10000.00', '壹万元整'],
  ['10001.00', '壹万零壹元整'],
  ['100500.00', '壹拾万零伍佰元整'],
  ['1234567.89', '壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分'],
  ['100000000.00', '壹亿元整'],
  ['100000001.00', '壹亿零壹元整'],
  ['100001000.00', '壹亿零壹仟元整'],
  ['100010000.00', '壹亿零壹万元整'],
  ['1000000000000.00', '壹万亿元整'],
  ['9999999999999999.99', '玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分'],
  ['-89.80', '负捌拾玖元捌角整'],
];

for (const [amount, words] of table) {
  test(`${amount} yuan is written ${words}`, () => {
    expect(capitalAmount(yuan(amount))).toBe(words);
  });
}

test('the words of any amount read back to the same amount', () => {
  const amounts = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n });
  fc.assert(
    fc.property(amounts, (amount) => {
      expect(readBack(capitalAmount(fen(amount)))).toBe(amount);
    }),
    { numRuns: 2_000 },
  );
});

test('零 never stands twice in a row or before a unit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 17n }), (amount) => {
      expect(capitalAmount(fen(amount))).not.toMatch(/零零|零[拾佰仟万亿元角分]/);
    }),
    { numRuns: 2_000 },
  );
});

test('an amount with more than sixteen digits of yuan is a bug of the caller', () => {
  expect(() => capitalAmount(fen(10n ** 18n))).toThrow();
});

/** Reads capital characters the way a clerk does: digit, place, section, 元 角 分. */
function readBack(words: string): bigint {
  const digits = '零壹贰叁肆伍陆柒捌玖';
  const places: Record<string, bigint> = { 拾: 10n, 佰: 100n, 仟: 1_000n };
  let total = 0n;
  let upper = 0n;
  let section = 0n;
  let digit = 0n;
  for (const char of words.replace('负', '').replace('整', '')) {
    const value = digits.indexOf(char);
    if (value >= 0) digit = BigInt(value);
    else if (places[char] !== undefined) {
      section += digit * (places[char] ?? 0n);
      digit = 0n;
    } else if (char === '万') {
      upper += (section + digit) * 10_000n;
      section = 0n;
      digit = 0n;
    } else if (char === '亿') {
      upper = (upper + section + digit) * 100_000_000n;
      section = 0n;
      digit = 0n;
    } else if (char === '元') {
      total = (upper + section + digit) * 100n;
      upper = 0n;
      section = 0n;
      digit = 0n;
    } else if (char === '角') {
      total += digit * 10n;
      digit = 0n;
    } else if (char === '分') {
      total += digit;
      digit = 0n;
    }
  }
  return words.startsWith('负') ? -total : total;
}
