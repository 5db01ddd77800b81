import type { CardMedicalData } from '#core/domain/card-medical';
import type { CardIssuerData } from '#core/domain/holder';
import { type Fault, fault } from '#core/fault';
import type { Pin } from '#core/pin';
import { err, ok, type Result } from '#core/result';
import { readMedical, readPhoto } from './file-verbs.ts';
import { HeldCard, type RandomSource, secureRandom } from './held-card.ts';
import { changePin, pinChallenge, readPinState, unblockPin, verifyPin, verifyPinBlock } from './pin-verbs.ts';
import type {
  CardAuthenticator,
  CardConnection,
  CardDesk,
  CardKeyHolder,
  CardPurchase,
  CardPurchaseProof,
  CardPurchaseStart,
  CardRead,
  CardReaderPort,
  CardReadOptions,
  PinOutcome,
  PinScope,
  PinState,
  ReaderEvent,
  ReaderState,
} from './port.ts';
import { sameCard } from './presence.ts';
import { beginPurchase, debit, purchaseProof } from './purchase-verbs.ts';
import { type CardReading, drawValues, readCard } from './session.ts';

export interface CardDeskOptions {
  /** Use only readers whose name contains one of these; default all that the port shows. */
  readonly useReaders?: readonly string[];
  /** Never use readers whose name contains one of these: the security module's slot is no customer's. */
  readonly ignoreReaders?: readonly string[];
  /** Source of what the terminal asks cards; default the machine's secure generator. */
  readonly random?: RandomSource;
}

/** The card desk over any card-reader port; started and stopped with that port, which it does not own. */
export function createCardDesk(port: CardReaderPort, options: CardDeskOptions = {}): CardDesk {
  return new ReaderDesk(port, options);
}

class ReaderDesk implements CardDesk {
  readonly #port: CardReaderPort;
  readonly #useReaders: readonly string[] | undefined;
  readonly #ignoreReaders: readonly string[];
  readonly #random: RandomSource;
  /** The connection, from connecting on, so that `release` reaches a read under way. */
  #connection: CardConnection | undefined;
  /** The card, once it was read. */
  #held: HeldCard | undefined;
  /** Counts what lets go of the card, so that a read under way knows that it is no longer wanted. */
  #releases = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(port: CardReaderPort, options: CardDeskOptions) {
    this.#port = port;
    this.#useReaders = options.useReaders;
    this.#ignoreReaders = options.ignoreReaders ?? [];
    this.#random = options.random ?? secureRandom;
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
      this.#connection = connected.value;
      if (releases !== this.#releases) {
        await this.#letGo();
        return err(fault('card-removed', 'released'));
      }
      const values = drawValues(this.#random);
      const result = await readCard(connected.value, authenticator, options, values);
      // The last answer may have been the agency's: the card can have left while it was waited for.
      const stillThere =
        releases === this.#releases &&
        this.#insertionOf(connected.value.reader) === connected.value.insertion;
      if (!result.ok || !stillThere) {
        await this.#letGo();
        return result.ok ? err(fault('card-removed')) : result;
      }
      this.#held = this.#keep(connected.value, result.value, values.question);
      return ok(result.value.read);
    });
  }

  pinState(scope: PinScope = 'environment'): Promise<Result<PinState, Fault>> {
    return this.#withHeld((card) => readPinState(card, scope));
  }

  verifyPin(pin: Pin, scope: PinScope = 'environment'): Promise<Result<PinOutcome, Fault>> {
    return this.#withHeld((card) => verifyPin(card, pin, scope));
  }

  pinChallenge(): Promise<Result<Uint8Array, Fault>> {
    return this.#withHeld(pinChallenge);
  }

  verifyPinBlock(block: Uint8Array): Promise<Result<PinOutcome, Fault>> {
    return this.#withHeld((card) => verifyPinBlock(card, block));
  }

  changePin(old: Pin, replacement: Pin): Promise<Result<PinOutcome, Fault>> {
    return this.#withHeld((card) => changePin(card, old, replacement));
  }

  unblockPin(keys: CardKeyHolder, replacement?: Pin): Promise<Result<void, Fault>> {
    return this.#withHeld((card) => unblockPin(card, keys, replacement));
  }

  readMedical(keys?: CardKeyHolder): Promise<Result<CardMedicalData, Fault>> {
    return this.#withHeld((card) => readMedical(card, keys));
  }

  readPhoto(keys?: CardKeyHolder): Promise<Result<Uint8Array | undefined, Fault>> {
    return this.#withHeld((card) => readPhoto(card, keys));
  }

  beginPurchase(purchase: CardPurchase): Promise<Result<CardPurchaseStart, Fault>> {
    return this.#withHeld((card) => beginPurchase(card, purchase));
  }

  debit(order: Parameters<CardDesk['debit']>[0]): Promise<Result<CardPurchaseProof, Fault>> {
    return this.#withHeld((card) => debit(card, order));
  }

  purchaseProof(cardSequence: string): Promise<Result<CardPurchaseProof | undefined, Fault>> {
    return this.#withHeld((card) => purchaseProof(card, cardSequence));
  }

  confirmPresence(issuer: CardIssuerData): Promise<Result<void, Fault>> {
    return this.#withHeld(async (held) => {
      const { reader } = held.connection;
      const insertion = this.#insertionOf(reader);
      if (insertion !== undefined && insertion !== held.connection.insertion)
        return this.#otherCard(reader, issuer);
      const same = await sameCard(held.connection, issuer, held.question);
      held.lost('environment');
      if (same.ok || same.error.code !== 'card-removed') return same;
      return this.#otherCard(reader, issuer);
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

  #keep(
    connection: CardConnection,
    { read, questionAnswer }: CardReading,
    question: { readonly factor: Uint8Array; readonly raw: Uint8Array },
  ): HeldCard {
    const { issuer, authenticatedBy } = read.identity;
    const asked = questionAnswer === undefined ? {} : { question: { ...question, answer: questionAnswer } };
    const holderFileOpen = authenticatedBy !== 'none' && issuer.generation === 3;
    return new HeldCard(connection, { issuer, holderFileOpen, ...asked }, this.#random);
  }

  #withHeld<T>(run: (held: HeldCard) => Promise<Result<T, Fault>>): Promise<Result<T, Fault>> {
    return this.#inTurn(async () => {
      const held = this.#held;
      return held === undefined ? err(fault('card-none', 'nothing held')) : run(held);
    });
  }

  async #letGo(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#held = undefined;
    await connection?.close();
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(run);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
