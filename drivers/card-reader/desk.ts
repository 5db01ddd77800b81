import type { CardIssuerData } from '#core/domain/holder';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type {
  CardAuthenticator,
  CardConnection,
  CardDesk,
  CardRead,
  CardReaderPort,
  CardReadOptions,
  PinOutcome,
  PinState,
  ReaderEvent,
  ReaderState,
} from './port.ts';
import { readCard, readPinState, sameCard, verifyCardPin } from './session.ts';

export interface CardDeskOptions {
  /** Use only readers whose name contains one of these; default all that the port shows. */
  readonly useReaders?: readonly string[];
  /** Never use readers whose name contains one of these: the security module's slot is no customer's. */
  readonly ignoreReaders?: readonly string[];
}

/** The card desk over any card-reader port; started and stopped with that port, which it does not own. */
export function createCardDesk(port: CardReaderPort, options: CardDeskOptions = {}): CardDesk {
  return new ReaderDesk(port, options);
}

class ReaderDesk implements CardDesk {
  readonly #port: CardReaderPort;
  readonly #useReaders: readonly string[] | undefined;
  readonly #ignoreReaders: readonly string[];
  #held: CardConnection | undefined;
  /** Counts what lets go of the card, so that a read under way knows that it is no longer wanted. */
  #releases = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(port: CardReaderPort, options: CardDeskOptions) {
    this.#port = port;
    this.#useReaders = options.useReaders;
    this.#ignoreReaders = options.ignoreReaders ?? [];
  }

  onEvent(listener: (event: ReaderEvent) => void): () => void {
    return this.#port.onEvent((event) => {
      if (!('reader' in event) || this.#uses(event.reader)) listener(event);
    });
  }

  readers(): readonly ReaderState[] {
    return this.#port.readers().filter((state) => this.#uses(state.reader));
  }

  status(): Result<void, Fault> {
    const service = this.#port.service();
    if (!service.ok) return service;
    return this.readers().length === 0 ? err(fault('reader-none')) : ok(undefined);
  }

  read(
    authenticator: CardAuthenticator,
    options: CardReadOptions,
    reader?: string,
  ): Promise<Result<CardRead, Fault>> {
    return this.#inTurn(async () => {
      await this.#letGo();
      const releases = this.#releases;
      const chosen = this.#choose(reader);
      if (!chosen.ok) return chosen;
      const connected = await this.#port.connect(chosen.value);
      if (!connected.ok) return connected;
      this.#held = connected.value;
      if (releases !== this.#releases) {
        await this.#letGo();
        return err(fault('card-removed', 'released'));
      }
      const result = await readCard(connected.value, authenticator, options);
      // The last answer may have been the agency's: the card can have left while it was waited for.
      const stillThere =
        releases === this.#releases &&
        this.#insertionOf(connected.value.reader) === connected.value.insertion;
      if (result.ok && stillThere) return result;
      await this.#letGo();
      return result.ok ? err(fault('card-removed')) : result;
    });
  }

  pinState(): Promise<Result<PinState, Fault>> {
    return this.#inTurn(() => this.#withHeld(readPinState));
  }

  verifyPin(pin: string): Promise<Result<PinOutcome, Fault>> {
    return this.#inTurn(() => this.#withHeld((held) => verifyCardPin(held, pin)));
  }

  confirmPresence(issuer: CardIssuerData): Promise<Result<void, Fault>> {
    return this.#inTurn(async () => {
      const held = this.#held;
      if (held === undefined) return err(fault('card-none', 'nothing held'));
      const insertion = this.#insertionOf(held.reader);
      if (insertion !== undefined && insertion !== held.insertion)
        return this.#otherCard(held.reader, issuer);
      const same = await sameCard(held, issuer);
      if (same.ok || same.error.code !== 'card-removed') return same;
      return this.#otherCard(held.reader, issuer);
    });
  }

  async release(): Promise<void> {
    this.#releases += 1;
    await this.#letGo();
  }

  /**
   * The held card left. If one is in the reader again, tell a swap from the same card put back; even the
   * same card is not taken for present, because its free data prove nothing: it has to be read again.
   */
  async #otherCard(reader: string, issuer: CardIssuerData): Promise<Result<void, Fault>> {
    await this.#letGo();
    const removed = err(fault('card-removed'));
    if (this.#insertionOf(reader) === undefined) return removed;
    const connected = await this.#port.connect(reader);
    if (!connected.ok) return removed;
    const same = await sameCard(connected.value, issuer);
    await connected.value.close();
    return same.ok || same.error.code !== 'card-swapped' ? removed : same;
  }

  #insertionOf(reader: string): number | undefined {
    const state = this.#port.readers().find((candidate) => candidate.reader === reader);
    return state === undefined || state.card === 'none' ? undefined : state.insertion;
  }

  #choose(reader: string | undefined): Result<string, Fault> {
    const status = this.status();
    if (!status.ok) return status;
    if (reader !== undefined) return this.#uses(reader) ? ok(reader) : err(fault('reader-lost'));
    const states = this.readers();
    const withCard =
      states.find((state) => state.card === 'present') ?? states.find((state) => state.card === 'mute');
    return withCard === undefined ? err(fault('card-none')) : ok(withCard.reader);
  }

  #uses(reader: string): boolean {
    if (this.#ignoreReaders.some((part) => reader.includes(part))) return false;
    return this.#useReaders === undefined || this.#useReaders.some((part) => reader.includes(part));
  }

  async #withHeld<T>(run: (held: CardConnection) => Promise<Result<T, Fault>>): Promise<Result<T, Fault>> {
    const held = this.#held;
    return held === undefined ? err(fault('card-none', 'nothing held')) : run(held);
  }

  async #letGo(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    await held?.close();
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(run);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
