import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { sumMoney, yuan } from '#core/money';
import { verifyAll } from '#store/verify/verify';
import { type Fate, oneYuanLess, ScriptedAgency } from '../../helpers/scripted-agency.ts';
import { requestLifeMs, TillProcess } from '../../helpers/till-process.ts';
import { morningMs, newFolder, splitOf } from '../../helpers/till-records.ts';

/** Everything that a message may meet; a late one arrives within the life that a request can have. */
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Fate>('ok') },
  { weight: 1, arbitrary: fc.constant<Fate>('unreachable') },
  { weight: 2, arbitrary: fc.constant<Fate>('lose-request') },
  { weight: 2, arbitrary: fc.constant<Fate>('lose-reply') },
  { weight: 1, arbitrary: fc.constant<Fate>('refuse') },
  { weight: 1, arbitrary: fc.constantFrom<Fate>('hang-before', 'hang-after') },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 1, max: requestLifeMs - 1000 }).map((lateMs): Fate => ({ lateMs })),
  },
);

type Act =
  | { readonly do: 'sell' }
  | { readonly do: 'sell-offline'; readonly lane: string }
  | { readonly do: 'cancel'; readonly which: number }
  | { readonly do: 'give-up'; readonly which: number }
  | { readonly do: 'wait'; readonly forMs: number }
  | { readonly do: 'crash' }
  | { readonly do: 'link'; readonly usable: boolean }
  | { readonly do: 'set-clock'; readonly byMs: number }
  | { readonly do: 'other-sums'; readonly on: boolean }
  | { readonly do: 'reconcile' };

const which = fc.nat({ max: 3 });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Act>({ do: 'sell' }) },
  { weight: 2, arbitrary: fc.constantFrom('a', 'b').map((lane): Act => ({ do: 'sell-offline', lane })) },
  { weight: 2, arbitrary: which.map((n): Act => ({ do: 'cancel', which: n })) },
  { weight: 1, arbitrary: which.map((n): Act => ({ do: 'give-up', which: n })) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 200_000 }).map((forMs): Act => ({ do: 'wait', forMs })) },
  { weight: 3, arbitrary: fc.constant<Act>({ do: 'crash' }) },
  { weight: 1, arbitrary: fc.boolean().map((usable): Act => ({ do: 'link', usable })) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: -90_000, max: 90_000 }).map((byMs): Act => ({ do: 'set-clock', byMs })),
  },
  { weight: 1, arbitrary: fc.boolean().map((on): Act => ({ do: 'other-sums', on })) },
  { weight: 1, arbitrary: fc.constant<Act>({ do: 'reconcile' }) },
);

const scenario = fc.record({
  acts: fc.array(act, { minLength: 2, maxLength: 14 }),
  settle: fc.array(fate, { maxLength: 8 }),
  reverse: fc.array(fate, { maxLength: 8 }),
  cancel: fc.array(fate, { maxLength: 6 }),
  listing: fc.constantFrom<ScriptedAgency['listing']>('both-rows', 'netted'),
  afterUnknown: fc.constantFrom<'settle-again' | 'give-up'>('settle-again', 'give-up'),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

async function play(plan: Scenario): Promise<void> {
  const folder = newFolder();
  const clock = new ManualClock(morningMs);
  const agency = new ScriptedAgency(clock);
  agency.listing = plan.listing;
  agency.fates['2102'].push(...plan.settle);
  agency.fates['2601'].push(...plan.reverse);
  agency.fates['2103'].push(...plan.cancel);
  const sold: string[] = [];
  const clearing = [{ office: '990199', type: '41' }];
  const options = { afterUnknown: plan.afterUnknown, clearing };
  let till = new TillProcess(folder.path, clock, agency, options);
  const restart = (): void => {
    till.kill();
    till = new TillProcess(folder.path, clock, agency, options);
  };
  try {
    for (const one of plan.acts) {
      if (one.do === 'crash') restart();
      else await perform(one, till, clock, agency, sold);
    }
    // Faults end, the machine is started anew, and everything has to come to rest by itself.
    for (const left of Object.values(agency.fates)) left.length = 0;
    agency.splitFor = (request) => splitOf(request.total, yuan('20.00'));
    restart();
    for (let round = 0; round < 6; round += 1) await clock.advance(requestLifeMs + 10_000);
    await till.sync.reconcile('2026-03-02');
    await clock.advance(requestLifeMs * 2);
    expectAtRest(till, agency);
  } finally {
    till.kill();
    folder.remove();
  }
}

async function perform(
  one: Act,
  till: TillProcess,
  clock: ManualClock,
  agency: ScriptedAgency,
  sold: string[],
): Promise<void> {
  switch (one.do) {
    case 'sell':
      // A hanging message never answers, so the sale is not awaited.
      void till.sell();
      return await clock.advance(10);
    case 'sell-offline':
      sold.push(till.sellOffline(one.lane));
      till.sync.kick();
      return await clock.advance(10);
    case 'cancel': {
      const done = till.store.salesOfDay('2026-03-02').filter((sale) => sale.state === 'done');
      const sale = done[one.which];
      const moving = sale === undefined ? [] : till.store.messagesOfSale(sale.saleId);
      if (sale === undefined || moving.some((message) => message.state === 'intent')) return;
      void till.cancel(sale.saleId);
      return await clock.advance(10);
    }
    case 'give-up': {
      const sale = till.store.salesInState(['unknown', 'suspense'])[one.which];
      if (sale !== undefined) till.sync.giveUp(sale.saleId);
      return;
    }
    case 'wait':
      return await clock.advance(one.forMs);
    case 'link':
      till.usable = one.usable;
      return till.sync.kick();
    case 'set-clock':
      return clock.setWall(clock.nowMs() + one.byMs);
    case 'other-sums':
      agency.splitFor = (request) => {
        const split = splitOf(request.total, yuan('20.00'));
        return one.on ? oneYuanLess(split) : split;
      };
      return;
    case 'reconcile': {
      const asked = till.sync.reconcile('2026-03-02');
      await clock.advance(10);
      void asked;
      return;
    }
    case 'crash':
      return;
  }
}

function expectAtRest(till: TillProcess, agency: ScriptedAgency): void {
  const sales = till.store.salesOfDay('2026-03-02');
  for (const sale of sales) {
    const standing = agency.standing(sale.saleNumber);
    const settled = sale.state === 'done' || sale.state === 'disputed';
    const story = till.store.journalOfSale(sale.saleId).map((entry) => entry.kind);
    expect({ state: sale.state, charges: standing.length, story }).toEqual({
      state: expect.stringMatching(/^(open|done|disputed|cancelled|abandoned|refused|rejected)$/),
      charges: settled ? 1 : 0,
      story,
    });
    if (settled)
      expect(standing[0]?.settlementId).toBe(till.store.settled(sale.saleId)?.settlement.settlementId);
  }
  const ids = sales.flatMap((sale) => till.store.messagesOfSale(sale.saleId).map((one) => one.messageId));
  expect(new Set(ids).size).toBe(ids.length);
  const balances = till.store.balances();
  expect(sumMoney(balances.values())).toBe(0n);
  expect(balances.get('suspense') ?? 0n).toBe(0n);
  const taken = agency.charges.filter((charge) => charge.state === 'booked');
  expect(balances.get('receivable:account') ?? 0n).toBe(
    sumMoney(taken.map((charge) => charge.split.account)),
  );
  expect(till.store.verifyJournal().brokenAt).toBeUndefined();
  expect(verifyAll(till.store.verification()).findings.map(({ en }) => en)).toEqual([]);
  expect(till.errors).toEqual([]);
}

test('whatever the link and the power do, no sale is charged twice and none is done without its charge', {
  timeout: 300_000,
}, async () => {
  const seed = Number(process.env['GUITAI_SEED'] ?? Date.now() % 2_147_483_647);
  const runs = Number(process.env['GUITAI_RUNS'] ?? 40);
  process.stdout.write(`random faults: GUITAI_SEED=${seed} GUITAI_RUNS=${runs}\n`);
  await fc.assert(fc.asyncProperty(scenario, play), { seed, numRuns: runs, endOnFailure: false });
});
