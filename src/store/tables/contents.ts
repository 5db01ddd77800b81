import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { type ContentKind, type ContentPart, unpacked, withPacked } from '../codec/content.ts';
import type { SealedColumn, SealedContent, Seals } from '../seals.ts';
import { parsed } from './rows.ts';

/** A column of SQLite bytes. */
export const bytesColumn = z.instanceof(Uint8Array);
const contentRow = z
  .object({ content: bytesColumn.nullable(), content_seal: bytesColumn.nullable() })
  .optional();

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
    this.#content = db.prepare('SELECT content, content_seal FROM journal WHERE sequence = ?');
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
  sealed(): SealedContent | undefined {
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
    const sealed = this.#sealed(sequence);
    const opened = sealed === undefined ? undefined : this.#seals.openContent(sequence, sealed);
    const text = opened === undefined ? undefined : parsed(() => unpacked(opened, kind, id));
    return text === undefined ? this.#seals.refuse(column, id) : this.#seals.whole(column, id, text);
  }

  /** Whether what an event carries is what was sealed for it, or it never carried anything. */
  fits(sequence: number, carries: boolean): boolean {
    const sealed = this.#sealed(sequence);
    if (sealed === undefined) return !carries;
    return carries && this.#seals.contentFits(sequence, sealed);
  }

  #sealed(sequence: number): SealedContent | undefined {
    const row = parsed(() => contentRow.parse(this.#content.get(sequence)));
    if (row === undefined || (row.content === null && row.content_seal === null)) return undefined;
    return { content: row.content ?? new Uint8Array(0), seal: row.content_seal ?? new Uint8Array(0) };
  }
}
