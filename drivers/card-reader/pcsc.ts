import { type Clock, systemClock } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import { fromHex } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import { defaultDeadlines, type HostDeadlines, type HostEnd, type HostEvent, HostLink } from './host-link.ts';
import { readerStateBits } from './pcsc-codes.ts';
import { PcscConnection } from './pcsc-connection.ts';
import type { CardConnection, CardReaderPort, ReaderEvent, ReaderState } from './port.ts';
import { isUsableAtr, ReaderTracker } from './tracker.ts';

export interface PcscOptions {
  readonly clock?: Clock;
  readonly deadlines?: Partial<HostDeadlines>;
  /** Added to the child's environment, for example PCSCLITE_CSOCK_NAME of a private card service. */
  readonly env?: Readonly<Record<string, string>>;
  /** Use only readers whose name contains one of these; default all. Slot 2 often carries the PSAM. */
  readonly useReaders?: readonly string[];
}

const FIRST_BACK_OFF_MS = 250;
const LONGEST_BACK_OFF_MS = 5_000;
/** A child that lived this long was healthy: its end starts the back-off anew. */
const HEALTHY_AFTER_MS = 10_000;
/** Readers tell their first state within milliseconds; a silent one does not hold up the rest. */
const FIRST_STATE_MS = 1_000;

/**
 * Card readers through PC/SC. The binding lives in a child process (see `host.ts`); whatever happens to it
 * or to the card service is told as events, and this port comes back by itself.
 */
export class PcscCardReader implements CardReaderPort {
  readonly #clock: Clock;
  readonly #deadlines: HostDeadlines;
  readonly #env: Readonly<Record<string, string>>;
  readonly #useReaders: readonly string[] | undefined;
  readonly #tracker = new ReaderTracker();
  readonly #listeners = new Set<(event: ReaderEvent) => void>();
  readonly #connections = new Map<string, PcscConnection>();
  /** Readers that are being let go of: connecting before that ends would be refused as busy. */
  readonly #releases = new Map<string, Promise<void>>();
  #link: HostLink | undefined;
  #service: Result<void, Fault> = err(fault('reader-service-down', 'not started'));
  #up = false;
  #upSinceMs = 0;
  #failures = 0;
  #running = false;
  #announcedLoss = false;
  #stateKnown = false;
  #cancelRetry: () => void = () => {};
  readonly #waitingForChange = new Set<() => void>();

  constructor(options: PcscOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#deadlines = { ...defaultDeadlines, ...options.deadlines };
    this.#env = options.env ?? {};
    this.#useReaders = options.useReaders;
  }

  async start(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    this.#startChild();
    await this.#until(() => this.#announcedLoss || this.#stateKnown, Number.POSITIVE_INFINITY);
  }

  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#cancelRetry();
    this.#link?.kill();
    this.#changed();
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
    return this.#service;
  }

  /** Process id of the present child, for tests and the doctor. */
  get hostPid(): number | undefined {
    return this.#link?.pid;
  }

  async connect(reader: string): Promise<Result<CardConnection, Fault>> {
    // After a killed child the next one needs a moment; a customer should not have to try again for that.
    await this.#until(() => this.#up || this.#announcedLoss || !this.#running, this.#deadlines.connectMs);
    const link = this.#link;
    if (!this.#up || link === undefined) {
      return err(this.#service.ok ? fault('reader-timeout', 'restarting') : this.#service.error);
    }
    const before = this.#tracker.state(reader);
    if (before === undefined) return err(fault(this.readers().length === 0 ? 'reader-none' : 'reader-lost'));
    if (before.card === 'none') return err(fault('card-none'));
    if (this.#connections.has(reader)) return err(fault('reader-busy', 'by this till'));
    await this.#releases.get(reader);
    const result = await link.call({ op: 'connect', reader });
    if (!result.ok) return err(this.#explained(result.error, before));
    const { value } = result;
    if (value.of !== 'connect') return err(fault('reader-fault', 'unexpected answer'));
    this.#tracker.revive(reader);
    const after = this.#tracker.state(reader);
    if (after === undefined || after.insertion !== before.insertion || after.card !== 'present') {
      await link.call({ op: 'disconnect', handle: value.handle });
      return err(fault('card-removed'));
    }
    const connection = new PcscConnection(link, after, value, (released) => this.#letGo(reader, released));
    this.#connections.set(reader, connection);
    return ok(connection);
  }

  #letGo(reader: string, released: Promise<void>): void {
    this.#connections.delete(reader);
    this.#releases.set(reader, released);
    void released.then(() => {
      if (this.#releases.get(reader) === released) this.#releases.delete(reader);
    });
  }

  #explained(reason: Fault, state: ReaderState): Fault {
    if (reason.code === 'card-mute') this.#emitAll(this.#tracker.muted(state.reader));
    // A card that stopped answering keeps the dead child's connection in the service: no other program.
    return reason.code === 'reader-busy' && state.card === 'mute' ? fault('card-mute', 'stuck') : reason;
  }

  #startChild(): void {
    const link: HostLink = new HostLink({
      clock: this.#clock,
      deadlines: this.#deadlines,
      env: this.#env,
      onEvent: (event) => this.#heard(event),
      onOpened: (names) => this.#opened(names),
      onEnd: (end) => this.#ended(end),
    });
    this.#link = link;
    void this.#openOnceReady(link);
  }

  async #openOnceReady(link: HostLink): Promise<void> {
    const ready = await link.ready();
    if (ready.ok) await this.#open(link);
  }

  /** A child that finds no service stays and tries again: starting processes in a loop is dear on old machines. */
  async #open(link: HostLink): Promise<void> {
    const opened = await link.call({ op: 'open' });
    if (this.#link !== link || !this.#running) return;
    if (!opened.ok) {
      this.#serviceDown(opened.error);
      this.#cancelRetry = this.#clock.after(this.#nextBackOffMs(), () => void this.#open(link));
      return;
    }
    await this.#until(() => this.#tracker.settled() || this.#link !== link, FIRST_STATE_MS);
    this.#stateKnown = true;
    this.#changed();
  }

  #opened(names: readonly string[]): void {
    this.#up = true;
    this.#upSinceMs = this.#clock.monotonicMs();
    this.#service = ok(undefined);
    if (this.#announcedLoss) this.#emit({ kind: 'service-back' });
    this.#announcedLoss = false;
    this.#emitAll(this.#tracker.list(this.#wanted(names)));
  }

  #heard(event: HostEvent): void {
    switch (event.kind) {
      case 'reader-list':
        this.#emitAll(this.#tracker.list(this.#wanted(event.readers)));
        return;
      case 'reader-end':
        this.#emitAll(this.#tracker.unplug(event.reader, fault('reader-lost')));
        return;
      case 'status': {
        const atr = fromHex(event.atr);
        const status = {
          reader: event.reader,
          counter: event.state >>> 16,
          card: cardOf(event.state, atr),
          atr,
        };
        this.#emitAll(this.#tracker.apply(status));
      }
    }
  }

  #ended(end: HostEnd): void {
    const wasUp = this.#up;
    const stuckReader = this.#readerOf(end);
    this.#up = false;
    this.#link = undefined;
    for (const connection of [...this.#connections.values()]) connection.die(end.fault);
    if (!this.#running) {
      this.#service = err(end.fault);
      this.#tracker.serviceLost(end.fault);
      return;
    }
    if (end.kind === 'lost' || !wasUp) this.#serviceDown(fault('reader-service-down', end.fault.detail));
    else this.#emitAll(this.#tracker.childEnded(end.fault, stuckReader));
    const wasHealthy = wasUp && this.#clock.monotonicMs() - this.#upSinceMs >= HEALTHY_AFTER_MS;
    if (wasHealthy) this.#failures = 0;
    const delayMs = wasUp && this.#failures === 0 ? 0 : this.#nextBackOffMs();
    if (delayMs === 0) this.#failures += 1;
    this.#stateKnown = false;
    this.#cancelRetry = this.#clock.after(delayMs, () => this.#startChild());
    this.#changed();
  }

  #readerOf(end: HostEnd): string | undefined {
    if (end.kind !== 'hung' || end.call === undefined) return undefined;
    const { call } = end;
    if (call.op === 'connect') return call.reader;
    if (call.op !== 'transmit') return undefined;
    return [...this.#connections.values()].find((connection) => connection.handle === call.handle)?.reader;
  }

  #serviceDown(reason: Fault): void {
    this.#service = err(
      reason.code === 'reader-service-down' ? reason : fault('reader-service-down', reason.detail),
    );
    if (this.#announcedLoss) return;
    this.#announcedLoss = true;
    const down = this.#service.ok ? reason : this.#service.error;
    this.#emit({ kind: 'service-lost', fault: down });
    this.#emitAll(this.#tracker.serviceLost(down));
    this.#changed();
  }

  #nextBackOffMs(): number {
    const waitMs = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    return waitMs;
  }

  #wanted(readers: readonly string[]): readonly string[] {
    const wanted = this.#useReaders;
    if (wanted === undefined) return readers;
    return readers.filter((reader) => wanted.some((part) => reader.includes(part)));
  }

  #emitAll(events: readonly ReaderEvent[]): void {
    for (const event of events) this.#emit(event);
    this.#changed();
  }

  #emit(event: ReaderEvent): void {
    // First the handle dies, then the world hears: no listener may use a connection to a card that is gone.
    if (event.kind === 'card-removed') this.#connections.get(event.reader)?.die(event.fault);
    for (const listener of [...this.#listeners]) listener(event);
  }

  #changed(): void {
    for (const look of [...this.#waitingForChange]) look();
  }

  /** Resolves when `condition` holds or `timeoutMs` have passed. */
  #until(condition: () => boolean, timeoutMs: number): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        this.#waitingForChange.delete(look);
        cancel();
        resolve();
      };
      const look = (): void => {
        if (condition() || !this.#running) finish();
      };
      const cancel = timeoutMs === Number.POSITIVE_INFINITY ? () => {} : this.#clock.after(timeoutMs, finish);
      this.#waitingForChange.add(look);
    });
  }
}

function cardOf(state: number, atr: Uint8Array): ReaderState['card'] {
  if ((state & readerStateBits.present) === 0) return 'none';
  return (state & readerStateBits.mute) === 0 && isUsableAtr(atr) ? 'present' : 'mute';
}
