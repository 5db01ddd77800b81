import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TillView } from '#checkout/view';
import { formatMoney, type Money, subtractMoney } from '#core/money';
import { Cashier } from './cashier.ts';
import { RealShop } from './real-shop.ts';

const PERSON = '99010000000000000000000001';

let shop: RealShop;
let cashier: Cashier;

beforeAll(async () => {
  shop = await RealShop.open();
  cashier = new Cashier(shop);
  await shop.signIn();
}, 90_000);

afterEach(() => shop.agency.control.clearFaults());
afterAll(() => shop.close());

function balance(): Money {
  const account = shop.agency.control.account(PERSON);
  if (account === undefined) throw new Error('the agency knows the holder of card A');
  return account.balance;
}

/** Waits for something that the agency has seen; its own books are the witness. */
async function atAgency(what: string, holds: () => boolean): Promise<void> {
  await expect.poll(holds, { timeout: 15_000, message: what }).toBe(true);
}

function settlements(): number {
  return shop.agency.control.messages().filter(({ infno }) => infno === '2102').length;
}

function slipsOf(saleNumber: string): number {
  return shop.printer.slips().filter(({ text }) => text.includes(saleNumber)).length;
}

/** The account paid once for this sale and never for anything else since `before`. */
function chargedOnce(saleNumber: string, before: Money): void {
  const { standing, account } = shop.agency.control.chargesOf(saleNumber);
  expect(standing).toHaveLength(1);
  expect(account > 0n).toBe(true);
  expect(formatMoney(subtractMoney(before, balance()))).toBe(formatMoney(account));
}

/** An unknown outcome is shown as neither failed nor done, and the cashier is told not to charge again. */
async function seesUnknown(): Promise<string> {
  await cashier.sees('unknown').waitFor();
  expect(await cashier.sees('unknown').textContent()).toContain('请勿重复收费');
  await cashier.seesCode('agency-no-answer', 'unknown');
  expect(await shop.page.getByTestId('done').count()).toBe(0);
  return (await shop.view()).sale.saleNumber;
}

describe('an answer that never comes', () => {
  test('the lost request arrives after its reversal: the detail of the day shows it and it is given back', async () => {
    const before = balance();
    await cashier.upToPay('A', '测试甲');
    await shop.agency.control.setFault({ kind: 'late-after-reversal', count: 1 });
    // The till compares by itself as soon as it can: kept from it here, so that the second charge is seen.
    await shop.agency.control.addFault({ kind: 'server-error', transaction: '3202' });
    await cashier.press('Enter');
    const saleNumber = await seesUnknown();
    expect(await cashier.finish()).toBe(saleNumber);
    expect(shop.agency.control.chargesOf(saleNumber).standing).toHaveLength(2);

    await shop.agency.control.clearFaults();
    await shop.api('POST', '/api/reconcile', {});
    await atAgency('the late charge is given back', () => {
      return shop.agency.control.chargesOf(saleNumber).standing.length === 1;
    });
    expect(shop.agency.control.messages().some(({ infno }) => infno === '3202')).toBe(true);
    chargedOnce(saleNumber, before);
    const again = await shop.api<{ differences: number }>('POST', '/api/reconcile', {});
    expect(again.differences).toBe(0);
    expect(slipsOf(saleNumber)).toBe(1);
    expect(shop.agency.control.violations()).toEqual([]);
  });

  /** Commits a sale and kills the program before its outcome is known; 2601 is not answered. */
  async function killWhileSettling(
    fault: Parameters<typeof shop.agency.control.addFault>[0],
  ): Promise<string> {
    await cashier.upToPay('A', '测试甲');
    // Set before: a request that is lost is known to be lost at once, and nothing may clear it up before it is seen.
    await shop.agency.control.setFault({ kind: 'server-error', transaction: '2601' });
    await shop.agency.control.addFault({ kind: 'server-error', transaction: '3202' });
    await shop.agency.control.addFault(fault);
    await cashier.press('Enter');
    const { sale } = await shop.until('under way', ({ sale: { state } }) =>
      ['committing', 'unknown'].includes(state),
    );
    const waiting = () => shop.agency.control.state().faults.map(({ transaction }) => transaction);
    await atAgency('the request has left', () => !waiting().includes('2102'));
    await shop.killProgram();
    await cashier.sees('link-lost').waitFor();
    return sale.saleNumber;
  }

  /** The program comes back: the sale waits in sight, unknown, until the agency can be asked again. */
  async function clearedUpAfterRestart(saleNumber: string): Promise<void> {
    await shop.startProgram();
    await shop.signIn();
    const { pending } = await shop.until('pending', (view) => view.pending.length > 0);
    const [sale] = pending;
    expect(sale?.saleNumber).toBe(saleNumber);
    await cashier.sees(`pending-${sale?.saleId}`).locator('[data-state="unknown"]').waitFor();
    expect(slipsOf(saleNumber)).toBe(0);

    // The detail would find the booked charge and let it stand: here the reversal is what clears up.
    await shop.agency.control.setFault({ kind: 'server-error', transaction: '3202' });
    // The longer the agency would not answer, the longer the till waits between its tries.
    const through = ({ pending: open, printer }: TillView) => open.length === 0 && printer.owed === 0;
    await shop.until('cleared up', through, 40_000);
    await cashier.press('F11');
    await cashier.sees(`sale-${sale?.saleId}`).locator('[data-state="done"]').waitFor();
    await cashier.press('Escape');
    expect(slipsOf(saleNumber)).toBe(1);
  }

  test('kill -9 after the agency has booked: reversed and settled again after the restart, charged once', async () => {
    const before = balance();
    const sent = settlements();
    const fault = { kind: 'delay', transaction: '2102', count: 1, delayMs: 1_900, processed: true } as const;
    const saleNumber = await killWhileSettling(fault);
    await atAgency('booked', () => settlements() > sent);
    await clearedUpAfterRestart(saleNumber);
    chargedOnce(saleNumber, before);
    expect(settlements()).toBe(sent + 2);
  }, 60_000);

  test('kill -9 while the request is still on its way: charged once after the restart', async () => {
    const before = balance();
    const sent = settlements();
    const fault = { kind: 'delay', transaction: '2102', count: 1, delayMs: 1_000, processed: false } as const;
    const saleNumber = await killWhileSettling(fault);
    expect(settlements()).toBe(sent);
    await atAgency('it arrives without its sender', () => settlements() > sent);
    await clearedUpAfterRestart(saleNumber);
    chargedOnce(saleNumber, before);
  }, 60_000);

  test('kill -9 and the request is lost for good: settled once after the restart', async () => {
    const before = balance();
    const sent = settlements();
    const saleNumber = await killWhileSettling({ kind: 'lose-request', transaction: '2102', count: 1 });
    await clearedUpAfterRestart(saleNumber);
    chargedOnce(saleNumber, before);
    expect(settlements()).toBe(sent + 1);
    const { standing } = shop.agency.control.chargesOf(saleNumber);
    expect(standing).toHaveLength(1);
  }, 60_000);
});
