import { assert } from '#core/assert';
import type { StoredMessage } from '#core/domain/message';
import type { SaleState } from '#core/domain/sale';
import type { Cancellation, Settlement } from '#core/domain/settlement';
import type { Change } from '../port.ts';
import { atStake, merged, opposite, released, settledPostings, suspended, tendersKept } from './postings.ts';
import { restFacts } from './refund.ts';
import { settledState } from './settlement.ts';
import {
  type Answered,
  answered,
  type FixedMessage,
  intent,
  journaled,
  moved,
  type Refused,
  type Step,
  slipOf,
  type Unanswered,
  unanswered,
} from './step.ts';

/** Intent of a 2103 of a settled sale. The sale keeps its state until an answer, or none, comes. */
export function cancelIntended(
  step: Step & {
    readonly message: FixedMessage;
    /** The 2102 that is cancelled: `store.settled(saleId).messageId`. */
    readonly settledMessageId: string;
    readonly secondOperator: string;
    readonly reason: string;
  },
): Change {
  const { sale, message, settledMessageId, secondOperator, reason, nowMs, operator } = step;
  return {
    sale: moved(sale, ['done', 'disputed', 'unknown'], sale.state),
    newMessages: [intent(sale.saleId, '2103', message, settledMessageId)],
    events: [
      {
        kind: 'cancel-intended',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: {
          messageId: message.messageId,
          settledMessageId,
          secondOperator,
          reason: journaled(reason, sale),
          ...restFacts(sale.rest),
        },
      },
    ],
  };
}

/** Cancelled as a whole: the opposite of what was posted, and a cancellation slip is owed. */
export function cancelSucceeded(
  step: Step & Answered & { readonly settlement: Settlement; readonly cancellation: Cancellation },
): Change {
  const { cancellation } = step;
  return {
    ...cancelled(step, ['done', 'disputed', 'unknown'], {
      messageId: step.messageId,
      answeredTotal: cancellation.total,
      answeredAccount: cancellation.account,
      answeredFamilyAccount: cancellation.familyAccount,
      answeredFundTotal: cancellation.fundTotal,
    }),
    messages: [answered(step, 'succeeded', step.nowMs)],
    cancelled: { saleId: step.sale.saleId, messageId: step.messageId, cancellation },
  };
}

/** The detail shows that an unanswered (or reversed) 2103 of ours took effect after all. */
export function cancelFound(
  step: Step & {
    readonly message: StoredMessage;
    readonly settlement: Settlement;
    /** As the detail lists it; absent when the detail only lacks the settlement. */
    readonly cancellation?: Cancellation;
  },
): Change {
  const { message, nowMs, sale, cancellation } = step;
  return {
    ...cancelled(step, ['done', 'disputed', 'unknown', 'suspense'], {
      messageId: message.messageId,
      foundBy: '3202',
    }),
    messages: [{ messageId: message.messageId, was: [message.state], to: 'succeeded', answeredAtMs: nowMs }],
    ...(cancellation === undefined
      ? {}
      : { cancelled: { saleId: sale.saleId, messageId: message.messageId, cancellation } }),
  };
}

function cancelled(
  step: Step & { readonly settlement: Settlement },
  from: readonly SaleState[],
  facts: Record<string, unknown>,
): Pick<Change, 'sale' | 'events' | 'slip'> {
  const { sale, settlement, nowMs, operator } = step;
  const suspense = sale.state === 'unknown' || sale.state === 'suspense' ? released(atStake(sale)) : [];
  const { cash, mobile } = tendersKept(sale.tenders, sale.changeDue);
  return {
    sale: moved(sale, from, 'cancelled'),
    events: [
      {
        kind: 'cancelled',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { ...facts, cashToReturn: cash, mobileToReturn: mobile },
        postings: merged([...opposite(settledPostings(sale, settlement.split)), ...suspense]),
      },
    ],
    slip: slipOf(sale.saleId, 'cancellation'),
  };
}

/** An own-pay sale given back: a plain counter-booking, confirmed by a second person. */
export function ownPayCancelled(
  step: Step & { readonly secondOperator: string; readonly reason: string },
): Change {
  const { sale, nowMs, operator, secondOperator, reason } = step;
  assert(
    sale.mode === 'own-pay' && sale.split !== undefined,
    'only an own-pay sale is cancelled without the agency',
  );
  const { cash, mobile } = tendersKept(sale.tenders, sale.changeDue);
  return {
    sale: moved(sale, ['done'], 'cancelled'),
    events: [
      {
        kind: 'cancelled',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: {
          secondOperator,
          reason: journaled(reason, sale),
          cashToReturn: cash,
          mobileToReturn: mobile,
          ...restFacts(sale.rest),
        },
        postings: opposite(settledPostings(sale, sale.split)),
      },
    ],
    slip: slipOf(sale.saleId, 'cancellation'),
  };
}

/**
 * Refused: the settlement stands. But when an earlier 2103 of the sale went unanswered, the refusal may mean
 * that the earlier one took effect; then the sale is parked until the detail (3202) decides.
 */
export function cancelRefused(step: Step & Answered & Refused): Change {
  const { sale, messageId, faultCode, nowMs, operator } = step;
  const parked = sale.state === 'unknown';
  const common = { saleId: sale.saleId, atMs: nowMs, operator };
  return {
    sale: parked ? moved(sale, ['unknown'], 'suspense') : moved(sale, ['done', 'disputed'], sale.state),
    messages: [answered(step, 'refused', nowMs, faultCode)],
    events: [
      { ...common, kind: 'cancel-refused', facts: { messageId, faultCode } },
      ...(parked ? [{ ...common, kind: 'parked-in-suspense' as const, facts: { messageId } }] : []),
    ],
  };
}

/** The repeated 2103 never left: its row is closed, the sale stays unknown and is tried later. */
export function cancelNotSent(step: Step & Answered & { readonly faultCode: string }): Change {
  return { messages: [answered(step, 'refused', step.nowMs, step.faultCode)], events: [] };
}

/** No readable answer to the 2103: whether the settlement still stands is unknown; its money is in suspense. */
export function cancelUnknown(step: Step & Unanswered): Change {
  const { sale, messageId, faultCode, lastByteAtMs, nowMs, operator } = step;
  return {
    sale: moved(sale, ['done', 'disputed', 'unknown'], 'unknown'),
    messages: [unanswered(step)],
    events: [
      {
        kind: 'cancel-unknown',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { messageId, faultCode, lastByteAtMs },
        postings: sale.state === 'unknown' ? [] : suspended(atStake(sale)),
      },
    ],
  };
}

/** The cancellation was undone and is not tried again, or the detail shows the settlement in force. */
export function settlementKept(
  step: Step & { readonly settlement: Settlement; readonly reason: string },
): Change {
  const { sale, settlement, reason, nowMs, operator } = step;
  return {
    sale: moved(sale, ['unknown', 'suspense'], settledState(sale, settlement)),
    events: [
      {
        kind: 'operator-decided',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { decision: 'settlement-kept', reason: journaled(reason, sale) },
        postings: released(atStake(sale)),
      },
    ],
  };
}
