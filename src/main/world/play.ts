import { businessDay } from '#core/business-time';
import type { TillStore } from '#store/port';
import { Broken, keep, type PromiseName } from './broken.ts';
import { customers } from './cards.ts';
import type { Ground } from './ground.ts';
import { Crashed } from './machine.ts';
import { perform } from './perform.ts';
import type { Plan } from './plan.ts';
import type { Bugged } from './shop.ts';
import type { Step } from './steps.ts';
import { World } from './world.ts';

export interface Violation {
  readonly promise: PromiseName;
  readonly sentence: string;
  /** Place of the step after which it showed; the number of steps = at rest, after everything was healed. */
  readonly step: number;
}

export interface Played {
  /** Sales of which the cashier was told that they are done. */
  readonly sales: number;
  readonly crashes: number;
  /** The same for the same seed and steps. */
  readonly digest: string;
  readonly violation: Violation | undefined;
  /** What happened at each step, in sentences; the last entry is the healing. */
  readonly story: readonly (readonly string[])[];
}

const WHOLE_CHECK_EVERY = 32;
const HEALING_ROUNDS = 12;

/** Plays one world from its first step to its rest. Throws only when the simulator itself is wrong. */
export async function playWorld(ground: Ground, plan: Plan, bugged: Bugged = {}): Promise<Played> {
  const world = new World({ ground, seed: plan.seed, bugged });
  const story: string[][] = [];
  let crashes = 0;
  let violation: Violation | undefined;
  try {
    await world.open();
    for (const [place, step] of plan.steps.entries()) {
      crashes += await playStep(world, step, place % WHOLE_CHECK_EVERY === 0);
      story.push(world.notes);
      world.notes = [];
    }
    await heal(world);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    violation = { promise: error.promise, sentence: error.message, step: story.length };
  } finally {
    story.push(world.notes);
    world.close();
  }
  return { sales: world.oracle.sales, crashes, digest: world.digest(), violation, story };
}

/** Answers how often the power went. */
async function playStep(world: World, step: Step, whole: boolean): Promise<number> {
  world.network.expect(step.fates ?? []);
  world.printer.expect(step.print);
  world.shop.run?.machine.plan(step.crash);
  try {
    await perform(world, step);
  } catch (error) {
    if (!(error instanceof Crashed)) throw error;
  }
  world.network.expect([]);
  const isDead = world.shop.run === undefined;
  if (isDead) {
    world.clock.leap(world.random.int(5, 180) * 1_000);
    await world.boot(step.do === 'power-cut' || step.do === 'night' ? step.crash : undefined);
    if (world.inserted !== undefined) world.cards.card(world.inserted).expectPull(undefined, () => undefined);
  }
  world.run().machine.plan(undefined);
  world.findings();
  if (whole || isDead) world.look();
  world.oracle.check(world.records(), whole ? 'all' : isDead ? 'recent' : 'touched');
  world.trace(`${step.do} ${world.clock.trueMs()} ${world.agency.control.reversals().length}`);
  return isDead ? 1 : 0;
}

/** Every fault ends; then all that is open has to come to rest by itself, by reconciliation or by its card. */
async function heal(world: World): Promise<void> {
  world.network.isCut = false;
  world.disk.isFull = false;
  world.printer.setPaper('ok');
  world.printer.setPlugged(true);
  world.clock.setTillRight();
  world.setModule(true);
  await world.act('forceOffline', () => world.run().till.forceOffline(false));
  await world.act('openShift', () => world.run().till.openShift('0101'));
  for (let round = 0; round < HEALING_ROUNDS; round += 1) {
    await world.clock.wait(150_000);
    await askCards(world);
    await world.act('syncNow', () => world.run().till.syncNow());
    const days = doubtfulDays(world.records());
    if (round >= 2)
      for (const day of days) await world.act(`reconcile ${day}`, () => world.run().till.reconcile(day));
    world.findings();
    if (days.length === 0 && isQuiet(world.records())) break;
  }
  world.look();
  world.oracle.checkAtRest(world.records(), saleIds(world.records()));
  traceBooks(world);
}

/** Torn purchases wait for their card: every customer comes by once more. */
async function askCards(world: World): Promise<void> {
  const isTorn = world
    .records()
    .salesInState(['unknown', 'committing'])
    .some(({ cardPurchase }) => cardPurchase);
  if (!isTorn) return;
  for (const customer of customers) {
    await world.act('nextSale', () => world.run().till.nextSale());
    world.run().pull();
    world.inserted = customer;
    world.run().insert(world.cards.card(customer));
    await world.clock.wait(40_000);
  }
}

function doubtfulDays(records: TillStore): readonly string[] {
  const open = records
    .messagesInState(['intent', 'unknown', 'reversed-unproved'])
    .filter(({ transaction }) => transaction !== '2601');
  return [...new Set(open.map(({ preparedAtMs }) => businessDay(preparedAtMs)))].sort();
}

function isQuiet(records: TillStore): boolean {
  const open = records.salesInState(['committing', 'unknown', 'suspense', 'queued']);
  return open.length === 0 && records.slips(['owed', 'printing']).length === 0;
}

function saleIds(records: TillStore): readonly string[] {
  const ids = new Set<string>();
  for (let from = 1; ; ) {
    const page = records.journal(from, 1_000);
    for (const { saleId } of page) if (saleId !== undefined) ids.add(saleId);
    if (page.length < 1_000) return [...ids];
    from += 1_000;
  }
}

function traceBooks(world: World): void {
  for (const event of world.agency.control.events())
    world.trace(`${event.kind} ${event.settlementId} ${event.account} ${event.fund}`);
  for (const entry of world.records().journal(1, 1_000_000))
    world.trace(`${entry.kind} ${entry.saleId ?? ''}`);
  for (const [account, amount] of [...world.records().balances()].sort()) world.trace(`${account} ${amount}`);
  keep('P7', world.records().brokenRecords().length === 0, () => 'a record does not open');
}
