import { businessDay } from '#core/business-time';
import type { StoredMessage } from '#core/domain/message';
import type { Sale } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { cancelFound } from '#store/records/cancel';
import { isGiveBack } from '#store/records/recover';
import { reversalProved } from '#store/records/reversal';
import { settlementAdopted } from '#store/records/settlement';
import { uploadAdopted } from '#store/records/upload';
import { adoptable, adoptedSettlement, cancellationOf } from './adopt.ts';
import {
  bookingDays,
  type Detail,
  distinctKeys,
  fetchDetail,
  keysOf,
  knownKeys,
  type ListedRow,
} from './detail.ts';
import { explained } from './explain.ts';
import { closeReturned, foundCharge, giveBack, giveBackTries } from './give-back.ts';
import { givenUp, type SyncParts } from './parts.ts';
import { readableSale } from './readable.ts';
import { base, record } from './resolver.ts';

export interface Reconciled {
  /** Messages whose fate is now proved: no trace, booked and taken as such, or cancelled after all. */
  readonly proved: number;
  /** Charges given back. */
  readonly returned: number;
  /** Rows that need a person; kept under the setting `reconciliation:<day>`. */
  readonly differences: number;
}

const DAY_MS = 86_400_000;

/** What became of one doubtful message or one row. */
type Verdict = 'proved' | 'returned' | 'difference' | 'open';

/**
 * Compares the day with the agency's detail (3202) and decides every message in doubt that can no longer be
 * on its way. Suspended and unanswered sales: a booked charge is taken as the sale's settlement when nobody
 * gave the sale up, nothing was settled again and its sums are the quoted ones; any other booked charge is
 * given back the same day by 2103. A message without a trace is proved not to have been booked.
 */
export async function reconcileDay(parts: SyncParts, day: string): Promise<Result<Reconciled, Fault>> {
  if (parts.context() === undefined) return err(fault('reconcile-not-signed-in'));
  const doubtful = doubtfulMessages(parts).filter((message) => daysOf(parts, message).includes(day));
  const quiet = doubtful.filter((message) => isQuiet(parts, message));
  const days = [...new Set([day, ...quiet.flatMap((message) => daysOf(parts, message))])].sort();
  const keys = distinctKeys([
    ...knownKeys(parts),
    ...quiet.flatMap((message) => keysOf(parts, message.saleId)),
  ]);
  if (keys.length === 0 && doubtful.length > 0) return err(fault('reconcile-no-keys'));
  const detail = await fetchDetail(parts, days, keys);
  if (!detail.ok) return detail;

  const verdicts: Verdict[] = [];
  for (const message of quiet) verdicts.push(await judgeMessage(parts, message, detail.value));
  const open: ListedRow[] = [];
  for (const row of detail.value.rows) {
    const verdict = await judgeRow(parts, row, detail.value);
    if (verdict === 'returned') verdicts.push(verdict);
    if (verdict === 'difference') open.push(row);
  }
  const count = (verdict: Verdict) => verdicts.filter((one) => one === verdict).length;
  const result = { proved: count('proved'), returned: count('returned'), differences: open.length };
  keep(parts, day, result, open);
  return ok(result);
}

/** Money messages in doubt: unanswered, or reversed without proof. */
export function doubtfulMessages(parts: SyncParts): readonly StoredMessage[] {
  return parts.store.messagesInState(['unknown', 'reversed-unproved']).filter((message) => {
    if (message.transaction === '2601') return false;
    return !isGiveBack(message, parts.store.settled(message.saleId)?.messageId);
  });
}

/** Neither the message nor an unanswered message about it can still arrive, and nothing is under way. */
export function isQuiet(parts: SyncParts, message: StoredMessage): boolean {
  const about = parts.store
    .messagesOfSale(message.saleId)
    .filter((one) => one.originalMessageId === message.messageId);
  const moving = about.some(
    (one) => one.state === 'intent' || (one.state === 'unknown' && !parts.ages.over(one)),
  );
  return parts.ages.over(message) && !moving && !parts.busy.has(message.saleId);
}

/**
 * The days by the agency's own clock: this till's clock may have been wrong when the message was made and right
 * since, or the other way round, and a charge listed on another day than asked about would never be found. After
 * a restart the message's own time is left, off by what the clock has ever been seen to be off, or by up to a day.
 */
function agencyDays(parts: SyncParts, message: StoredMessage): readonly string[] {
  const { clock, agency, ages, clockErrors, options } = parts;
  const sentAtMs = clock.nowMs() + (agency.driftMs() ?? 0) - ages.seenAgoMs(message);
  const onceOff = clockErrors.seenMs().map((errorMs) => message.preparedAtMs + errorMs);
  const { requestLifeMs } = options;
  const around = [sentAtMs, ...onceOff].flatMap((atMs) => [atMs - requestLifeMs, atMs, atMs + requestLifeMs]);
  return [...around, message.preparedAtMs - DAY_MS, message.preparedAtMs + DAY_MS].map(businessDay);
}

function daysOf(parts: SyncParts, message: StoredMessage): readonly string[] {
  return [...new Set([...ownDays(parts, message), ...relatedDays(parts, message)])];
}

/** Days on which the agency may list what another message did about the same charge. */
function relatedDays(parts: SyncParts, message: StoredMessage): readonly string[] {
  if (message.transaction !== '2103') {
    // A charge found late is given back on another day than its own, and that day lists what became of it.
    const givenBack = giveBackTries(parts, message).flatMap((one) => ownDays(parts, one));
    // It may have been found on a day that its message cannot be from: a person asked, or a clock was wrong.
    return givenBack.concat(foundCharge(parts, message)?.day ?? []);
  }
  // A cancellation that took effect may show as its settlement missing on the settlement's own day.
  const settled =
    message.originalMessageId === undefined ? undefined : parts.store.message(message.originalMessageId);
  return settled === undefined ? [] : bookingDays(settled, 0);
}

function ownDays(parts: SyncParts, message: StoredMessage): readonly string[] {
  return [...bookingDays(message, parts.options.requestLifeMs), ...agencyDays(parts, message)];
}

async function judgeMessage(parts: SyncParts, before: StoredMessage, detail: Detail): Promise<Verdict> {
  const message = parts.store.message(before.messageId);
  const sale = readableSale(parts.store, before.saleId);
  if (message?.state !== before.state || sale === undefined || parts.busy.has(sale.saleId)) return 'open';
  parts.busy.add(sale.saleId);
  try {
    if (message.transaction === '2103') return judgeCancel(parts, sale, message, detail);
    return await judgeSettlement(parts, sale, message, detail);
  } finally {
    parts.busy.delete(sale.saleId);
  }
}

async function judgeSettlement(
  parts: SyncParts,
  sale: Sale,
  message: StoredMessage,
  detail: Detail,
): Promise<Verdict> {
  const row = detail.byMessage.get(message.messageId);
  if (row === undefined || undone(parts, row, detail)) {
    if (giveBackTries(parts, message).length > 0) return closeReturned(parts, sale, message);
    record(parts, reversalProved({ ...base(parts, sale), message }));
    return 'proved';
  }
  if (!givenUp(parts, sale.saleId) && adoptable(parts, sale, message, row)) {
    const step = {
      ...base(parts, sale),
      messageId: message.messageId,
      settlement: adoptedSettlement(sale, message, row),
    };
    record(parts, sale.state === 'queued' ? uploadAdopted(step) : settlementAdopted(step));
    return 'proved';
  }
  return await giveBack(parts, sale, message, row);
}

/** A refund row that undoes this charge: made by our 2103 for it, or of the same visit. */
function undone(parts: SyncParts, row: ListedRow, detail: Detail): boolean {
  return detail.refunds.some((refund) => {
    const by = parts.store.message(refund.messageId);
    return by?.originalMessageId === row.messageId || (row.visitId !== '' && refund.visitId === row.visitId);
  });
}

function judgeCancel(parts: SyncParts, sale: Sale, message: StoredMessage, detail: Detail): Verdict {
  const settled = parts.store.settled(sale.saleId);
  if (settled === undefined) return 'open';
  const { settlement } = settled;
  const refund =
    detail.byMessage.get(message.messageId) ??
    detail.refunds.find((row) => row.visitId === settlement.visitId && row.result === 'agency-only');
  const gone = settlement.settlementId !== undefined && detail.institutionOnly.has(settlement.settlementId);
  if (sale.state !== 'cancelled' && (refund !== undefined || gone)) {
    const cancellation = refund === undefined ? undefined : cancellationOf(refund, settlement);
    record(
      parts,
      cancelFound({
        ...base(parts, sale),
        message,
        settlement,
        ...(cancellation === undefined ? {} : { cancellation }),
      }),
    );
    return 'proved';
  }
  record(parts, reversalProved({ ...base(parts, sale), message }));
  return 'proved';
}

/** A row of the answer after the doubtful messages are decided: explained, a late charge of ours, or a difference. */
async function judgeRow(parts: SyncParts, row: ListedRow, detail: Detail): Promise<Verdict> {
  if (row.result === 'balanced' || explained(parts, row)) return 'open';
  const message = parts.store.message(row.messageId);
  const sale = message === undefined ? undefined : readableSale(parts.store, message.saleId);
  if (message?.state !== 'reversed' || sale === undefined || row.result !== 'agency-only')
    return 'difference';
  if (parts.busy.has(sale.saleId)) return 'open';
  // A refund row would be taken for the one that undoes it: it stands until its own reversal takes it off the list.
  if (!row.refund && undone(parts, row, detail)) return 'open';
  parts.busy.add(sale.saleId);
  try {
    if (message.transaction === '2102') return await giveBack(parts, sale, message, row);
    return sale.state === 'cancelled' ? 'difference' : judgeCancel(parts, sale, message, detail);
  } finally {
    parts.busy.delete(sale.saleId);
  }
}

/** The last comparison of the day with its open rows, for the work-list; ids and codes only. */
function keep(parts: SyncParts, day: string, result: Reconciled, open: readonly ListedRow[]): void {
  const rows = open.map(({ messageId, settlementId, result: found, refund, day: on, key }) => {
    return { messageId, settlementId, result: found, refund, day: on, key };
  });
  const kept = { atMs: parts.clock.nowMs(), ...result, rows };
  parts.store.setSetting(`reconciliation:${day}`, JSON.stringify(kept));
  if (open.length > 0) parts.log.warn({ day, rows }, fault('reconcile-difference').en);
}
