import type { AgencyOutcome } from '#agency/port';
import type { Sale } from '#core/domain/sale';
import type { Settlement } from '#core/domain/settlement';
import type { Change, UploadRow, UploadState } from '#store/port';
import {
  uploadIntended,
  uploadPostponed,
  uploadRejected,
  uploadSettled,
  uploadUnknown,
  uploadUnreadable,
  uploadUnsendable,
} from '#store/records/upload';
import { withComparison } from './compare-settled.ts';
import { backoffMs, type SyncParts } from './parts.ts';
import { ReadAhead } from './read-ahead.ts';
import { readableSale } from './readable.ts';
import { base, contextOf, parked, record, requestOf, sendStored } from './resolver.ts';
import { type UploadProgress, UploadRun } from './upload-progress.ts';
import { uploadedElsewhere } from './uploaded-elsewhere.ts';

/** A carried sale holds its card's later ones back: their order is that of the card. */
const onTheWay: readonly UploadState[] = ['queued', 'sending', 'ambiguous', 'carried'];

/**
 * Uploads queued offline sales: in order within a lane (card), several lanes at once. The rows are the
 * queue; the lanes kept here are only a reading of them, renewed when nothing in them can be started.
 */
export class UploadWorker {
  readonly #parts: SyncParts;
  readonly #run: (saleId: string, work: () => Promise<unknown>) => void;
  #lanes = new Map<string, string[]>();
  readonly #running = new Set<string>();
  /** Sales tried in the present drain; outside a drain each waits for its own time. */
  #draining: Set<string> | undefined;
  #accepted = 0;
  #rejected = 0;
  #idle: (() => void)[] = [];
  #batch: UploadRun | undefined;
  readonly #ahead: ReadAhead;
  /** Rows may have come that are in no lane yet. */
  #stale = true;

  constructor(parts: SyncParts, run: (saleId: string, work: () => Promise<unknown>) => void) {
    this.#parts = parts;
    this.#run = run;
    this.#ahead = new ReadAhead(parts);
  }

  /** Starts what can be started; answers the milliseconds until the next upload falls due, if one waits. */
  pump(): number | undefined {
    const { link, pace } = this.#parts;
    pace.link(link.usable());
    if (!this.#mayRun()) {
      if (this.#running.size === 0) this.#becomeIdle();
      return undefined;
    }
    const waitMs = pace.waitMs();
    if (waitMs > 0) return this.#paused(waitMs);
    if (!this.#start() && (this.#stale || this.#running.size === 0)) {
      this.#readLanes();
      this.#start();
    }
    const pausedMs = pace.waitMs();
    if (pausedMs > 0) return this.#paused(pausedMs);
    if (this.#running.size === 0) this.#becomeIdle();
    return this.#nextDueMs();
  }

  /** Reads the rows again at the next look: something was queued. */
  renew(): void {
    this.#stale = true;
  }

  progress(): UploadProgress | undefined {
    return this.#batch?.progress(this.#parts.store.uploadCounts().waiting);
  }

  /** Uploads all that can be uploaded now, each sale tried once, without waiting for its back-off. */
  async drain(): Promise<{ readonly accepted: number; readonly rejected: number; readonly left: number }> {
    const before = { accepted: this.#accepted, rejected: this.#rejected };
    this.#draining ??= new Set();
    this.#stale = true;
    const { link, pace } = this.#parts;
    pace.link(link.usable());
    pace.byHand();
    const idle = new Promise<void>((resolve) => {
      this.#idle.push(resolve);
    });
    this.pump();
    await idle;
    return {
      accepted: this.#accepted - before.accepted,
      rejected: this.#rejected - before.rejected,
      left: this.#parts.store.uploadCounts().waiting,
    };
  }

  /** Lets a waiting drain go when the worker is stopped. */
  stop(): void {
    this.#ahead.stop();
    if (this.#running.size === 0) this.#becomeIdle();
  }

  #mayRun(): boolean {
    return this.#parts.link.usable() && this.#parts.context() !== undefined;
  }

  /** A pause ends a drain only where the agency asked for it: nobody is kept waiting at the screen for that. */
  #paused(waitMs: number): number {
    if (this.#parts.pace.toldMs() > 0 && this.#running.size === 0) this.#becomeIdle();
    return waitMs;
  }

  #readLanes(): void {
    this.#stale = false;
    const lanes = new Map<string, string[]>();
    for (const row of this.#parts.store.uploads(onTheWay)) {
      const lane = lanes.get(row.lane);
      if (lane === undefined) lanes.set(row.lane, [row.saleId]);
      else lane.push(row.saleId);
    }
    this.#lanes = lanes;
  }

  #start(): boolean {
    let started = false;
    for (const [lane, saleIds] of this.#lanes) {
      const { pace, options } = this.#parts;
      if (this.#running.size >= pace.atOnce(options.uploadsAtOnce) || pace.waitMs() > 0) break;
      if (this.#running.has(lane)) continue;
      const row = this.#head(saleIds);
      // Tried in this drain already: looked at no more before the next one.
      if (row === undefined || this.#draining?.has(row.saleId) === true) this.#lanes.delete(lane);
      else if (this.#startable(row)) {
        this.#startUpload(lane, row);
        started = true;
      }
    }
    return started;
  }

  /** First upload of the lane that is not finished; finished ones are taken off. */
  #head(saleIds: string[]): UploadRow | undefined {
    for (;;) {
      const [saleId] = saleIds;
      const row = saleId === undefined ? undefined : this.#parts.store.upload(saleId);
      if (row === undefined) return undefined;
      if (onTheWay.includes(row.state)) return row;
      saleIds.shift();
    }
  }

  #startable(row: UploadRow): boolean {
    if (row.state !== 'queued' || this.#parts.busy.has(row.saleId)) return false;
    if (this.#parts.mayUpload?.(row.saleId) === false) return false;
    const isDue = this.#draining === undefined ? this.#dueInMs(row) === 0 : !this.#draining.has(row.saleId);
    return isDue && !this.#parts.turns.mustWait(() => this.#personOf(row));
  }

  #personOf({ saleId }: UploadRow): string | undefined {
    return readableSale(this.#parts.store, saleId)?.request?.personNumber;
  }

  #startUpload(lane: string, row: UploadRow): void {
    const { clock, pace } = this.#parts;
    this.#running.add(lane);
    this.#draining?.add(row.saleId);
    this.#batch ??= new UploadRun(clock);
    pace.began();
    this.#ahead.soon(() => this.#comingAfter(lane));
    this.#run(row.saleId, async () => {
      try {
        const state = await uploadOne(this.#parts, row);
        if (state === 'accepted') this.#accepted += 1;
        if (state === 'rejected') this.#rejected += 1;
        if (state !== 'left') this.#batch?.finished();
      } finally {
        this.#running.delete(lane);
      }
    });
  }

  /** The next of the lane, then the first of each lane in which nothing runs. */
  *#comingAfter(lane: string): Iterable<string> {
    const next = this.#lanes.get(lane)?.[1];
    if (next !== undefined) yield next;
    for (const [other, [first]] of this.#lanes) {
      if (first !== undefined && !this.#running.has(other)) yield first;
    }
  }

  #becomeIdle(): void {
    const { onChange } = this.#parts;
    this.#draining = undefined;
    const ended = this.#batch !== undefined;
    this.#batch = undefined;
    if (ended) onChange();
    const waiting = this.#idle;
    this.#idle = [];
    for (const done of waiting) done();
  }

  #nextDueMs(): number | undefined {
    // Each upload that ends pumps again, so only a standstill has to look at the time.
    if (this.#running.size > 0) return undefined;
    const waits = [...this.#lanes.values()]
      .map((saleIds) => this.#head(saleIds))
      .filter((row) => row?.state === 'queued')
      .map((row) => (row === undefined ? 0 : this.#dueInMs(row)))
      .filter((leftMs) => leftMs > 0);
    return waits.length === 0 ? undefined : Math.min(...waits);
  }

  /** A time further away than any back-off means that the clock was set back: due at once. */
  #dueInMs(row: UploadRow): number {
    const leftMs = row.nextAtMs - this.#parts.clock.nowMs();
    return leftMs > this.#parts.options.backoffCapMs ? 0 : Math.max(0, leftMs);
  }
}

/** One try of one queued sale. */
async function uploadOne(parts: SyncParts, upload: UploadRow): Promise<'accepted' | 'rejected' | 'left'> {
  const sale = readableSale(parts.store, upload.saleId);
  if (sale === undefined) {
    record(parts, uploadUnreadable(upload));
    return 'rejected';
  }
  if (sale.state !== 'queued') return 'left';
  const carriedAtMs = parts.store.carry.takenBackSince(upload.saleId);
  if (carriedAtMs !== undefined) {
    const found = await uploadedElsewhere(parts, sale, upload, carriedAtMs);
    if (found !== 'no') return found;
  }
  const { offlineProof } = sale;
  const request = { ...requestOf(sale), ...(offlineProof === undefined ? {} : { offlineProof }) };
  const prepared = parts.agency.prepareSettlement(request, contextOf(parts));
  if (!prepared.ok) {
    const { code, detail = '' } = prepared.error;
    record(parts, uploadUnsendable({ ...base(parts, sale), faultCode: code, detail }));
    return 'rejected';
  }
  const message = prepared.value;
  record(parts, uploadIntended({ ...base(parts, sale), message, upload }));
  const outcome = await sendStored(
    parts,
    { message, personNumber: request.personNumber },
    (ready) => parts.agency.sendSettlement(ready),
    (result) => uploadOutcome(parts, sale, upload, message.messageId, result),
  );
  if (outcome.kind === 'success') return 'accepted';
  return parked(outcome) ? 'rejected' : 'left';
}

function uploadOutcome(
  parts: SyncParts,
  sale: Sale,
  upload: UploadRow,
  messageId: string,
  outcome: AgencyOutcome<Settlement>,
): Change {
  const step = { ...base(parts, sale), messageId, answer: outcome.answer };
  if (outcome.kind === 'success') {
    const { change } = uploadSettled({ ...step, settlement: outcome.value });
    return withComparison(change, parts.store, sale, outcome.value, step.nowMs);
  }
  const faultCode = outcome.fault.code;
  if (outcome.kind === 'unknown') {
    return uploadUnknown({ ...step, faultCode, lastByteAtMs: outcome.lastByteAtMs });
  }
  if (parked(outcome)) return uploadRejected({ ...step, faultCode, agencyText: outcome.agencyText });
  const nextAtMs = step.nowMs + backoffMs(parts.options, upload.attempts + 2);
  return uploadPostponed({ ...step, faultCode, nextAtMs });
}
