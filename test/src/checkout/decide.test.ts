import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decideSale, decisionsFor } from '#checkout/decide';
import type { Operator } from '#core/domain/sale';
import type { SaleDecision } from '#core/domain/sale-decision';
import { ManualClock } from '#core/manual-clock';
import { yuan, zeroMoney } from '#core/money';
import { offlineIntended, offlineTorn } from '#store/records/offline';
import { ScriptedAgency } from '../../helpers/scripted-agency.ts';
import { requestLifeMs, TillProcess } from '../../helpers/till-process.ts';
import {
  cashier,
  morningMs,
  newFolder,
  openSale,
  purchaseOf,
  requestOf,
  wideLimits,
} from '../../helpers/till-records.ts';

const second: Operator = { number: '0900', name: '店长乙', role: 'manager' };
const operator: Operator = { number: cashier.number, name: '收银员甲', role: 'cashier' };
const card = '990101D1560000050000000000000001';
let folder: ReturnType<typeof newFolder>;
let clock: ManualClock;
let agency: ScriptedAgency;
let till: TillProcess;

beforeEach(() => {
  folder = newFolder();
  clock = new ManualClock(morningMs);
  agency = new ScriptedAgency(clock);
  till = new TillProcess(folder.path, clock, agency);
});
afterEach(() => {
  till.kill();
  folder.remove();
});

function decide(saleId: string, decision: SaleDecision, reason = '经办机构电话答复'): string {
  const { store } = till;
  const result = decideSale({ store, clock }, { saleId, decision, operator, second, reason });
  till.sync.kick();
  return result.ok ? 'ok' : result.error.code;
}

const charged = (saleId: string) => agency.standing(till.sale(saleId).saleNumber).length;
const offered = (saleId: string) => decisionsFor(till.sale(saleId), till.store);

function expectSoundBooks(): void {
  const balances = till.store.balances();
  expect([...balances.values()].reduce((sum, amount) => sum + amount, 0n)).toBe(0n);
  expect(till.store.verifyJournal().brokenAt).toBeUndefined();
  expect(till.errors).toEqual([]);
}

/** Settled at the agency, its reply lost, its reversal refused; then the agency can be asked no more. */
async function inSuspense(): Promise<string> {
  agency.fates['2102'].push('lose-reply');
  agency.fates['2601'].push('refuse');
  const saleId = await till.sell();
  await clock.advance(10_000);
  till.usable = false;
  expect(till.state(saleId)).toBe('suspense');
  expect(till.store.balance('suspense')).not.toBe(zeroMoney);
  return saleId;
}

describe('a sale in suspense while the agency cannot be asked', () => {
  test('settled, by the numbers that the agency told: the books and the slip are those of the quote', async () => {
    const saleId = await inSuspense();
    expect(offered(saleId)).toEqual(['settled', 'not-settled']);
    expect(decide(saleId, { kind: 'settled', settlementId: '990001', visitId: '880001' })).toBe('ok');
    expect(till.state(saleId)).toBe('done');
    expect(till.store.balance('suspense')).toBe(zeroMoney);
    expect(till.store.balance('receivable:account')).toBe(yuan('20.00'));
    expect(till.store.slipsOfSale(saleId)).toHaveLength(1);
    expect(till.store.settled(saleId)?.settlement).toMatchObject({
      settlementId: '990001',
      visitId: '880001',
    });
    const decided = till.store.journalOfSale(saleId).at(-1);
    expect(decided).toMatchObject({ kind: 'operator-decided', operator: cashier.number });
    expect(JSON.parse(decided?.facts ?? '{}')).toMatchObject({ decision: 'settled', secondOperator: '0900' });
    expect(offered(saleId)).toEqual([]);
    expectSoundBooks();
  });

  test('not settled, but the detail shows it later: the charge is given back, never kept', async () => {
    const saleId = await inSuspense();
    expect(decide(saleId, { kind: 'not-settled' })).toBe('ok');
    expect(till.state(saleId)).toBe('abandoned');
    expect(till.store.balance('suspense')).toBe(zeroMoney);
    expect(charged(saleId)).toBe(1);
    till.usable = true;
    await clock.advance(requestLifeMs + 30_000);
    await till.sync.reconcile('2026-03-02');
    expect(charged(saleId)).toBe(0);
    expect(till.store.balance('suspense')).toBe(zeroMoney);
    expectSoundBooks();
  });

  test('a decision twice, of another kind or without a reason changes nothing', async () => {
    const saleId = await inSuspense();
    expect(decide(saleId, { kind: 'written-off' })).toBe('sale-not-now');
    expect(decide(saleId, { kind: 'not-settled' }, '无')).toBe('reason-missing');
    expect(decide('no-such-sale', { kind: 'not-settled' })).toBe('sale-not-found');
    expect(till.state(saleId)).toBe('suspense');
    expect(decide(saleId, { kind: 'not-settled' })).toBe('ok');
    expect(decide(saleId, { kind: 'not-settled' })).toBe('sale-not-now');
  });
});

describe('a purchase torn out of the reader whose card never comes back', () => {
  function torn(): string {
    const sale = openSale(till.store, morningMs);
    const step = { sale, nowMs: morningMs, operator: cashier.number };
    const purchase = purchaseOf(card);
    till.store.commit(
      offlineIntended({ ...step, request: requestOf(sale), lane: card, purchase, limits: wideLimits }),
    );
    till.store.commit(offlineTorn({ ...step, sale: till.sale(sale.saleId) }));
    return sale.saleId;
  }

  test('two people end it: its budget is free, the card may be served again', () => {
    const saleId = torn();
    expect(offered(saleId)).toEqual(['not-deducted']);
    expect(till.store.offlineAtRisk(card).count).toBe(1);
    expect(decide(saleId, { kind: 'not-deducted' })).toBe('ok');
    expect(till.state(saleId)).toBe('abandoned');
    expect(till.store.tornPurchase(card)).toBeUndefined();
    expect(till.store.offlineAtRisk(card).count).toBe(0);
    expect(till.store.balance('suspense')).toBe(zeroMoney);
    expectSoundBooks();
  });
});

describe('an offline sale that the agency rejected', () => {
  async function rejected(): Promise<string> {
    agency.fates['2102'].push('refuse');
    const saleId = till.sellOffline(card);
    await till.sync.drainUploads();
    expect(till.state(saleId)).toBe('rejected');
    return saleId;
  }

  test('uploaded again after it was put right: accepted, charged once', async () => {
    const saleId = await rejected();
    expect(offered(saleId)).toContain('upload-again');
    expect(decide(saleId, { kind: 'upload-again' })).toBe('ok');
    await till.sync.drainUploads();
    expect(till.store.upload(saleId)?.state).toBe('accepted');
    expect(charged(saleId)).toBe(1);
    expect(till.store.balance('offline-at-risk')).toBe(zeroMoney);
    expectSoundBooks();
  });

  test.each([
    ['collected-cash', 'done', 'tender:cash'],
    ['collected-mobile', 'done', 'tender:mobile'],
    ['written-off', 'abandoned', 'revenue'],
  ] as const)('%s closes it with its money where it belongs', async (kind, state, account) => {
    const saleId = await rejected();
    const before = till.store.balance(account);
    const atRisk = till.store.balance('offline-at-risk');
    expect(decide(saleId, { kind })).toBe('ok');
    expect(till.state(saleId)).toBe(state);
    expect(till.store.balance('offline-at-risk')).toBe(zeroMoney);
    expect(till.store.balance(account) - before).toBe(atRisk);
    expect(till.store.offlineAtRisk().count).toBe(0);
    expectSoundBooks();
  });
});
