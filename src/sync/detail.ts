import type { DetailDifference, DetailRow, MessageContext } from '#agency/port';
import { businessDay } from '#core/business-time';
import type { StoredMessage } from '#core/domain/message';
import type { ClearingKey } from '#core/domain/sale';
import type { Settlement } from '#core/domain/settlement';
import { type Fault, fault } from '#core/fault';
import { type Money, subtractMoney, zeroMoney } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { unlessBroken } from '#store/seals';
import type { SyncParts } from './parts.ts';
import { quotedKeys } from './quoted-key.ts';
import { readableSale } from './readable.ts';

const dayMs = 86_400_000;
/** Clearing keys seen in this time are asked too, for charges that the till does not know of. */
const keysRememberedDays = 31;

/** One row of the agency's answer with the day and the key under which it was listed. */
export interface ListedRow extends DetailDifference {
  readonly day: string;
  readonly key: ClearingKey;
}

/** What the agency's detail says about some days, under every clearing key that matters. */
export interface Detail {
  /** Records that the agency has, by sender message id: settlements and refunds. */
  readonly byMessage: ReadonlyMap<string, ListedRow>;
  readonly refunds: readonly ListedRow[];
  /** Settlement ids that we have and the agency has not. */
  readonly institutionOnly: ReadonlySet<string>;
  readonly rows: readonly ListedRow[];
}

/** Business days on which the agency may have booked a message: from its making to the end of its life. */
export function bookingDays(message: StoredMessage, requestLifeMs: number): readonly string[] {
  const lastMs = Math.max(message.preparedAtMs, message.lastByteAtMs ?? message.preparedAtMs) + requestLifeMs;
  const firstMs = Math.max(message.preparedAtMs, lastMs - keysRememberedDays * dayMs);
  const days = new Set<string>();
  for (let atMs = firstMs; atMs < lastMs; atMs += dayMs) days.add(businessDay(atMs));
  return [...days.add(businessDay(lastMs))];
}

/** Clearing keys under which a message of this sale would be listed; all known ones when that is not known. */
export function keysOf(parts: SyncParts, saleId: string): readonly ClearingKey[] {
  const settlement = settlementOf(parts, saleId);
  if (settlement !== undefined) return [{ office: settlement.clearingOffice, type: settlement.clearingType }];
  const clearing = readableSale(parts.store, saleId)?.clearing;
  return clearing === undefined ? knownKeys(parts) : [clearing];
}

/** Undefined also when the seal of the record is broken: the comparison then shows a difference. */
function settlementOf(parts: SyncParts, saleId: string): Settlement | undefined {
  return unlessBroken(() => parts.store.settled(saleId)?.settlement);
}

export function knownKeys(parts: SyncParts): readonly ClearingKey[] {
  const since = businessDay(parts.clock.nowMs() - keysRememberedDays * dayMs);
  return [...parts.store.clearingKeysSince(since), ...quotedKeys(parts.store), ...parts.options.clearing];
}

export function distinctKeys(keys: readonly ClearingKey[]): readonly ClearingKey[] {
  return [...new Map(keys.map((key) => [`${key.office} ${key.type}`, key])).values()];
}

/**
 * Asks 3202 for each day, key and kind (settlements and refunds apart, refd_setl_flag 0 and 1). The first
 * call that does not succeed fails the whole: a detail with a hole proves nothing.
 */
export async function fetchDetail(
  parts: SyncParts,
  days: readonly string[],
  keys: readonly ClearingKey[],
): Promise<Result<Detail, Fault>> {
  const rows: ListedRow[] = [];
  for (const day of days) {
    for (const key of keys) {
      for (const kind of ['settlements', 'refunds'] as const) {
        const listed = await compare(parts, day, key, kind);
        if (!listed.ok) return listed;
        rows.push(...listed.value.map((row) => ({ ...row, day, key })));
      }
    }
  }
  const theirs = rows.filter((row) => row.result !== 'institution-only');
  return ok({
    byMessage: new Map(theirs.map((row) => [row.messageId, row])),
    refunds: theirs.filter((row) => row.refund),
    institutionOnly: new Set(
      rows.filter((row) => row.result === 'institution-only').map((row) => row.settlementId),
    ),
    rows,
  });
}

async function compare(
  parts: SyncParts,
  day: string,
  key: ClearingKey,
  kind: 'settlements' | 'refunds',
): Promise<Result<readonly DetailDifference[], Fault>> {
  const context: MessageContext | undefined = parts.context();
  if (context === undefined) return err(fault('reconcile-not-signed-in'));
  const ours = kind === 'settlements' ? settlementRows(parts, day, key) : refundRows(parts, day, key);
  const outcome = await parts.agency.reconcileDetail(
    { businessDay: day, clearingOffice: key.office, clearingType: key.type, kind, rows: ours },
    context,
  );
  parts.link.report(outcome);
  if (outcome.kind === 'success') return ok(outcome.value);
  if (outcome.kind === 'unknown' || outcome.agencyText === '') return err(outcome.fault);
  return err({ ...outcome.fault, detail: outcome.agencyText });
}

/** Cancelled settlements are listed too: the agency keeps them beside their refund rows. */
function settlementRows(parts: SyncParts, day: string, key: ClearingKey): DetailRow[] {
  return parts.store.settledOfDay(day).flatMap(({ settlement }) => {
    const { settlementId, visitId, personNumber, split, clearingOffice, clearingType } = settlement;
    if (settlementId === undefined || clearingOffice !== key.office || clearingType !== key.type) return [];
    const { total, fundTotal, account, familyAccount } = split;
    // A disputed settlement may state a cash part that does not fit: its row would have the whole day refused.
    const cash = cashOf(total, fundTotal, account, familyAccount);
    return [{ settlementId, visitId, personNumber, total, fundTotal, account, cash, refund: false }];
  });
}

/** What neither fund nor accounts pay: the rows of one statement add up whatever an answer said. */
function cashOf(total: Money, fundTotal: Money, account: Money, familyAccount = zeroMoney): Money {
  return subtractMoney(subtractMoney(subtractMoney(total, fundTotal), account), familyAccount);
}

function refundRows(parts: SyncParts, day: string, key: ClearingKey): DetailRow[] {
  return parts.store.cancelledOfDay(day).flatMap(({ saleId, cancellation }) => {
    const settlement = settlementOf(parts, saleId);
    if (settlement?.clearingOffice !== key.office || settlement.clearingType !== key.type) return [];
    const { settlementId, visitId, total, fundTotal, account, familyAccount } = cancellation;
    const { personNumber } = settlement;
    const cash = cashOf(total, fundTotal, account, familyAccount);
    return [{ settlementId, visitId, personNumber, total, fundTotal, account, cash, refund: true }];
  });
}
