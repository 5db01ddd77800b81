import { describe, expect, test } from 'vitest';
import { splitCase } from '#benefits/split-case';
import type { BenefitCase, BenefitSplit } from '#core/domain/benefit';
import { formatMoney, price, quantity, ratio, yuan } from '#core/money';
import type { PolicyText } from '#core/policy';
import { validatePolicy } from '#core/policy/parse';
import {
  account,
  benefitLine,
  cutSteps,
  half,
  nothingUsed,
  smallPolicy,
  splitOf,
  visit,
} from './small-policy.ts';

function amounts(split: BenefitSplit, ...names: (keyof BenefitSplit & string)[]): string[] {
  return names.map((name) => formatMoney(split[name] as never));
}

const inBands: PolicyText['steps'][number] = {
  kind: 'bands',
  layer: 'basic',
  runsOn: 'case',
  ownMultiplier: [{ rule: 'T.7', when: { groups: ['retired'] }, ratio: '0.6' }],
  entries: [
    {
      rule: 'T.6',
      bands: [
        { to: '1000.00', ownRatio: '0.15' },
        { from: '1000.00', to: '2000.00', fundRatio: '0.90' },
      ],
    },
  ],
};

describe('scope, ceiling and first self-pay, by hand', () => {
  const policy = smallPolicy([
    { kind: 'scope', rule: 'T.1', notCovered: ['nursing'], prescriptionFor: ['drug'] },
    ...cutSteps.slice(1),
    half,
  ]);

  test.each([
    ['class C', { insuranceClass: 'C' }],
    ['no national code', { mapped: false }],
    ['a category that the document leaves out', { category: 'nursing' }],
    ['a drug without the prescription that the document asks for', { prescription: false }],
  ] as const)('%s is out of scope whole, and the line says why', (_, change) => {
    const split = splitOf(policy, visit([benefitLine(1, change)]));
    expect(amounts(split, 'outOfScope', 'inScope', 'fundTotal', 'own')).toEqual([
      '10.00',
      '0.00',
      '0.00',
      '10.00',
    ]);
    expect(split.lines[0]).toMatchObject({ firstSelfPayRatio: ratio('1'), own: yuan('10.00') });
    expect(split.lines[0]?.reasons).toMatchObject([{ step: 'scope', rule: 'T.1', amount: yuan('10.00') }]);
  });

  test.each([
    ['with a unit price', { unitPrice: price('3.335') }, '0.67'],
    ['without one, of amount ÷ quantity', {}, '0.67'],
    ['never above the amount', { unitPrice: price('900') }, '6.67'],
    ['nothing when the price stands at the ceiling', { unitPrice: price('3.00') }, '0.00'],
  ])('above the ceiling %s', (_, change, above) => {
    const line = benefitLine(1, {
      amount: yuan('6.67'),
      quantity: quantity('2'),
      ceiling: price('3.00'),
      ...change,
    });
    expect(formatMoney(splitOf(policy, visit([line])).overCeiling)).toBe(above);
  });

  test('first self-pay is taken once, of what the ceiling left, half up', () => {
    const line = benefitLine(1, {
      insuranceClass: 'B',
      amount: yuan('14.52'),
      unitPrice: price('14.52'),
      ceiling: price('4.50'),
      firstSelfPayRatio: ratio('0.05'),
    });
    const split = splitOf(policy, visit([line]));
    expect(amounts(split, 'overCeiling', 'firstSelfPay', 'inScope')).toEqual(['10.02', '0.23', '4.27']);
  });
});

describe('limits', () => {
  const limit = (per: 'visit' | 'stay' | 'line' | 'dose', amount = '50.00') =>
    smallPolicy([
      ...cutSteps,
      {
        kind: 'limit',
        nameZh: '检查费',
        nameEn: 'tests',
        categories: ['test', 'herbal'],
        per,
        entries: [{ rule: 'T.4', when: { levels: ['first'] }, amount }],
      },
      half,
    ]);
  const tests = [
    benefitLine(1, { category: 'test', amount: yuan('60.00') }),
    benefitLine(2, { category: 'test', amount: yuan('30.00') }),
    benefitLine(3),
  ];

  test('of a visit cuts what counts, not what is in scope, spread over its lines', () => {
    const split = splitOf(limit('visit'), visit(tests));
    expect(amounts(split, 'inScope', 'counted', 'fundTotal')).toEqual(['100.00', '60.00', '30.00']);
    const [why] = split.reasons.filter(({ step }) => step === 'limit');
    expect(why).toMatchObject({ rule: 'T.4', amount: yuan('40.00') });
    expect(why?.parts?.map(({ amount }) => formatMoney(amount))).toEqual(['26.67', '13.33']);
    expect(why?.zh).toBe('本次检查费 90.00 元，超过单次限额 50.00 元，超出部分 40.00 元由个人负担');
  });

  test.each([
    ['leaves room for what this visit has counted before', '20.00', '40.00'],
    ['that is used up leaves none', '50.00', '10.00'],
    ['that was overdrawn leaves none', '70.00', '10.00'],
  ])('of a visit %s', (_, before, counted) => {
    const split = splitOf(limit('visit'), visit(tests, { thisVisit: { counted: { test: yuan(before) } } }));
    expect(formatMoney(split.counted)).toBe(counted);
  });

  test('exactly at the limit cuts nothing and gives no reason', () => {
    const split = splitOf(limit('visit', '90.00'), visit(tests));
    expect(split.counted).toBe(split.inScope);
    expect(split.reasons.map(({ step }) => step)).not.toContain('limit');
  });

  test('per line holds each line by itself', () => {
    expect(formatMoney(splitOf(limit('line'), visit(tests)).counted)).toBe('90.00');
  });

  test('per dose counts amount × doses, half up; a line without doses refuses the case', () => {
    const herbs = benefitLine(1, { category: 'herbal', amount: yuan('60.00'), doses: quantity('7.5') });
    expect(formatMoney(splitOf(limit('dose', '1.01'), visit([herbs])).counted)).toBe('7.58');
    const { doses: _, ...without } = herbs;
    expect(splitCase(limit('dose'), visit([without]))).toMatchObject({
      ok: false,
      error: { code: 'case-invalid' },
    });
  });

  test('that no entry speaks of does not hold', () => {
    const there = visit(tests, { institution: { level: 'third', kind: 'hospital' } });
    expect(splitOf(limit('visit'), there).counted).toBe(yuan('100.00'));
  });
});

describe('deductibles', () => {
  const withDeductible = (step: Partial<Extract<PolicyText['steps'][number], { kind: 'deductible' }>>) =>
    smallPolicy([
      ...cutSteps,
      { kind: 'deductible', per: 'yearly', entries: [{ rule: 'T.5', amount: '60.00' }], ...step },
      half,
    ]);
  const bill = (amount: string, change: Partial<BenefitCase> = {}) =>
    visit([benefitLine(1, { amount: yuan(amount) })], change);
  const used = (change: Partial<BenefitCase['usedThisYear']>) => ({
    usedThisYear: { ...nothingUsed, ...change },
  });

  test.each([
    ['below it', '59.99', '0.00', '59.99', '0.00'],
    ['equal to it', '60.00', '0.00', '60.00', '0.00'],
    ['two fen above', '60.02', '0.00', '60.00', '0.01'],
    ['partly borne before', '100.00', '50.00', '10.00', '45.00'],
    ['borne before', '100.00', '60.00', '0.00', '50.00'],
    ['overdrawn before', '100.00', '70.00', '0.00', '50.00'],
  ])('yearly, bill %s', (_, amount, before, deductible, fund) => {
    const split = splitOf(withDeductible({}), bill(amount, used({ deductible: yuan(before) })));
    expect(amounts(split, 'deductible', 'fundTotal')).toEqual([deductible, fund]);
  });

  test.each([
    ['first of the month', 0, '0.00', '60.00'],
    ['second of the month', 1, '60.00', '0.00'],
    ['near the most of a year', 0, '200.00', '40.00'],
    ['the most of a year borne', 0, '240.00', '0.00'],
  ])('per visit, %s', (_, deductibles, before, due) => {
    const policy = withDeductible({ per: 'visit', timesAMonth: 1, yearlyMost: '240.00' });
    const split = splitOf(
      policy,
      bill('100.00', { thisMonth: { deductibles }, ...used({ deductible: yuan(before) }) }),
    );
    expect(formatMoney(split.deductible)).toBe(due);
    const why = split.reasons.find(({ step }) => step === 'deductible');
    expect(why).toMatchObject({ rule: 'T.5', amount: split.deductible });
  });

  const byLevel = {
    per: 'stay' as const,
    entries: [
      { rule: 'T.5a', when: { levels: ['third' as const] }, amount: '650.00' },
      { rule: 'T.5b', when: { levels: ['second' as const] }, amount: '300.00' },
    ],
  };
  test.each([
    ['first stay', 'third', 0, undefined, '650.00'],
    ['later stay at the same level', 'third', 1, undefined, '0.00'],
    ['later stay above a second level', 'third', 1, 'second', '350.00'],
    ['later stay above a level without deductible', 'third', 2, 'first', '650.00'],
    ['later stay below', 'second', 1, 'third', '0.00'],
    ['first stay at a level without one', 'first', 0, undefined, '0.00'],
  ] as const)('per stay with the difference on a higher level: %s', (_, level, stays, highestLevel, due) => {
    const policy = withDeductible({ ...byLevel, later: 'difference' });
    const change = {
      institution: { level, kind: 'hospital' as const },
      ...used({ stays, ...(highestLevel === undefined ? {} : { highestLevel }) }),
    };
    expect(formatMoney(splitOf(policy, bill('1000.00', change)).deductible)).toBe(due);
  });

  test('per stay, none later, and by entries as they stand', () => {
    const third = { institution: { level: 'third', kind: 'hospital' } } as const;
    const later = bill('1000.00', { ...third, ...used({ stays: 1 }) });
    expect(splitOf(withDeductible({ ...byLevel, later: 'none' }), later).deductible).toBe(0n);
    const entries = [
      { rule: 'T.5a', when: { staysBelow: 1 }, amount: '1300.00' },
      { rule: 'T.5b', when: { staysFrom: 1 }, amount: '650.00' },
    ];
    expect(splitOf(withDeductible({ per: 'stay', entries }), later).deductible).toBe(yuan('650.00'));
  });
});

describe('bands', () => {
  const cost = (amount: string, group = 'active', change: Partial<BenefitCase> = {}) =>
    visit([benefitLine(1, { amount: yuan(amount) })], {
      person: { scheme: '310', group, age: 70, tags: [] },
      ...change,
    });

  test.each([
    ['inside the first band', '999.99', 'active', '849.99'],
    ['at its edge', '1000.00', 'active', '850.00'],
    ['in the second', '1500.00', 'active', '1300.00'],
    ['above the last nothing', '2500.00', 'active', '1750.00'],
    ['own share multiplied', '1500.00', 'retired', '1380.00'],
  ])('%s', (_, amount, group, fund) => {
    expect(formatMoney(splitOf(smallPolicy([...cutSteps, inBands]), cost(amount, group)).fundTotal)).toBe(
      fund,
    );
  });

  const deductible: PolicyText['steps'][number] = {
    kind: 'deductible',
    per: 'yearly',
    entries: [{ rule: 'T.5', amount: '600.00' }],
  };
  test('of the case hold the deductible inside the lowest, behind it they begin anew', () => {
    const inside = splitOf(smallPolicy([...cutSteps, deductible, inBands]), cost('1500.00'));
    // 400 × 85 % + 500 × 90 %
    expect(inside.fundTotal).toBe(yuan('790.00'));
    const behind = smallPolicy([...cutSteps, deductible, { ...inBands, runsOn: 'after-deductible' }]);
    expect(splitOf(behind, cost('1500.00')).fundTotal).toBe(yuan('765.00'));
  });

  test.each([
    ['the case on top of the year', '900.00', '765.00', '200.00', '175.00'],
    ['what is still owed, up to this case', '900.00', '0.00', '200.00', '200.00'],
    ['nothing when more was paid before', '900.00', '2000.00', '200.00', '0.00'],
  ])('of the year pay %s', (_, counted, paid, amount, fund) => {
    const policy = smallPolicy([...cutSteps, { ...inBands, layer: 'seriousIllness', runsOn: 'year' }]);
    const usedThisYear = { ...nothingUsed, counted: yuan(counted), byLayer: { seriousIllness: yuan(paid) } };
    expect(formatMoney(splitOf(policy, cost(amount, 'active', { usedThisYear })).funds.seriousIllness)).toBe(
      fund,
    );
  });

  test('are rounded once a layer, as the step says, and their parts add up to it', () => {
    // 0.05 × 85 % + 0.03 × 90 % = 0.0695
    const entries = [
      {
        rule: 'T.6',
        bands: [
          { to: '0.05', fundRatio: '0.85' },
          { from: '0.05', fundRatio: '0.90' },
        ],
      },
    ];
    const paid = (['half-up', 'down', 'up'] as const).map((rounding) => {
      const policy = smallPolicy([
        ...cutSteps,
        { kind: 'bands', layer: 'basic', runsOn: 'case', rounding, entries },
      ]);
      const split = splitOf(policy, cost('0.08'));
      const [why] = split.reasons.filter(({ step }) => step === 'bands');
      expect(why?.parts?.reduce((sum, { amount }) => sum + amount, 0n)).toBe(split.fundTotal);
      return formatMoney(split.fundTotal);
    });
    expect(paid).toEqual(['0.07', '0.06', '0.07']);
  });

  test('without an entry for the case refuse it, never pay zero', () => {
    const entries = [{ rule: 'T.6', when: { ageBelow: 70 }, bands: [{ fundRatio: '0.5' }] }];
    const policy = smallPolicy([...cutSteps, { kind: 'bands', layer: 'basic', runsOn: 'case', entries }]);
    expect(splitCase(policy, cost('10.00'))).toMatchObject({
      ok: false,
      error: { code: 'policy-not-applicable' },
    });
  });

  test('with a ratio of zero pay nothing and say so', () => {
    const entries = [{ rule: 'T.6', bands: [{ fundRatio: '0' }] }];
    const policy = smallPolicy([...cutSteps, { kind: 'bands', layer: 'basic', runsOn: 'case', entries }]);
    const split = splitOf(policy, cost('10.00'));
    expect(split.reasons).toContainEqual(expect.objectContaining({ step: 'bands', rule: 'T.6', amount: 0n }));
  });
});

describe('yearly limits and upper layers', () => {
  const above: PolicyText['steps'] = [
    ...cutSteps,
    { kind: 'yearly-counted', entries: [{ rule: 'T.5', amount: '1000.00' }] },
    half,
    {
      kind: 'bands',
      layer: 'seriousIllness',
      runsOn: 'above-yearly-counted',
      entries: [{ rule: 'T.7', bands: [{ fundRatio: '0.8' }] }],
    },
    { kind: 'yearly-payment', layer: 'seriousIllness', entries: [{ rule: 'T.8', amount: '100.00' }] },
  ];

  test.each([
    ['far below', '0.00', '500.00', '250.00', '0.00'],
    ['exactly reached', '500.00', '500.00', '250.00', '0.00'],
    ['reached inside the case', '900.00', '200.00', '50.00', '80.00'],
    ['used up', '1000.00', '100.00', '0.00', '80.00'],
    ['used up, the upper layer capped', '1000.00', '200.00', '0.00', '100.00'],
  ])('on counted cost %s', (_, counted, amount, basic, upper) => {
    const usedThisYear = { ...nothingUsed, counted: yuan(counted) };
    const split = splitOf(
      smallPolicy(above),
      visit([benefitLine(1, { amount: yuan(amount) })], { usedThisYear }),
    );
    expect([split.funds.basic, split.funds.seriousIllness].map(formatMoney)).toEqual([basic, upper]);
  });

  const assisted: PolicyText['steps'] = [
    ...cutSteps,
    half,
    {
      kind: 'daily-addition',
      layer: 'basic',
      nameZh: '护理补助',
      nameEn: 'nursing',
      categories: ['nursing'],
      entries: [{ rule: 'T.7', when: { ageFrom: 60 }, perDay: '10.00', most: '200.00' }],
    },
    { kind: 'fill', layer: 'assistance', entries: [{ rule: 'T.8', when: { tags: ['2303'] }, share: '0.9' }] },
  ];
  test.each([
    ['by days', 5, '500.00', '50.00'],
    ['at most', 30, '500.00', '200.00'],
    ['at most its own part', 30, '30.00', '15.00'],
    ['no days', 0, '500.00', '0.00'],
  ])('an addition a day: %s', (_, days, nursing, added) => {
    const lines = [benefitLine(1, { category: 'nursing', amount: yuan(nursing) })];
    const person = { scheme: '310', group: 'active', age: 60, tags: [] };
    const split = splitOf(smallPolicy(assisted), visit(lines, { person, stay: { days } }));
    expect(split.fundTotal).toBe(yuan(nursing) / 2n + yuan(added));
  });

  const poor = { scheme: '310', group: 'active', age: 40, tags: [{ code: '2303', to: '2026-03-05' }] };
  test('assistance fills up to the share of the whole cost, also of what is out of scope', () => {
    const lines = [
      benefitLine(1, { amount: yuan('60.00') }),
      benefitLine(2, { insuranceClass: 'C', amount: yuan('40.00') }),
    ];
    const split = splitOf(smallPolicy(assisted), visit(lines, { person: poor }));
    expect([split.funds.basic, split.funds.assistance].map(formatMoney)).toEqual(['30.00', '60.00']);
    expect(split.lines.map(({ covered, own }) => [covered, own].map(formatMoney))).toEqual([
      ['60.00', '0.00'],
      ['30.00', '10.00'],
    ]);
  });

  test('assistance pays nothing on the day after the tag has ended', () => {
    const late = visit([benefitLine(1)], { person: poor, day: '2026-03-06' });
    expect(splitOf(smallPolicy(assisted), late).funds.assistance).toBe(0n);
  });

  test('where one-stop settlement is not possible assistance pays nothing and the reason is told', () => {
    const oneStop = { possible: false, reason: '救助系统未接入' };
    const split = splitOf(smallPolicy(assisted), visit([benefitLine(1)], { person: poor, oneStop }));
    expect(split.funds.assistance).toBe(0n);
    expect(split.reasons.find(({ step }) => step === 'fill')?.zh).toContain('救助系统未接入');
  });
});

describe('a quota', () => {
  const policy = (overrun: 'institution' | 'half-patient') =>
    smallPolicy([
      ...cutSteps,
      {
        kind: 'quota',
        rule: 'T.6',
        basicRatio: '0.70',
        assisted: { tags: ['2304'] },
        assistedOwn: '0.10',
        overrun,
      },
      account,
    ]);
  const poor = { scheme: '310', group: 'active', age: 40, tags: [{ code: '2304' }] };
  const quota = { disease: '阑尾炎', amount: yuan('4000.00') };

  test.each([
    ['below it, own 30 %', '1000.00', false, 'institution', ['700.00', '0.00', '0.00', '300.00']],
    ['at it, assisted', '4000.00', true, 'institution', ['2800.00', '800.00', '0.00', '400.00']],
    [
      'above it, the institution bears',
      '4500.01',
      false,
      'institution',
      ['2800.00', '0.00', '500.01', '1200.00'],
    ],
    ['above it, half and half', '4500.01', true, 'half-patient', ['2800.00', '800.00', '250.00', '650.01']],
  ] as const)('%s', (_, amount, isPoor, overrun, expected) => {
    const lines = [benefitLine(1, { amount: yuan(amount) })];
    const split = splitOf(policy(overrun), visit(lines, { quota, ...(isPoor ? { person: poor } : {}) }));
    const found = [split.funds.basic, split.funds.assistance, split.institution, split.own];
    expect(found.map(formatMoney)).toEqual(expected);
  });

  test('that the case does not name refuses it', () => {
    expect(splitCase(policy('institution'), visit([benefitLine(1)]))).toMatchObject({
      ok: false,
      error: { code: 'policy-not-applicable' },
    });
  });
});

describe('the account', () => {
  const policy = smallPolicy([...cutSteps, half, account]);
  test.each([
    ['enough', '100.00', true, '5.00'],
    ['not enough', '1.23', true, '1.23'],
    ['overdrawn', '-5.00', true, '0.00'],
    ['not to be used', '100.00', false, '0.00'],
  ])('%s pays the own part of what it may pay', (_, balance, use, paid) => {
    const lines = [benefitLine(1), benefitLine(2, { insuranceClass: 'C' })];
    const split = splitOf(policy, visit(lines, { account: { balance: yuan(balance), use } }));
    expect(formatMoney(split.account)).toBe(paid);
    expect(split.account + split.cash).toBe(split.own);
  });

  test('that does not come last is an error of the document, at its place', () => {
    const wrong = validatePolicy({ ...textOf(policy), steps: [account, half] });
    expect(wrong).toMatchObject({ ok: false, error: { problems: [{ place: 'steps[1]' }] } });
  });
});

describe('a case that no split can be made of', () => {
  const policy = smallPolicy([...cutSteps, half]);
  test.each([
    ['a negative amount', visit([benefitLine(1, { amount: yuan('-1') })]), 'case-invalid'],
    ['two lines of one number', visit([benefitLine(1), benefitLine(1)]), 'case-invalid'],
    ['half a day', visit([benefitLine(1)], { stay: { days: 0.5 } }), 'case-invalid'],
    ['a negative use', visit([], { usedThisYear: { ...nothingUsed, counted: yuan('-1') } }), 'case-invalid'],
    ['another kind of visit', visit([], { visitKind: 'chronic' }), 'policy-not-applicable'],
    [
      'another scheme',
      visit([], { person: { scheme: '390', group: 'active', age: 1, tags: [] } }),
      'policy-not-applicable',
    ],
    [
      'an unknown group',
      visit([], { person: { scheme: '310', group: 'child', age: 1, tags: [] } }),
      'policy-not-applicable',
    ],
  ])('with %s is a fault', (_, each, code) => {
    expect(splitCase(policy, each)).toMatchObject({ ok: false, error: { code } });
  });

  test('outside the condition of the whole document is a fault', () => {
    const only = smallPolicy([...cutSteps, half], { when: { levels: ['third'] } });
    expect(splitCase(only, visit([]))).toMatchObject({ error: { code: 'policy-not-applicable' } });
  });

  test('without lines is a split of zeros', () => {
    expect(splitOf(policy, visit([]))).toMatchObject({ total: 0n, own: 0n, lines: [], reasons: [] });
  });
});

/** Enough of a document's text to be checked anew. */
function textOf({ funds, groups }: { readonly funds: unknown; readonly groups: unknown }) {
  return {
    ...{ id: 'test', version: '1', titleZh: '测试', titleEn: 'Test', status: 'training', basis: '测试' },
    ...{
      regions: ['*'],
      schemes: ['310'],
      visitKinds: ['outpatient'],
      validFrom: '2020-01-01',
      funds,
      groups,
    },
  };
}
