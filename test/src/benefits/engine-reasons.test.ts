import { describe, expect, test } from 'vitest';
import { explainTree } from '#benefits/explain-tree';
import type { Reason } from '#core/domain/split';
import { formatMoney, price, quantity, ratio, yuan } from '#core/money';
import type { PolicyText } from '#core/policy';
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

const steps: PolicyText['steps'] = [
  ...cutSteps,
  { kind: 'deductible', per: 'yearly', entries: [{ rule: 'T.5', amount: '200.00' }] },
  {
    kind: 'bands',
    layer: 'basic',
    runsOn: 'case',
    entries: [{ rule: 'T.6', bands: [{ fundRatio: '0.6' }] }],
  },
  { kind: 'yearly-payment', layer: 'basic', entries: [{ rule: 'T.8', amount: '3000.00' }] },
  account,
];
const drug = benefitLine(1, {
  insuranceClass: 'B',
  amount: yuan('30.00'),
  quantity: quantity('2'),
  unitPrice: price('15.00'),
  ceiling: price('12.00'),
  firstSelfPayRatio: ratio('0.125'),
});
const split = splitOf(
  smallPolicy(steps),
  visit([drug], {
    usedThisYear: { ...nothingUsed, deductible: yuan('195.00'), fundPaid: yuan('2999.00') },
    account: { balance: yuan('10'), use: true },
  }),
);

const told = (reasons: readonly Reason[]) =>
  reasons.map((why) => [why.step, why.rule, formatMoney(why.amount), why.zh]);

describe('the patient reads in two languages why, with rule and version (P4, C13)', () => {
  test('of a line', () => {
    expect(told(split.lines[0]?.reasons ?? [])).toEqual([
      ['ceiling', 'T.2', '6.00', '单价 15.00 元，医保支付上限 12.00 元，数量 2，超出部分 6.00 元由个人负担'],
      ['first-self-pay', 'T.3', '3.00', '乙类，上限以内先由个人负担 12.5%，即 3.00 元'],
      ['in-scope', 'T.1', '21.00', '乙类，21.00 元纳入报销范围'],
    ]);
  });

  test('of the sale, in the order of the document’s steps', () => {
    expect(told(split.reasons)).toEqual([
      ['ceiling', 'T.2', '6.00', '超过医保支付上限（限价）的 6.00 元由个人负担'],
      ['first-self-pay', 'T.3', '3.00', '乙类项目先由个人负担 3.00 元'],
      [
        'deductible',
        'T.5',
        '5.00',
        '本年起付线 200.00 元，此前已计 195.00 元，本次计入 5.00 元，起付线以内由个人负担',
      ],
      ['bands', 'T.6', '9.60', '报销范围内扣除起付线后 16.00 元，在职人员由统筹基金支付 60%，即 9.60 元'],
      [
        'yearly-payment',
        'T.8',
        '8.60',
        '统筹基金本年支付限额 3000.00 元，此前已付 2999.00 元，本次只能支付 1.00 元，其余 8.60 元由个人负担',
      ],
      ['fund', undefined, '1.00', '统筹基金本次合计支付 1.00 元'],
      [
        'own',
        undefined,
        '29.00',
        '个人负担 29.00 元：超过限价 6.00 元，先行自付 3.00 元，起付线 5.00 元，超过年度支付限额 8.60 元，按比例负担 6.40 元',
      ],
      ['account', 'T.9', '10.00', '个人账户支付个人负担部分 10.00 元，账户余额 0.00 元'],
      ['cash', undefined, '19.00', '其余 19.00 元现金支付（个人账户不能支付或余额不足的部分）'],
    ]);
  });

  test('every one names document, version and an English sentence', () => {
    const all = [...split.reasons, ...split.lines.flatMap(({ reasons }) => reasons)];
    for (const why of all.flatMap((each) => [each, ...(each.parts ?? [])])) {
      expect(why).toMatchObject({ policy: 'test', version: '1' });
      expect(why.en).toMatch(/[a-z]/);
      expect(why.zh).not.toMatch(/[a-z]|undefined/);
    }
  });
});

test('the own share’s parts add up to it, also when assistance makes up for some of them', () => {
  const policy = smallPolicy([
    ...cutSteps,
    half,
    { kind: 'fill', layer: 'assistance', entries: [{ rule: 'T.8', share: '0.8' }] },
  ]);
  const lines = [benefitLine(1), benefitLine(2, { insuranceClass: 'C' })];
  const own = splitOf(policy, visit(lines)).reasons.find(({ step }) => step === 'own');
  expect(own?.zh).toBe('个人负担 4.00 元：不在报销范围 10.00 元，按比例负担 5.00 元，救助等补足 -11.00 元');
  expect(own?.parts?.reduce((sum, { amount }) => sum + amount, 0n)).toBe(own?.amount);
});

test('a village clinic’s limit is told as the text says it', () => {
  const policy = smallPolicy([
    ...cutSteps,
    {
      kind: 'limit',
      nameZh: '村卫生室处方药',
      nameEn: 'prescription drugs of a village clinic',
      categories: ['drug'],
      per: 'visit',
      entries: [{ rule: 'C3.1', amount: '10.00' }],
    },
    half,
  ]);
  const found = splitOf(policy, visit([benefitLine(1, { amount: yuan('25.00') })]));
  const why = found.reasons.find(({ step }) => step === 'limit');
  expect(why?.zh).toBe('本次村卫生室处方药费用 25.00 元，超过单次限额 10.00 元，超出部分 15.00 元由个人负担');
  expect(why?.en).toBe(
    '25.00 for prescription drugs of a village clinic this time, limit 10.00 a visit; the 15.00 above it is paid by the patient',
  );
  expect(found.lines[0]?.reasons[0]?.parts?.[0]).toBe(why?.parts?.[0]);
});

test('the tree prints every reason with its rule below the sums, both languages, parts further in', () => {
  const lines = explainTree(split);
  expect(lines.slice(0, 4)).toEqual([
    'test 1',
    '总费用 / total: 30.00',
    '医保支付合计 / paid by the funds: 1.00',
    '个人负担 / the own share: 29.00',
  ]);
  expect(lines).toContain(
    '  5.00 本年起付线 200.00 元，此前已计 195.00 元，本次计入 5.00 元，起付线以内由个人负担 [deductible, T.5]',
  );
  expect(lines).toContain(
    '    Deductible of the year 200.00, 195.00 borne before; 5.00 this time, which the patient bears',
  );
  expect(lines).toContain('    6.40 按比例负担 6.40 元 [own]');
  expect(lines).toContain('第 1 项 / item 1: 30.00，医保支付 / covered 1.00，个人负担 / own 29.00');
});
