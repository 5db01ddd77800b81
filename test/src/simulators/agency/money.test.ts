import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { yuan } from '#core/money';
import type { InsuredPerson } from '#simulators/agency/person';
import { insuredHolder, trainingInsuredPersons } from '#simulators/agency/training-persons';
import { policiesWith } from '../../../helpers/policies.ts';
import { amountOf, Caller, catalog, fenOf, type Line, node, rows, start, totalOf } from './caller.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
const codes = [...catalog.map((entry) => entry.nationalCode), 'NOT-INSURED'];
const people = ['A', 'B', 'C', 'employee', 'resident', 'expired', 'family'] as const;

const basket = fc.array(
  fc.record({
    code: fc.constantFrom(...codes),
    count: fc.bigInt(1n, 300_000n),
    price: fc.bigInt(1n, 90_000_000n),
  }),
  { minLength: 1, maxLength: 8 },
);

type Row = Record<string, unknown>;
const sum = (row: Row, fields: readonly string[]) =>
  fields.reduce((all, field) => all + fenOf(row, field), 0n);
const total = (list: readonly Row[], field: string) => list.reduce((all, row) => all + fenOf(row, field), 0n);
const parts = ['fulamt_ownpay_amt', 'preselfpay_amt', 'inscp_scp_amt'];
const funds = ['hifp_pay', 'cvlserv_pay', 'hifes_pay', 'hifmi_pay', 'hifob_pay', 'maf_pay', 'oth_pay'];

/** Every relation of section 11 that a pharmacy settlement must hold, on its answer alone. */
function holds(output: Row, lines: readonly Line[], useAccount: boolean, balance: bigint): void {
  const info = node(output, 'setlinfo');
  const cuts = rows(output, 'detlcutinfo');
  expect(fenOf(info, 'medfee_sumamt')).toBe(totalOf(lines));
  expect(sum(info, [...parts, 'overlmt_selfpay'])).toBe(fenOf(info, 'medfee_sumamt'));
  expect(sum(info, ['fund_pay_sumamt', 'psn_part_amt'])).toBe(fenOf(info, 'medfee_sumamt'));
  expect(sum(info, ['acct_pay', 'acct_mulaid_pay', 'psn_cash_pay'])).toBe(fenOf(info, 'psn_part_amt'));
  expect(sum(info, funds)).toBe(fenOf(info, 'fund_pay_sumamt'));
  const paying = rows(output, 'setldetail').filter(
    (row) => !/^310200|390500$/.test(String(row['fund_pay_type'])),
  );
  expect(total(paying, 'fund_payamt')).toBe(fenOf(info, 'fund_pay_sumamt'));
  expect(fenOf(info, 'act_pay_dedc')).toBeLessThanOrEqual(fenOf(info, 'inscp_scp_amt'));
  expect(fenOf(info, 'balc')).toBe(balance - fenOf(info, 'acct_pay'));
  expect(fenOf(info, 'balc')).toBeGreaterThanOrEqual(0n);
  if (!useAccount) expect(sum(info, ['acct_pay', 'acct_mulaid_pay'])).toBe(0n);
  for (const field of [
    ...parts,
    'overlmt_selfpay',
    'fund_pay_sumamt',
    'acct_pay',
    'acct_mulaid_pay',
    'psn_cash_pay',
  ])
    expect(fenOf(info, field)).toBeGreaterThanOrEqual(0n);
  for (const [index, cut] of cuts.entries()) {
    expect(fenOf(cut, 'det_item_fee_sumamt')).toBe(amountOf(lines[index]!));
    expect(sum(cut, [...parts, 'overlmt_amt'])).toBe(fenOf(cut, 'det_item_fee_sumamt'));
    if (cut['chrgitm_lv'] === '03') expect(fenOf(cut, 'fulamt_ownpay_amt')).toBe(amountOf(lines[index]!));
  }
  for (const field of parts) expect(total(cuts, field)).toBe(fenOf(info, field));
  expect(total(cuts, 'overlmt_amt')).toBe(fenOf(info, 'overlmt_selfpay'));
}

describe(`money of random baskets, seed ${seed}`, () => {
  it('holds every relation, keeps the books in step and is undone to the fen', async () => {
    const agency = await start();
    const caller = new Caller(agency);
    await caller.signIn();
    let sale = 0;
    const sell = async (person: InsuredPerson, lines: readonly Line[], use: boolean, after: string) => {
      sale += 1;
      const before = agency.control.account(person.personNumber)!;
      const message = caller.settlement(person, lines, `S${sale}`, { acct_used_flag: use ? '1' : '0' });
      const settled = await caller.post('2102', message);
      expect(settled.infcode).toBe('0');
      holds(settled.output, lines, use, before.balance);
      const info = node(settled.output, 'setlinfo');
      expect(agency.control.account(person.personNumber)!.balance).toBe(fenOf(info, 'balc'));
      if (after === 'keep') return;
      const undone =
        after === 'cancel'
          ? await caller.cancellation(person, settled)
          : await caller.reversal(person, String(message['msgid']));
      expect(undone.infcode).toBe('0');
      const back = agency.control.account(person.personNumber)!;
      expect([back.balance, back.relativeBalance]).toEqual([before.balance, before.relativeBalance]);
      const used = (account: typeof back) =>
        account.years.filter((year) => year.fund + year.deductible !== 0n);
      expect(used(back)).toEqual(used(before));
    };
    const after = fc.constantFrom('keep', 'cancel', 'reverse');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...people), basket, fc.boolean(), after, (who, lines, use, then) =>
        sell(insuredHolder(who), lines, use, then),
      ),
      { seed, numRuns: 80 },
    );
    expect(agency.control.violations()).toEqual([]);
    for (const person of trainingInsuredPersons) {
      const events = agency.control.events().filter((event) => event.personNumber === person.personNumber);
      const paid = events.reduce((all, event) => all + event.account, 0n);
      const shared = events.reduce((all, event) => all + event.family, 0n);
      const now = agency.control.account(person.personNumber)!;
      expect(now.balance).toBe(person.openingBalance - paid);
      expect(now.relativeBalance).toBe((person.relativeAccount ?? 0n) - shared);
    }
  }, 60_000);
});

describe('the policy in figures worked out by hand', () => {
  const lines: readonly Line[] = [
    { code: 'XA-JIA', count: 20_000n, price: 12_500_000n },
    { code: 'XB-YI', count: 10_000n, price: 18_600_000n },
    { code: 'XB-CEILING', count: 10_000n, price: 32_000_000n },
    { code: 'ZC-BING', count: 10_000n, price: 28_800_000n },
  ];

  it('splits the basket of the reference with its deductible of 20.00', async () => {
    const agency = await start({
      policies: policiesWith('training-310-pharmacy', (policy) => ({
        ...policy,
        steps: policy.steps.map((step) =>
          step.kind === 'deductible'
            ? { ...step, entries: step.entries.map((entry) => ({ ...entry, amount: yuan('20.00') })) }
            : step,
        ),
      })),
    });
    const caller = new Caller(agency);
    await caller.signIn();
    const person = insuredHolder('C');
    const { output } = await caller.post('2102', caller.settlement(person, lines, 'S1'));
    const info = node(output, 'setlinfo');
    const expected = {
      medfee_sumamt: 104_40n,
      fulamt_ownpay_amt: 28_80n,
      overlmt_selfpay: 2_00n,
      preselfpay_amt: 3_36n,
      inscp_scp_amt: 70_24n,
      act_pay_dedc: 20_00n,
      hifp_pay: 30_14n,
      psn_part_amt: 74_26n,
      acct_pay: 45_46n,
      psn_cash_pay: 28_80n,
      balc: 223_04n,
    };
    for (const [field, amount] of Object.entries(expected))
      expect([field, fenOf(info, field)]).toEqual([field, amount]);
  });

  it('counts deductible and cap over the year, and pays the retired 70 %', async () => {
    const agency = await start();
    const caller = new Caller(agency);
    await caller.signIn();
    const retired = trainingInsuredPersons.find((person) => person.name === '郑退休')!;
    const buy = async (yuan: bigint) => {
      const one = [{ code: 'XA-JIA', count: 10_000n, price: yuan * 1_000_000n }];
      const { output } = await caller.post('2102', caller.settlement(retired, one, `S${yuan}`));
      const info = node(output, 'setlinfo');
      return [
        fenOf(info, 'act_pay_dedc'),
        fenOf(info, 'hifp_pay'),
        fenOf(info, 'acct_pay'),
        fenOf(info, 'psn_cash_pay'),
      ];
    };
    expect(await buy(150n)).toEqual([150_00n, 0n, 150_00n, 0n]);
    expect(await buy(100n)).toEqual([50_00n, 35_00n, 65_00n, 0n]);
    expect(await buy(5000n)).toEqual([0n, 2965_00n, 385_00n, 1650_00n]);
    expect(await buy(10n)).toEqual([0n, 0n, 0n, 10_00n]);
  });

  it('lets the account pay out of scope only where the region does', async () => {
    const own = [{ code: 'ZC-BING', count: 10_000n, price: 10_000_000n }];
    for (const paysOutOfScope of [false, true]) {
      const agency = await start({
        policies: policiesWith('training-310-pharmacy', (policy) => ({
          ...policy,
          steps: policy.steps.map((step) => (step.kind === 'account' ? { ...step, paysOutOfScope } : step)),
        })),
      });
      const caller = new Caller(agency);
      await caller.signIn();
      const { output } = await caller.post('2102', caller.settlement(insuredHolder('A'), own, 'S1'));
      expect(fenOf(node(output, 'setlinfo'), 'acct_pay')).toBe(paysOutOfScope ? 10_00n : 0n);
    }
  });

  it('pays a tiny balance out and leaves the rest to cash', async () => {
    const agency = await start();
    const caller = new Caller(agency);
    await caller.signIn();
    const tiny = trainingInsuredPersons.find((person) => person.name === '陈余额')!;
    const { output } = await caller.post('2102', caller.settlement(tiny, lines.slice(0, 1), 'S1'));
    expect(fenOf(node(output, 'setlinfo'), 'acct_pay')).toBe(5_00n);
    expect(fenOf(node(output, 'setlinfo'), 'psn_cash_pay')).toBe(20_00n);
    const [cut] = rows(output, 'detlcutinfo');
    expect(cut).toMatchObject({ chrgitm_lv: '01', memo: null });
  });

  it('says in the line that an unknown code is own pay', async () => {
    const agency = await start();
    const caller = new Caller(agency);
    await caller.signIn();
    const own = [{ code: 'NOT-INSURED', count: 10_000n, price: 10_000_000n }];
    const { output } = await caller.post('2102', caller.settlement(insuredHolder('A'), own, 'S1'));
    expect(rows(output, 'detlcutinfo')[0]).toMatchObject({
      chrgitm_lv: '03',
      memo: expect.stringContaining('自费'),
    });
  });
});
