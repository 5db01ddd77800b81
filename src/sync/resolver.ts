import type { AgencyOutcome, MessageContext, PreparedMessage } from '#agency/port';
import { assert } from '#core/assert';
import type { StoredMessage } from '#core/domain/message';
import type { Sale } from '#core/domain/sale';
import type { Cancellation, Settlement } from '#core/domain/settlement';
import type { Change, SettledFacts } from '#store/port';
import {
  cancelIntended,
  cancelNotSent,
  cancelRefused,
  cancelSucceeded,
  cancelUnknown,
  settlementKept,
} from '#store/records/cancel';
import {
  reversalAccepted,
  reversalIntended,
  reversalNotSent,
  reversalRefused,
  reversalUnknown,
} from '#store/records/reversal';
import {
  abandoned,
  settlementNotSent,
  settlementRefused,
  settlementRetried,
  settlementSucceeded,
  settlementUnknown,
} from '#store/records/settlement';
import { byItself } from '#store/records/step';
import { uploadRequeued } from '#store/records/upload';
import { withComparison } from './compare-settled.ts';
import { givenUp, type SyncParts } from './parts.ts';
import { planStep, type Step } from './plan.ts';

/** The step that the rows of a sale ask for now. */
export function nextStep(parts: SyncParts, sale: Sale): Step {
  return planStep({
    sale,
    messages: parts.store.messagesOfSale(sale.saleId),
    settledMessageId: parts.store.settled(sale.saleId)?.messageId,
    givenUp: givenUp(parts, sale.saleId),
    leftMs: (message) => parts.ages.leftMs(message),
  });
}

/** Whether a step sends something, so that it needs the link and somebody signed in. */
export function needsLink(step: Step): boolean {
  return step.do === 'reverse' || step.do === 'settle-again' || step.do === 'cancel-again';
}

/**
 * Does one step: intent on disk, send, outcome on disk. Answers `again` when nothing stands in the way of
 * the next step, `later` when it should be tried again after a back-off. Throws only what the store throws.
 */
export async function takeStep(parts: SyncParts, sale: Sale, step: Step): Promise<'again' | 'later'> {
  switch (step.do) {
    case 'reverse':
      return await reverse(parts, sale, step.original, step.attempt);
    case 'settle-again':
      return await settleAgain(parts, sale, step.attempt);
    case 'cancel-again':
      return await cancelAgain(parts, sale);
    case 'abandon':
      return record(parts, abandoned({ ...base(parts, sale), reason: 'given-up' }));
    case 'requeue':
      return record(parts, uploadRequeued(base(parts, sale)));
    case 'keep-settled': {
      const { settlement } = settledOf(parts, sale);
      return record(
        parts,
        settlementKept({ ...base(parts, sale), settlement, reason: 'cancellation-undone' }),
      );
    }
    case 'nothing':
    case 'wait':
      return 'later';
  }
}

/** Sale, time and operator of a step that the terminal takes by itself. */
export function base(
  parts: SyncParts,
  sale: Sale,
): { readonly sale: Sale; readonly nowMs: number; readonly operator: string } {
  return { sale, nowMs: parts.clock.nowMs(), operator: byItself };
}

export function record(parts: SyncParts, change: Change): 'again' {
  parts.store.commit(change);
  parts.onChange();
  return 'again';
}

/**
 * Sends a message whose intent is on disk and hands its outcome to `write`. When the outcome cannot be
 * written, the message is kept as an orphan, to be recorded as unknown as soon as the disk allows.
 */
export async function sendStored<T>(
  parts: SyncParts,
  { message, personNumber }: { readonly message: PreparedMessage; readonly personNumber: string },
  send: (message: PreparedMessage) => Promise<AgencyOutcome<T>>,
  write: (outcome: AgencyOutcome<T>) => Change,
): Promise<AgencyOutcome<T>> {
  const stored = parts.store.message(message.messageId);
  assert(stored?.state === 'intent', 'a money message is sent only after its intent was stored');
  try {
    const outcome = await parts.turns.during(personNumber, () => send(message));
    parts.link.report(outcome);
    parts.pace.learned(outcome);
    record(parts, write(outcome));
    return outcome;
  } catch (error) {
    parts.orphans.set(message.messageId, stored);
    throw error;
  }
}

async function reverse(
  parts: SyncParts,
  sale: Sale,
  original: StoredMessage,
  attempt: number,
): Promise<'again' | 'later'> {
  const { personNumber, insuredRegion } = requestOf(sale);
  const { messageId: originalMessageId, transaction } = original;
  assert(transaction !== '2601', 'a reversal is not reversed');
  const prepared = parts.agency.prepareReversal(
    { personNumber, insuredRegion, originalMessageId, originalTransaction: transaction },
    contextOf(parts),
  );
  if (!prepared.ok) return unsendable(parts, sale, prepared.error.code);
  const message = prepared.value;
  record(parts, reversalIntended({ ...base(parts, sale), original, message, attempt }));
  const outcome = await sendStored(
    parts,
    { message, personNumber },
    (ready) => parts.agency.sendReversal(ready),
    (result) => reversalOutcome(parts, sale, message.messageId, originalMessageId, result),
  );
  return outcome.kind === 'success' || parked(outcome) ? 'again' : 'later';
}

function reversalOutcome(
  parts: SyncParts,
  sale: Sale,
  messageId: string,
  originalMessageId: string,
  outcome: AgencyOutcome<void>,
): Change {
  const step = { ...base(parts, sale), messageId, answer: outcome.answer };
  if (outcome.kind === 'success') return reversalAccepted({ ...step, originalMessageId });
  const faultCode = outcome.fault.code;
  if (outcome.kind === 'unknown') {
    return reversalUnknown({ ...step, faultCode, lastByteAtMs: outcome.lastByteAtMs });
  }
  if (!parked(outcome)) return reversalNotSent({ ...step, faultCode });
  return reversalRefused({ ...step, originalMessageId, faultCode, agencyText: outcome.agencyText });
}

async function settleAgain(parts: SyncParts, sale: Sale, attempt: number): Promise<'again' | 'later'> {
  const open = parts.store
    .messagesOfSale(sale.saleId)
    .filter((message) => message.transaction === '2102')
    .some(
      (message) => message.state === 'intent' || message.state === 'unknown' || message.state === 'succeeded',
    );
  assert(!open, 'a sale is settled again only when no earlier 2102 of it can still take money unseen');
  const request = requestOf(sale);
  const prepared = parts.agency.prepareSettlement(request, contextOf(parts));
  if (!prepared.ok) return unsendable(parts, sale, prepared.error.code);
  const message = prepared.value;
  record(parts, settlementRetried({ ...base(parts, sale), message, attempt }));
  const outcome = await sendStored(
    parts,
    { message, personNumber: request.personNumber },
    (ready) => parts.agency.sendSettlement(ready),
    (result) => settleOutcome(parts, sale, message.messageId, result),
  );
  return outcome.kind === 'refused' && !parked(outcome) ? 'later' : 'again';
}

function settleOutcome(
  parts: SyncParts,
  sale: Sale,
  messageId: string,
  outcome: AgencyOutcome<Settlement>,
): Change {
  const step = { ...base(parts, sale), messageId, answer: outcome.answer };
  if (outcome.kind === 'success') {
    const change = settlementSucceeded({ ...step, settlement: outcome.value });
    return withComparison(change, parts.store, sale, outcome.value, step.nowMs);
  }
  const faultCode = outcome.fault.code;
  if (outcome.kind === 'unknown') {
    return settlementUnknown({ ...step, faultCode, lastByteAtMs: outcome.lastByteAtMs });
  }
  if (!parked(outcome)) return settlementNotSent({ ...step, faultCode });
  return settlementRefused({ ...step, faultCode, agencyText: outcome.agencyText });
}

async function cancelAgain(parts: SyncParts, sale: Sale): Promise<'again' | 'later'> {
  const { messageId: settledMessageId, settlement } = settledOf(parts, sale);
  const { personNumber, visitId, settlementId } = settlement;
  assert(settlementId !== undefined, 'a settled sale has its settlement id');
  const { insuredRegion } = requestOf(sale);
  const prepared = parts.agency.prepareCancel(
    { personNumber, insuredRegion, visitId, settlementId },
    contextOf(parts),
  );
  if (!prepared.ok) return unsendable(parts, sale, prepared.error.code);
  const message = prepared.value;
  const why = { secondOperator: byItself, reason: 'cancelled-again' };
  record(parts, cancelIntended({ ...base(parts, sale), message, settledMessageId, ...why }));
  const outcome = await sendStored(
    parts,
    { message, personNumber },
    (ready) => parts.agency.sendCancel(ready),
    (result) => cancelOutcome(parts, sale, message.messageId, settlement, result),
  );
  return outcome.kind === 'refused' && !parked(outcome) ? 'later' : 'again';
}

function cancelOutcome(
  parts: SyncParts,
  sale: Sale,
  messageId: string,
  settlement: Settlement,
  outcome: AgencyOutcome<Cancellation>,
): Change {
  const step = { ...base(parts, sale), messageId, answer: outcome.answer };
  if (outcome.kind === 'success') {
    return cancelSucceeded({ ...step, settlement, cancellation: outcome.value });
  }
  const faultCode = outcome.fault.code;
  if (outcome.kind === 'unknown') {
    return cancelUnknown({ ...step, faultCode, lastByteAtMs: outcome.lastByteAtMs });
  }
  if (!parked(outcome)) return cancelNotSent({ ...step, faultCode });
  return cancelRefused({ ...step, faultCode, agencyText: outcome.agencyText });
}

/** A refusal that repeating will not change. */
export function parked(outcome: AgencyOutcome<unknown>): boolean {
  return outcome.kind === 'refused' && outcome.fault.retry !== 'transient';
}

/** A message that cannot be made is a fault of ours: said loudly, tried again slowly, nothing lost. */
function unsendable(parts: SyncParts, sale: Sale, code: string): 'later' {
  parts.log.error({ saleId: sale.saleId, code }, 'a message about an unanswered sale cannot be made');
  return 'later';
}

export function contextOf(parts: SyncParts): MessageContext {
  const context = parts.context();
  assert(context !== undefined, 'messages are sent only while an operator is known');
  return context;
}

export function requestOf(sale: Sale): NonNullable<Sale['request']> {
  assert(sale.request !== undefined, 'a sale with a money message keeps its request');
  return sale.request;
}

function settledOf(parts: SyncParts, sale: Sale): SettledFacts {
  const settled = parts.store.settled(sale.saleId);
  assert(settled !== undefined, 'only a settled sale is cancelled');
  return settled;
}
