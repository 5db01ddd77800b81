import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { type Look, lookReasons, type OperatorRecord } from '#core/domain/operator-record';
import { operatorRoles } from '#core/domain/rights';
import { type Seals, unlessBroken } from '../seals.ts';
import { guarded } from '../store-error.ts';
import { numberColumn, parsed } from './rows.ts';

const operatorRow = z.object({
  number: z.string(),
  name: z.string(),
  role: z.enum(operatorRoles),
  state: z.enum(['active', 'disabled']),
  password: z.string(),
  quick: z.string().nullable(),
  until_day: z.string().nullable(),
  changed_at_ms: numberColumn,
  changed_by: z.string(),
});
const lookRow = z.object({
  place: numberColumn,
  at_ms: numberColumn,
  operator: z.string(),
  why: z.enum(lookReasons),
  medium: z.string().nullable(),
  holder: z.string(),
  sale_id: z.string(),
});

/** Operators, and who looked at whose data. Operators change with `Change.operator`, together with their event. */
export class PeopleTable {
  readonly #seals: Seals;
  readonly #all: Statement;
  readonly #set: Statement;
  readonly #look: Statement;
  readonly #looks: Statement;

  constructor(db: Database, seals: Seals) {
    this.#seals = seals;
    this.#all = db.prepare('SELECT * FROM operators ORDER BY number');
    this.#set = db.prepare(
      `INSERT INTO operators VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (number) DO UPDATE SET name = excluded.name, role = excluded.role, state = excluded.state,
         password = excluded.password, quick = excluded.quick, until_day = excluded.until_day,
         changed_at_ms = excluded.changed_at_ms, changed_by = excluded.changed_by`,
    );
    this.#look = db.prepare(
      'INSERT INTO looks (at_ms, operator, why, medium, holder, sale_id) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#looks = db.prepare(
      'SELECT * FROM looks WHERE at_ms >= ? AND at_ms < ? ORDER BY at_ms DESC, place DESC LIMIT ?',
    );
  }

  /** One whose seal is broken is disabled: nobody signs in with what somebody else wrote there. */
  operators(): readonly OperatorRecord[] {
    return guarded(() => this.#all.all()).map((raw) => {
      const row = parsed(() => operatorRow.parse(raw));
      const { number, name, role } = row;
      const passwordHash = unlessBroken(() => this.#seals.open('operators.password', number, row.password));
      const { quick } = row;
      const quickHash =
        quick === null ? undefined : unlessBroken(() => this.#seals.open('operators.quick', number, quick));
      return {
        number,
        name,
        role,
        state: passwordHash === undefined ? 'disabled' : row.state,
        passwordHash: passwordHash ?? '',
        ...(quickHash === undefined ? {} : { quickHash }),
        ...(row.until_day === null ? {} : { untilDay: row.until_day }),
        changedAtMs: row.changed_at_ms,
        changedBy: row.changed_by,
      };
    });
  }

  set(row: OperatorRecord): void {
    const { number, quickHash } = row;
    this.#set.run(
      number,
      row.name,
      row.role,
      row.state,
      this.#seals.seal('operators.password', number, row.passwordHash),
      quickHash === undefined ? null : this.#seals.seal('operators.quick', number, quickHash),
      row.untilDay ?? null,
      Math.round(row.changedAtMs),
      row.changedBy,
    );
  }

  /** Outside of every sale's transaction: it costs a reading of a card a millisecond, and no sale anything. */
  noteLook(look: Look): void {
    const { atMs, operator, why, medium, saleId } = look;
    const at = Math.round(atMs);
    const holder = this.#seals.seal('looks.holder', lookId(at, saleId), look.holder);
    guarded(() => this.#look.run(at, operator, why, medium ?? null, holder, saleId));
  }

  /** Latest first. */
  looks(fromMs: number, untilMs: number, limit: number): readonly Look[] {
    return guarded(() => this.#looks.all(Math.round(fromMs), Math.round(untilMs), limit)).map((raw) => {
      const row = parsed(() => lookRow.parse(raw));
      const id = lookId(row.at_ms, row.sale_id);
      return {
        atMs: row.at_ms,
        operator: row.operator,
        why: row.why,
        ...(row.medium === null ? {} : { medium: row.medium }),
        holder: unlessBroken(() => this.#seals.open('looks.holder', id, row.holder)) ?? '?',
        saleId: row.sale_id,
      };
    });
  }
}

function lookId(atMs: number, saleId: string): string {
  return `${atMs}.${saleId}`;
}
