import { expect, test } from 'vitest';
import type { LineSplit, Reason, Split } from '#core/domain/split';
import { explainedByOurs, splitDifferences } from '#core/domain/split-comparison';
import { ratio, yuan, zeroMoney } from '#core/money';

function reason(policy: string, amount: string): Reason {
  return { step: 'first-self-pay', policy, version: '1', amount: yuan(amount), zh: policy, en: policy };
}

function line(lineNumber: number, firstSelfPay: string, inScope: string, policy: string): LineSplit {
  return {
    lineNumber,
    total: yuan('10.00'),
    outOfScope: zeroMoney,
    overCeiling: zeroMoney,
    firstSelfPay: yuan(firstSelfPay),
    inScope: yuan(inScope),
    firstSelfPayRatio: ratio('0.1'),
    reasons: [reason(policy, firstSelfPay)],
  };
}

function split(policy: string, more: Partial<Split> = {}): Split {
  return {
    total: yuan('20.00'),
    outOfScope: zeroMoney,
    overCeiling: zeroMoney,
    firstSelfPay: yuan('2.00'),
    inScope: yuan('18.00'),
    deductible: zeroMoney,
    funds: [{ fund: '310100', nameZh: '统筹基金', amount: yuan('9.00') }],
    fundTotal: yuan('9.00'),
    own: yuan('11.00'),
    account: yuan('5.00'),
    cash: yuan('6.00'),
    lines: [line(1, '1.00', '9.00', policy), line(2, '1.00', '9.00', policy)],
    reasons: [reason(policy, '9.00')],
    source: 'agency',
    ...more,
  };
}

test('two splits with the same amounts differ in nothing, whatever words stand in them', () => {
  expect(splitDifferences(split('ours'), split('agency'))).toEqual([]);
});

test('each amount that differs is named with its line and both values', () => {
  const agency = split('agency', {
    firstSelfPay: yuan('3.00'),
    inScope: yuan('17.00'),
    lines: [line(1, '1.00', '9.00', 'agency'), line(2, '2.00', '8.00', 'agency')],
  });
  expect(splitDifferences(split('ours'), agency)).toEqual([
    { field: 'firstSelfPay', ours: 200n, agency: 300n },
    { field: 'inScope', ours: 1800n, agency: 1700n },
    { lineNumber: 2, field: 'firstSelfPay', ours: 100n, agency: 200n },
    { lineNumber: 2, field: 'inScope', ours: 900n, agency: 800n },
  ]);
});

test("a relative's account, which only the agency knows, is no difference in cash", () => {
  const agency = split('agency', { familyAccount: yuan('4.00'), cash: yuan('2.00') });
  expect(splitDifferences(split('ours'), agency)).toEqual([]);
});

test('a settlement that equals the trial still differs from ours where the trial did, and one that equals ours does not', () => {
  const trial = split('agency', { fundTotal: yuan('8.99') });
  const known = splitDifferences(split('ours'), trial);
  expect(known).toHaveLength(1);
  expect(splitDifferences(trial, trial, known)).toEqual(known);
  expect(splitDifferences(trial, split('agency'), known)).toEqual([]);
});

test('an answer without rows per line is compared by its sums', () => {
  expect(splitDifferences(split('ours'), split('agency', { lines: [], account: zeroMoney }))).toEqual([
    { field: 'account', ours: 500n, agency: 0n },
  ]);
});

test('our rules explain what both computed alike, and the agency its own amounts where they differ', () => {
  const ours = split('ours');
  const agency = split('agency', {
    lines: [line(1, '1.00', '9.00', 'agency'), line(2, '2.00', '8.00', 'agency')],
  });
  const told = explainedByOurs(agency, ours, splitDifferences(ours, agency));
  expect(told.lines.map(({ reasons }) => reasons[0]?.policy)).toEqual(['ours', 'agency']);
  expect(told.reasons[0]?.policy).toBe('ours');
  expect(told.lines[1]?.firstSelfPay).toBe(200n);
  const otherSum = split('agency', { deductible: yuan('1.00') });
  expect(explainedByOurs(otherSum, ours, splitDifferences(ours, otherSum)).reasons[0]?.policy).toBe('agency');
});
