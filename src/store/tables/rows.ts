import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { assert } from '#core/assert';
import { fault } from '#core/fault';
import type { Money } from '#core/money';
import { StoreError } from '../store-error.ts';

/** SQLite integers arrive as bigint (safe integers on); money keeps that, times and counts become numbers. */
export const moneyColumn = z.bigint().transform((value) => value as Money);
export const numberColumn = z
  .bigint()
  .refine((value) => value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER))
  .transform(Number);
const placeColumn = z.object({ place: numberColumn });
export const maybeText = z.string().nullable();
export const maybeNumber = numberColumn.nullable();

/** Parses what a row or its JSON holds; text that is not what we wrote means that the file is damaged. */
export function parsed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) {
      throw new StoreError(fault('store-damaged', `a stored row cannot be read: ${error.name}`), error);
    }
    throw error;
  }
}

/** `?, ?, ?` for a list of that many values. */
export function marks(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}

/**
 * Rows by state, one prepared query per state with the state written into the text: only so does SQLite
 * use the partial indexes that keep these questions as cheap at a million sales as at ten.
 */
export class ByState {
  readonly #db: Database;
  readonly #table: string;
  readonly #from: string;
  readonly #queries = new Map<string, Statement>();

  /** `from` is the table, also where columns of others stand beside its own. */
  constructor(db: Database, table: string, from = table) {
    this.#db = db;
    this.#table = table;
    this.#from = from;
  }

  /** In the order in which the rows were written. */
  all(states: readonly string[]): readonly unknown[] {
    const found = states.flatMap((state) => this.#query(state).all());
    const placed = found.map((row) => ({ row, place: parsed(() => placeColumn.parse(row)).place }));
    return placed.sort((a, b) => a.place - b.place).map(({ row }) => row);
  }

  #query(state: string): Statement {
    const known = this.#queries.get(state);
    if (known !== undefined) return known;
    assert(/^[a-z-]+$/.test(state), 'a state is a word');
    const { place, stated } = { place: `${this.#table}.place`, stated: `${this.#table}.state` };
    const query = this.#db.prepare(
      `SELECT * FROM ${this.#from} WHERE ${stated} = '${state}' ORDER BY ${place}`,
    );
    this.#queries.set(state, query);
    return query;
  }
}

/** A statement with a list of values in it, prepared once per length of the list. */
export class WithList {
  readonly #db: Database;
  readonly #sql: (marks: string) => string;
  readonly #prepared = new Map<number, Statement>();

  constructor(db: Database, sql: (marks: string) => string) {
    this.#db = db;
    this.#sql = sql;
  }

  of(count: number): Statement {
    const known = this.#prepared.get(count);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(this.#sql(marks(count)));
    this.#prepared.set(count, statement);
    return statement;
  }
}
