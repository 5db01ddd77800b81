import { assert } from '#core/assert';
import type { StoredMessage } from '#core/domain/message';
import type { Sale } from '#core/domain/sale';
import type { Change, TillStore } from '../port.ts';
import { unlessBroken } from '../seals.ts';
import { cancelUnknown } from './cancel.ts';
import { offlineTorn } from './offline.ts';
import { giveBackUnknown, reversalUnknown } from './reversal.ts';
import { settlementUnknown } from './settlement.ts';
import { byItself } from './step.ts';
import { uploadUnknown } from './upload.ts';

/**
 * At start: a message still in `intent` may have left the machine before the process died, so its outcome
 * is unknown, counted from now (the latest moment at which a last byte can have left). A card that was being
 * debited may have deducted: its sale is unknown until the same card tells. Answers how many. A sale whose
 * seal is broken stays as it is; the store names it.
 */
export function recoverIntents(store: TillStore, nowMs: number): number {
  const left = store.messagesInState(['intent']);
  for (const message of left) unlessBroken(() => recoverMessage(store, message, nowMs));
  const debited = store.salesInState(['committing']).filter((sale) => sale.cardPurchase !== undefined);
  for (const sale of debited) store.commit(offlineTorn({ sale, nowMs, operator: byItself }));
  return left.length + debited.length;
}

/** The same for one message whose outcome could not be recorded (disk full while the answer came). */
export function recoverMessage(store: TillStore, message: StoredMessage, nowMs: number): void {
  const sale = store.sale(message.saleId);
  assert(sale !== undefined, 'every message belongs to a stored sale');
  store.commit(recovered(sale, message, store.settled(sale.saleId)?.messageId, nowMs));
}

function recovered(
  sale: Sale,
  message: StoredMessage,
  settledMessageId: string | undefined,
  nowMs: number,
): Change {
  const step = {
    sale,
    nowMs,
    operator: byItself,
    messageId: message.messageId,
    lastByteAtMs: nowMs,
    faultCode: 'agency-no-answer' as const,
  };
  if (message.transaction === '2601') return reversalUnknown(step);
  if (isGiveBack(message, settledMessageId)) return giveBackUnknown(step);
  if (message.transaction === '2103') return cancelUnknown(step);
  return sale.state === 'queued' ? uploadUnknown(step) : settlementUnknown(step);
}

/** A 2103 that gives a second charge back, not one that cancels the sale's own settlement. */
export function isGiveBack(message: StoredMessage, settledMessageId: string | undefined): boolean {
  return message.transaction === '2103' && message.originalMessageId !== settledMessageId;
}
