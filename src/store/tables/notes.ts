import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import type { Holder } from '#core/domain/holder';
import { decodeHolder, encodeHolder } from '../codec/values.ts';
import { parsed } from './rows.ts';

const textColumn = z.string().optional();

/** Settings that outlive a restart, and the last answer of the agency about each person. */
export class NoteTable {
  readonly #setting: Statement;
  readonly #setSetting: Statement;
  readonly #person: Statement;
  readonly #setPerson: Statement;

  constructor(db: Database) {
    this.#setting = db.prepare('SELECT value FROM settings WHERE name = ?').pluck();
    this.#setSetting = db.prepare(
      'INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
    this.#person = db.prepare('SELECT row FROM persons WHERE key = ?').pluck();
    this.#setPerson = db.prepare(
      `INSERT INTO persons VALUES (?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET as_of_ms = excluded.as_of_ms, row = excluded.row`,
    );
  }

  setting(name: string): string | undefined {
    return parsed(() => textColumn.parse(this.#setting.get(name)));
  }

  setSetting(name: string, value: string): void {
    this.#setSetting.run(name, value);
  }

  person(key: string): Holder | undefined {
    const row = parsed(() => textColumn.parse(this.#person.get(key)));
    return row === undefined ? undefined : parsed(() => decodeHolder(row));
  }

  setPerson(key: string, holder: Holder): void {
    this.#setPerson.run(key, Math.round(holder.asOfMs), encodeHolder(holder));
  }
}
