import type { AgencyOutcome, MessageContext, PreparedMessage } from '#agency/port';
import type { Sale } from '#core/domain/sale';
import type { Settlement } from '#core/domain/settlement';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { IntentOutcome, PresenceOutcome, SettleOutcome } from '#machines/checkout/events';
import { offlineAuthorised } from '#store/records/offline';
import {
  ownPaySold,
  settlementIntended,
  settlementRefused,
  settlementSucceeded,
  settlementUnknown,
} from '#store/records/settlement';
import { StoreError } from '#store/store-error';
import type { Counter, Payment } from './counter.ts';
import { laneOf } from './limits.ts';
import type { AgencyLink } from './link.ts';
import type { CheckoutParts } from './parts.ts';

export interface CommitOptions {
  readonly parts: CheckoutParts;
  readonly link: AgencyLink;
  readonly counter: Counter;
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
  #prepared: PreparedMessage | undefined;

  constructor(options: CommitOptions) {
    this.#options = options;
  }

  /** P5: the card at commit is the card that was read; offline the holder proves it by PIN on the card. */
  async confirmPresence(): Promise<PresenceOutcome> {
    const { counter, parts } = this.#options;
    const payment = paymentOf(counter);
    const { mode } = payment.quote;
    const pin = payment.pin;
    payment.pin = undefined;
    if (mode === 'own-pay') return { kind: 'present' };
    const at = counter.holder;
    if (at === undefined) return { kind: 'refused', fault: fault('holder-none') };
    const present = await parts.cardDesk.confirmPresence(at.identity.issuer);
    if (!present.ok) return { kind: 'refused', fault: present.error };
    if (mode === 'insured') return { kind: 'present' };
    const proved = await this.#provePin(pin);
    return proved.ok ? { kind: 'present' } : { kind: 'refused', fault: proved.error };
  }

  async #provePin(pin: string | undefined): Promise<Result<void, Fault>> {
    const { cardDesk } = this.#options.parts;
    const state = await cardDesk.pinState();
    if (!state.ok) return state;
    if (state.value.kind === 'locked') return err(state.value.fault);
    // A card without a PIN cannot prove its holder, so nothing is deducted offline.
    if (state.value.kind === 'none' || pin === undefined || pin === '')
      return err(fault('offline-pin-missing'));
    const verified = await cardDesk.verifyPin(pin);
    if (!verified.ok) return verified;
    return verified.value.kind === 'ok' ? ok(undefined) : err(verified.value.fault);
  }

  /** Content and id of the message are on disk before the first byte leaves. Only 2102 needs that here. */
  async storeIntent(): Promise<IntentOutcome> {
    const { counter, parts, context } = this.#options;
    const { quote } = paymentOf(counter);
    if (quote.mode !== 'insured') return { kind: 'stored' };
    if (quote.request === undefined) return { kind: 'refused', fault: fault('sale-interrupted') };
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
    const { mode } = paymentOf(this.#options.counter).quote;
    if (mode === 'insured') return this.#settleAtAgency();
    return mode === 'offline' ? this.#authoriseOffline() : this.#sellOwnPay();
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
      store.commit(settlementSucceeded({ ...step, answer: outcome.answer, settlement: outcome.value }));
      return { kind: 'settled', disputed: store.sale(step.sale.saleId)?.state === 'disputed' };
    }
    const { fault: reason, answer } = outcome;
    if (outcome.kind === 'refused') {
      const { agencyText } = outcome;
      store.commit(settlementRefused({ ...step, answer, faultCode: reason.code, agencyText }));
      return { kind: 'refused', fault: agencyText === '' ? reason : { ...reason, detail: agencyText } };
    }
    const { lastByteAtMs } = outcome;
    store.commit(settlementUnknown({ ...step, lastByteAtMs, faultCode: reason.code, answer }));
    return { kind: 'unknown', fault: reason };
  }

  #sellOwnPay(): SettleOutcome {
    return this.#commitAtOnce(() => ownPaySold(this.#step()));
  }

  #authoriseOffline(): SettleOutcome {
    const { counter } = this.#options;
    const { request } = paymentOf(counter).quote;
    const at = counter.holder;
    if (request === undefined || at?.holder === undefined)
      return { kind: 'refused', fault: fault('offline-holder-unknown') };
    const proof = {
      cardProvedBy: at.identity.authenticatedBy,
      holderProvedBy: 'card-pin',
      dataAsOfMs: at.holder.asOfMs,
    };
    return this.#commitAtOnce(() =>
      offlineAuthorised({ ...this.#step(), request, lane: laneOf(at.identity), proof }),
    );
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

  /** The row to keep: basket as on the counter, with what was quoted and handed over. */
  #step(): { readonly sale: Sale; readonly nowMs: number; readonly operator: string } {
    const { counter, parts } = this.#options;
    const { quote, tenders, changeDue } = paymentOf(counter);
    const holder = counter.holder?.holder;
    const row: Sale = {
      ...counter.sale,
      mode: quote.mode,
      split: quote.split,
      tenders,
      changeDue,
      ...(quote.mode === 'own-pay' || holder === undefined ? {} : { holder }),
    };
    return { sale: row, nowMs: parts.clock.nowMs(), operator: counter.sale.operator.number };
  }

  /** Rows are the truth: the working copy is read back after each change. */
  #reload(): void {
    const { counter, parts, onRecorded } = this.#options;
    counter.sale = parts.store.sale(counter.sale.saleId) ?? counter.sale;
    onRecorded();
  }
}

function paymentOf(counter: Counter): Payment {
  if (counter.payment === undefined) throw new Error('a commit belongs to a payment');
  return counter.payment;
}
