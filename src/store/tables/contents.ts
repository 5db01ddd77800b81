import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { type ContentKind, type ContentPart, unpacked, withPacked } from '../codec/content.ts';
import type { SealedColumn, Seals } from '../seals.ts';
import { parsed } from './rows.ts';

/** A column of SQLite bytes. */
export const bytesColumn = z.instanceof(Uint8Array);
const contentColumn = bytesColumn.nullish();

/**
 * What journal events carry under a seal: gathered while a step is written, so that one seal serves all of it, and
 * opened when a record is read that names the event.
 */
export class EventContents {
  readonly #seals: Seals;
  readonly #content: Statement;
  #parts: ContentPart[] = [];
  #sequence: number | undefined;

  constructor(db: Database, seals: Seals) {
    this.#seals = seals;
    this.#content = db.prepare('SELECT content FROM journal WHERE sequence = ?').pluck();
  }

  /** Starts a step; `sequence` of its first event, undefined when it makes none. */
  begin(sequence: number | undefined): void {
    this.#sequence = sequence;
    this.#parts = [];
  }

  /** Gives a part to the step's event and answers its sequence; undefined = there is none, keep it yourself. */
  keep(kind: ContentKind, id: string, text: string): number | undefined {
    if (this.#sequence !== undefined) this.#parts.push({ kind, id, text });
    return this.#sequence;
  }

  /** Ends the step: what its first event is to carry. */
  sealed(): Uint8Array | undefined {
    const [parts, sequence] = [this.#parts, this.#sequence];
    this.begin(undefined);
    if (sequence === undefined || parts.length === 0) return undefined;
    return withPacked(parts, (bytes) => this.#seals.sealContent(sequence, bytes));
  }

  /**
   * One part of what an event carries. Throws `StoreError` with `record-seal-broken` for the record `column`, `id`
   * when the event, its seal or the part is not there.
   */
  read(sequence: number, kind: ContentKind, id: string, column: SealedColumn): string {
    const sealed = parsed(() => contentColumn.parse(this.#content.get(sequence)));
    const opened = sealed == null ? undefined : this.#seals.openContent(sequence, sealed);
    const text = opened === undefined ? undefined : parsed(() => unpacked(opened, kind, id));
    return text === undefined ? this.#seals.refuse(column, id) : this.#seals.whole(column, id, text);
  }
}
