import { businessDay } from '#core/business-time';
import type { Sale } from '#core/domain/sale';
import type { Fault } from '#core/fault';
import { fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { UploadRow } from '#store/port';
import { uploadUnsendable } from '#store/records/upload';
import { adoptable } from './adopt.ts';
import { adopted, isChargeOf, lostMessage, unknownCharges } from './after-restore.ts';
import { type Detail, distinctKeys, fetchDetail, keysOf, knownKeys, type ListedRow } from './detail.ts';
import { backoffMs, type SyncParts } from './parts.ts';
import { base, record } from './resolver.ts';

const dayMs = 86_400_000;
/** One look serves every sale of a file: nobody else may upload any of them any more. */
const lookKeptMs = 10 * 60_000;

interface Look {
  readonly days: string;
  readonly atMs: number;
  readonly detail: Detail;
}
const looks = new WeakMap<SyncParts, Look>();

/**
 * A sale that was taken back from a carry file whose answer never came: the agency's detail (3202) since it went
 * out tells whether another terminal has uploaded it. One charge with its person and sums is its settlement and is
 * taken as such. A charge that may also be another sale's, or with other sums, goes to a person. `no`: there is
 * none, it may be uploaded. `left`: the agency could not be asked.
 */
export async function uploadedElsewhere(
  parts: SyncParts,
  sale: Sale,
  upload: UploadRow,
  carriedAtMs: number,
): Promise<'no' | 'accepted' | 'rejected' | 'left'> {
  const looked = await lookSince(parts, sale, carriedAtMs);
  if (!looked.ok) {
    if (looked.error.code === 'reconcile-no-keys') return toPerson(parts, sale);
    const nextAtMs = parts.clock.nowMs() + backoffMs(parts.options, upload.attempts + 2);
    const { code: faultCode } = looked.error;
    const { saleId } = sale;
    record(parts, { uploads: [{ saleId, was: ['queued'], to: 'queued', nextAtMs, faultCode }], events: [] });
    return 'left';
  }
  const same = unknownCharges(parts, looked.value).filter((row) => isChargeOf(sale, row));
  const [first] = same;
  if (first === undefined) return 'no';
  return same.length === 1 && !hasTwin(parts, sale) ? adopt(parts, sale, first) : toPerson(parts, sale);
}

function adopt(parts: SyncParts, sale: Sale, row: ListedRow): 'accepted' | 'rejected' {
  const message = lostMessage(sale, row);
  if (!adoptable(parts, sale, message, row)) return toPerson(parts, sale);
  record(parts, adopted(parts, sale, message, row));
  return 'accepted';
}

/** Another sale of the same person and sum that is not settled: a charge cannot be told to be of one or the other. */
function hasTwin({ store }: SyncParts, { saleId, request }: Sale): boolean {
  return store
    .salesInState(['queued', 'rejected'])
    .some(
      (other) =>
        other.saleId !== saleId &&
        other.request?.personNumber === request?.personNumber &&
        other.request?.total === request?.total,
    );
}

/** People who send it again have looked themselves: they are not asked a second time. */
function toPerson(parts: SyncParts, sale: Sale): 'rejected' {
  const faultCode = 'carry-maybe-uploaded';
  const change = uploadUnsendable({ ...base(parts, sale), faultCode, detail: fault(faultCode).zh });
  record(parts, { ...change, carry: { lookedAt: sale.saleId } });
  return 'rejected';
}

async function lookSince(parts: SyncParts, sale: Sale, sinceMs: number): Promise<Result<Detail, Fault>> {
  const keys = distinctKeys([...knownKeys(parts), ...keysOf(parts, sale.saleId)]);
  if (keys.length === 0) return err(fault('reconcile-no-keys'));
  const days = daysSince(sinceMs, parts.clock.nowMs());
  const kept = looks.get(parts);
  const ageMs = kept === undefined ? Number.POSITIVE_INFINITY : parts.clock.monotonicMs() - kept.atMs;
  if (kept?.days === days.join() && ageMs < lookKeptMs) return ok(kept.detail);
  const detail = await fetchDetail(parts, days, keys);
  if (!detail.ok) return detail;
  looks.set(parts, { days: days.join(), atMs: parts.clock.monotonicMs(), detail: detail.value });
  return detail;
}

function daysSince(fromMs: number, toMs: number): readonly string[] {
  const days = new Set<string>();
  for (let atMs = Math.min(fromMs, toMs); atMs < toMs; atMs += dayMs) days.add(businessDay(atMs));
  return [...days.add(businessDay(toMs))];
}
