import { expect, test } from 'vitest';
import { sameButReasons } from '#core/domain/same-split';
import type { FundPayment, LineSplit, Reason, Split } from '#core/domain/split';
import { ratio, yuan } from '#core/money';

// Every field is there, also the optional ones: one that is added to a type has to be added here.
const reason: Required<Reason> = {
  step: 'fund',
  policy: 'agency',
  version: '2026-03-02',
  rule: 'C1.2',
  amount: yuan('1.00'),
  zh: '统筹基金支付 1.00 元',
  en: 'the fund pays 1.00',
  parts: [],
};
const line: Required<LineSplit> = {
  lineNumber: 1,
  total: yuan('2.00'),
  outOfScope: yuan('2.01'),
  overCeiling: yuan('2.02'),
  firstSelfPay: yuan('2.03'),
  inScope: yuan('2.04'),
  firstSelfPayRatio: ratio('0.1'),
  reasons: [reason],
};
const fund: Required<FundPayment> = { fund: '310100', nameZh: '统筹基金', amount: yuan('3.00') };
const split: Required<Split> = {
  total: yuan('1.00'),
  outOfScope: yuan('1.01'),
  overCeiling: yuan('1.02'),
  firstSelfPay: yuan('1.03'),
  inScope: yuan('1.04'),
  deductible: yuan('1.05'),
  funds: [fund],
  fundTotal: yuan('1.06'),
  institution: yuan('1.07'),
  own: yuan('1.08'),
  account: yuan('1.09'),
  familyAccount: yuan('1.10'),
  cash: yuan('1.11'),
  balanceBefore: yuan('1.12'),
  balanceAfter: yuan('1.13'),
  lines: [line, { ...line, lineNumber: 2 }],
  reasons: [reason],
  source: 'agency',
};

/** One changed at a time: each field gets a value that it cannot have. */
function changed<T extends object>(whole: T, except: keyof T): readonly [string, T][] {
  return Object.keys(whole)
    .filter((field) => field !== except)
    .map((field) => [field, { ...whole, [field]: Array.isArray(whole[field as keyof T]) ? [] : null }]);
}

test('two splits with the same amounts are the same, whatever words stand in them', () => {
  const others = [{ ...reason, policy: 'ours', zh: '另一种说法' }];
  const lines = split.lines.map((one) => ({ ...one, reasons: others }));
  expect(sameButReasons(split, structuredClone(split))).toBe(true);
  expect(sameButReasons(split, { ...split, lines, reasons: [] })).toBe(true);
});

test.each(changed(split, 'reasons'))('a split with another %s is another one', (_field, other) => {
  expect(sameButReasons(split, other)).toBe(false);
  expect(sameButReasons(other, split)).toBe(false);
});

test.each(changed(line, 'reasons'))('a split with another %s of a line is another one', (_field, other) => {
  expect(sameButReasons(split, { ...split, lines: [line, other] })).toBe(false);
});

test.each(Object.keys(fund))('a split with another %s of a fund is another one', (field) => {
  expect(sameButReasons(split, { ...split, funds: [{ ...fund, [field]: null }] })).toBe(false);
});

test('an amount that one of the two does not state is a difference', () => {
  const { balanceAfter: _balance, ...silent } = split;
  expect(sameButReasons(split, silent)).toBe(false);
  expect(sameButReasons(split, { ...split, lines: [...split.lines, line] })).toBe(false);
});
