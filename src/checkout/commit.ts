import type { AgencyOutcome, MessageContext, PreparedMessage } from '#agency/port';
import type { Sale } from '#core/domain/sale';
import type { Settlement } from '#core/domain/settlement';
import { type FaultCode, fault } from '#core/fault';
import type { IntentOutcome, PresenceOutcome, SettleOutcome } from '#machines/checkout/events';
import {
  ownPaySold,
  settlementIntended,
  settlementRefused,
  settlementSucceeded,
  settlementUnknown,
} from '#store/records/settlement';
import { StoreError } from '#store/store-error';
import { withComparison } from '#sync/compare-settled';
import type { PersonTurns } from '#sync/person-turns';
import { type Counter, cardOf, type Payment, withoutNumbers } from './counter.ts';
import type { AgencyLink } from './link.ts';
import { OfflineSale } from './offline-sale.ts';
import type { CheckoutParts } from './parts.ts';
import type { PinDesk } from './pin-desk.ts';
import { withWords } from './proof-source.ts';

/** What the holder can put right at the PIN, without the goods or the sum being asked about anew. */
const TRY_AGAIN: ReadonlySet<FaultCode> = new Set([
  'card-pin-wrong',
  'card-pin-malformed',
  'offline-pin-missing',
  'pin-not-by-keyboard',
  'pin-pad-busy',
  'pin-pad-cancelled',
  'pin-pad-garbled',
  'pin-pad-missing',
  'pin-pad-timeout',
]);

export interface CommitOptions {
  readonly parts: CheckoutParts;
  readonly link: AgencyLink;
  readonly counter: Counter;
  readonly turns: PersonTurns;
  readonly pins: PinDesk;
  readonly context: () => MessageContext;
  /** The rows have changed: background work may have something to do. */
  readonly onRecorded: () => void;
}

/**
 * The three effects of a commit, in the order in which the machine runs them: the card is still there, the
 * intent is on disk, the money moves. Each answers a value; what throws is a bug and becomes unknown.
 */
export class Committer {
  readonly #options: CommitOptions;
  readonly #offline: OfflineSale;
  #prepared: PreparedMessage | undefined;

  constructor(options: CommitOptions) {
    this.#options = options;
    const { parts, pins } = options;
    this.#offline = new OfflineSale({
      parts,
      pins,
      step: () => this.#step(),
      reload: () => this.#reload(),
    });
  }

  /** P5: the card at commit is the card that was read; offline the holder proves it by PIN on the card. */
  async confirmPresence(): Promise<PresenceOutcome> {
    const { counter, parts } = this.#options;
    const payment = paymentOf(counter);
    try {
      const { mode } = payment.quote;
      if (mode === 'own-pay') return { kind: 'present' };
      if (payment.at === undefined) return { kind: 'refused', fault: fault('holder-none') };
      const card = cardOf(payment.at);
      if (card === undefined && mode === 'offline')
        return { kind: 'refused', fault: fault('offline-medium') };
      if (card !== undefined) {
        const present = await parts.cardDesk.confirmPresence(card.issuer);
        if (!present.ok) return { kind: 'refused', fault: payment.disturbed ?? present.error };
      }
      const prepared = mode === 'offline' ? await this.#offline.prepare(payment) : undefined;
      // What was going on when a card came or went is only a consequence of that.
      if (payment.disturbed !== undefined) return { kind: 'refused', fault: payment.disturbed };
      if (prepared?.ok !== false) return { kind: 'present' };
      const kind = TRY_AGAIN.has(prepared.error.code) ? 'again' : 'refused';
      return { kind, fault: prepared.error };
    } finally {
      payment.pin?.wipe();
      payment.pin = undefined;
    }
  }

  /** Content and id of the message are on disk before the first byte leaves. Only 2102 needs that here. */
  async storeIntent(): Promise<IntentOutcome> {
    const { counter, parts, turns, context } = this.#options;
    const payment = paymentOf(counter);
    const { quote } = payment;
    if (payment.disturbed !== undefined && quote.mode !== 'own-pay')
      return { kind: 'refused', fault: payment.disturbed };
    if (quote.mode === 'offline') return this.#offline.storeIntent(payment);
    if (quote.mode !== 'insured') return { kind: 'stored' };
    if (quote.request === undefined) return { kind: 'refused', fault: fault('sale-interrupted') };
    // Another sale of the same person moved meanwhile: the settlement would come with other sums than were told.
    if (turns.isDisturbed(quote.request.personNumber))
      return { kind: 'refused', fault: fault('sale-quote-changed') };
    const prepared = parts.agency.prepareSettlement(quote.request, context());
    if (!prepared.ok) return { kind: 'refused', fault: prepared.error };
    const { clearing, request } = quote;
    const change = settlementIntended({
      ...this.#step(),
      request,
      message: prepared.value,
      ...(clearing === undefined ? {} : { clearing }),
    });
    try {
      parts.store.commit(change);
    } catch (error) {
      // The transaction was rolled back: nothing was written and nothing was sent.
      if (error instanceof StoreError) return { kind: 'refused', fault: error.fault };
      throw error;
    }
    this.#prepared = prepared.value;
    this.#reload();
    return { kind: 'stored' };
  }

  async settle(): Promise<SettleOutcome> {
    const payment = paymentOf(this.#options.counter);
    const { mode } = payment.quote;
    if (mode === 'insured') return this.#settleAtAgency();
    return mode === 'offline' ? this.#offline.settle(payment) : this.#sellOwnPay();
  }

  async #settleAtAgency(): Promise<SettleOutcome> {
    const { parts, link } = this.#options;
    const message = this.#prepared;
    this.#prepared = undefined;
    if (message === undefined) throw new Error('a settlement is sent only after its intent was stored');
    const outcome = link.report(await parts.agency.sendSettlement(message));
    const result = this.#recordOutcome(message.messageId, outcome);
    this.#reload();
    return result;
  }

  #recordOutcome(messageId: string, outcome: AgencyOutcome<Settlement>): SettleOutcome {
    const { store } = this.#options.parts;
    const step = { ...this.#step(), messageId };
    if (outcome.kind === 'success') {
      const settlement = outcome.value;
      const change = settlementSucceeded({ ...step, answer: outcome.answer, settlement });
      store.commit(withComparison(change, store, step.sale, settlement, step.nowMs));
      return { kind: 'settled', disputed: store.sale(step.sale.saleId)?.state === 'disputed' };
    }
    const { fault: reason, answer } = outcome;
    if (outcome.kind === 'refused') {
      const { agencyText } = outcome;
      store.commit(settlementRefused({ ...step, answer, faultCode: reason.code, agencyText }));
      return { kind: 'refused', fault: withWords(reason, agencyText) };
    }
    const { lastByteAtMs } = outcome;
    store.commit(settlementUnknown({ ...step, lastByteAtMs, faultCode: reason.code, answer }));
    return { kind: 'unknown', fault: reason };
  }

  #sellOwnPay(): SettleOutcome {
    return this.#commitAtOnce(() => ownPaySold(this.#step()));
  }

  #commitAtOnce(change: () => Parameters<CheckoutParts['store']['commit']>[0]): SettleOutcome {
    try {
      this.#options.parts.store.commit(change());
    } catch (error) {
      if (error instanceof StoreError) return { kind: 'refused', fault: error.fault };
      throw error;
    }
    this.#reload();
    return { kind: 'settled', disputed: false };
  }

  /** The row to keep: basket as on the counter, with what was quoted and handed over, and for whom. */
  #step(): { readonly sale: Sale; readonly nowMs: number; readonly operator: string } {
    const { counter, parts } = this.#options;
    const { quote, tenders, changeDue, at, consent } = paymentOf(counter);
    // A consent to an earlier basket is none to this one.
    const { consent: _earlier, ...sale } = counter.sale;
    const { actingPerson: _nobody, chronic: _ordinary, ...alone } = sale;
    const row: Sale = {
      ...(quote.mode === 'own-pay' ? alone : sale),
      ...(consent === undefined ? {} : { consent }),
      mode: quote.mode,
      split: quote.split,
      tenders,
      changeDue,
      ...(quote.mode === 'own-pay' || at?.holder === undefined ? {} : { holder: at.holder }),
      ...(quote.mode !== 'own-pay' && at?.by.medium === 'identity-number'
        ? { manualReason: at.by.reason }
        : {}),
    };
    return { sale: row, nowMs: parts.clock.nowMs(), operator: counter.sale.operator.number };
  }

  /** Rows are the truth: the working copy is read back after each change. */
  #reload(): void {
    const { counter, parts, onRecorded } = this.#options;
    const row = parts.store.sale(counter.sale.saleId);
    // A row that is still to be written again needs its numbers.
    const onItsWay = row?.state === 'committing' || row?.state === 'open';
    if (row !== undefined) counter.sale = onItsWay ? row : withoutNumbers(row);
    onRecorded();
  }
}

function paymentOf(counter: Counter): Payment {
  if (counter.payment === undefined) throw new Error('a commit belongs to a payment');
  return counter.payment;
}
