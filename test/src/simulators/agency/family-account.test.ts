import { describe, expect, it } from 'vitest';
import type { InsuredPerson } from '#simulators/agency/person';
import { insuredHolder } from '#simulators/agency/training-persons';
import { Caller, fenOf, node, start } from './caller.ts';

const family = insuredHolder('family');
/** 100.00 in scope and 10.00 that no account pays; the deductible of 200.00 keeps the pool away. */
const lines = [
  { code: 'XA-JIA', count: 10_000n, price: 100_000_000n },
  { code: 'ZC-BING', count: 10_000n, price: 10_000_000n },
];

async function shop(persons?: readonly InsuredPerson[]) {
  const agency = await start(persons === undefined ? {} : { persons });
  const caller = new Caller(agency);
  await caller.signIn();
  const buy = (number: string, person = family, more = {}) =>
    caller.post('2102', caller.settlement(person, lines, number, more));
  const balances = (person = family) => {
    const account = agency.control.account(person.personNumber);
    return [account?.balance, account?.relativeBalance];
  };
  return { agency, caller, buy, balances };
}

describe('a relative’s account (共济)', () => {
  it('pays after the own account and before cash, and both balances say so', async () => {
    const { buy, balances } = await shop();
    const info = node((await buy('S1')).output, 'setlinfo');
    const parts = ['psn_part_amt', 'acct_pay', 'acct_mulaid_pay', 'psn_cash_pay', 'balc'];
    expect(parts.map((field) => fenOf(info, field))).toEqual([110_00n, 10_00n, 90_00n, 10_00n, 0n]);
    expect(balances()).toEqual([0n, 410_00n]);
  });

  it('is left alone when the holder wants no account, and pays no more than it has', async () => {
    const poor = { ...family, relativeAccount: 30_00n };
    const { buy, balances } = await shop([poor]);
    const without = node((await buy('S1', poor, { acct_used_flag: '0' })).output, 'setlinfo');
    expect(fenOf(without, 'acct_mulaid_pay')).toBe(0n);
    const info = node((await buy('S2', poor)).output, 'setlinfo');
    expect([fenOf(info, 'acct_mulaid_pay'), fenOf(info, 'psn_cash_pay')]).toEqual([30_00n, 70_00n]);
    expect(balances(poor)).toEqual([0n, 0n]);
  });

  it('gets everything back by cancellation and by reversal, and loses it again when that is reversed', async () => {
    const { agency, caller, buy, balances } = await shop();
    const settled = await buy('S1');
    const cancelled = await caller.cancellation(family, settled);
    expect(fenOf(node(cancelled.output, 'setlinfo'), 'acct_mulaid_pay')).toBe(-90_00n);
    expect(balances()).toEqual([10_00n, 500_00n]);
    const undone = String(node(cancelled.output, 'setlinfo')['medins_setl_id']);
    expect(await caller.reversal(family, undone, '2103')).toMatchObject({ infcode: '0' });
    expect(balances()).toEqual([0n, 410_00n]);

    const message = caller.settlement(family, lines, 'S2');
    await caller.post('2102', message);
    await caller.reversal(family, String(message['msgid']));
    expect(balances()).toEqual([0n, 410_00n]);
    const events = agency.control
      .events()
      .map(({ kind, account, family: shared }) => [kind, account, shared]);
    expect(events).toEqual([
      ['settled', 10_00n, 90_00n],
      ['cancelled', -10_00n, -90_00n],
      ['cancellation-reversed', 10_00n, 90_00n],
      ['settled', 0n, 100_00n],
      ['reversed', 0n, -100_00n],
    ]);
  });

  it('a person without a relative keeps paying the rest in cash', async () => {
    const { buy, balances } = await shop();
    const employee = insuredHolder('employee');
    const info = node((await buy('S1', employee)).output, 'setlinfo');
    expect(fenOf(info, 'acct_mulaid_pay')).toBe(0n);
    expect(balances(employee)).toEqual([1900_00n, 0n]);
  });
});
