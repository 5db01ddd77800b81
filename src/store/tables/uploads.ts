import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { assert } from '#core/assert';
import type { Money } from '#core/money';
import type { Change, TillStore, UploadRow, UploadState } from '../port.ts';
import { type Seals, unlessBroken } from '../seals.ts';
import { ByState, maybeText, moneyColumn, numberColumn, parsed, WithList } from './rows.ts';

const uploadRow = z.object({
  sale_id: z.string(),
  lane: z.string(),
  state: z.enum(['queued', 'sending', 'accepted', 'adjusted', 'rejected', 'ambiguous', 'carried']),
  attempts: numberColumn,
  next_at_ms: numberColumn,
  queued_at_ms: numberColumn,
  account: moneyColumn,
  fault_code: maybeText,
  agency_text: maybeText,
  changed_at_ms: numberColumn,
  noted_by: maybeText,
});
const countsRow = z.object({
  waiting: numberColumn,
  rejected: numberColumn,
  to_note: numberColumn,
  carried: numberColumn,
});
const atRiskRow = z.object({ amount: moneyColumn, count: numberColumn });

/** The queue of offline sales: rows are never removed, only their state moves on. */
export class UploadTable {
  readonly #seals: Seals;
  readonly #update: WithList;
  readonly #insert: Statement;
  readonly #byId: Statement;
  readonly #inState: ByState;
  readonly #atRisk: Statement;
  readonly #counts: Statement;
  readonly #changedSince: Statement;
  readonly #note: Statement;

  constructor(db: Database, seals: Seals) {
    this.#seals = seals;
    this.#update = new WithList(
      db,
      (
        list,
      ) => `UPDATE uploads SET state = ?, attempts = COALESCE(?, attempts), next_at_ms = COALESCE(?, next_at_ms),
           fault_code = ?, agency_text = ?, changed_at_ms = ?
         WHERE sale_id = ? AND state IN (${list})`,
    );
    this.#insert = db.prepare(
      `INSERT INTO uploads (sale_id, lane, state, attempts, next_at_ms, queued_at_ms, account, changed_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    // Written out state by state, as the partial indexes have them.
    this.#counts = db.prepare(
      `SELECT (SELECT COUNT(*) FROM uploads WHERE state = 'queued') + (SELECT COUNT(*) FROM uploads WHERE state = 'sending')
         + (SELECT COUNT(*) FROM uploads WHERE state = 'ambiguous') AS waiting,
         (SELECT COUNT(*) FROM uploads WHERE state = 'rejected') AS rejected,
         (SELECT COUNT(*) FROM uploads WHERE state = 'adjusted' AND noted_by IS NULL) AS to_note,
         (SELECT COUNT(*) FROM uploads WHERE state = 'carried') AS carried`,
    );
    this.#changedSince = db.prepare(
      'SELECT * FROM uploads WHERE changed_at_ms >= ? ORDER BY changed_at_ms DESC, place DESC LIMIT ?',
    );
    this.#note = db.prepare(
      "UPDATE uploads SET noted_by = ? WHERE sale_id = ? AND state = 'adjusted' AND noted_by IS NULL",
    );
    this.#byId = db.prepare('SELECT * FROM uploads WHERE sale_id = ?');
    this.#inState = new ByState(db, 'uploads');
    // A rejected upload counts until a person has decided its sale, and a purchase that was put to a card
    // counts from before the card is asked. The ORs are those of the partial index.
    this.#atRisk = db.prepare(
      `SELECT COALESCE(SUM(account), 0) AS amount, COUNT(*) AS count FROM (
         SELECT uploads.account FROM uploads JOIN sales USING (sale_id)
         WHERE (uploads.state = 'queued' OR uploads.state = 'sending' OR uploads.state = 'ambiguous'
           OR uploads.state = 'rejected' OR uploads.state = 'carried') AND sales.state IN ('queued', 'rejected') AND (@card IS NULL OR lane = @card)
         UNION ALL
         SELECT account FROM sales WHERE pending_card IS NOT NULL AND (@card IS NULL OR pending_card = @card))`,
    );
  }

  insert(row: UploadRow): void {
    const { saleId, lane, state, attempts, nextAtMs, queuedAtMs, account } = row;
    const card = this.#seals.digest('card', lane);
    const queuedMs = Math.round(queuedAtMs);
    this.#insert.run(saleId, card, state, attempts, Math.round(nextAtMs), queuedMs, account, queuedMs);
  }

  /** Guarded: exactly one row in one of the states `was`, else it throws. */
  change(change: NonNullable<Change['uploads']>[number], atMs: number): void {
    const { changes } = this.#update
      .of(change.was.length)
      .run(
        change.to,
        change.attempts ?? null,
        change.nextAtMs === undefined ? null : Math.round(change.nextAtMs),
        change.faultCode ?? null,
        change.agencyText === undefined
          ? null
          : this.#seals.seal('uploads.agency_text', change.saleId, change.agencyText),
        Math.round(atMs),
        change.saleId,
        ...change.was,
      );
    assert(changes === 1, `the upload of ${change.saleId} is stored as ${change.was.join(' or ')}`);
  }

  byId(saleId: string): UploadRow | undefined {
    const row = this.#byId.get(saleId);
    return row === undefined ? undefined : this.#upload(row);
  }

  /** In the order in which they were queued. */
  inStates(states: readonly UploadState[]): readonly UploadRow[] {
    return this.#inState.all(states).map((row) => this.#upload(row));
  }

  counts(): ReturnType<TillStore['uploadCounts']> {
    const found = parsed(() => countsRow.parse(this.#counts.get()));
    const { waiting, rejected, to_note: toNote, carried } = found;
    return { waiting, rejected, toNote, carried };
  }

  changedSince(sinceMs: number, limit: number): readonly UploadRow[] {
    return this.#changedSince.all(Math.round(sinceMs), limit).map((row) => this.#upload(row));
  }

  note(saleId: string, operator: string): boolean {
    return this.#note.run(operator, saleId).changes === 1;
  }

  atRisk(lane: string | undefined): { readonly amount: Money; readonly count: number } {
    const card = lane === undefined ? null : this.#seals.digest('card', lane);
    return parsed(() => atRiskRow.parse(this.#atRisk.get({ card })));
  }

  #upload(row: unknown): UploadRow {
    const found = parsed(() => uploadRow.parse(row));
    const { sale_id: saleId, agency_text: sealed } = found;
    const read = () => (sealed === null ? '' : this.#seals.open('uploads.agency_text', saleId, sealed));
    // Without its words the row still counts and moves on; the code says why they are missing.
    const text = unlessBroken(read);
    const faultCode = text === undefined ? 'record-seal-broken' : found.fault_code;
    return {
      saleId,
      lane: found.lane,
      state: found.state,
      attempts: found.attempts,
      nextAtMs: found.next_at_ms,
      queuedAtMs: found.queued_at_ms,
      account: found.account,
      changedAtMs: found.changed_at_ms,
      ...(found.noted_by === null ? {} : { notedBy: found.noted_by }),
      ...(faultCode === null ? {} : { faultCode }),
      ...(sealed === null || text === undefined ? {} : { agencyText: text }),
    };
  }
}
