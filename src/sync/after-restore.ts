import { businessDay } from '#core/business-time';
import type { StoredMessage } from '#core/domain/message';
import type { Sale } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { Change } from '#store/port';
import { settlementAdopted } from '#store/records/settlement';
import { byItself } from '#store/records/step';
import { uploadAdopted, uploadUnsendable } from '#store/records/upload';
import { holdSetting, type Restore, restoreHold } from '#store/restored';
import { adoptable, adoptedSettlement } from './adopt.ts';
import type { Detail, ListedRow } from './detail.ts';
import { lostDetail, restoredKeys } from './lost-detail.ts';
import { lostSalesSetting, lostSalesText } from './lost-sales.ts';
import { giveUpSetting, type SyncParts } from './parts.ts';
import { isTorn } from './plan.ts';
import { doubtfulMessages, isQuiet, type Reconciled, reconcileDay } from './reconcile.ts';
import { base, record } from './resolver.ts';

const dayMs = 86_400_000;

/** Every business day from the backup to the restore, both included: what the lost days may have booked. */
export function lostDays({ backupAtMs, restoredAtMs }: Restore): readonly string[] {
  const days = new Set<string>();
  for (let atMs = Math.min(backupAtMs, restoredAtMs); atMs < restoredAtMs; atMs += dayMs)
    days.add(businessDay(atMs));
  return [...days.add(businessDay(restoredAtMs))];
}

/**
 * Compares the days since the backup with the agency (3202) and lifts the hold of a restore. First every message
 * that the backup knows is decided. Then each sale that was open in the backup is looked for among the charges
 * that only the agency knows: one with its person and sums is the lost days' settlement or upload of it and is
 * taken as such; one with other sums goes to a person. None of them is settled again by the program. What is left
 * of those charges are whole sales of the lost days: they are listed for a person. Faults `reconcile-…`,
 * `restore-not-yet`, and those of the link: the hold then stays.
 */
export async function reconcileAfterRestore(parts: SyncParts): Promise<Result<Reconciled, Fault>> {
  const hold = restoreHold(parts.store);
  if (hold === undefined) return ok({ proved: 0, returned: 0, differences: 0 });
  if (parts.context() === undefined) return err(fault('reconcile-not-signed-in'));
  const keys = restoredKeys(parts);
  // A comparison under no key at all would be silent about every sale.
  if (keys.length === 0) return err(fault('reconcile-no-keys'));
  const days = lostDays(hold);
  let proved = 0;
  let returned = 0;
  for (const day of days) {
    const compared = await reconcileDay(parts, day);
    if (!compared.ok) return compared;
    proved += compared.value.proved;
    returned += compared.value.returned;
  }
  const moving = doubtfulMessages(parts).filter((message) => !isQuiet(parts, message));
  if (moving.length > 0) return err(fault('restore-not-yet', `${moving.length} requests`));
  const detail = await lostDetail(parts, days, keys);
  if (!detail.ok) return detail;
  const left = decideOpenSales(parts, unknownCharges(parts, detail.value));
  lift(parts, hold, left, proved);
  return ok({ proved, returned, differences: left.length });
}

/** Charges that stand at the agency and of which these records know no message. */
export function unknownCharges(parts: SyncParts, detail: Detail): readonly ListedRow[] {
  const refunded = new Set(detail.refunds.map((row) => row.visitId).filter((id) => id !== ''));
  return detail.rows.filter((row) => {
    if (row.result !== 'agency-only' || row.refund || refunded.has(row.visitId)) return false;
    return parts.store.message(row.messageId) === undefined && parts.knownElsewhere?.(row.messageId) !== true;
  });
}

/** Answers the charges that belong to no sale of these records. */
function decideOpenSales(parts: SyncParts, charges: readonly ListedRow[]): readonly ListedRow[] {
  const { store } = parts;
  const open = store.salesInState(['unknown', 'suspense', 'queued']).filter((sale) => !isTorn(sale));
  const left = new Set(charges);
  for (const sale of open) {
    const same = [...left].filter((row) => isChargeOf(sale, row));
    const [first] = same;
    const message = first === undefined ? undefined : lostMessage(sale, first);
    const fits = first !== undefined && message !== undefined && adoptable(parts, sale, message, first);
    if (first !== undefined && fits && same.length === 1) {
      record(parts, adopted(parts, sale, message, first));
      left.delete(first);
    } else if (sale.state === 'queued') {
      if (first !== undefined && store.upload(sale.saleId)?.state === 'queued')
        record(parts, toPerson(parts, sale));
    } else {
      // The lost days may have settled it under an id that nobody knows any more.
      store.setSetting(giveUpSetting(sale.saleId), 'yes');
    }
  }
  return [...left];
}

/** The same person and the same sum, not before the day of the sale. */
export function isChargeOf(sale: Sale, row: ListedRow): boolean {
  const { request } = sale;
  return (
    request !== undefined &&
    row.personNumber === request.personNumber &&
    row.total === request.total &&
    row.day >= sale.businessDay
  );
}

/** The message by which the lost days settled this sale, as far as the agency tells it. */
export function lostMessage(sale: Sale, row: ListedRow): StoredMessage {
  const { saleId, createdAtMs } = sale;
  return {
    messageId: row.messageId,
    saleId,
    transaction: '2102',
    body: '',
    preparedAtMs: createdAtMs,
    state: 'unknown',
  };
}

export function adopted(parts: SyncParts, sale: Sale, message: StoredMessage, row: ListedRow): Change {
  const step = {
    ...base(parts, sale),
    messageId: message.messageId,
    settlement: adoptedSettlement(sale, message, row),
  };
  const change = sale.state === 'queued' ? uploadAdopted(step) : settlementAdopted(step);
  const messages = (change.messages ?? []).map((one) => ({ ...one, was: ['intent'] as const }));
  const uploads = (change.uploads ?? []).map((one) => ({ ...one, was: ['queued', 'ambiguous'] as const }));
  // Its intent was lost with the disk: it is written anew together with its outcome, and nothing is sent.
  return { ...change, newMessages: [{ ...message, state: 'intent' }], messages, uploads };
}

function toPerson(parts: SyncParts, sale: Sale): Change {
  const faultCode = 'restore-maybe-uploaded';
  return uploadUnsendable({ ...base(parts, sale), faultCode, detail: fault(faultCode).zh });
}

function lift(parts: SyncParts, hold: Restore, left: readonly ListedRow[], proved: number): void {
  parts.store.commit({
    events: [
      {
        kind: 'restore-reconciled',
        atMs: parts.clock.nowMs(),
        operator: byItself,
        facts: {
          days: lostDays(hold),
          proved,
          agencyOnly: left.map(({ messageId, settlementId }) => ({ messageId, settlementId })),
        },
      },
    ],
    settings: [
      { name: holdSetting, value: '' },
      { name: lostSalesSetting, value: lostSalesText(left) },
    ],
  });
  parts.log.info({ agencyOnly: left.length }, 'the days since the backup are compared: insured sales go on');
  parts.onChange();
}
