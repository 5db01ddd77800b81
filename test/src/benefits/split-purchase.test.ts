import { describe, expect, test } from 'vitest';
import { choosePolicy, shippedPolicies } from '#benefits/choose-policy';
import { coveredByLine, type Purchase, splitOwnPay, splitPurchase } from '#benefits/split-purchase';
import type { Split } from '#core/domain/split';
import { formatMoney, price, ratio, yuan } from '#core/money';
import type { Policy } from '#core/policy';
import { line, lineWithoutCode } from './lines.ts';

function policyFor(scheme: string, personType: string): Policy {
  const chosen = choosePolicy(shippedPolicies(), { region: '990100', scheme, personType, day: '2026-11-21' });
  if (!chosen.ok) throw new Error(chosen.error.en);
  return chosen.value;
}

function employee(change: Partial<Purchase>): Purchase {
  return {
    policy: policyFor('310', '1101'),
    lines: [],
    person: { scheme: '310', personType: '1101' },
    usedThisYear: { deductible: yuan('200.00'), fundPaid: yuan('0') },
    balance: yuan('500.00'),
    useAccount: true,
    ...change,
  };
}

/** The amounts of a split as a slip prints them. */
function figures(split: Split) {
  const { total, outOfScope, overCeiling, firstSelfPay, inScope, deductible, fundTotal, own, account, cash } =
    split;
  const all = {
    total,
    outOfScope,
    overCeiling,
    firstSelfPay,
    inScope,
    deductible,
    fundTotal,
    own,
    account,
    cash,
  };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, formatMoney(value)]));
}

describe('a purchase by an employee, computed by hand', () => {
  test('class A, B, C, a ceiling and a product without code fall apart by the rules (relations 10, 12, 13)', () => {
    const split = splitPurchase(
      employee({
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
    expect(
      split.lines.map(({ outOfScope, overCeiling, firstSelfPay, inScope }) =>
        [outOfScope, overCeiling, firstSelfPay, inScope].map(formatMoney),
      ),
    ).toEqual([
      ['0.00', '0.00', '0.00', '40.00'],
      ['0.00', '0.00', '1.50', '13.50'],
      ['0.00', '6.00', '4.80', '19.20'],
      ['88.00', '0.00', '0.00', '0.00'],
      ['3.50', '0.00', '0.00', '0.00'],
    ]);
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
      account: '41.38',
      cash: '91.50',
    });
    expect(split.balanceAfter).toBe(yuan('458.62'));
    expect(split.source).toBe('offline');
  });

  test('the recorded 4.52 at 5 % gives a first self-pay of 0.23', () => {
    const drug = { price: price('4.52'), insuranceClass: 'B', firstSelfPayRatio: ratio('0.05') } as const;
    expect(splitPurchase(employee({ lines: [line(1, drug)] })).firstSelfPay).toBe(yuan('0.23'));
  });

  test.each([
    ['nothing borne, bill below it', '0.00', '150.00', '150.00', '0.00'],
    ['nothing borne, bill equal to it', '0.00', '200.00', '200.00', '0.00'],
    ['nothing borne, one fen above', '0.00', '200.01', '200.00', '0.01'],
    ['all but one fen borne', '199.99', '10.00', '0.01', '5.99'],
    ['all borne', '200.00', '10.00', '0.00', '6.00'],
    ['more borne than this document asks', '250.00', '10.00', '0.00', '6.00'],
  ])('deductible of 200.00, %s', (_, borne, bill, deductible, fund) => {
    const usedThisYear = { deductible: yuan(borne), fundPaid: yuan('0') };
    const split = splitPurchase(employee({ usedThisYear, lines: [line(1, { price: price(bill) })] }));
    expect([split.deductible, split.fundTotal].map(formatMoney)).toEqual([deductible, fund]);
  });

  test.each([
    ['far from it', '0.00', '60.00', false],
    ['exactly reached', '2940.00', '60.00', false],
    ['one fen short', '2940.01', '59.99', true],
    ['used up', '3000.00', '0.00', true],
    ['overdrawn by a later correction', '3100.00', '0.00', true],
  ])('yearly cap of 3000.00, %s', (_, fundPaid, fund, capped) => {
    const usedThisYear = { deductible: yuan('200.00'), fundPaid: yuan(fundPaid) };
    const split = splitPurchase(employee({ usedThisYear, lines: [line(1, { price: price('100.00') })] }));
    expect(formatMoney(split.fundTotal)).toBe(fund);
    expect(split.reasons.some((why) => why.step === 'yearly-cap')).toBe(capped);
  });

  test('a retired person gets 70 %', () => {
    const person = { scheme: '310', personType: '1201' };
    const split = splitPurchase(employee({ person, lines: [line(1, { price: price('100.00') })] }));
    expect(split.fundTotal).toBe(yuan('70.00'));
  });

  test.each([
    ['enough', '100.00', true, '40.00', '0.00'],
    ['not enough', '12.34', true, '12.34', '27.66'],
    ['empty', '0.00', true, '0.00', '40.00'],
    ['overdrawn', '-5.00', true, '0.00', '40.00'],
    ['not to be used', '100.00', false, '0.00', '40.00'],
  ])('account %s', (_, balance, useAccount, account, cash) => {
    const lines = [line(1, { price: price('100.00') })];
    const split = splitPurchase(employee({ lines, balance: yuan(balance), useAccount }));
    expect([split.account, split.cash].map(formatMoney)).toEqual([account, cash]);
  });

  test('an unknown balance pays nothing and is not printed', () => {
    const { balance: _, ...unknown } = employee({ lines: [line(1)] });
    const split = splitPurchase(unknown);
    expect(split.account).toBe(0n);
    expect(split).not.toHaveProperty('balanceBefore');
  });

  test('a region that lets the account pay out-of-scope goods needs a parameter only (C12)', () => {
    const policy = policyFor('310', '1101');
    const open = { ...policy, account: { ...policy.account, paysOutOfScope: true } };
    const lines = [line(1, { price: price('88.00'), insuranceClass: 'C' })];
    expect(splitPurchase(employee({ policy: open, lines })).account).toBe(yuan('88.00'));
    const closed = { ...policy, account: { paysOutOfScope: false, paysOverCeiling: false } };
    const above = [line(1, { price: price('15.00'), ceiling: price('10.00') })];
    const split = splitPurchase(employee({ policy: closed, lines: above }));
    expect([split.account, split.cash]).toEqual([yuan('4.00'), yuan('5.00')]);
  });
});

test('a resident has 100.00 deductible, 50 % and 1000.00 a year', () => {
  const split = splitPurchase({
    policy: policyFor('390', '1501'),
    person: { scheme: '390', personType: '1501' },
    lines: [line(1, { price: price('3000.00') })],
    usedThisYear: { deductible: yuan('0'), fundPaid: yuan('0') },
    balance: yuan('0'),
    useAccount: true,
  });
  expect(figures(split)).toMatchObject({ deductible: '100.00', fundTotal: '1000.00', cash: '2000.00' });
  expect(split.funds).toEqual([
    { fund: '390100', nameZh: '城乡居民基本医疗保险基金', amount: yuan('1000.00') },
  ]);
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
  expect(splitPurchase(employee({})).total).toBe(0n);
  expect(coveredByLine(splitOwnPay([]))).toEqual([]);
});

test('the patient reads in two languages why, with rule and version (P4, C13)', () => {
  const drug = {
    price: price('15.00'),
    ceiling: price('12.00'),
    insuranceClass: 'B',
    firstSelfPayRatio: ratio('0.125'),
  } as const;
  const usedThisYear = { deductible: yuan('195.00'), fundPaid: yuan('2999.00') };
  const split = splitPurchase(employee({ usedThisYear, lines: [line(1, drug, '2')], balance: yuan('10') }));
  const [first] = split.lines;
  expect(first?.reasons.map((why) => [why.step, formatMoney(why.amount), why.zh])).toEqual([
    ['over-ceiling', '6.00', '单价 15.00 元，医保支付上限 12.00 元，数量 2，超出部分 6.00 元由个人负担'],
    ['first-self-pay', '3.00', '乙类，上限以内先由个人负担 12.5%，即 3.00 元'],
    ['in-scope', '21.00', '乙类，21.00 元纳入报销范围'],
  ]);
  expect(split.reasons.map((why) => [why.step, formatMoney(why.amount), why.zh])).toEqual([
    [
      'deductible',
      '5.00',
      '本年起付线 200.00 元，此前已计 195.00 元，本次计入 5.00 元，起付线以内由个人负担',
    ],
    [
      'fund',
      '1.00',
      '报销范围内扣除起付线后 16.00 元，在职人员由职工基本医疗保险统筹基金支付 60%，应为 9.60 元',
    ],
    [
      'yearly-cap',
      '8.60',
      '本年基金支付限额 3000.00 元，此前已付 2999.00 元，本次只能支付 1.00 元，其余 8.60 元由个人负担',
    ],
    ['account', '10.00', '个人账户支付个人负担部分 10.00 元，账户余额 0.00 元'],
    ['cash', '19.00', '其余 19.00 元现金支付（个人账户不能支付或余额不足的部分）'],
  ]);
  for (const why of [...split.reasons, ...(first?.reasons ?? [])]) {
    expect(why).toMatchObject({ policy: 'training-310-pharmacy', version: '2026-1' });
    expect(why.en).toMatch(/[a-z]/);
  }
});
