import { assert } from '#core/assert';
import { type Clock, systemClock } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { advancePlan, startPlan, tellEarly } from './application/plan.ts';
import type {
  CardConnection,
  CardLike,
  CardReaderPort,
  CardTurn,
  EarlyTurns,
  ReaderEvent,
  ReaderState,
} from './port.ts';
import { isUsableAtr, ReaderTracker } from './tracker.ts';

export interface FakeReaderOptions {
  /** Readers that are plugged in at the start. */
  readonly readers?: readonly string[];
  readonly clock?: Clock;
  /** Deadline of one command, ms; what a mute card costs. */
  readonly transmitMs?: number;
  readonly connectMs?: number;
  readonly useReaders?: readonly string[];
}

interface Slot {
  card: CardLike | undefined;
  /** The card does not answer its reset. */
  mute: boolean;
  /** Counts insertions and removals, as the card service does. */
  counter: number;
  connection: FakeConnection | undefined;
}

/**
 * Card readers in process: for tests of the flow, and for the training shop where no card service is
 * installed. It keeps the device's rules: one connection at a time, a connection dies with its card, an
 * answer that comes after the pull counts for nothing. The verbs below the port's are the customer's hands.
 */
export class FakeCardReader implements CardReaderPort {
  readonly #clock: Clock;
  readonly #transmitMs: number;
  readonly #connectMs: number;
  readonly #useReaders: readonly string[] | undefined;
  readonly #slots = new Map<string, Slot>();
  readonly #tracker = new ReaderTracker();
  readonly #listeners = new Set<(event: ReaderEvent) => void>();
  #serviceRuns = true;
  #frozen = false;
  #started = false;

  constructor(options: FakeReaderOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#transmitMs = options.transmitMs ?? 3_000;
    this.#connectMs = options.connectMs ?? 5_000;
    this.#useReaders = options.useReaders;
    for (const reader of options.readers ?? ['Training Reader 00 00']) this.#slots.set(reader, emptySlot());
  }

  async start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    if (this.#serviceRuns) this.#lookAround();
    else this.#emit({ kind: 'service-lost', fault: fault('reader-service-down') });
  }

  async stop(): Promise<void> {
    if (!this.#started) return;
    this.#started = false;
    this.#dropConnections(fault('reader-service-down', 'stopped'));
    this.#tracker.serviceLost(fault('reader-service-down', 'stopped'));
  }

  onEvent(listener: (event: ReaderEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  readers(): readonly ReaderState[] {
    return this.#tracker.states();
  }

  service(): Result<void, Fault> {
    return this.#started && this.#serviceRuns ? ok(undefined) : err(fault('reader-service-down'));
  }

  async connect(reader: string): Promise<Result<CardConnection, Fault>> {
    if (this.#frozen) {
      await this.#pass(this.#connectMs);
      this.stopService();
      return err(fault('reader-timeout', 'connect'));
    }
    const service = this.service();
    if (!service.ok) return service;
    const state = this.#tracker.state(reader);
    const slot = this.#slots.get(reader);
    if (state === undefined || slot === undefined) {
      return err(fault(this.readers().length === 0 ? 'reader-none' : 'reader-lost'));
    }
    if (slot.card === undefined) return err(fault('card-none'));
    if (slot.mute) return err(fault('card-mute'));
    if (slot.connection !== undefined) return err(fault('reader-busy'));
    slot.card.powerOn();
    const connection = new FakeConnection(this.#wireOf(slot, slot.card), state);
    slot.connection = connection;
    return ok(connection);
  }

  /**
   * Puts a card in; `mute` as with a card the wrong way round, and so is every card without a usable ATR.
   * The slot must be empty.
   */
  insert(reader: string, card: CardLike, options: { readonly mute?: boolean } = {}): void {
    const slot = this.#slot(reader);
    assert(slot.card === undefined, 'one card fits into a slot');
    slot.card = card;
    slot.mute = (options.mute ?? false) || !isUsableAtr(card.atr);
    slot.counter += 1;
    this.#tell(reader, slot);
  }

  pull(reader: string): void {
    const slot = this.#slot(reader);
    if (slot.card === undefined) return;
    takeOut(slot);
    this.#tell(reader, slot);
  }

  /** Pull and insertion so quick that the service sees one change; only its counter tells. */
  swap(reader: string, card: CardLike): void {
    const slot = this.#slot(reader);
    if (slot.card !== undefined) takeOut(slot);
    Object.assign(slot, { card, mute: !isUsableAtr(card.atr), counter: slot.counter + 1 });
    this.#tell(reader, slot);
  }

  /** The card in the reader, if any. */
  inserted(reader: string): CardLike | undefined {
    return this.#slots.get(reader)?.card;
  }

  plug(reader: string): void {
    if (!this.#slots.has(reader)) this.#slots.set(reader, emptySlot());
    if (this.#watching()) this.#lookAround();
  }

  /** Unplugs a reader with whatever card is in it. */
  unplug(reader: string): void {
    const slot = this.#slots.get(reader);
    if (slot === undefined) return;
    slot.connection?.die(fault('reader-lost'));
    if (slot.card !== undefined) takeOut(slot);
    this.#slots.delete(reader);
    if (this.#watching()) this.#emitAll(this.#tracker.unplug(reader, fault('reader-lost')));
  }

  stopService(): void {
    if (!this.#serviceRuns) return;
    this.#serviceRuns = false;
    if (!this.#started) return;
    const reason = fault('reader-service-down');
    this.#dropConnections(reason);
    this.#emit({ kind: 'service-lost', fault: reason });
    this.#emitAll(this.#tracker.serviceLost(reason));
  }

  startService(): void {
    if (this.#serviceRuns) return;
    this.#serviceRuns = true;
    for (const slot of this.#slots.values()) slot.counter = slot.card === undefined ? 0 : 1;
    if (!this.#started) return;
    this.#emit({ kind: 'service-back' });
    this.#lookAround();
  }

  /** The service hangs: calls run into their deadlines and the driver treats it as lost. */
  freezeService(): void {
    this.#frozen = true;
  }

  thawService(): void {
    this.#frozen = false;
    this.startService();
  }

  #watching(): boolean {
    return this.#started && this.#serviceRuns && !this.#frozen;
  }

  #slot(reader: string): Slot {
    const slot = this.#slots.get(reader);
    assert(slot !== undefined, 'the reader is plugged in');
    return slot;
  }

  #tell(reader: string, slot: Slot): void {
    if (!this.#watching()) return;
    const present = slot.mute ? 'mute' : 'present';
    const card = slot.card === undefined ? 'none' : present;
    const atr = slot.card?.atr ?? new Uint8Array();
    this.#emitAll(this.#tracker.apply({ reader, counter: slot.counter, card, atr }));
  }

  #lookAround(): void {
    const wanted = this.#useReaders;
    const readers = [...this.#slots.keys()];
    const used =
      wanted === undefined ? readers : readers.filter((name) => wanted.some((part) => name.includes(part)));
    this.#emitAll(this.#tracker.list(used));
    for (const [reader, slot] of this.#slots) this.#tell(reader, slot);
  }

  #dropConnections(reason: Fault): void {
    for (const slot of this.#slots.values()) {
      slot.connection?.die(reason);
      slot.card?.powerOff();
    }
  }

  #wireOf(slot: Slot, card: CardLike): Wire {
    return {
      exchange: async (command) => {
        if (this.#frozen) {
          await this.#pass(this.#transmitMs);
          this.stopService();
          return err(fault('reader-timeout', 'transmit'));
        }
        const answer = card.transmit(command);
        if (answer !== undefined) return ok(answer);
        await this.#pass(this.#transmitMs);
        return err(fault('reader-timeout', 'transmit'));
      },
      letGo: (isSilent) => {
        slot.connection = undefined;
        if (slot.card !== card) return;
        card.powerOff();
        if (isSilent && this.#watching()) this.#stuck(slot, fault('reader-timeout', 'transmit'));
      },
    };
  }

  /** A card that ran into the deadline costs the real driver its child, and stays mute until it is pulled. */
  #stuck(slot: Slot, reason: Fault): void {
    slot.mute = true;
    const reader = [...this.#slots].find(([, other]) => other === slot)?.[0];
    this.#dropConnections(reason);
    this.#emitAll(this.#tracker.childEnded(reason, reader));
    this.#lookAround();
  }

  #pass(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve);
    });
  }

  #emitAll(events: readonly ReaderEvent[]): void {
    for (const event of events) this.#emit(event);
  }

  #emit(event: ReaderEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

interface Wire {
  exchange(command: Uint8Array): Promise<Result<Uint8Array, Fault>>;
  /** `isSilent`: this very card ran into its deadline; the other slots only lose their connections with it. */
  letGo(isSilent: boolean): void;
}

class FakeConnection implements CardConnection {
  readonly reader: string;
  readonly atr: Uint8Array;
  readonly insertion: number;
  readonly protocol = 'T0';
  readonly #wire: Wire;
  #dead: Fault | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(wire: Wire, state: ReaderState) {
    assert(state.atr !== undefined, 'a connected card has an answer to reset');
    this.#wire = wire;
    this.reader = state.reader;
    this.atr = state.atr;
    this.insertion = state.insertion;
  }

  transmit(command: Uint8Array): Promise<Result<Uint8Array, Fault>> {
    const answer = this.#last.then(() => this.#transmitNow(command));
    this.#last = answer;
    return answer;
  }

  async transmitAll(commands: readonly Uint8Array[]): Promise<Result<readonly Uint8Array[], Fault>> {
    const answers: Uint8Array[] = [];
    for (const command of commands) {
      const answer = await this.transmit(command);
      if (!answer.ok) return answer;
      answers.push(answer.value);
      if (answer.value.at(-2) !== 0x90 || answer.value.at(-1) !== 0x00) break;
    }
    return ok(answers);
  }

  async transmitPlan(
    commands: readonly Uint8Array[],
    early?: EarlyTurns,
  ): Promise<Result<readonly CardTurn[], Fault>> {
    const turns: CardTurn[] = [];
    for (let plan = startPlan(commands); plan !== undefined; ) {
      const { command } = plan.exchange;
      const answer = await this.transmit(command);
      if (!answer.ok) return answer;
      turns.push({ command, answer: answer.value });
      const before = plan.later.length;
      plan = advancePlan(plan, answer.value);
      if (early?.aheadOf === before && plan !== undefined && plan.later.length < before)
        tellEarly(early, [...turns]);
    }
    return ok(turns);
  }

  async close(): Promise<void> {
    this.die(fault('card-removed', 'closed'));
  }

  die(reason: Fault, isSilent = false): void {
    if (this.#dead !== undefined) return;
    this.#dead = reason;
    this.#wire.letGo(isSilent);
  }

  async #transmitNow(command: Uint8Array): Promise<Result<Uint8Array, Fault>> {
    if (this.#dead !== undefined) return err(this.#dead);
    const answer = await this.#wire.exchange(command);
    // Pulled meanwhile: what the card said last is not to be used.
    if (this.#dead !== undefined) return err(this.#dead);
    const used = answer.ok && answer.value.length < 2 ? err(fault('card-removed', 'empty answer')) : answer;
    if (!used.ok) this.die(used.error, used.error.code === 'reader-timeout');
    return used;
  }
}

function emptySlot(): Slot {
  return { card: undefined, mute: false, counter: 0, connection: undefined };
}

function takeOut(slot: Slot): void {
  slot.connection?.die(fault('card-removed'));
  slot.card?.powerOff();
  slot.card = undefined;
  slot.mute = false;
  slot.counter += 1;
}
