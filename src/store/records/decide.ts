import { assert } from '#core/assert';
import type { StoredMessage } from '#core/domain/message';
import type { Settlement } from '#core/domain/settlement';
import type { Change } from '../port.ts';
import { atStake, released } from './postings.ts';
import { settlementAdopted } from './settlement.ts';
import { journaled, moved, type Step } from './step.ts';

/** Two people and their reason. */
export interface Decided extends Step {
  readonly secondOperator: string;
  readonly reason: string;
}

/**
 * The agency says that a suspended settlement does not stand. Its message counts as reversed, unproved: should the
 * detail (3202) show it after all, it is given back like any second charge.
 */
export function suspenseNotSettled(step: Decided & { readonly message: StoredMessage }): Change {
  const { sale, message } = step;
  return {
    sale: moved(sale, ['suspense'], 'abandoned'),
    messages: [{ messageId: message.messageId, was: ['unknown'], to: 'reversed-unproved' }],
    events: [{ ...decided(step, 'not-settled', message.messageId), postings: released(atStake(sale)) }],
  };
}

/** The agency says that it has settled, and under which numbers; the sums are the quoted ones. */
export function suspenseSettled(
  step: Decided & { readonly message: StoredMessage; readonly settlement: Settlement },
): Change {
  const { sale, message, settlement, nowMs, operator } = step;
  assert(sale.state === 'suspense', 'a person decides about a sale in suspense');
  const { messageId } = message;
  const change = settlementAdopted({ sale, nowMs, operator, messageId, settlement, foundBy: 'person' });
  return { ...change, events: [...change.events, decided(step, 'settled', messageId)] };
}

/** The card of a torn purchase does not come back: its money is free again, and nobody charges it any more. */
export function tornNotDeducted(step: Decided): Change {
  const { sale } = step;
  assert(sale.cardPurchase !== undefined, 'only a purchase that was put to a card is torn');
  return {
    sale: moved(sale, ['unknown'], 'abandoned'),
    events: [{ ...decided(step, 'not-deducted'), postings: released(atStake(sale)) }],
  };
}

/** A rejected offline sale is uploaded once more: what the agency complained of has been put right. */
export function uploadAgain(step: Decided): Change {
  const { sale, nowMs } = step;
  return {
    sale: moved(sale, ['rejected'], 'queued'),
    uploads: [{ saleId: sale.saleId, was: ['rejected'], to: 'queued', nextAtMs: nowMs }],
    events: [decided(step, 'upload-again')],
  };
}

function decided(
  { sale, nowMs, operator, secondOperator, reason }: Decided,
  decision: string,
  messageId?: string,
): Change['events'][number] {
  return {
    kind: 'operator-decided',
    saleId: sale.saleId,
    atMs: nowMs,
    operator,
    facts: {
      decision,
      secondOperator,
      reason: journaled(reason, sale),
      ...(messageId === undefined ? {} : { messageId }),
    },
  };
}
