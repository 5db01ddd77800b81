import type { Database, Statement } from 'better-sqlite3';
import { assert } from '#core/assert';
import { compactDateTime } from '#core/business-time';

/** Ids of one second are reserved on disk in blocks of this size, so a burst does not sync once per id. */
const blockSize = 50;
const perSecond = 10_000;

/** Numbers that are never given out twice: each is durable before it is used. */
export class CounterTable {
  readonly #read: Statement;
  readonly #write: Statement;
  #second: number;
  #next: number;
  #reserved: number;

  constructor(db: Database) {
    this.#read = db.prepare('SELECT value FROM counters WHERE name = ?').pluck();
    this.#write = db.prepare(
      'INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
    // One value holds both, so that they can never be stored apart: second × 10000 + sequence.
    const reserved = this.#value('message-id');
    this.#second = Math.floor(reserved / perSecond);
    this.#next = reserved % perSecond;
    this.#reserved = this.#next;
  }

  /**
   * 12 institution + `yyyyMMddHHmmss` + 4 digits. When the clock goes back the last second is kept, and a
   * second whose 10,000 numbers are used up gives way to the next.
   */
  nextMessageId(institutionCode: string, nowMs: number): string {
    assert(institutionCode.length === 12, 'an institution code has twelve characters');
    const now = Math.floor(nowMs / 1000);
    if (now > this.#second) this.#startSecond(now);
    if (this.#next === this.#reserved) this.#reserve();
    const sequence = this.#next;
    this.#next += 1;
    return institutionCode + compactDateTime(this.#second * 1000) + String(sequence).padStart(4, '0');
  }

  /** `yyMMdd` + terminal + running number of the day, four digits or more. */
  nextSaleNumber(businessDay: string, terminal: string): string {
    assert(/^\d{4}-\d{2}-\d{2}$/.test(businessDay), 'a business day is written yyyy-MM-dd');
    const name = `sale-number:${businessDay}`;
    const running = this.#value(name) + 1;
    const number = businessDay.slice(2).replaceAll('-', '') + terminal + String(running).padStart(4, '0');
    assert(number.length <= 20, 'a sale number has at most twenty characters');
    this.#write.run(name, BigInt(running));
    return number;
  }

  #startSecond(second: number): void {
    this.#second = second;
    this.#next = 0;
    this.#reserved = 0;
  }

  #reserve(): void {
    if (this.#reserved >= perSecond) this.#startSecond(this.#second + 1);
    const upTo = Math.min(this.#reserved + blockSize, perSecond);
    this.#write.run('message-id', BigInt(this.#second) * BigInt(perSecond) + BigInt(upTo));
    this.#reserved = upTo;
  }

  #value(name: string): number {
    const value: unknown = this.#read.get(name);
    if (value === undefined) return 0;
    assert(typeof value === 'bigint', 'a counter is a whole number');
    return Number(value);
  }
}
