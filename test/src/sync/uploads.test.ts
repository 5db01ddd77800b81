import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { yuan } from '#core/money';
import { recordsFile } from '#store/open';
import { rejectionDecided } from '#store/records/offline';
import { oneYuanLess, ScriptedAgency } from '../../helpers/scripted-agency.ts';
import { requestLifeMs, TillProcess } from '../../helpers/till-process.ts';
import { morningMs, newFolder } from '../../helpers/till-records.ts';

let folder: ReturnType<typeof newFolder>;
let clock: ManualClock;
let agency: ScriptedAgency;
let till: TillProcess;

beforeEach(() => {
  folder = newFolder();
  clock = new ManualClock(morningMs);
  agency = new ScriptedAgency(clock);
  till = new TillProcess(folder.path, clock, agency);
  till.usable = false;
});
afterEach(() => {
  till.kill();
  folder.remove();
});

function settledOrder(): readonly string[] {
  return agency.charges.map((charge) => charge.saleNumber);
}

function number(saleId: string): string {
  return till.sale(saleId).saleNumber;
}

function online(): void {
  till.usable = true;
  till.sync.kick();
}

describe('the upload worker', () => {
  test('uploads in order per card, several cards at once, with the original request under its own id', async () => {
    const first = [till.sellOffline('card-a'), till.sellOffline('card-a'), till.sellOffline('card-a')];
    const second = [till.sellOffline('card-b'), till.sellOffline('card-b')];
    await clock.advance(3_600_000);
    expect(agency.log).toEqual([]);
    online();
    await clock.advance(1000);
    const order = settledOrder();
    expect(order.filter((one) => first.map(number).includes(one))).toEqual(first.map(number));
    expect(order.filter((one) => second.map(number).includes(one))).toEqual(second.map(number));
    // The first one alone shows that the link holds; then the other card does not wait for the whole of this one.
    expect(order.indexOf(number(second[0] ?? ''))).toBeLessThan(order.indexOf(number(first[2] ?? '')));
    expect([...first, ...second].map((saleId) => till.state(saleId))).toEqual(Array(5).fill('done'));
    expect(till.store.uploads(['accepted'])).toHaveLength(5);
    expect(till.store.offlineAtRisk()).toEqual({ amount: 0n, count: 0 });
    expect(till.store.balance('offline-at-risk')).toBe(0n);
    expect(till.store.balance('receivable:account')).toBe(yuan('100.00'));
    // The slip of an offline sale was owed at the counter; its upload owes no second one.
    expect(till.store.slips(['owed'])).toHaveLength(5);
  });

  test('other sums at the agency: adjusted, each amount explained, what is not covered stays at risk', async () => {
    const asked = agency.splitFor;
    agency.splitFor = (request) => oneYuanLess(asked(request));
    const saleId = till.sellOffline('card-a');
    online();
    await clock.advance(1000);
    expect(till.state(saleId)).toBe('done');
    expect(till.store.upload(saleId)?.state).toBe('adjusted');
    const event = till.store.journalOfSale(saleId).find((entry) => entry.kind === 'offline-adjusted');
    expect(JSON.parse(event?.facts ?? '{}')).toMatchObject({
      differences: [
        { amount: 'account', offline: '20.00', agency: '19.00', difference: '-1.00' },
        { amount: 'cash', offline: '15.76', agency: '16.76', difference: '1.00' },
      ],
    });
    expect(till.store.balance('offline-at-risk')).toBe(yuan('1.00'));
    expect(till.store.balance('receivable:account')).toBe(yuan('19.00'));
  });

  test('a refused upload goes to the work-list with its reason and does not stop the others of its card', async () => {
    const before = till.sellOffline('card-a');
    const poison = till.sellOffline('card-a');
    const after = till.sellOffline('card-a');
    agency.refusedSales.add(number(poison));
    online();
    await clock.advance(1000);
    expect([before, poison, after].map((saleId) => till.state(saleId))).toEqual(['done', 'rejected', 'done']);
    expect(till.store.upload(poison)).toMatchObject({
      state: 'rejected',
      faultCode: 'agency-refused',
      agencyText: '待遇封锁',
    });
    expect(till.store.offlineAtRisk('card-a')).toEqual({ amount: yuan('20.00'), count: 1 });
    const step = { sale: till.sale(poison), nowMs: clock.nowMs(), operator: '0101' };
    till.store.commit(
      rejectionDecided({ ...step, decision: 'collected-cash', secondOperator: '0900', reason: 'paid' }),
    );
    expect(till.store.offlineAtRisk('card-a')).toEqual({ amount: 0n, count: 0 });
    expect(till.store.balance('offline-at-risk')).toBe(0n);
  });

  test('an unanswered upload blocks only its own card until its reversal is through, then goes again', async () => {
    agency.fates['2102'].push('lose-reply');
    const blocked = till.sellOffline('card-a');
    const behind = till.sellOffline('card-a');
    const other = till.sellOffline('card-b');
    online();
    await clock.advance(5000);
    expect(till.store.upload(blocked)?.state).toBe('ambiguous');
    expect(till.sync.progress(blocked)?.en).toMatch(/Reversed/);
    expect([blocked, behind, other].map((saleId) => till.state(saleId))).toEqual([
      'queued',
      'queued',
      'done',
    ]);
    await clock.advance(requestLifeMs);
    expect([blocked, behind].map((saleId) => till.state(saleId))).toEqual(['done', 'done']);
    expect(agency.standing(number(blocked))).toHaveLength(1);
    expect(settledOrder().slice(-2)).toEqual([number(blocked), number(behind)]);
    expect(till.store.balance('suspense')).toBe(0n);
  });

  test('killed while an upload is on its way: ambiguous after restart, charged once in the end', async () => {
    agency.fates['2102'].push('hang-after');
    const saleId = till.sellOffline('card-a');
    online();
    await clock.advance(1000);
    expect(till.store.upload(saleId)?.state).toBe('sending');
    till.kill();
    till = new TillProcess(folder.path, clock, agency);
    expect(till.store.upload(saleId)?.state).toBe('ambiguous');
    await clock.advance(requestLifeMs + 5000);
    expect(till.state(saleId)).toBe('done');
    expect(agency.standing(number(saleId))).toHaveLength(1);
  });

  test('an upload that could not be sent waits with a growing back-off and stays first of its card', async () => {
    agency.fates['2102'].push('unreachable', 'unreachable', 'unreachable');
    const first = till.sellOffline('card-a');
    const second = till.sellOffline('card-a');
    online();
    await clock.advance(1000);
    expect(till.store.upload(first)).toMatchObject({
      state: 'queued',
      attempts: 1,
      faultCode: 'agency-unreachable',
    });
    await clock.advance(60_000);
    expect(settledOrder()).toEqual([number(first), number(second)]);
    expect(till.store.upload(first)?.attempts).toBe(4);
  });

  test('a drain tries each sale once without waiting, and says what became of them', async () => {
    const sales = Array.from({ length: 12 }, (_, index) => till.sellOffline(`card-${index}`));
    agency.refusedSales.add(number(sales[3] ?? ''));
    till.usable = true;
    agency.fates['2102'].push('ok', 'unreachable', 'lose-reply');
    const drained = await till.sync.drainUploads();
    expect(drained).toEqual({ accepted: 9, rejected: 1, left: 2 });
    till.usable = false;
    expect(await till.sync.drainUploads()).toEqual({ accepted: 0, rejected: 0, left: 2 });
  });

  test('a drain of 300 sales of 300 cards keeps eight on their way and never more', async () => {
    for (let index = 0; index < 300; index += 1) till.sellOffline(`card-${index}`);
    let most = 0;
    agency.onSend = () => {
      most = Math.max(most, till.store.uploads(['sending']).length);
    };
    till.usable = true;
    expect(await till.sync.drainUploads()).toEqual({ accepted: 300, rejected: 0, left: 0 });
    expect(most).toBe(8);
  });

  test('the request is uploaded with the proof of the sale', async () => {
    const saleId = till.sellOffline('card-a');
    online();
    await clock.advance(1000);
    expect(agency.requests.at(-1)?.offlineProof).toEqual(till.sale(saleId).offlineProof);
  });

  test('a sale whose record does not open goes to the work-list, and the others of its card are uploaded', async () => {
    const sales = [1, 2, 3].map(() => till.sellOffline('card-a'));
    till.kill();
    const db = new Database(join(folder.path, recordsFile));
    db.prepare("UPDATE sales SET row = 's1.broken' WHERE sale_id = ?").run(sales[1]);
    db.close();
    till = new TillProcess(folder.path, clock, agency);
    await clock.advance(1000);
    const states = sales.map((saleId) => till.store.upload(saleId)?.state);
    expect(states).toEqual(['accepted', 'rejected', 'accepted']);
    expect(till.store.upload(sales[1] ?? '')?.faultCode).toBe('record-seal-broken');
    expect(till.store.brokenRecords()).toMatchObject([{ column: 'sales.row', id: sales[1] }]);
    expect(till.store.offlineAtRisk('card-a').count).toBe(1);
    expect(till.errors).toEqual([]);
  });

  test('stopping waits for the upload on its way, records it and starts no other', async () => {
    const sales = [till.sellOffline('card-a'), till.sellOffline('card-a')];
    till.usable = true;
    till.sync.kick();
    await till.sync.stop();
    expect(sales.map((saleId) => till.state(saleId))).toEqual(['done', 'queued']);
    expect(till.store.messagesInState(['intent'])).toEqual([]);
  });
});
