import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { yuan } from '#core/money';
import { verifyAll } from '#store/verify/verify';
import type { SyncOptions } from '#sync/sync';
import { type Fate, oneYuanLess, ScriptedAgency } from '../../helpers/scripted-agency.ts';
import { requestLifeMs, TillProcess } from '../../helpers/till-process.ts';
import { morningMs, newFolder, splitOf } from '../../helpers/till-records.ts';

const day = '2026-03-02';
let folder: ReturnType<typeof newFolder>;
let clock: ManualClock;
let agency: ScriptedAgency;
let till: TillProcess;

const start = (options: Partial<SyncOptions> = {}) => new TillProcess(folder.path, clock, agency, options);

beforeEach(() => {
  folder = newFolder();
  clock = new ManualClock(morningMs);
  agency = new ScriptedAgency(clock);
  till = start();
});
afterEach(() => {
  till.kill();
  folder.remove();
});

function restart(options: Partial<SyncOptions> = {}): void {
  till.kill();
  till = start(options);
}

function kinds(saleId: string): readonly string[] {
  return till.store.journalOfSale(saleId).map((entry) => entry.kind);
}

function states(saleId: string, transaction: string): readonly string[] {
  return till.store
    .messagesOfSale(saleId)
    .filter((message) => message.transaction === transaction)
    .map((message) => message.state);
}

function expectSoundBooks(): void {
  const balances = till.store.balances();
  expect([...balances.values()].reduce((sum, amount) => sum + amount, 0n)).toBe(0n);
  expect(balances.get('suspense') ?? 0n).toBe(0n);
  expect(till.store.verifyJournal().brokenAt).toBeUndefined();
  expect(verifyAll(till.store.verification()).findings.map(({ en }) => en)).toEqual([]);
  expect(till.errors).toEqual([]);
}

function charged(saleId: string): number {
  return agency.standing(till.sale(saleId).saleNumber).length;
}

describe('a settlement without an answer', () => {
  test.each<Fate>(['lose-reply', 'lose-request'])(
    '%s: it is reversed, waited out, settled again and charged once; the detail proves it',
    async (fate) => {
      agency.fates['2102'].push(fate);
      const saleId = await till.sell();
      expect(till.state(saleId)).toBe('unknown');
      expect(till.store.balance('suspense')).toBe(yuan('28.93'));
      await clock.advance(1000);
      expect(states(saleId, '2102')).toEqual(['reversed-unproved']);
      expect(till.state(saleId)).toBe('unknown');
      expect(till.sync.progress(saleId)?.en).toMatch(/Reversed; 119 s/);
      await clock.advance(requestLifeMs - 2000);
      expect(states(saleId, '2102')).toEqual(['reversed-unproved']);
      await clock.advance(3000);
      expect(till.state(saleId)).toBe('done');
      expect(charged(saleId)).toBe(1);
      expect(states(saleId, '2102')).toEqual(['reversed', 'succeeded']);
      expect(kinds(saleId)).toEqual([
        'settlement-intended',
        'settlement-unknown',
        'reversal-intended',
        'reversal-accepted',
        'settlement-intended',
        'settled',
        'reversal-proved',
      ]);
      expect(till.store.slipsOfSale(saleId)).toHaveLength(1);
      expectSoundBooks();
    },
  );

  test('every message has its own id, and the second settlement asks exactly what the first asked', async () => {
    agency.fates['2102'].push('lose-reply');
    const saleId = await till.sell();
    await clock.advance(requestLifeMs + 5000);
    const ids = till.store.messagesOfSale(saleId).map((message) => message.messageId);
    expect(new Set(ids).size).toBe(3);
    expect(agency.charges.map((charge) => [charge.saleNumber, charge.split.total])).toEqual([
      [till.sale(saleId).saleNumber, yuan('44.69')],
      [till.sale(saleId).saleNumber, yuan('44.69')],
    ]);
  });

  test('arriving after its own reversal, it is found by the detail and given back the same day', async () => {
    agency.fates['2102'].push({ lateMs: 60_000 });
    const saleId = await till.sell();
    await clock.advance(90_000);
    expect(charged(saleId)).toBe(1);
    expect(till.state(saleId)).toBe('unknown');
    await clock.advance(60_000);
    expect(till.state(saleId)).toBe('done');
    expect(charged(saleId)).toBe(1);
    expect(states(saleId, '2102')).toEqual(['returned', 'succeeded']);
    expect(kinds(saleId).slice(-2)).toEqual(['second-charge-found', 'second-charge-returned']);
    const again = await till.sync.reconcile(day);
    expect(again).toEqual({ ok: true, value: { proved: 0, returned: 0, differences: 0 } });
    expectSoundBooks();
  });

  test('an unanswered reversal is repeated under new stored ids, with growing waits, until it is answered', async () => {
    agency.fates['2102'].push('lose-reply');
    agency.fates['2601'].push('lose-request', 'lose-request', 'unreachable', 'lose-request');
    const saleId = await till.sell();
    await clock.advance(30_000);
    expect(states(saleId, '2601')).toEqual(['unknown', 'unknown', 'refused', 'unknown', 'succeeded']);
    expect(new Set(till.store.messagesOfSale(saleId).map((message) => message.messageId)).size).toBe(6);
    await clock.advance(requestLifeMs + 30_000);
    expect(till.state(saleId)).toBe('done');
    expect(charged(saleId)).toBe(1);
    expectSoundBooks();
  });

  test('the reply to the reversal lost, its repetition refused: the sale waits in suspense, the detail decides', async () => {
    agency.fates['2102'].push('lose-reply');
    agency.fates['2601'].push('lose-reply');
    const saleId = await till.sell();
    await clock.advance(10_000);
    expect(till.state(saleId)).toBe('suspense');
    expect(kinds(saleId)).toContain('parked-in-suspense');
    await clock.advance(requestLifeMs * 2);
    expect(till.state(saleId)).toBe('done');
    expect(charged(saleId)).toBe(1);
    expect(states(saleId, '2102')).toEqual(['reversed', 'succeeded']);
    expectSoundBooks();
  });

  test('a refused reversal of a booked charge: the detail shows the quoted sums, so it stands as the settlement', async () => {
    agency.fates['2102'].push('lose-reply');
    agency.fates['2601'].push('refuse');
    const saleId = await till.sell();
    await clock.advance(10_000);
    expect(till.state(saleId)).toBe('suspense');
    expect(till.store.balance('suspense')).toBe(yuan('28.93'));
    await clock.advance(requestLifeMs + 5000);
    expect(till.state(saleId)).toBe('done');
    expect(states(saleId, '2102')).toEqual(['succeeded']);
    expect(charged(saleId)).toBe(1);
    expect(till.store.balance('receivable:account')).toBe(yuan('20.00'));
    const again = await till.sync.reconcile(day);
    expect(again).toEqual({ ok: true, value: { proved: 0, returned: 0, differences: 0 } });
    expectSoundBooks();
  });

  test('a refused reversal of a charge with other sums than quoted is given back and settled again', async () => {
    const asked = agency.splitFor;
    agency.splitFor = (request) => oneYuanLess(asked(request));
    agency.fates['2102'].push('lose-reply');
    agency.fates['2601'].push('refuse');
    const saleId = await till.sell();
    agency.splitFor = asked;
    await clock.advance(requestLifeMs * 2 + 10_000);
    expect(till.state(saleId)).toBe('done');
    expect(states(saleId, '2102')).toEqual(['returned', 'succeeded']);
    expect(charged(saleId)).toBe(1);
    expectSoundBooks();
  });

  test('given up by a person: reversed, waited out, abandoned without a charge and never settled again', async () => {
    agency.fates['2102'].push('lose-reply');
    const saleId = await till.sell();
    till.sync.giveUp(saleId);
    restart();
    await clock.advance(requestLifeMs + 5000);
    expect(till.state(saleId)).toBe('abandoned');
    expect(charged(saleId)).toBe(0);
    expect(agency.charges).toHaveLength(1);
    expectSoundBooks();
  });

  test('given up and then found booked late: it is given back', async () => {
    agency.fates['2102'].push({ lateMs: 110_000 });
    till.kill();
    till = start({ afterUnknown: 'give-up' });
    const saleId = await till.sell();
    await clock.advance(requestLifeMs + 10_000);
    expect(till.state(saleId)).toBe('abandoned');
    expect(charged(saleId)).toBe(0);
    expect(states(saleId, '2102')).toEqual(['returned']);
    expectSoundBooks();
  });

  test('refused when settled again: closed as refused, with nothing charged', async () => {
    agency.fates['2102'].push('lose-reply', 'refuse');
    const saleId = await till.sell();
    await clock.advance(requestLifeMs + 5000);
    expect(till.state(saleId)).toBe('refused');
    expect(charged(saleId)).toBe(0);
    expectSoundBooks();
  });

  test('settled again with other sums than the customer paid: disputed, kept, never settled a third time', async () => {
    agency.fates['2102'].push('lose-reply');
    const saleId = await till.sell();
    const asked = agency.splitFor;
    agency.splitFor = (request) => oneYuanLess(asked(request));
    await clock.advance(requestLifeMs * 3);
    expect(till.state(saleId)).toBe('disputed');
    expect(charged(saleId)).toBe(1);
    expect(states(saleId, '2102')).toEqual(['reversed', 'succeeded']);
    expectSoundBooks();
  });

  test('without a link or a signed-in operator it waits, and goes on when both are there', async () => {
    agency.fates['2102'].push('lose-reply');
    till.usable = false;
    const saleId = await till.sell();
    await clock.advance(requestLifeMs * 2);
    expect(states(saleId, '2601')).toEqual([]);
    till.usable = true;
    till.signedIn = false;
    till.sync.kick();
    await clock.advance(10_000);
    expect(states(saleId, '2601')).toEqual([]);
    till.signedIn = true;
    till.sync.kick();
    await clock.advance(10_000);
    expect(till.state(saleId)).toBe('done');
    expect(charged(saleId)).toBe(1);
  });

  test('a wall clock put forward does not shorten the wait, and one put back does not make it endless', async () => {
    agency.fates['2102'].push({ lateMs: 100_000 });
    const saleId = await till.sell();
    clock.setWall(morningMs + 3_600_000);
    await clock.advance(90_000);
    expect(till.state(saleId)).toBe('unknown');
    clock.setWall(morningMs - 7_200_000);
    await clock.advance(40_000);
    expect(till.state(saleId)).toBe('done');
    await till.sync.reconcile(day);
    expect(charged(saleId)).toBe(1);
  });
});

describe('a process that dies', () => {
  test.each<Fate>(['hang-before', 'hang-after'])(
    'between intent and reply (%s) leaves an unknown sale that is charged once in the end',
    async (fate) => {
      agency.fates['2102'].push(fate);
      void till.sell();
      await clock.advance(500);
      const [left] = till.store.salesInState(['committing']);
      if (left === undefined) throw new Error('the sale is committing');
      restart();
      expect(till.state(left.saleId)).toBe('unknown');
      await clock.advance(requestLifeMs + 5000);
      expect(till.state(left.saleId)).toBe('done');
      expect(charged(left.saleId)).toBe(1);
      expectSoundBooks();
    },
  );

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'at step %i of clearing a sale up goes on where it was, with one charge in the end',
    async (step) => {
      agency.fates['2102'].push({ lateMs: 30_000 });
      const saleId = await till.sell();
      let sent = 0;
      for (let turn = 0; turn < 100; turn += 1) {
        if (sent === step) break;
        agency.onSend = () => {
          sent += 1;
        };
        await clock.advance(2000);
        if (agency.log.length >= step) break;
      }
      restart();
      await clock.advance(requestLifeMs * 3);
      restart();
      await clock.advance(requestLifeMs * 2);
      expect(till.state(saleId)).toBe('done');
      expect(charged(saleId)).toBe(1);
      expectSoundBooks();
    },
  );

  test('while the reversal, or the settling again, is on its way: the same after restart', async () => {
    agency.fates['2102'].push('lose-reply', 'hang-after');
    agency.fates['2601'].push('hang-after');
    const saleId = await till.sell();
    await clock.advance(1000);
    expect(states(saleId, '2601')).toEqual(['intent']);
    restart();
    // The first reversal took effect, so the agency refuses the second: the detail decides.
    await clock.advance(requestLifeMs * 2);
    expect(states(saleId, '2102')).toEqual(['reversed', 'intent']);
    restart();
    await clock.advance(requestLifeMs * 3);
    expect(till.state(saleId)).toBe('done');
    expect(charged(saleId)).toBe(1);
    expectSoundBooks();
  });
});

describe('a cancellation without an answer', () => {
  test.each<[Fate, string]>([
    ['lose-reply', 'took effect'],
    ['lose-request', 'never arrived'],
  ])('%s (%s): it is reversed, waited out and made again', async (fate) => {
    const saleId = await till.sell();
    agency.fates['2103'].push(fate);
    await till.cancel(saleId);
    expect(till.state(saleId)).toBe('unknown');
    await clock.advance(requestLifeMs + 5000);
    expect(till.state(saleId)).toBe('cancelled');
    expect(charged(saleId)).toBe(0);
    expect(till.store.balance('receivable:account')).toBe(0n);
    expect(till.store.balance('revenue')).toBe(0n);
    await till.sync.reconcile(day);
    expectSoundBooks();
  });

  test.each(['both-rows', 'netted'] as const)(
    'arriving after its reversal, the repeated one is refused and the detail (%s) shows it cancelled',
    async (listing) => {
      agency.listing = listing;
      const saleId = await till.sell();
      agency.fates['2103'].push({ lateMs: 60_000 });
      await till.cancel(saleId);
      await clock.advance(requestLifeMs + 5000);
      expect(till.state(saleId)).toBe('cancelled');
      expect(charged(saleId)).toBe(0);
      expect(states(saleId, '2103')).toEqual(['succeeded', 'refused']);
      expect(till.store.slipsOfSale(saleId).map((slip) => slip.kind)).toEqual(['settlement', 'cancellation']);
      const again = await till.sync.reconcile(day);
      expect(again).toEqual({ ok: true, value: { proved: 0, returned: 0, differences: 0 } });
      expectSoundBooks();
    },
  );

  test('arriving when its reversal was proved long ago, it is found in the next detail and the sale is cancelled', async () => {
    const saleId = await till.sell();
    agency.fates['2103'].push({ lateMs: 10 * requestLifeMs });
    await till.cancel(saleId);
    till.sync.giveUp(saleId);
    await clock.advance(2 * requestLifeMs);
    await till.sync.reconcile(day);
    expect(till.state(saleId)).toBe('done');
    expect(states(saleId, '2103')).toEqual(['reversed']);
    await clock.advance(10 * requestLifeMs);
    expect(charged(saleId)).toBe(0);
    await till.sync.reconcile(day);
    expect(till.state(saleId)).toBe('cancelled');
    expect(states(saleId, '2103')).toEqual(['succeeded']);
    const again = await till.sync.reconcile(day);
    expect(again).toEqual({ ok: true, value: { proved: 0, returned: 0, differences: 0 } });
    expectSoundBooks();
  });

  test('given up: the settlement stands', async () => {
    const saleId = await till.sell();
    agency.fates['2103'].push('lose-reply');
    await till.cancel(saleId);
    till.sync.giveUp(saleId);
    await clock.advance(requestLifeMs + 5000);
    expect(till.state(saleId)).toBe('done');
    expect(charged(saleId)).toBe(1);
    expect(till.store.balance('receivable:account')).toBe(yuan('20.00'));
    expectSoundBooks();
  });

  test('refused while nothing was unanswered: the settlement stands as before', async () => {
    const saleId = await till.sell();
    agency.fates['2103'].push('refuse');
    await till.cancel(saleId);
    expect(till.state(saleId)).toBe('done');
    expect(charged(saleId)).toBe(1);
    expectSoundBooks();
  });
});

describe('the detail reconciliation', () => {
  test.each(['both-rows', 'netted'] as const)(
    'balances a day of sales and cancellations (%s)',
    async (listing) => {
      agency.listing = listing;
      await till.sell();
      const cancelled = await till.sell();
      await till.cancel(cancelled);
      const result = await till.sync.reconcile(day);
      expect(result).toEqual({ ok: true, value: { proved: 0, returned: 0, differences: 0 } });
    },
  );

  test('keeps what only one side has, and what differs, as differences for the work-list', async () => {
    const saleId = await till.sell();
    const lost = agency.charges[0];
    if (lost === undefined) throw new Error('one charge is booked');
    lost.state = 'reversed';
    agency.charges.push({
      ...lost,
      messageId: 'X'.repeat(30),
      settlementId: 'S99',
      visitId: 'V99',
      state: 'booked',
    });
    const result = await till.sync.reconcile(day);
    expect(result).toEqual({ ok: true, value: { proved: 0, returned: 0, differences: 2 } });
    expect(till.state(saleId)).toBe('done');
    const kept: unknown = JSON.parse(till.store.setting(`reconciliation:${day}`) ?? '{}');
    expect(kept).toMatchObject({
      differences: 2,
      rows: [{ result: 'agency-only', settlementId: 'S99' }, { result: 'institution-only' }],
    });
  });

  test('a give-back without an answer is judged by the next detail, never given back twice', async () => {
    agency.fates['2102'].push({ lateMs: 60_000 });
    agency.fates['2103'].push('lose-reply');
    const saleId = await till.sell();
    await clock.advance(requestLifeMs + 5000);
    expect(till.store.balance('suspense')).toBe(yuan('28.93'));
    await clock.advance(requestLifeMs * 2);
    expect(states(saleId, '2102')).toEqual(['returned', 'succeeded']);
    expect(states(saleId, '2103')).toEqual(['succeeded']);
    expect(charged(saleId)).toBe(1);
    expectSoundBooks();
  });

  test.each<Fate>(['lose-reply', 'lose-request', 'unreachable'])(
    'a charge that comes after it was proved not to be there is in doubt again until it is given back, %s',
    async (fate) => {
      agency.fates['2102'].push({ lateMs: 3 * requestLifeMs });
      const saleId = await till.sell();
      await clock.advance(2 * requestLifeMs);
      expect(states(saleId, '2102')).toEqual(['reversed', 'succeeded']);
      await clock.advance(2 * requestLifeMs);
      expect(charged(saleId)).toBe(2);
      agency.fates['2103'].push(fate, fate);
      await till.sync.reconcile(day);
      expect(states(saleId, '2102')).toEqual(['reversed-unproved', 'succeeded']);
      expect(till.store.balance('suspense')).toBe(yuan('28.93'));
      await clock.advance(20 * requestLifeMs);
      expect(states(saleId, '2102')).toEqual(['returned', 'succeeded']);
      expect(charged(saleId)).toBe(1);
      expectSoundBooks();
    },
  );

  test('a charge that was found on a day far from its own is looked for there until it is given back', async () => {
    agency.fates['2102'].push({ lateMs: 3 * requestLifeMs });
    const saleId = await till.sell();
    await clock.advance(2 * requestLifeMs);
    clock.setWall(clock.nowMs() + 2 * 86_400_000);
    await clock.advance(2 * requestLifeMs);
    expect(charged(saleId)).toBe(2);
    clock.setWall(clock.nowMs() + 3 * 86_400_000);
    agency.fates['2103'].push('lose-request');
    await till.sync.reconcile('2026-03-04');
    expect(charged(saleId)).toBe(2);
    await clock.advance(20 * requestLifeMs);
    expect(states(saleId, '2102')).toEqual(['returned', 'succeeded']);
    expect(charged(saleId)).toBe(1);
    expectSoundBooks();
  });

  test('a give-back that the agency refuses for good leaves the charge in doubt until it is compared again', async () => {
    agency.fates['2102'].push({ lateMs: 60_000 });
    agency.fates['2103'].push('refuse');
    const saleId = await till.sell();
    await clock.advance(20 * requestLifeMs);
    expect(states(saleId, '2102')).toEqual(['reversed-unproved', 'succeeded']);
    expect(states(saleId, '2103')).toEqual(['refused']);
    expect(till.store.balance('suspense')).toBe(yuan('28.93'));
    await till.sync.reconcile(day);
    expect(states(saleId, '2102')).toEqual(['returned', 'succeeded']);
    expect(charged(saleId)).toBe(1);
    expectSoundBooks();
  });

  test('fails with a code and changes nothing while nobody is signed in or the agency is away', async () => {
    await till.sell();
    till.signedIn = false;
    const unsigned = await till.sync.reconcile(day);
    expect(unsigned.ok ? 'ok' : unsigned.error.code).toBe('reconcile-not-signed-in');
    till.signedIn = true;
    agency.fates['3202'].push('unreachable');
    const away = await till.sync.reconcile(day);
    expect(away.ok ? 'ok' : away.error.code).toBe('agency-unreachable');
  });

  test('a sale just before midnight that is settled after it is found on its right day', async () => {
    clock.setWall(Date.parse('2026-03-02T15:59:30Z'));
    agency.fates['2102'].push({ lateMs: 60_000 });
    const saleId = await till.sell({ split: splitOf(yuan('44.69'), yuan('20.00')) });
    await clock.advance(requestLifeMs + 10_000);
    expect(till.state(saleId)).toBe('done');
    expect(agency.charges.map((charge) => charge.day)).toEqual(['2026-03-03', '2026-03-03']);
    expect(states(saleId, '2102')).toEqual(['returned', 'succeeded']);
    expect(charged(saleId)).toBe(1);
    expectSoundBooks();
  });
});
