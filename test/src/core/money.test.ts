import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addMoney,
  allocate,
  fen,
  formatMoney,
  formatQuantity,
  formatRatio,
  formatUnitPrice,
  lineAmount,
  maxMoney,
  minMoney,
  negateMoney,
  parseMoney,
  parseQuantity,
  parseRatio,
  parseUnitPrice,
  price,
  quantity,
  ratio,
  shareOf,
  subtractMoney,
  sumMoney,
  yuan,
} from '#core/money';

const anyFen = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }).map(fen);
const positiveFen = fc.bigInt({ min: 0n, max: 10n ** 12n }).map(fen);

describe('money text', () => {
  test.each([
    ['0', 0n],
    ['12.3', 1230n],
    ['-0.05', -5n],
    ['1.2E1', 1200n],
    ['104.40', 10440n],
    ['12.300', 1230n],
    ['9007199254740993.01', 900719925474099301n],
  ])('%s yuan is %s fen', (text, expected) => {
    expect(parseMoney(text)).toEqual({ ok: true, value: expected });
  });

  test.each([
    '',
    ' 1',
    '1,000',
    '0.001',
    '1e400',
    'NaN',
    '--1',
    '١',
    '12345678901234567',
    '1.',
    '.5',
    '0x10',
  ])('"%s" is refused, not guessed', (text) => {
    expect(parseMoney(text).ok).toBe(false);
  });

  test('every amount survives being written and read', () => {
    fc.assert(
      fc.property(anyFen, (amount) => {
        expect(parseMoney(formatMoney(amount))).toEqual({ ok: true, value: amount });
      }),
    );
  });

  test('prices, quantities and ratios keep their scale', () => {
    expect(formatUnitPrice(price('0.333333'))).toBe('0.333333');
    expect(formatUnitPrice(price('12.5'))).toBe('12.50');
    expect(formatQuantity(quantity('0.5'))).toBe('0.5');
    expect(formatQuantity(quantity('100'))).toBe('100');
    expect(formatRatio(ratio('0.05'))).toBe('0.05');
    expect(formatRatio(ratio('1'))).toBe('1');
    expect(parseRatio('1.0001').ok).toBe(false);
    expect(parseUnitPrice('-1').ok).toBe(false);
    expect(parseQuantity('0.00001').ok).toBe(false);
  });
});

describe('money arithmetic', () => {
  test('a line is price times quantity, rounded half up once', () => {
    expect(lineAmount(price('12.5'), quantity('2'), 'half-up')).toBe(yuan('25.00'));
    expect(lineAmount(price('0.333333'), quantity('3'), 'half-up')).toBe(yuan('1.00'));
    expect(lineAmount(price('0.005'), quantity('1'), 'half-up')).toBe(yuan('0.01'));
    expect(lineAmount(price('0.005'), quantity('1'), 'down')).toBe(yuan('0.00'));
    expect(lineAmount(price('0.001'), quantity('1'), 'up')).toBe(yuan('0.01'));
  });

  test('4.52 yuan at 5 % is 0.23, as a recorded answer of the agency has it', () => {
    expect(shareOf(yuan('4.52'), ratio('0.05'), 'half-up')).toBe(yuan('0.23'));
  });

  test('sums, differences and bounds', () => {
    expect(sumMoney([yuan('0.10'), yuan('0.20')])).toBe(yuan('0.30'));
    expect(addMoney(yuan('1'), negateMoney(yuan('1')))).toBe(0n);
    expect(subtractMoney(yuan('1'), yuan('2'))).toBe(yuan('-1'));
    expect(minMoney(yuan('1'), yuan('2'))).toBe(yuan('1'));
    expect(maxMoney(yuan('1'), yuan('2'))).toBe(yuan('2'));
  });

  test('a spread amount adds up to the whole, no part is negative or more than one fen off its share', () => {
    fc.assert(
      fc.property(positiveFen, fc.array(positiveFen, { minLength: 1, maxLength: 40 }), (total, weights) => {
        const parts = allocate(total, weights);
        expect(sumMoney(parts)).toBe(total);
        const sum = sumMoney(weights);
        parts.forEach((part, index) => {
          expect(part >= 0n).toBe(true);
          if (sum > 0n) {
            const off = part * sum - total * (weights[index] ?? 0n);
            expect(off < sum && off > -sum).toBe(true);
          }
        });
        expect(allocate(negateMoney(total), weights)).toEqual(parts.map(negateMoney));
      }),
    );
  });

  test('ties go to the earlier place', () => {
    expect(allocate(fen(1n), [fen(1n), fen(1n)])).toEqual([1n, 0n]);
  });
});
