import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { assert } from '#core/assert';
import type { Money } from '#core/money';
import type { Change, UploadRow, UploadState } from '../port.ts';
import { ByState, maybeText, moneyColumn, numberColumn, parsed, WithList } from './rows.ts';

const uploadRow = z.object({
  sale_id: z.string(),
  lane: z.string(),
  state: z.enum(['queued', 'sending', 'accepted', 'adjusted', 'rejected', 'ambiguous']),
  attempts: numberColumn,
  next_at_ms: numberColumn,
  queued_at_ms: numberColumn,
  account: moneyColumn,
  fault_code: maybeText,
  agency_text: maybeText,
});
const atRiskRow = z.object({ amount: moneyColumn, count: numberColumn });

/** The queue of offline sales: rows are never removed, only their state moves on. */
export class UploadTable {
  readonly #update: WithList;
  readonly #insert: Statement;
  readonly #byId: Statement;
  readonly #inState: ByState;
  readonly #atRisk: Statement;

  constructor(db: Database) {
    this.#update = new WithList(
      db,
      (
        list,
      ) => `UPDATE uploads SET state = ?, attempts = COALESCE(?, attempts), next_at_ms = COALESCE(?, next_at_ms),
           fault_code = ?, agency_text = ?
         WHERE sale_id = ? AND state IN (${list})`,
    );
    this.#insert = db.prepare(
      `INSERT INTO uploads (sale_id, lane, state, attempts, next_at_ms, queued_at_ms, account)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#byId = db.prepare('SELECT * FROM uploads WHERE sale_id = ?');
    this.#inState = new ByState(db, 'uploads');
    // A rejected upload counts until a person has decided its sale. The ORs are those of the partial index.
    this.#atRisk = db.prepare(
      `SELECT COALESCE(SUM(uploads.account), 0) AS amount, COUNT(*) AS count
       FROM uploads JOIN sales USING (sale_id)
       WHERE (uploads.state = 'queued' OR uploads.state = 'sending' OR uploads.state = 'ambiguous'
         OR uploads.state = 'rejected') AND sales.state IN ('queued', 'rejected') AND (? IS NULL OR lane = ?)`,
    );
  }

  insert(row: UploadRow): void {
    const { saleId, lane, state, attempts, nextAtMs, queuedAtMs, account } = row;
    this.#insert.run(saleId, lane, state, attempts, Math.round(nextAtMs), Math.round(queuedAtMs), account);
  }

  /** Guarded: exactly one row in one of the states `was`, else it throws. */
  change(change: NonNullable<Change['uploads']>[number]): void {
    const { changes } = this.#update
      .of(change.was.length)
      .run(
        change.to,
        change.attempts ?? null,
        change.nextAtMs === undefined ? null : Math.round(change.nextAtMs),
        change.faultCode ?? null,
        change.agencyText ?? null,
        change.saleId,
        ...change.was,
      );
    assert(changes === 1, `the upload of ${change.saleId} is stored as ${change.was.join(' or ')}`);
  }

  byId(saleId: string): UploadRow | undefined {
    const row = this.#byId.get(saleId);
    return row === undefined ? undefined : upload(row);
  }

  /** In the order in which they were queued. */
  inStates(states: readonly UploadState[]): readonly UploadRow[] {
    return this.#inState.all(states).map(upload);
  }

  atRisk(lane: string | undefined): { readonly amount: Money; readonly count: number } {
    return parsed(() => atRiskRow.parse(this.#atRisk.get(lane ?? null, lane ?? null)));
  }
}

function upload(row: unknown): UploadRow {
  const found = parsed(() => uploadRow.parse(row));
  return {
    saleId: found.sale_id,
    lane: found.lane,
    state: found.state,
    attempts: found.attempts,
    nextAtMs: found.next_at_ms,
    queuedAtMs: found.queued_at_ms,
    account: found.account,
    ...(found.fault_code === null ? {} : { faultCode: found.fault_code }),
    ...(found.agency_text === null ? {} : { agencyText: found.agency_text }),
  };
}
