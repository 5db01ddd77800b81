import type { ListedRow } from './detail.ts';
import { isLostSale } from './lost-sales.ts';
import type { SyncParts } from './parts.ts';
import { readableSale } from './readable.ts';

/**
 * Whether the till's own records account for a row that does not balance. Agencies differ in how they list
 * cancelled and given-back settlements (kept beside a refund row, or netted away): both are sound.
 */
export function explained(parts: SyncParts, row: ListedRow): boolean {
  if (row.result === 'differs') return false;
  if (row.result === 'institution-only') return isCancelledHere(parts, row);
  const message = parts.store.message(row.messageId);
  if (message === undefined) {
    if (parts.knownElsewhere?.(row.messageId) === true) return true;
    return isLostSale(parts.store, row) || (row.refund && belongsToReturned(parts, row));
  }
  // Answered while the comparison was on its way, or listed on a neighbouring day.
  return message.state === 'succeeded' || message.state === 'returned' || message.state === 'intent';
}

function isCancelledHere(parts: SyncParts, row: ListedRow): boolean {
  const of = [...parts.store.settledOfDay(row.day), ...parts.store.cancelledOfDay(row.day)].find((facts) =>
    'settlement' in facts
      ? facts.settlement.settlementId === row.settlementId
      : facts.cancellation.settlementId === row.settlementId,
  );
  return of !== undefined && readableSale(parts.store, of.saleId)?.state === 'cancelled';
}

/** A refund under a foreign message id (an agency that books reversals as refunds) of a charge of ours. */
function belongsToReturned(parts: SyncParts, row: ListedRow): boolean {
  const settled = parts.store
    .settledOfDay(row.day)
    .find(({ settlement }) => settlement.visitId === row.visitId);
  return settled !== undefined && readableSale(parts.store, settled.saleId)?.state === 'cancelled';
}
