import type { StoredMessage } from '#core/domain/message';
import type { Sale } from '#core/domain/sale';
import { faultTable } from '#core/fault';
import { isGiveBack } from '#store/records/recover';

/** What is to be done next about a sale with an unanswered money message, judged from its rows alone. */
export type Step =
  /** Something is on its way, or only the detail (3202) or the card can decide. */
  | { readonly do: 'nothing' }
  | { readonly do: 'reverse'; readonly original: StoredMessage; readonly attempt: number }
  | { readonly do: 'wait'; readonly leftMs: number }
  | { readonly do: 'settle-again'; readonly attempt: number }
  | { readonly do: 'abandon' }
  | { readonly do: 'cancel-again'; readonly attempt: number }
  | { readonly do: 'keep-settled' }
  | { readonly do: 'requeue' };

export interface PlanInput {
  readonly sale: Sale;
  /** All messages of the sale, oldest first. */
  readonly messages: readonly StoredMessage[];
  /** The 2102 that settled the sale: then an unanswered 2103 is what is unknown. */
  readonly settledMessageId: string | undefined;
  readonly givenUp: boolean;
  /** Milliseconds until a message can no longer be on its way. */
  readonly leftMs: (message: StoredMessage) => number;
}

/**
 * The order is the promise (design 4): first undo what is unanswered until that is answered, then wait until
 * the undone request can no longer arrive, only then settle again or give up.
 */
export function planStep(input: PlanInput): Step {
  const { sale, messages, settledMessageId, givenUp, leftMs } = input;
  if (isTorn(sale)) return { do: 'nothing' };
  if (messages.some((message) => message.state === 'intent')) return { do: 'nothing' };
  const money = messages.filter(
    (message) => message.transaction !== '2601' && !isGiveBack(message, settledMessageId),
  );
  const unanswered = money.find((message) => message.state === 'unknown');
  if (unanswered !== undefined) return undoing(unanswered, messages);
  const cancelling = settledMessageId !== undefined;
  if (sale.state === 'suspense') {
    // Parked by a refused 2103; once no earlier 2103 is in doubt, its refusal is simply the answer.
    const inDoubt = money.some((message) => message.state === 'reversed-unproved');
    return cancelling && !inDoubt ? { do: 'keep-settled' } : { do: 'nothing' };
  }
  const undone = money.filter((message) => message.state === 'reversed-unproved');
  const left = Math.max(0, ...undone.map(leftMs));
  if (left > 0) return { do: 'wait', leftMs: left };
  if (sale.state === 'queued') return { do: 'requeue' };
  const attempt = money.length + 1;
  if (cancelling) return givenUp ? { do: 'keep-settled' } : { do: 'cancel-again', attempt };
  return givenUp ? { do: 'abandon' } : { do: 'settle-again', attempt };
}

/** A purchase on the card without an outcome: only the same card can tell, no message and no person. */
export function isTorn(sale: Sale): boolean {
  return sale.state === 'unknown' && sale.cardPurchase !== undefined;
}

function undoing(original: StoredMessage, messages: readonly StoredMessage[]): Step {
  const tries = messages.filter(
    (message) => message.transaction === '2601' && message.originalMessageId === original.messageId,
  );
  if (tries.some(refusedForGood)) return { do: 'nothing' };
  return { do: 'reverse', original, attempt: tries.length + 1 };
}

/** Refused by the agency itself, not merely unsent. */
export function refusedForGood(message: StoredMessage): boolean {
  if (message.state !== 'refused') return false;
  const spec = Object.entries(faultTable).find(([code]) => code === message.faultCode)?.[1];
  return spec?.retry !== 'transient';
}
