import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { assert } from '#core/assert';
import type { Change, SlipRow, SlipState } from '../port.ts';
import { ByState, maybeNumber, maybeText, numberColumn, parsed, WithList } from './rows.ts';

const slipRow = z.object({
  slip_id: z.string(),
  sale_id: z.string(),
  kind: z.enum(['settlement', 'offline', 'own-pay', 'cancellation']),
  state: z.enum(['owed', 'printing', 'printed', 'unclear']),
  copies: numberColumn,
  owed_at_ms: numberColumn,
  printed_at_ms: maybeNumber,
  fault_code: maybeText,
});

/** Print jobs with a state of their own. */
export class SlipTable {
  readonly #update: WithList;
  readonly #inState: ByState;
  readonly #insert: Statement;
  readonly #byId: Statement;
  readonly #bySale: Statement;
  readonly #copy: Statement;

  constructor(db: Database) {
    this.#update = new WithList(
      db,
      (list) => `UPDATE slips SET state = ?, printed_at_ms = COALESCE(?, printed_at_ms), fault_code = ?
         WHERE slip_id = ? AND state IN (${list})`,
    );
    this.#inState = new ByState(db, 'slips');
    this.#insert = db.prepare(
      `INSERT INTO slips (slip_id, sale_id, kind, state, copies, owed_at_ms) VALUES (?, ?, ?, 'owed', 0, ?)`,
    );
    this.#byId = db.prepare('SELECT * FROM slips WHERE slip_id = ?');
    this.#bySale = db.prepare('SELECT * FROM slips WHERE sale_id = ? ORDER BY place');
    this.#copy = db.prepare('UPDATE slips SET copies = copies + 1 WHERE slip_id = ?');
  }

  insert(slip: NonNullable<Change['slip']>, atMs: number): void {
    this.#insert.run(slip.slipId, slip.saleId, slip.kind, Math.round(atMs));
  }

  set(
    slipId: string,
    was: readonly SlipState[],
    to: SlipState,
    atMs: number,
    faultCode: string | undefined,
  ): void {
    const { changes } = this.#update
      .of(was.length)
      .run(to, to === 'printed' ? Math.round(atMs) : null, faultCode ?? null, slipId, ...was);
    assert(changes === 1, `slip ${slipId} is stored as ${was.join(' or ')}`);
  }

  countCopy(slipId: string): void {
    assert(this.#copy.run(slipId).changes === 1, `slip ${slipId} is stored`);
  }

  byId(slipId: string): SlipRow | undefined {
    const row = this.#byId.get(slipId);
    return row === undefined ? undefined : slip(row);
  }

  ofSale(saleId: string): readonly SlipRow[] {
    return this.#bySale.all(saleId).map(slip);
  }

  inStates(states: readonly SlipState[]): readonly SlipRow[] {
    return this.#inState.all(states).map(slip);
  }
}

function slip(row: unknown): SlipRow {
  const found = parsed(() => slipRow.parse(row));
  return {
    slipId: found.slip_id,
    saleId: found.sale_id,
    kind: found.kind,
    state: found.state,
    copies: found.copies,
    owedAtMs: found.owed_at_ms,
    ...(found.printed_at_ms === null ? {} : { printedAtMs: found.printed_at_ms }),
    ...(found.fault_code === null ? {} : { faultCode: found.fault_code }),
  };
}
