import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { assert } from '#core/assert';
import type { MessageState, StoredMessage } from '#core/domain/message';
import type { Change } from '../port.ts';
import type { SealedColumn, Seals } from '../seals.ts';
import type { EventContents } from './contents.ts';
import { ByState, maybeNumber, maybeText, numberColumn, parsed, WithList } from './rows.ts';

const messageRow = z.object({
  message_id: z.string(),
  sale_id: z.string(),
  transaction_number: z.enum(['2102', '2103', '2601']),
  body: z.string(),
  prepared_at_ms: numberColumn,
  original_message_id: maybeText,
  state: z.enum(['intent', 'succeeded', 'refused', 'unknown', 'reversed-unproved', 'reversed', 'returned']),
  last_byte_at_ms: maybeNumber,
  answered_at_ms: maybeNumber,
  answer: maybeText,
  fault_code: maybeText,
  body_event: maybeNumber,
  answer_event: maybeNumber,
});

/** Every money message with its exact bytes, from before the first byte leaves to the proof of its fate. */
export class MessageTable {
  readonly #seals: Seals;
  readonly #contents: EventContents;
  readonly #update: WithList;
  readonly #insert: Statement;
  readonly #byId: Statement;
  readonly #bySale: Statement;
  readonly #inState: ByState;

  constructor(db: Database, seals: Seals, contents: EventContents) {
    this.#seals = seals;
    this.#contents = contents;
    this.#update = new WithList(
      db,
      (list) => `UPDATE messages SET state = ?, last_byte_at_ms = COALESCE(?, last_byte_at_ms),
           answered_at_ms = COALESCE(?, answered_at_ms), answer = COALESCE(?, answer),
           answer_event = COALESCE(?, answer_event), fault_code = COALESCE(?, fault_code)
         WHERE message_id = ? AND state IN (${list})`,
    );
    this.#insert = db.prepare(
      `INSERT INTO messages (message_id, sale_id, transaction_number, body, prepared_at_ms,
         original_message_id, state, body_event) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#byId = db.prepare('SELECT * FROM messages WHERE message_id = ?');
    this.#bySale = db.prepare('SELECT * FROM messages WHERE sale_id = ? ORDER BY place');
    this.#inState = new ByState(db, 'messages');
  }

  insert(message: StoredMessage): void {
    assert(message.state === 'intent', 'a new message is an intent');
    const { messageId, body } = message;
    const event = this.#contents.keep('body', messageId, body);
    this.#insert.run(
      messageId,
      message.saleId,
      message.transaction,
      event === undefined ? this.#seals.seal('messages.body', messageId, body) : '',
      Math.round(message.preparedAtMs),
      message.originalMessageId ?? null,
      message.state,
      event ?? null,
    );
  }

  /** Guarded: exactly one row in one of the states `was`, else it throws. */
  change(change: NonNullable<Change['messages']>[number]): void {
    const { messageId, was, to } = change;
    const { text, event } = this.#answer(messageId, change.answer);
    const { changes } = this.#update
      .of(was.length)
      .run(
        to,
        rounded(change.lastByteAtMs),
        rounded(change.answeredAtMs),
        text,
        event,
        change.faultCode ?? null,
        messageId,
        ...was,
      );
    assert(changes === 1, `message ${messageId} is stored as ${was.join(' or ')}`);
  }

  /** An answer that the step's event carries leaves the column of the row empty. */
  #answer(messageId: string, answer: string | undefined): { text: string | null; event: number | null } {
    if (answer === undefined) return { text: null, event: null };
    const event = this.#contents.keep('answer', messageId, answer);
    if (event !== undefined) return { text: '', event };
    return { text: this.#seals.seal('messages.answer', messageId, answer), event: null };
  }

  byId(messageId: string): StoredMessage | undefined {
    const row = this.#byId.get(messageId);
    return row === undefined ? undefined : this.#message(row);
  }

  ofSale(saleId: string): readonly StoredMessage[] {
    return this.#bySale.all(saleId).map((row) => this.#message(row));
  }

  inStates(states: readonly MessageState[]): readonly StoredMessage[] {
    return this.#inState.all(states).map((row) => this.#message(row));
  }

  /**
   * Body and answer are opened when they are read: what is to be done about a message is judged by its state,
   * which must be possible also when a seal is broken.
   */
  #message(row: unknown): StoredMessage {
    const found = parsed(() => messageRow.parse(row));
    const { message_id: messageId, body, answer } = found;
    const open = (column: SealedColumn, kind: 'body' | 'answer', sealed: string, event: number | null) =>
      sealed === '' && event !== null
        ? this.#contents.read(event, kind, messageId, column)
        : this.#seals.open(column, messageId, sealed);
    const message = {
      messageId,
      saleId: found.sale_id,
      transaction: found.transaction_number,
      get body(): string {
        return open('messages.body', 'body', body, found.body_event);
      },
      preparedAtMs: found.prepared_at_ms,
      state: found.state,
      ...(found.original_message_id === null ? {} : { originalMessageId: found.original_message_id }),
      ...(found.last_byte_at_ms === null ? {} : { lastByteAtMs: found.last_byte_at_ms }),
      ...(found.answered_at_ms === null ? {} : { answeredAtMs: found.answered_at_ms }),
      ...(found.fault_code === null ? {} : { faultCode: found.fault_code }),
    };
    if (answer === null) return message;
    const get = () => open('messages.answer', 'answer', answer, found.answer_event);
    return Object.defineProperty(message, 'answer', { enumerable: true, get });
  }
}

function rounded(timeMs: number | undefined): number | null {
  return timeMs === undefined ? null : Math.round(timeMs);
}
