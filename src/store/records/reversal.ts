import type { StoredMessage } from '#core/domain/message';
import type { Money } from '#core/money';
import type { Change } from '../port.ts';
import { released, suspended } from './postings.ts';
import {
  type Answered,
  answered,
  type FixedMessage,
  intent,
  moved,
  type Refused,
  type Step,
  type Unanswered,
  unanswered,
} from './step.ts';

/** Intent of a 2601 that undoes `original` (a 2102 or 2103 without a readable answer). */
export function reversalIntended(
  step: Step & { readonly original: StoredMessage; readonly message: FixedMessage; readonly attempt: number },
): Change {
  const { sale, original, message, attempt, nowMs, operator } = step;
  return {
    newMessages: [intent(sale.saleId, '2601', message, original.messageId)],
    events: [
      {
        kind: 'reversal-intended',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: {
          messageId: message.messageId,
          originalMessageId: original.messageId,
          originalTransaction: original.transaction,
          attempt,
        },
      },
    ],
  };
}

/** Accepted, which is not yet proof: the original is reversed, unproved, until 3202 agrees (design 4). */
export function reversalAccepted(step: Step & Answered & { readonly originalMessageId: string }): Change {
  const { sale, originalMessageId, nowMs, operator, messageId } = step;
  return {
    messages: [
      answered(step, 'succeeded', nowMs),
      { messageId: originalMessageId, was: ['unknown'], to: 'reversed-unproved' },
    ],
    events: [
      {
        kind: 'reversal-accepted',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { messageId, originalMessageId },
      },
    ],
  };
}

/** No answer to the 2601: nothing changes but its own row; it is repeated under a new id. */
export function reversalUnknown(step: Step & Unanswered): Change {
  return { messages: [unanswered(step)], events: [] };
}

/** The 2601 never left (link down, not signed in): repeated later under a new id. */
export function reversalNotSent(step: Step & Answered & { readonly faultCode: string }): Change {
  return { messages: [answered(step, 'refused', step.nowMs, step.faultCode)], events: [] };
}

/**
 * The agency refuses to reverse: the terminal cannot tell any more what stands there. An unknown sale is
 * parked in suspense; an upload keeps its lane blocked. Only the detail (3202) decides.
 */
export function reversalRefused(
  step: Step &
    Answered &
    Refused & {
      readonly originalMessageId: string;
    },
): Change {
  const { sale, originalMessageId, faultCode, messageId, nowMs, operator } = step;
  const common = { saleId: sale.saleId, atMs: nowMs, operator };
  return {
    ...(sale.state === 'unknown' ? { sale: moved(sale, ['unknown'], 'suspense') } : {}),
    messages: [answered(step, 'refused', nowMs, faultCode)],
    events: [
      {
        ...common,
        kind: 'reversal-refused',
        facts: { messageId, originalMessageId, faultCode },
      },
      { ...common, kind: 'parked-in-suspense', facts: { originalMessageId } },
    ],
  };
}

/** The detail of the agency shows no trace of the message: it is proved not to have been booked. */
export function reversalProved(step: Step & { readonly message: StoredMessage }): Change {
  const { sale, message, nowMs, operator } = step;
  return {
    messages: [{ messageId: message.messageId, was: [message.state], to: 'reversed' }],
    ...(sale.state === 'suspense' ? { sale: moved(sale, ['suspense'], 'unknown') } : {}),
    events: [
      {
        kind: 'reversal-proved',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { messageId: message.messageId, transaction: message.transaction },
      },
    ],
  };
}

/** What the detail shows of a charge that should not be there. */
export interface SecondCharge {
  readonly message: StoredMessage;
  readonly settlementId: string;
  readonly visitId: string;
  /** Business day on which the agency lists it. */
  readonly day: string;
  /** Fund and account money of the charge. */
  readonly amount: Money;
}

/** A charge that was proved not to be there, and came all the same, is in doubt again: nobody would ask for it otherwise. */
function onceFound(state: StoredMessage['state']): StoredMessage['state'] {
  return state === 'reversed' ? 'reversed-unproved' : state;
}

/**
 * The detail shows a charge of ours that was reversed (or must not stand): intent of the 2103 that gives it
 * back. Found once, with its money in suspense; a further try only adds its message.
 */
export function secondChargeFound(
  step: Step & SecondCharge & { readonly giveBack: FixedMessage; readonly firstTry: boolean },
): Change {
  const { sale, message, settlementId, visitId, day, amount, giveBack, firstTry, nowMs, operator } = step;
  const { messageId, state } = message;
  const to = onceFound(state);
  return {
    newMessages: [intent(sale.saleId, '2103', giveBack, messageId)],
    messages: to === state ? [] : [{ messageId, was: [state], to }],
    events: firstTry
      ? [
          {
            kind: 'second-charge-found',
            saleId: sale.saleId,
            atMs: nowMs,
            operator,
            facts: {
              messageId,
              settlementId,
              visitId,
              day,
              amount,
              giveBack: giveBack.messageId,
            },
            postings: suspended(amount),
          },
        ]
      : [],
  };
}

/** Given back: by the answer to our 2103, or because the detail shows it given back. */
export function secondChargeReturned(
  step: Step & {
    readonly message: StoredMessage;
    /** What was put into suspense when it was found. */
    readonly amount: Money;
    readonly giveBack: {
      readonly messageId: string;
      readonly was: StoredMessage['state'];
      readonly answer?: string;
    };
  },
): Change {
  const { sale, message, amount, giveBack, nowMs, operator } = step;
  return {
    messages: [
      {
        messageId: giveBack.messageId,
        was: [giveBack.was],
        to: 'succeeded',
        answeredAtMs: nowMs,
        ...(giveBack.answer === undefined ? {} : { answer: giveBack.answer }),
      },
      { messageId: message.messageId, was: [onceFound(message.state)], to: 'returned' },
    ],
    ...(sale.state === 'suspense' ? { sale: moved(sale, ['suspense'], 'unknown') } : {}),
    events: [
      {
        kind: 'second-charge-returned',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { messageId: message.messageId, giveBack: giveBack.messageId, amount },
        postings: released(amount),
      },
    ],
  };
}

/** The 2103 that gives a second charge back was refused or not sent; the next detail decides. */
export function giveBackRefused(step: Step & Answered & Refused): Change {
  const { sale, messageId, faultCode, nowMs, operator } = step;
  return {
    messages: [answered(step, 'refused', nowMs, faultCode)],
    events: [
      {
        kind: 'cancel-refused',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { messageId, faultCode, giveBack: true },
      },
    ],
  };
}

/** No answer to the 2103 that gives a second charge back; the next detail shows whether it took effect. */
export function giveBackUnknown(step: Step & Unanswered): Change {
  const { sale, messageId, nowMs, operator, faultCode } = step;
  return {
    messages: [unanswered(step)],
    events: [
      {
        kind: 'cancel-unknown',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { messageId, faultCode, giveBack: true },
      },
    ],
  };
}
