import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import type { TillView } from '#checkout/view';
import type { Fault } from '#core/fault';
import { fen } from '#core/money';
import { ok, type Result } from '#core/result';
import { FakeKeyStore } from '#drivers/key-store/fake';
import { insuredHolder } from '#simulators/agency/training-persons';
import { VirtualPsam } from '#simulators/cards/psam';
import { trainingPsam } from '#simulators/cards/training-psam';
import { StoreError } from '#store/store-error';
import { openWorldAgency, type WorldAgency } from './agency.ts';
import { Broken, keep } from './broken.ts';
import { CardBox, type Customer } from './cards.ts';
import { checkSlip } from './checks.ts';
import { settle, WorldClock } from './clock.ts';
import { Disk } from './disk.ts';
import { type Ground, operatorPins } from './ground.ts';
import { Crashed, type CrashPlan } from './machine.ts';
import { Network } from './network.ts';
import { Oracle } from './oracle.ts';
import { WorldPrinter } from './printer.ts';
import { SeededRandom } from './random.ts';
import { type Bugged, type Run, Shop } from './shop.ts';

/** Monday 2026-03-02 09:00 in Asia/Shanghai. */
const MORNING_MS = Date.parse('2026-03-02T01:00:00Z');
/** Nobody at a counter waits longer for an answer of the program itself. */
const PATIENCE_MS = 20 * 60_000;

export interface WorldOptions {
  readonly ground: Ground;
  readonly seed: number;
  readonly bugged: Bugged;
}

/** What came of a verb: its answer, or nothing because the machine died. */
export type Acted<T> = Result<T, Fault> | 'dead';

/** Till, agency, cards, printer, disk and time of one world, and the verbs of the people in it. */
export class World {
  readonly clock = new WorldClock(MORNING_MS);
  readonly agency: WorldAgency;
  readonly network: Network;
  readonly printer = new WorldPrinter();
  readonly disk: Disk;
  readonly cards = new CardBox();
  readonly oracle: Oracle;
  readonly random: SeededRandom;
  readonly shop: Shop;
  readonly bugged: Bugged;
  /** Whose card lies in the reader. */
  inserted: Customer | undefined;
  /** Sentences of the step that is under way. */
  notes: string[] = [];
  readonly #ground: Ground;
  readonly #trace: Hash = createHash('sha256');
  #finding: Broken | undefined;
  #serial = 0;
  #isModuleIn = true;

  constructor({ ground, seed, bugged }: WorldOptions) {
    this.#ground = ground;
    this.bugged = bugged;
    this.random = new SeededRandom(seed ^ 0x5eed);
    this.disk = new Disk(join(ground.folder, `disk-${seed}`));
    const { clock, disk, printer, random } = this;
    this.agency = openWorldAgency(clock.outside, ground.policies, ground.agencyCatalog);
    this.network = new Network({
      agency: this.agency,
      clock,
      note: (sentence) => this.note(sentence),
      onSend: (_transaction, messageId, body, money) => {
        this.#guarded(() => this.oracle.sent(this.records(), messageId, body, money));
      },
    });
    printer.onAsked = (slip) => this.#guarded(() => checkSlip(this.records(), slip));
    const personOf = (customer: Customer) => insuredHolder(customer).personNumber;
    this.oracle = new Oracle({
      ...{ agency: this.agency, network: this.network, printer, config: ground.config, personOf },
      openingBalanceOf: (customer) => fen(insuredHolder(customer).openingBalance),
    });
    this.shop = new Shop({
      ...{ ground, clock, disk, network: this.network, printer, random, bugged },
      keyStore: new FakeKeyStore({ clock: clock.outside }),
      module: new VirtualPsam(trainingPsam()),
      newId: () => {
        this.#serial += 1;
        return `sale-${this.#serial}`;
      },
      log: { info: () => undefined, warn: () => undefined, error: (facts) => this.#logged(facts) },
      onDeath: (where, how) =>
        this.note(`the power went ${how === 'torn' ? 'in the middle of' : how} ${where} (断电)`),
    });
    ground.onUncaught = (error) =>
      this.#found(error, 'an error that nobody caught would have ended the program');
  }

  /** Starts the till, opens the shift and makes its key known. */
  async open(): Promise<void> {
    await this.boot();
    const run = this.run();
    await this.act('open shift', () => run.till.openShift(operatorPins.cashier[0]));
    await this.act('enrol key', () => run.till.enrolKey(this.agency.control.issueEnrolmentCode()));
    await this.clock.advance(1_000);
  }

  close(): void {
    const run = this.shop.run;
    if (run !== undefined) {
      run.machine.end();
      run.records.close();
    }
    this.agency.close();
    this.disk.remove();
  }

  /** The run of the program, or the death of its machine as an error. */
  run(): Run {
    const run = this.shop.run;
    if (run === undefined) throw new Crashed('the machine is off');
    return run;
  }

  records(): Run['records'] {
    return this.run().records;
  }

  /** Powers the machine on; `crash` hits the program while it takes up its work, and never once this has answered. */
  async boot(crash?: CrashPlan): Promise<void> {
    for (const plan of [crash, undefined]) {
      const run = await this.#start(plan);
      if (!run.machine.isAlive) continue;
      if (this.inserted !== undefined) run.insert(this.cards.card(this.inserted));
      run.setModule(this.#isModuleIn);
      await this.clock.advance(500);
      if (!run.machine.isAlive) continue;
      // At once: what the program still does before the caller goes on would run into the crash behind its back.
      run.machine.plan(undefined);
      return;
    }
    keep('P7', this.shop.run !== undefined, () => 'the machine does not start');
  }

  /** Ends the program in good order. */
  async stop(): Promise<void> {
    const run = this.run();
    await this.act('stop', async () => ok(await run.stop()));
  }

  setModule(isIn: boolean): void {
    this.#isModuleIn = isIn;
    this.shop.run?.setModule(isIn);
  }

  note(sentence: string): void {
    this.notes.push(sentence);
  }

  trace(text: string): void {
    this.#trace.update(text).update('\n');
  }

  /** Digest of everything that was traced: the same for the same seed (P10). */
  digest(): string {
    return this.#trace.copy().digest('hex').slice(0, 16);
  }

  /** Throws what was found while nobody could be told. */
  findings(): void {
    const found = this.#finding;
    this.#finding = undefined;
    if (found !== undefined) throw found;
  }

  /** Does what somebody at the counter does and waits for its answer, whatever time that takes. */
  async act<T>(what: string, start: () => Promise<Result<T, Fault>>): Promise<Acted<T>> {
    const { machine } = this.run();
    let answer: Acted<T> | undefined;
    try {
      void start().then(
        (result) => {
          answer = result;
        },
        (error: unknown) => {
          if (!(error instanceof Crashed)) this.#found(error, `${what} threw instead of giving a code`);
          answer = 'dead';
        },
      );
    } catch (error) {
      if (!(error instanceof Crashed)) throw error;
    }
    const beganMs = this.clock.outside.monotonicMs();
    while (answer === undefined && machine.isAlive) {
      await settle();
      if (answer !== undefined || !machine.isAlive) break;
      const waitedMs = this.clock.outside.monotonicMs() - beganMs;
      keep('P7', waitedMs < PATIENCE_MS, () => `${what} never came to an end`);
      await this.clock.advance(this.clock.nextInMs() ?? 1_000);
    }
    this.findings();
    if (answer === undefined || answer === 'dead') return 'dead';
    const told: Result<T, Fault> = answer;
    if (!told.ok) {
      this.trace(`${what}: ${told.error.code}`);
      this.note(`${what}: ${told.error.code} ${told.error.zh}`);
    }
    return told;
  }

  /** The cashier looks at the screen. */
  look(): TillView {
    const view = this.run().till.view();
    this.oracle.look(view);
    return view;
  }

  async #start(crash: CrashPlan | undefined): Promise<Run> {
    try {
      return await this.shop.boot(crash);
    } catch (error) {
      if (error instanceof Crashed) throw error;
      if (error instanceof StoreError && this.disk.isFull) {
        this.note('the full disk was emptied so that the program starts (清理磁盘)');
        this.disk.isFull = false;
        return await this.#start(undefined);
      }
      throw new Broken('P1', `the program does not start again: ${String(error)}`);
    }
  }

  #logged(facts: Readonly<Record<string, unknown>>): void {
    const text = JSON.stringify(facts);
    if (/Crashed|store-disk-full/.test(text)) return;
    this.#found(new Error(text), 'the program logged an error');
  }

  #guarded(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#found(error, 'a check failed');
    }
  }

  /** The first finding counts; it is told at the next place where somebody listens. */
  #found(error: unknown, sentence: string): void {
    if (error instanceof Crashed) return;
    const isDiskFull = error instanceof StoreError && this.disk.isFull;
    const said = error instanceof Error ? error.message : String(error);
    const trouble = isDiskFull ? `${sentence} (full disk): ${said}` : `${sentence}: ${said}`;
    this.#finding ??= error instanceof Broken ? error : new Broken('P7', trouble);
    if (process.env['GUITAI_WORLD_STACK'] !== undefined && error instanceof Error) console.error(error.stack);
  }

  get products() {
    return this.#ground.products;
  }
}
