import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { hashPin } from '#checkout/operators';
import type { TillView } from '#checkout/view';
import { assert } from '#core/assert';
import { parseConfig } from '#core/config/parse';
import type { Product } from '#core/domain/product';
import type { Fault } from '#core/fault';
import { yuan } from '#core/money';
import type { Result } from '#core/result';
import type { CardLike } from '#drivers/card-reader/port';
import { VirtualPsam } from '#simulators/cards/psam';
import { trainingPsam } from '#simulators/cards/training-psam';
import { type Ground, openGround } from '../../src/main/world/ground.ts';
import { bundleProgram } from './bundle.ts';
import { JumpClock } from './jump-clock.ts';
import { choose, seededRandom } from './seeded.ts';
import type { WeekBooks, WeekQuestion } from './week-agency.ts';
import { judgeWeek } from './week-judge.ts';
import { cardPin, villagersCard } from './week-people.ts';
import { READER, startWeekTill, type WeekTill, Wire } from './week-till.ts';

/** Monday 2026-03-02 08:00 in Asia/Shanghai. */
const MONDAY_MS = Date.parse('2026-03-02T00:00:00Z');
const HOUR_MS = 3_600_000;
const DAYS = 7;
const ANSWER_MS = 50;
const AT_ONCE = 8;
/** The dearest pack that is sold: far below what the region allows per sale. */
const DEAREST = yuan('40.00');
/** Nothing on the line for so long: the till waits for a time to come, which then comes. */
const STANDSTILL_MS = 250;
const LEAP_MS = 10_000;
const READ_MS = 20_000;
const PATIENCE_LEAPS = 600;

/** A sale of which the cashier was told that it is done. */
export interface WeekSale {
  readonly saleId: string;
  readonly saleNumber: string;
  readonly card: number;
  readonly account: bigint;
}

export interface WeekPlan {
  readonly sales: number;
  readonly cards: number;
  /** How often the agency goes away again during the upload. */
  readonly outages: number;
  readonly seed: number;
}

export interface WeekReport {
  readonly sold: number;
  readonly soldInMs: number;
  readonly outages: number;
  /** Messages that the agency booked and that were reversed, because nobody heard the answer. */
  readonly reversed: number;
  /** Real time in which the agency was there and uploads went on. */
  readonly drainMs: number;
  readonly perSecond: number;
  /** Against the waiting alone: an answer in 50 ms, eight at once. */
  readonly timesIdeal: number;
  /** Against the waiting that there really was: the agency's own work counts there. */
  readonly timesWaiting: number;
  /** After a garbage collection, at the start of the upload and at each quarter of it. */
  readonly heapMb: readonly number[];
  readonly rssMb: readonly number[];
  readonly broken: readonly string[];
}

/** A till without its agency for a week: days pass by an injected clock, the sockets are real. */
export class WeekOffline {
  readonly #plan: WeekPlan;
  readonly #say: (line: string) => void;
  readonly #random: () => number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'guitai-week-'));
  readonly #clock = new JumpClock(MONDAY_MS);
  readonly #wire = new Wire();
  readonly #cards = new Map<number, CardLike>();
  readonly #sold: WeekSale[] = [];
  readonly #broken: string[] = [];
  readonly #memory: { readonly heapMb: number; readonly rssMb: number }[] = [];
  #agency: ChildProcess | undefined;
  #program = '';
  #ground: Ground | undefined;
  #goods: readonly Product[] = [];
  #start: () => Promise<WeekTill> = () => Promise.reject(new Error('not prepared'));
  #run: WeekTill | undefined;
  #serial = 0;
  #drainMs = 0;

  constructor(plan: WeekPlan, say: (line: string) => void = () => undefined) {
    this.#plan = plan;
    this.#say = say;
    this.#random = seededRandom(plan.seed);
  }

  async run(): Promise<WeekReport> {
    const { sales, outages } = this.#plan;
    await this.#open();
    await this.#everybodyComesBy();
    const startMs = performance.now();
    await this.#week();
    const soldInMs = performance.now() - startMs;
    this.#say(`${this.#sold.length} sold in a week without the agency, ${Math.round(soldInMs / 1000)} s`);
    await this.#upload();
    const books = await this.#ask<WeekBooks>({ do: 'books' });
    this.#broken.push(...(await judgeWeek({ ...this.#till(), sold: this.#sold, books })));
    const idealMs = (this.#sold.length / AT_ONCE) * ANSWER_MS;
    return {
      sold: this.#sold.length,
      soldInMs,
      outages,
      reversed: books.booked.filter(({ state }) => state === 'reversed').length,
      drainMs: this.#drainMs,
      perSecond: (1000 * sales) / this.#drainMs,
      timesIdeal: this.#drainMs / idealMs,
      timesWaiting: (this.#drainMs * AT_ONCE) / this.#wire.waitedMs,
      heapMb: this.#memory.map(({ heapMb }) => heapMb),
      rssMb: this.#memory.map(({ rssMb }) => rssMb),
      broken: this.#broken,
    };
  }

  async close(): Promise<void> {
    await this.#run?.stop();
    this.#ground?.close();
    if (this.#agency?.connected === true) {
      const ended = once(this.#agency, 'exit');
      this.#agency.disconnect();
      await ended;
    }
    if (this.#program !== '') rmSync(this.#program, { force: true });
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #open(): Promise<void> {
    this.#program = await bundleProgram('week-agency');
    const { cards } = this.#plan;
    const args = [MONDAY_MS, cards, ANSWER_MS].map(String);
    this.#agency = fork(this.#program, args, { execArgv: [], serialization: 'advanced' });
    const [{ url }] = (await once(this.#agency, 'message')) as [{ url: string }];
    const ground = await openGround();
    ground.onUncaught = (error) => this.#break(`nobody caught ${String(error)}`);
    this.#ground = ground;
    this.#goods = ground.products.filter(
      ({ price, nationalCode }) => nationalCode !== undefined && price <= DEAREST * 10_000n,
    );
    const config = await shopConfig(url);
    const module = new VirtualPsam(trainingPsam());
    this.#start = () =>
      startWeekTill({
        ...{ folder: join(this.#folder, 'data'), config, ground, clock: this.#clock },
        ...{ wire: this.#wire, module },
        random: this.#random,
        newId: () => {
          this.#serial += 1;
          return `sale-${this.#serial}`;
        },
        onError: (what) => this.#break(`logged: ${what}`),
      });
    this.#run = await this.#start();
    await this.#must(this.#till().till.openShift('0101'));
    const { code } = await this.#ask<{ code: string }>({ do: 'key-code' });
    await this.#must(this.#till().till.enrolKey(code));
  }

  /** Entitlement and blacklist are known of every card that was here while the agency answered. */
  async #everybodyComesBy(): Promise<void> {
    for (let card = 1; card <= this.#plan.cards; card += 1) await this.#insert(card);
    this.#till().reader.pull(READER);
    await this.#ask({ do: 'cut' });
  }

  async #week(): Promise<void> {
    const { sales, cards } = this.#plan;
    const stepMs = (DAYS * 24 * HOUR_MS) / sales;
    for (let sale = 0; sale < sales; sale += 1) {
      const isMorning =
        sale > 0 && Math.floor((sale * DAYS) / sales) > Math.floor(((sale - 1) * DAYS) / sales);
      // Every morning the program is started anew.
      if (isMorning) {
        await this.#till().stop();
        this.#run = await this.#start();
      }
      await this.#sell(1 + Math.floor(this.#random() * cards));
      await this.#leap(stepMs * (0.5 + this.#random()));
      if ((sale + 1) % 500 === 0) this.#say(`${sale + 1} of ${sales} sold, ${this.#broken.length} broken`);
    }
  }

  async #insert(place: number): Promise<TillView> {
    const { till, reader } = this.#till();
    const card = this.#cards.get(place) ?? villagersCard(place);
    this.#cards.set(place, card);
    reader.pull(READER);
    reader.insert(READER, card);
    const isDone = () => ['identified', 'refused'].includes(till.view().holder.state);
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        unsubscribe();
        resolve();
      };
      const timer = setTimeout(end, READ_MS);
      const unsubscribe = till.subscribe(() => {
        if (isDone()) end();
      });
    });
    return till.view();
  }

  async #sell(card: number): Promise<void> {
    const { till } = this.#till();
    const { holder } = await this.#insert(card);
    if (holder.state !== 'identified') {
      this.#break(`card ${card} is ${holder.state} ${holder.fault?.code ?? ''}`);
      return;
    }
    const [first, ...others] = this.#goods;
    assert(first !== undefined, 'there are goods');
    const packs = 1 + Math.floor(this.#random() * 2);
    for (let pack = 0; pack < packs; pack += 1)
      await this.#must(till.addProduct(choose(this.#random, [first, ...others]).shopCode, '1'));
    const quoted = await this.#must(till.quote());
    const { consent } = quoted?.sale ?? {};
    if (consent?.state === 'needed') await this.#must(till.confirmConsent(consent.own));
    const cash = quoted?.sale.split?.cash ?? '0.00';
    const paid = await this.#must(
      till.pay({
        mode: 'offline',
        tenders: cash === '0.00' ? [] : [{ kind: 'cash', amount: cash }],
        expectedCash: cash,
        pin: cardPin,
        acceptOfflineRisk: true,
      }),
    );
    if (paid?.sale.state === 'done') {
      const { saleId, saleNumber, split } = paid.sale;
      this.#sold.push({ saleId, saleNumber, card, account: yuan(split?.account ?? '0.00') });
    } else await this.#must(till.backToSelling());
    if (paid?.sale.state === 'done') await this.#must(till.nextSale());
    else await this.#must(till.clearSale());
  }

  /** The agency is there again, and goes away again in the middle, several times. */
  async #upload(): Promise<void> {
    const { outages } = this.#plan;
    const all = this.#waiting();
    if (all !== this.#sold.length) this.#break(`${all} wait of ${this.#sold.length} sold`);
    const offAt = Array.from({ length: outages }, () => Math.floor(all * (0.05 + 0.9 * this.#random())));
    offAt.sort((a, b) => b - a);
    // In the week the first ones met a closed door, until the till knew.
    Object.assign(this.#wire, { firstUploadMs: undefined, waitedMs: 0 });
    await this.#ask({ do: 'restore' });
    let leaps = 0;
    let told = all;
    for (let left = all; !this.#isAtRest() && leaps < PATIENCE_LEAPS; left = this.#waiting()) {
      if (this.#memory.length <= (4 * (all - left)) / all) this.#measureMemory();
      if (left <= (offAt[0] ?? -1)) {
        offAt.shift();
        await this.#outage();
      }
      if (told - left >= 500) {
        told = left;
        this.#say(`${left} of ${all} still wait`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
      const { inFlight, lastAnswerMs } = this.#wire;
      if (inFlight > 0 || performance.now() - lastAnswerMs < STANDSTILL_MS) continue;
      this.#segmentEnds(lastAnswerMs);
      await this.#leap(LEAP_MS);
      this.#wire.lastAnswerMs = performance.now();
      leaps += 1;
    }
    this.#segmentEnds(this.#wire.lastAnswerMs);
    this.#measureMemory();
    if (!this.#isAtRest()) this.#break(`${this.#waiting()} still wait after ${leaps} leaps`);
  }

  async #outage(): Promise<void> {
    await this.#ask({ do: 'cut' });
    this.#segmentEnds(performance.now());
    for (let step = 0; step < 30; step += 1) {
      await this.#leap(LEAP_MS);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    // What was tried meanwhile met a closed door.
    this.#wire.firstUploadMs = undefined;
    await this.#ask({ do: 'restore' });
  }

  #segmentEnds(atMs: number): void {
    const { firstUploadMs } = this.#wire;
    if (firstUploadMs !== undefined) this.#drainMs += Math.max(0, atMs - firstUploadMs);
    this.#wire.firstUploadMs = undefined;
  }

  #isAtRest(): boolean {
    const { store } = this.#till();
    return this.#waiting() === 0 && store.salesInState(['committing', 'unknown', 'queued']).length === 0;
  }

  #waiting(): number {
    return this.#till().store.uploadCounts().waiting;
  }

  #measureMemory(): void {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    const { heapUsed, rss } = process.memoryUsage();
    this.#memory.push({ heapMb: Math.round(heapUsed / 1e5) / 10, rssMb: Math.round(rss / 1e6) });
  }

  /** The agency's clock goes first: nothing may come to it from the future. */
  async #leap(ms: number): Promise<void> {
    await this.#ask({ do: 'leap', ms });
    this.#clock.leap(ms);
  }

  async #ask<T = unknown>(question: WeekQuestion): Promise<T> {
    assert(this.#agency !== undefined, 'the agency runs');
    const answered = once(this.#agency, 'message');
    this.#agency.send(question);
    const [answer] = (await answered) as [T];
    return answer;
  }

  async #must<T>(asked: Promise<Result<T, Fault>>): Promise<T | undefined> {
    const answer = await asked;
    if (answer.ok) return answer.value;
    this.#break(`${answer.error.code} ${answer.error.detail ?? ''}`);
    return undefined;
  }

  #till(): WeekTill {
    assert(this.#run !== undefined, 'the till runs');
    return this.#run;
  }

  #break(what: string): void {
    if (this.#broken.length < 20) this.#broken.push(`after ${this.#sold.length} sales: ${what}`);
  }
}

async function shopConfig(url: string) {
  const pin = await hashPin('1234');
  const toml = `
    [pin]
    entry = "keyboard"
    [limits]
    account_per_sale = "400.00"
    account_per_day = "100000.00"
    [offline]
    enabled = true
    basis = "simulated region"
    per_sale = "400.00"
    per_card = "8000.00"
    per_terminal = "900000.00"
    sales_per_card = 500
    sales_per_terminal = 10000
    data_age_max_hours = 720
    blacklist_age_max_hours = 720
    [[operators]]
    number = "0101"
    name = "收银员甲"
    pin_hash = "${pin}"`;
  const parsed = parseConfig(toml, { GUITAI_AGENCY_URL: url });
  assert(parsed.ok, 'the configuration is right');
  return parsed.value;
}
