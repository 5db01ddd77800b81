import { assert } from '#core/assert';
import { businessDay, parseBusinessDateTime } from '#core/business-time';
import type { StoredMessage } from '#core/domain/message';
import type { ClearingKey, Sale } from '#core/domain/sale';
import type { Cancellation, Settlement } from '#core/domain/settlement';
import type { Split } from '#core/domain/split';
import { negateMoney, subtractMoney } from '#core/money';
import { saleTotal } from '#store/records/postings';
import type { ListedRow } from './detail.ts';
import type { SyncParts } from './parts.ts';

/** Whether a booked but unanswered charge is exactly what was quoted, so that it can stand as the settlement. */
export function adoptable(parts: SyncParts, sale: Sale, message: StoredMessage, row: ListedRow): boolean {
  const open = sale.state === 'unknown' || sale.state === 'suspense' || sale.state === 'queued';
  if (!open || message.state !== 'unknown' || parts.store.settled(sale.saleId) !== undefined) return false;
  const { split, request } = sale;
  return (
    row.result === 'agency-only' &&
    row.settlementId !== '' &&
    split !== undefined &&
    row.total === request?.total &&
    row.fundTotal === split.fundTotal &&
    row.account === split.account
  );
}

/** The settlement that the detail shows, with the split that was quoted; it fits because its sums do. */
export function adoptedSettlement(sale: Sale, message: StoredMessage, row: ListedRow): Settlement {
  const noon = parseBusinessDateTime(`${row.day} 12:00:00`) ?? message.preparedAtMs;
  const settledAtMs = businessDay(message.preparedAtMs) === row.day ? message.preparedAtMs : noon;
  const { visitId, settlementId, key } = row;
  return quotedSettlement(sale, { visitId, settlementId, settledAtMs, key });
}

/** A settlement of which only the numbers are known: its sums are those of the quote. */
export function quotedSettlement(
  sale: Sale,
  known: {
    readonly visitId: string;
    readonly settlementId: string;
    readonly settledAtMs: number;
    readonly key: ClearingKey;
  },
): Settlement {
  const { split, request } = sale;
  assert(split !== undefined && request !== undefined, 'an adopted sale was quoted and asked');
  const { visitId, settlementId, settledAtMs, key } = known;
  return {
    ...{ visitId, settlementId, settledAtMs },
    personNumber: request.personNumber,
    split: askedPart(sale, split, request.lines),
    clearingOffice: key.office,
    clearingType: key.type,
    brokenRelations: [],
  };
}

/** The quoted split without the own-pay lines that the agency was not asked about. */
function askedPart(sale: Sale, split: Split, asked: readonly { readonly lineNumber: number }[]): Split {
  const numbers = new Set(asked.map((line) => line.lineNumber));
  const rest = saleTotal({ ...sale, lines: sale.lines.filter((line) => !numbers.has(line.lineNumber)) });
  return {
    ...split,
    total: subtractMoney(split.total, rest),
    outOfScope: subtractMoney(split.outOfScope, rest),
    own: subtractMoney(split.own, rest),
    cash: subtractMoney(split.cash, rest),
    lines: split.lines.filter((line) => numbers.has(line.lineNumber)),
  };
}

/**
 * The refund row as a cancellation of the settlement; undefined when the agency left its sums out. What came from a
 * relative's account stands in no row: a cancellation gives back the whole of it.
 */
export function cancellationOf(row: ListedRow, { split }: Settlement): Cancellation | undefined {
  const { visitId, settlementId, total, fundTotal, account } = row;
  if (total === undefined || fundTotal === undefined || account === undefined) return undefined;
  const { familyAccount } = split;
  const family = familyAccount === undefined ? {} : { familyAccount: negateMoney(familyAccount) };
  return { visitId, settlementId, total, fundTotal, account, ...family };
}
