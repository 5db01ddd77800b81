import { type Actor, waitFor } from 'xstate';
import { type Fault, fault } from '#core/fault';
import type { Result } from '#core/result';
import type { ReaderEvent } from '#drivers/card-reader/port';
import type { ReadOutcome } from '#machines/checkout/events';
import type { checkoutMachine } from '#machines/checkout/machine';
import { type Counter, type CounterHolder, cardOf, holderKey } from './counter.ts';
import { type IdentifyOptions, identifyCard } from './identify.ts';
import { identifyByCertificate, identifyByNumber } from './identify-other.ts';
import { keptHolder } from './kept-holder.ts';
import type { AgencyLink } from './link.ts';
import type { CheckoutParts } from './parts.ts';
import type { PinDesk } from './pin-desk.ts';
import { clearTornPurchase } from './torn-purchase.ts';

/** What the next identification looks at. */
export type Shown =
  | { readonly kind: 'card'; readonly reader?: string }
  | { readonly kind: 'certificate'; readonly text: string }
  | { readonly kind: 'number'; readonly number: string; readonly name: string; readonly reason: string };

export interface HolderDeskOptions {
  readonly parts: CheckoutParts;
  readonly counter: Counter;
  readonly link: AgencyLink;
  readonly pins: PinDesk;
  readonly checkout: () => Actor<typeof checkoutMachine>;
  readonly shiftOpen: () => Result<void, Fault>;
  /** A card told of an earlier purchase: rows have changed. */
  readonly onRecorded: () => void;
  /** Another holder, or the same one again, is at the counter. */
  readonly onHolder: (at: CounterHolder) => void;
}

/** Who is at the counter: reads what is shown, and lets go when it leaves (P5). */
export class HolderDesk {
  readonly #options: HolderDeskOptions;
  #shown: Shown = { kind: 'card' };
  /** Reader of the card that was read last: what other readers lose does not matter. */
  #reader: string | undefined;

  constructor(options: HolderDeskOptions) {
    this.#options = options;
  }

  /** The machine's effect `identify`. */
  async identify(): Promise<ReadOutcome> {
    const { counter, checkout, shiftOpen, onHolder } = this.#options;
    // Nobody at the counter: no card is read and no person is asked about (who read whose data is kept).
    const open = shiftOpen();
    if (!open.ok) return { kind: 'refused', fault: open.error };
    counter.readNumber += 1;
    const thisRead = counter.readNumber;
    // A sale that commits holds its own card: no other one is touched before it is over.
    await waitFor(checkout(), (snapshot) => !snapshot.matches({ sale: 'committing' }));
    if (thisRead !== counter.readNumber) return { kind: 'refused', fault: fault('card-removed') };
    counter.holder = undefined;
    const identified = await this.#lookAt(this.#shown);
    // A later card or a removal has overtaken this read: its holder must not appear.
    if (thisRead !== counter.readNumber) return { kind: 'refused', fault: fault('card-removed') };
    if (!identified.ok) return { kind: 'refused', fault: identified.error };
    counter.holder = identified.value;
    this.#reader = cardOf(identified.value)?.reader;
    onHolder(identified.value);
    return { kind: 'identified' };
  }

  /** Something other than a card was shown. Resolves when its holder, or the reason, is known. */
  async show(shown: Exclude<Shown, { kind: 'card' }>): Promise<void> {
    const { checkout, parts } = this.#options;
    this.#shown = shown;
    this.#reader = undefined;
    await parts.cardDesk.release();
    checkout().send({ type: 'credential.shown' });
    await waitFor(checkout(), (snapshot) => !snapshot.matches({ holder: 'reading' }));
    if (this.#shown === shown) this.#shown = { kind: 'card' };
  }

  readAgain(): void {
    const { checkout, parts } = this.#options;
    const lies = parts.cardDesk
      .readers()
      .some(({ reader, card }) => reader === this.#reader && card === 'present');
    this.#shown =
      lies && this.#reader !== undefined ? { kind: 'card', reader: this.#reader } : { kind: 'card' };
    checkout().send({ type: 'card.read-again' });
  }

  /** A sale is over: a token is good for one settlement, a number typed by hand for one sale. */
  dropSpent(): void {
    const { counter, checkout } = this.#options;
    if (counter.holder === undefined || cardOf(counter.holder) !== undefined) return;
    counter.holder = undefined;
    // A card that came meanwhile is about to be read.
    if (checkout().getSnapshot().matches({ holder: 'identified' }))
      checkout().send({ type: 'holder.dropped' });
  }

  /** The cashier lets the holder go. */
  async drop(): Promise<void> {
    const { counter, checkout, parts } = this.#options;
    counter.readNumber += 1;
    counter.holder = undefined;
    checkout().send({ type: 'holder.dropped' });
    await parts.cardDesk.release();
  }

  readerEvent(event: ReaderEvent): void {
    if (event.kind === 'card-inserted') this.#inserted(event.reader);
    else if (event.kind === 'card-mute' && this.#concerns(event.reader))
      this.#gone('card.unusable', event.fault);
    else if (event.kind === 'card-removed' || event.kind === 'reader-removed') {
      if (this.#concerns(event.reader)) this.#gone('card.removed', event.fault);
    } else if (event.kind === 'service-lost' && this.#concerns(undefined))
      this.#gone('card.removed', event.fault);
  }

  /**
   * The link went away after the agency had proved the card: the module proves it again, for offline sales.
   * The same card or nothing; a card that is gone leaves everything as it is.
   */
  async proveByModule(): Promise<void> {
    const { counter, parts, link } = this.#options;
    const card = cardOf(counter.holder);
    const ready = parts.config.offline.enabled && parts.securityModule?.state().kind === 'ready';
    if (card === undefined || !ready || link.usable()) return;
    const thisRead = counter.readNumber;
    const again = await identifyCard(
      this.#identifyOptions(() => undefined),
      card.reader,
    );
    const before = counter.holder;
    if (!again.ok || before === undefined || thisRead !== counter.readNumber) return;
    if (holderKey(again.value) === holderKey(before)) counter.holder = again.value;
  }

  /** A sale has left `committing`: a holder who went away meanwhile is gone now. */
  forgetAbsent(): void {
    const { counter, checkout } = this.#options;
    const present = checkout().getSnapshot().matches({ holder: 'identified' });
    if (!present && counter.holder !== undefined) counter.holder = undefined;
  }

  /** A settlement told a new balance: the holder on screen has it too. */
  refreshBalance(): void {
    const { counter, parts } = this.#options;
    const at = counter.holder;
    const card = cardOf(at);
    const known = card === undefined ? undefined : parts.store.rememberedHolder(card.issuer.cardId);
    if (at?.holder !== undefined && known !== undefined)
      counter.holder = { ...at, holder: keptHolder(known) };
  }

  #lookAt(shown: Shown): Promise<Result<CounterHolder, Fault>> {
    const { parts, link, checkout } = this.#options;
    if (shown.kind === 'certificate') return identifyByCertificate({ parts, link }, shown.text);
    if (shown.kind === 'number') return identifyByNumber({ parts, link }, shown);
    const onAuthenticating = () => checkout().send({ type: 'card.authenticating' });
    return identifyCard(this.#identifyOptions(onAuthenticating), shown.reader);
  }

  #identifyOptions(onAuthenticating: () => void): IdentifyOptions {
    const { parts, link, onRecorded } = this.#options;
    return {
      parts,
      link,
      onAuthenticating,
      onProved: async (issuer) => {
        if (await clearTornPurchase(parts, issuer)) onRecorded();
      },
    };
  }

  #inserted(reader: string): void {
    this.#disturb(fault('card-swapped'));
    this.#shown = { kind: 'card', reader };
    this.#reader = reader;
    this.#options.checkout().send({ type: 'card.inserted' });
  }

  /** Whether what happened to a reader (undefined: to all of them) is about the holder at the counter. */
  #concerns(reader: string | undefined): boolean {
    const { counter } = this.#options;
    if (this.#shown.kind !== 'card') return false;
    if (counter.holder !== undefined && cardOf(counter.holder) === undefined) return false;
    return reader === undefined || this.#reader === undefined || this.#reader === reader;
  }

  #gone(type: 'card.removed' | 'card.unusable', reason: Fault): void {
    const { counter, checkout } = this.#options;
    counter.readNumber += 1;
    this.#disturb(reason);
    // While a sale commits, its holder is in its payment; the counter's copy goes when it is over.
    if (!checkout().getSnapshot().matches({ sale: 'committing' })) counter.holder = undefined;
    checkout().send({ type, fault: reason });
  }

  /** A card that comes or goes stops a sale that is being committed, as long as nothing is under way. */
  #disturb(reason: Fault): void {
    const { counter, checkout, pins } = this.#options;
    if (counter.payment === undefined || cardOf(counter.payment.at) === undefined) return;
    if (!checkout().getSnapshot().matches({ sale: 'committing' })) return;
    counter.payment.disturbed ??= reason;
    void pins.cancel();
  }
}
