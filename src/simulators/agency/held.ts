import type { Clock } from '#core/clock';
import type { AgencyDatabase } from './database.ts';
import type { Infno } from './paths.ts';
import { isObject, parseJson } from './wire.ts';

type Deliver = (infno: Infno, body: Uint8Array) => void;

/** Requests that got lost on their way and arrive later; they survive a restart of the agency. */
export class HeldRequests {
  readonly #database: AgencyDatabase;
  readonly #clock: Clock;
  readonly #deliver: Deliver;
  readonly #timers = new Set<() => void>();

  constructor(database: AgencyDatabase, clock: Clock, deliver: Deliver) {
    this.#database = database;
    this.#clock = clock;
    this.#deliver = deliver;
  }

  /** Keeps a request under its message id; a body without one is simply lost. */
  hold(infno: Infno, body: Uint8Array, delayMs: number): void {
    const parsed = parseJson(Buffer.from(body).toString('utf8'));
    const messageId = parsed.ok && isObject(parsed.value) ? parsed.value['msgid'] : undefined;
    if (typeof messageId !== 'string') return;
    this.#database
      .prepare('INSERT OR REPLACE INTO held (message_id, infno, body, delay_ms) VALUES (?, ?, ?, ?)')
      .run(messageId, infno, Buffer.from(body), delayMs);
  }

  /** Message ids still on their way. */
  list(): string[] {
    return this.#database
      .prepare<[], { message_id: string }>('SELECT message_id FROM held ORDER BY rowid')
      .all()
      .map((row) => row.message_id);
  }

  /** Its reversal was accepted: now it arrives, at once or after its delay. */
  release(messageId: string): void {
    const row = this.#database
      .prepare<[string], { delay_ms: bigint }>('SELECT delay_ms FROM held WHERE message_id = ?')
      .get(messageId);
    if (row === undefined) return;
    if (row.delay_ms === 0n) {
      this.deliver(messageId);
      return;
    }
    const cancel = this.#clock.after(Number(row.delay_ms), () => {
      this.#timers.delete(cancel);
      this.deliver(messageId);
    });
    this.#timers.add(cancel);
  }

  /** Delivers one held request now; false when it is not held. */
  deliver(messageId: string): boolean {
    const row = this.#database
      .prepare<[string], { infno: Infno; body: Uint8Array }>(
        'DELETE FROM held WHERE message_id = ? RETURNING infno, body',
      )
      .get(messageId);
    if (row === undefined) return false;
    this.#deliver(row.infno, row.body);
    return true;
  }

  stop(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }
}
