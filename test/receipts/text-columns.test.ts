import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { pair, printable, sideBySide, wrap } from '#receipts/text-columns';

/** Columns counted from the bytes that the printer gets, not by our own table. */
function columnsOnPaper(text: string): number {
  let columns = 0;
  for (const char of text) columns += iconv.encode(char, 'GB18030').length === 1 ? 1 : 2;
  return columns;
}

const anyText = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(fc.constantFrom('阿', '莫', '，', '（', '）', ' ', '12.50', 'mg', '𠮷', '%', 'é'), {
      maxLength: 40,
    })
    .map((parts) => parts.join('')),
);

describe('wrapping', () => {
  test('no line is wider than the paper and no character is lost, whatever the text', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(16, 32, 48), (text, columns) => {
        const lines = wrap(text, columns);
        for (const line of lines) expect(columnsOnPaper(line)).toBeLessThanOrEqual(columns);
        expect(lines.join('').replaceAll(' ', '')).toBe(printable(text).replaceAll(' ', ''));
      }),
      { numRuns: 1_000 },
    );
  });

  test('an amount inside a sentence is never cut', () => {
    fc.assert(
      fc.property(fc.nat({ max: 14 }), fc.integer({ min: 0, max: 99_999_999 }), (lead, fenAmount) => {
        const amount = `${Math.floor(fenAmount / 100)}.${String(fenAmount % 100).padStart(2, '0')}`;
        const lines = wrap(`${'个'.repeat(lead)}超出${amount}元由个人负担`, 32);
        expect(lines.some((line) => line.includes(amount))).toBe(true);
      }),
    );
  });

  test('a line never begins with a closing mark', () => {
    const text = '药品为特殊商品，非质量问题，售出不退换；请妥善保管本单。如有疑问，请拨打电话（工作日）。';
    for (let columns = 16; columns <= 48; columns += 1) {
      for (const line of wrap(text, columns)) expect(line).not.toMatch(/^[，。；）]/);
    }
  });
});

describe('two values on a line', () => {
  test('the value stands at the right edge, on a line of its own when the label is too long', () => {
    expect(pair('合计', '12.50', 16)).toEqual(['合计       12.50']);
    expect(pair('职工基本医疗保险统筹基金', '-25.55', 28)).toEqual([
      '职工基本医疗保险统筹基金',
      '                      -25.55',
    ]);
  });

  test('two facts that do not fit stand one under the other', () => {
    expect(sideBySide('0.25g*24粒', 'XJ01CAA040E001020199001', 32, '  ')).toEqual([
      '  0.25g*24粒',
      '  XJ01CAA040E001020199001',
    ]);
  });
});

test('control characters in a name cannot become printer commands', () => {
  expect(printable('片\u001bp\u0000\u0019\n剂\u009b\u2028¥')).toBe('片 p   剂  ￥');
});
