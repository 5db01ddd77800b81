import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AssertionFailed } from '#core/assert';
import type { Sale } from '#core/domain/sale';
import type { Split } from '#core/domain/split';
import { ManualClock } from '#core/manual-clock';
import { fen, sumMoney, yuan } from '#core/money';
import { createSealer } from '#core/seal';
import { recordsFile } from '#store/open';
import { offlineAuthorised } from '#store/records/offline';
import { settlementIntended, settlementRetried, settlementSucceeded } from '#store/records/settlement';
import { Seals } from '#store/seals';
import { SqliteStore } from '#store/sqlite-store';
import { StoreError } from '#store/store-error';
import {
  cashier,
  holder,
  institution,
  morningMs,
  newFolder,
  openSale,
  openStore,
  proofOf,
  requestOf,
  settlementOf,
  testSealKey,
  wideLimits,
} from '../../helpers/till-records.ts';

const clock = new ManualClock(morningMs);
let folder: ReturnType<typeof newFolder>;
let store: SqliteStore;

beforeEach(() => {
  folder = newFolder();
  store = openStore(folder.path, clock);
});
afterEach(() => {
  store.close();
  folder.remove();
});

function intended(): { readonly sale: Sale; readonly messageId: string } {
  const sale = openSale(store, morningMs);
  const messageId = store.nextMessageId(institution, morningMs);
  store.commit(
    settlementIntended({
      sale,
      request: requestOf(sale),
      message: { messageId, body: '{"input":{}}', preparedAtMs: morningMs },
      nowMs: morningMs,
      operator: cashier.number,
    }),
  );
  return { sale: stored(sale.saleId), messageId };
}

function stored(saleId: string): Sale {
  const sale = store.sale(saleId);
  if (sale === undefined) throw new Error('the sale is stored');
  return sale;
}

function settle(agency: Partial<Split> = {}): Sale {
  const { sale, messageId } = intended();
  const settlement = settlementOf(sale, morningMs);
  store.commit(
    settlementSucceeded({
      sale,
      messageId,
      answer: '{"infcode":0}',
      settlement: { ...settlement, split: { ...settlement.split, ...agency } },
      nowMs: morningMs + 500,
      operator: cashier.number,
    }),
  );
  return stored(sale.saleId);
}

describe('commit', () => {
  test('a settled sale is in sale, message, settled facts, slip, journal and ledger, to the fen', () => {
    const sale = settle();
    expect(sale.state).toBe('done');
    expect(store.messagesOfSale(sale.saleId)).toMatchObject([
      { transaction: '2102', state: 'succeeded', answer: '{"infcode":0}', body: '{"input":{}}' },
    ]);
    expect(store.settledOfDay('2026-03-02')).toEqual([
      { saleId: sale.saleId, messageId: expect.any(String), settlement: settlementOf(sale, morningMs) },
    ]);
    expect(store.slipsOfSale(sale.saleId)).toMatchObject([{ kind: 'settlement', state: 'owed', copies: 0 }]);
    // 24.69 + 20.00 = 44.69: fund 8.93, account 20.00, cash 15.76.
    expect(store.balance('receivable:fund:310100')).toBe(yuan('8.93'));
    expect(store.balance('receivable:account')).toBe(yuan('20.00'));
    expect(store.balance('tender:cash')).toBe(yuan('15.76'));
    expect(store.balance('revenue')).toBe(yuan('-44.69'));
    expect(sumMoney(store.balances().values())).toBe(0n);
    expect(store.journal(1, 10).map((entry) => entry.kind)).toEqual(['settlement-intended', 'settled']);
    expect(JSON.parse(store.journal(2, 1)[0]?.facts ?? '{}')).toMatchObject({
      account: '20.00',
      total: '44.69',
    });
    expect(store.accountPaidOn('2026-03-02', holder().personNumber)).toBe(yuan('20.00'));
    expect(store.clearingKeysSince('2026-03-01')).toEqual([{ office: '990199', type: '41' }]);
  });

  test('a settlement that came as it was quoted keeps the words of the quote, and the agency its own where it adjusted', () => {
    const reason = {
      step: 'fund',
      policy: 'agency',
      version: '2026-03-02',
      amount: yuan('8.93'),
      zh: '核定',
      en: 'told',
    };
    const words = (sale: Sale) => [sale.split?.reasons, store.settled(sale.saleId)?.settlement.split.reasons];
    const asQuoted = settle({ reasons: [reason] });
    expect(words(asQuoted)).toEqual([[], []]);
    const adjusted = settle({ reasons: [reason], account: yuan('19.00'), cash: yuan('16.76') });
    expect(words(adjusted)).toEqual([[reason], [reason]]);
    expect(store.verifyJournal()).toEqual({ entries: 4 });
  });

  test('values come back exactly, prices with six places and amounts beyond 2^53 included', () => {
    const huge = fen(9_007_199_254_740_993n);
    const sale = openSale(store, morningMs, { tenders: [{ kind: 'cash', amount: huge }] });
    expect(store.sale(sale.saleId)).toEqual(sale);
    expect(store.saleByNumber(sale.saleNumber)).toEqual(sale);
    store.rememberHolder('card:1', holder());
    expect(store.rememberedHolder('card:1')).toEqual(holder());
  });

  test('a transition from a state that is not the stored one throws and writes nothing', () => {
    const sale = settle();
    const before = store.journal(1, 100);
    const again = settlementIntended({
      sale: { ...sale, state: 'open' },
      request: requestOf(sale),
      message: { messageId: store.nextMessageId(institution, morningMs), body: '{}', preparedAtMs: 1 },
      nowMs: morningMs,
      operator: cashier.number,
    });
    expect(() => store.commit(again)).toThrow(AssertionFailed);
    expect(store.journal(1, 100)).toEqual(before);
    expect(store.messagesOfSale(sale.saleId)).toHaveLength(1);
  });

  test('a second 2102 is refused by the records themselves while the first may stand', () => {
    const { sale } = intended();
    const second = settlementRetried({
      sale: { ...sale, state: 'unknown' },
      message: { messageId: store.nextMessageId(institution, morningMs), body: '{}', preparedAtMs: 1 },
      attempt: 2,
      nowMs: morningMs,
      operator: cashier.number,
    });
    const { sale: _sale, ...messagesOnly } = second;
    expect(() => store.commit(messagesOnly)).toThrow(/not settled again/);
  });

  test('postings that do not add up to zero throw and write nothing', () => {
    const postings = [{ account: 'revenue', amount: yuan('1.00') }] as const;
    expect(() =>
      store.commit({ events: [{ kind: 'settled', atMs: 1, operator: '1', facts: {}, postings }] }),
    ).toThrow(AssertionFailed);
    expect(store.journal(1, 10)).toEqual([]);
    expect(store.balances().size).toBe(0);
  });

  test('a basket is never written over a sale that has left the counter', () => {
    const { sale } = intended();
    expect(() => store.saveBasket({ ...sale, state: 'open' })).toThrow(AssertionFailed);
    expect(stored(sale.saleId).state).toBe('committing');
  });

  test('an offline sale is queued with its money at risk, by card and for the whole terminal', () => {
    const sale = openSale(store, morningMs, { mode: 'offline' });
    store.commit(
      offlineAuthorised({
        sale,
        request: requestOf(sale),
        lane: 'card-1',
        proof: proofOf(sale, 'card-1'),
        facts: {},
        limits: wideLimits,
        nowMs: morningMs,
        operator: cashier.number,
      }),
    );
    expect(store.offlineAtRisk('card-1')).toEqual({ amount: yuan('20.00'), count: 1 });
    expect(store.offlineAtRisk('card-2')).toEqual({ amount: 0n, count: 0 });
    expect(store.offlineAtRisk()).toEqual({ amount: yuan('20.00'), count: 1 });
    expect(store.balance('offline-at-risk')).toBe(yuan('28.93'));
    expect(store.slips(['owed'])).toMatchObject([{ kind: 'offline' }]);
    expect(store.accountPaidOn('2026-03-02', holder().personNumber)).toBe(yuan('20.00'));
  });

  test('a slip is printed once, and copies are counted and journaled', () => {
    const sale = settle();
    const slipId = `${sale.saleId}:settlement`;
    store.setSlip(slipId, ['owed'], 'printing', 1);
    store.setSlip(slipId, ['printing'], 'printed', 2);
    expect(() => store.setSlip(slipId, ['owed'], 'printing', 3)).toThrow(AssertionFailed);
    store.countCopy(slipId, 4);
    expect(store.slip(slipId)).toMatchObject({ state: 'printed', printedAtMs: 2, copies: 1 });
    expect(store.slips(['owed', 'printing', 'unclear'])).toEqual([]);
    expect(store.journal(3, 10).map((entry) => entry.kind)).toEqual(['slip-printed', 'slip-copied']);
  });

  test('a full disk stops the step with a code, and nothing of it is half written', () => {
    store.close();
    store = openStore(folder.path, clock, { maxBytes: 400_000 });
    const done: string[] = [];
    let failure: unknown;
    try {
      for (let count = 0; count < 2000; count += 1) done.push(settle().saleId);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(StoreError);
    expect((failure as StoreError).fault.code).toBe('store-disk-full');
    store.close();
    store = openStore(folder.path, clock);
    expect(store.verifyJournal().brokenAt).toBeUndefined();
    expect(store.salesInState(['done']).map((sale) => sale.saleId)).toEqual(done);
    expect(settle().state).toBe('done');
  });
});

describe('the journal', () => {
  function tamper(sql: string): void {
    store.close();
    const db = new Database(join(folder.path, recordsFile));
    for (const trigger of [
      'journal_no_update',
      'journal_no_delete',
      'ledger_no_update',
      'ledger_no_delete',
    ]) {
      db.exec(`DROP TRIGGER ${trigger}`);
    }
    db.pragma('foreign_keys = OFF');
    db.exec(sql);
    db.close();
  }

  test('refuses change and removal by any code', () => {
    settle();
    store.close();
    const db = new Database(join(folder.path, recordsFile));
    expect(() => db.exec("UPDATE journal SET facts = '{}'")).toThrow(/only grows/);
    expect(() => db.exec('DELETE FROM journal')).toThrow(/only grows/);
    expect(() => db.exec('UPDATE ledger SET amount = 0')).toThrow(/only grows/);
    expect(() => db.exec('DELETE FROM ledger')).toThrow(/only grows/);
    db.close();
    store = openStore(folder.path, clock);
  });

  test.each([
    ['facts', `UPDATE journal SET facts = replace(facts, '20.00', '19.00') WHERE sequence = 2`, 2],
    [
      'an amount of the ledger',
      'UPDATE ledger SET amount = amount - 1 WHERE sequence = 2 AND position = 0',
      2,
    ],
    ['a removed entry', 'DELETE FROM ledger WHERE sequence = 3; DELETE FROM journal WHERE sequence = 3', 3],
    [
      'a hash',
      `UPDATE journal SET hash = iif(hash LIKE 'a%', 'b', 'a') || substr(hash, 2) WHERE sequence = 1`,
      1,
    ],
    ['a balance', `UPDATE balances SET amount = amount + 100 WHERE account = 'revenue'`, undefined],
  ])('shows a change of %s made behind the back of the program', (_what, sql, brokenAt) => {
    settle();
    settle();
    expect(store.verifyJournal()).toEqual({ entries: 4 });
    tamper(sql);
    const db = new Database(join(folder.path, recordsFile));
    db.defaultSafeIntegers(true);
    const tampered = new SqliteStore(
      db,
      { terminal: '01', clock, seals: new Seals(createSealer(testSealKey)) },
      () => undefined,
    );
    expect(tampered.verifyJournal().brokenAt).toBe(brokenAt ?? 5);
    tampered.close();
    folder.remove();
    folder = newFolder();
    store = openStore(folder.path, clock);
  });
});

describe('numbers that are never given out twice', () => {
  test('message ids stay unique and their time never goes back, with restarts and a clock set back', () => {
    const ids: string[] = [];
    const take = (count: number, nowMs: number) => {
      for (let index = 0; index < count; index += 1) ids.push(store.nextMessageId(institution, nowMs));
    };
    take(60, morningMs);
    take(3, morningMs + 1000);
    store.close();
    store = openStore(folder.path, clock);
    take(3, morningMs + 1000);
    take(120, morningMs - 86_400_000);
    store.close();
    store = openStore(folder.path, clock);
    take(2, morningMs);
    take(10_100, morningMs + 5000);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^P99010199999\d{18}$/.test(id))).toBe(true);
    expect([...ids].sort()).toEqual(ids);
    // Numbers 0050 to 0099 of a second belong to terminal 01.
    expect(ids[0]).toBe('P990101999992026030210000000' + '50');
  });

  test('terminals of one institution that begin in the same second never give out the same id', () => {
    const ids: string[] = [];
    for (const terminal of ['02', '09', '20', 'A']) {
      const other = newFolder();
      const its = openStore(other.path, clock, { terminal });
      for (let index = 0; index < 500; index += 1) ids.push(its.nextMessageId(institution, morningMs));
      its.close();
      other.remove();
    }
    for (let index = 0; index < 500; index += 1) ids.push(store.nextMessageId(institution, morningMs));
    expect(new Set(ids).size).toBe(2_500);
  });

  test('sale numbers run by day, name the terminal and survive a restart', () => {
    expect(store.nextSaleNumber('2026-03-02')).toBe('260302010001');
    store.close();
    store = openStore(folder.path, clock);
    expect(store.nextSaleNumber('2026-03-02')).toBe('260302010002');
    expect(store.nextSaleNumber('2026-03-03')).toBe('260303010001');
    expect(store.nextSaleNumber('2026-03-02')).toBe('260302010003');
  });

  test('terminal sequences rise after a kill in the same second, and when the clock is set back or far ahead', () => {
    const nowMs = 1_700_000_000_000;
    // 122,163,200 seconds after 2020-01-01, top bit set.
    expect(store.nextTerminalSequence(nowMs)).toBe('87481000');
    expect(store.nextTerminalSequence(nowMs)).toBe('87481001');
    store.close();
    store = openStore(folder.path, clock);
    expect(store.nextTerminalSequence(nowMs)).toBe('87481002');
    expect(store.nextTerminalSequence(nowMs + 1_000)).toBe('87481003');
    expect(store.nextTerminalSequence(1_600_000_000_000)).toBe('87481004');
    expect(store.nextTerminalSequence(0)).toBe('87481005');
    expect(store.nextTerminalSequence(9_000_000_000_000)).toBe('87481006');
    expect(store.nextTerminalSequence(nowMs + 60_000)).toBe('8748103C');
  });
});
