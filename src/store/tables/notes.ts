import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import type { Holder } from '#core/domain/holder';
import { decodeHolder, encodeHolder } from '../codec/values.ts';
import { type Seals, unlessBroken } from '../seals.ts';
import { numberColumn, parsed } from './rows.ts';

const textColumn = z.string().optional();
const personRow = z.object({ row: z.string(), as_of_event: numberColumn }).optional();

/** What the agency last told about a person, and the journal's last event at that time. */
export interface KnownPerson {
  readonly holder: Holder;
  readonly asOfEvent: number;
}

/** Settings that outlive a restart, and the last answer of the agency about each person (sealed). */
export class NoteTable {
  readonly #seals: Seals;
  readonly #setting: Statement;
  readonly #setSetting: Statement;
  readonly #person: Statement;
  readonly #setPerson: Statement;

  constructor(db: Database, seals: Seals) {
    this.#seals = seals;
    this.#setting = db.prepare('SELECT value FROM settings WHERE name = ?').pluck();
    this.#setSetting = db.prepare(
      'INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
    this.#person = db.prepare('SELECT row, as_of_event FROM persons WHERE key = ?');
    this.#setPerson = db.prepare(
      `INSERT INTO persons (key, as_of_ms, row, as_of_event) VALUES (?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET as_of_ms = excluded.as_of_ms, row = excluded.row,
         as_of_event = excluded.as_of_event`,
    );
  }

  setting(name: string): string | undefined {
    return parsed(() => textColumn.parse(this.#setting.get(name)));
  }

  setSetting(name: string, value: string): void {
    this.#setSetting.run(name, value);
  }

  /** Undefined also when the seal is broken: the next answer of the agency replaces the row. */
  person(key: string): KnownPerson | undefined {
    const id = this.#seals.digest('holder-key', key);
    const found = parsed(() => personRow.parse(this.#person.get(id)));
    if (found === undefined) return undefined;
    const text = unlessBroken(() => this.#seals.open('persons.row', id, found.row));
    if (text === undefined) return undefined;
    return { holder: parsed(() => decodeHolder(text)), asOfEvent: found.as_of_event };
  }

  setPerson(key: string, { holder, asOfEvent }: KnownPerson): void {
    const id = this.#seals.digest('holder-key', key);
    const row = this.#seals.seal('persons.row', id, encodeHolder(holder));
    this.#setPerson.run(id, Math.round(holder.asOfMs), row, asOfEvent);
  }
}
