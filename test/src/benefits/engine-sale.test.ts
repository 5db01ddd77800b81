import { describe, expect, test } from 'vitest';
import { ageOfHolder, ageOn } from '#benefits/age';
import { coveredByLine, type SaleInput, splitOwnPay, splitSale } from '#benefits/split-sale';
import type { Split } from '#core/domain/split';
import { formatMoney, price, ratio, yuan } from '#core/money';
import type { PolicyText } from '#core/policy';
import { line, lineWithoutCode } from './lines.ts';
import { account, cutSteps, smallPolicy } from './small-policy.ts';

const rest: PolicyText['steps'] = [
  { kind: 'deductible', per: 'yearly', entries: [{ rule: 'T.5', amount: '200.00' }] },
  {
    kind: 'bands',
    layer: 'basic',
    runsOn: 'case',
    entries: [
      { rule: 'T.6', when: { groups: ['active'] }, bands: [{ fundRatio: '0.6' }] },
      { rule: 'T.7', when: { groups: ['retired'] }, bands: [{ fundRatio: '0.7' }] },
    ],
  },
  account,
];
const policy = smallPolicy([...cutSteps, ...rest], { visitKinds: ['pharmacy'] });

function sale(change: Partial<SaleInput>): SaleInput {
  return {
    policy,
    lines: [],
    person: { scheme: '310', personType: '1101', age: 40, tags: [] },
    institution: { level: 'community', kind: 'pharmacy' },
    day: '2026-11-21',
    used: { deductible: yuan('200.00'), fundPaid: yuan('0') },
    balance: yuan('500.00'),
    useAccount: true,
    ...change,
  };
}

function splitOf(input: SaleInput): Split {
  const split = splitSale(input);
  if (!split.ok) throw new Error(split.error.code);
  return split.value;
}

/** The amounts of a split as a slip prints them. */
function figures(split: Split) {
  const {
    total,
    outOfScope,
    overCeiling,
    firstSelfPay,
    inScope,
    deductible,
    fundTotal,
    own,
    account: paid,
    cash,
  } = split;
  const all = {
    total,
    outOfScope,
    overCeiling,
    firstSelfPay,
    inScope,
    deductible,
    fundTotal,
    own,
    paid,
    cash,
  };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, formatMoney(value)]));
}

describe('a sale at the counter, computed by hand', () => {
  test('class A, B, C, a ceiling and a product without code fall apart by the rules (relations 10, 12, 13)', () => {
    const split = splitOf(
      sale({
        lines: [
          line(1, { price: price('20.00') }, '2'),
          line(2, { price: price('15.00'), insuranceClass: 'B', firstSelfPayRatio: ratio('0.10') }),
          line(
            3,
            {
              price: price('15.00'),
              ceiling: price('12.00'),
              insuranceClass: 'B',
              firstSelfPayRatio: ratio('0.20'),
            },
            '2',
          ),
          line(4, { price: price('88.00'), insuranceClass: 'C' }),
          lineWithoutCode(5, '3.50'),
        ],
      }),
    );
    // in scope 72.70, fund 60 % = 43.62; own 176.50 − 43.62; the account does not pay the 91.50 out of scope
    expect(figures(split)).toEqual({
      total: '176.50',
      outOfScope: '91.50',
      overCeiling: '6.00',
      firstSelfPay: '6.30',
      inScope: '72.70',
      deductible: '0.00',
      fundTotal: '43.62',
      own: '132.88',
      paid: '41.38',
      cash: '91.50',
    });
    expect(coveredByLine(split).map(formatMoney)).toEqual(['24.00', '8.10', '11.52', '0.00', '0.00']);
    expect(split).toMatchObject({
      balanceBefore: yuan('500.00'),
      balanceAfter: yuan('458.62'),
      source: 'offline',
    });
    expect(split.funds).toEqual([{ fund: '310100', nameZh: '统筹基金', amount: yuan('43.62') }]);
    expect(split).not.toHaveProperty('institution');
  });

  test('the recorded 4.52 at 5 % gives a first self-pay of 0.23', () => {
    const drug = { price: price('4.52'), insuranceClass: 'B', firstSelfPayRatio: ratio('0.05') } as const;
    expect(splitOf(sale({ lines: [line(1, drug)] })).firstSelfPay).toBe(yuan('0.23'));
  });

  test('a retired person gets the ratio of the retired', () => {
    const person = { scheme: '310', personType: '1201', age: 66, tags: [] };
    expect(splitOf(sale({ person, lines: [line(1)] })).fundTotal).toBe(yuan('7.00'));
  });

  test('an unknown balance pays nothing and is not printed', () => {
    const { balance: _, ...unknown } = sale({ lines: [line(1)] });
    const split = splitOf(unknown);
    expect(split.account).toBe(0n);
    expect(split).not.toHaveProperty('balanceBefore');
  });

  test('a line is on a prescription unless the till says otherwise', () => {
    const strict = smallPolicy(
      [{ kind: 'scope', rule: 'T.1', prescriptionFor: ['drug'] }, ...cutSteps.slice(1), ...rest],
      { visitKinds: ['pharmacy'] },
    );
    const lines = [line(1), line(2)];
    expect(splitOf(sale({ policy: strict, lines })).outOfScope).toBe(0n);
    const without = sale({ policy: strict, lines, prescription: ({ lineNumber }) => lineNumber === 1 });
    expect(splitOf(without).outOfScope).toBe(yuan('10.00'));
  });

  test('a document without a rule for the sale is a fault, never a benefit of zero', () => {
    const split = splitSale(sale({ visitKind: 'outpatient', lines: [line(1)] }));
    expect(split).toMatchObject({ ok: false, error: { code: 'policy-not-applicable' } });
  });
});

test('own pay explains every line and takes all in cash', () => {
  const split = splitOwnPay([line(1, {}, '3'), line(2, { insuranceClass: 'C' })]);
  expect(figures(split)).toMatchObject({
    total: '40.00',
    outOfScope: '40.00',
    fundTotal: '0.00',
    cash: '40.00',
  });
  expect(split.lines.every((part) => part.reasons.length === 1)).toBe(true);
  expect(split.source).toBe('own-pay');
});

test('an empty basket is a split of zeros', () => {
  expect(splitOf(sale({})).total).toBe(0n);
  expect(coveredByLine(splitOwnPay([]))).toEqual([]);
});

test.each([
  ['1956-11-22', '2026-11-21', 69],
  ['1956-11-21', '2026-11-21', 70],
  ['2004-02-29', '2026-02-28', 21],
  ['2026-11-21', '2026-11-21', 0],
  ['2027-01-01', '2026-11-21', 0],
])('born %s, on %s: %i years', (birthDate, day, years) => {
  expect(ageOn(birthDate, day)).toBe(years);
});

test('without a date of birth the agency’s own age counts, in whole years', () => {
  expect(ageOfHolder({ age: '69.9' }, '2026-11-21')).toBe(69);
  expect(ageOfHolder({ age: '69.9', birthDate: '1956-11-21' }, '2026-11-21')).toBe(70);
});
