import type { Database, Statement } from 'better-sqlite3';
import { assert } from '#core/assert';
import { compactDateTime } from '#core/business-time';

const perSecond = 10_000;
/**
 * The interface knows institutions only: two terminals of one would give out the same ids in the same second, and one
 * would reverse what the other has settled. So each has fifty numbers of a second to itself, one block on disk.
 */
const perTerminal = 50;
const terminals = 20;
/** After a restore only a tenth of a second's ids is used, another tenth after each restore. */
const perSecondOfEpoch = 1_000;
/** Minutes are counted from here in the mark of an epoch; its first sign is a letter. */
const epochZeroMs = Date.UTC(2026, 0, 1);
/** Terminal sequences: seconds are counted from here, and numbers of a security module's own counter stay below the base. */
const sequenceZeroMs = Date.UTC(2020, 0, 1);
const sequenceBase = 0x8000_0000;
const marks = 26 * 36 ** 3;

/** Numbers that are never given out twice: each is durable before it is used. */
export class CounterTable {
  readonly #read: Statement;
  readonly #write: Statement;
  /** Minute of the last restore since 2026, plus one; 0 = these records were never restored. */
  #epoch: number;
  readonly #slot: number;
  #second: number;
  #next: number;
  #reserved: number;

  /** `terminal` as in sale numbers; terminals of one institution differ in their number modulo twenty. */
  constructor(db: Database, terminal: string) {
    this.#slot = slotOf(terminal);
    this.#read = db.prepare('SELECT value FROM counters WHERE name = ?').pluck();
    this.#write = db.prepare(
      'INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
    // One value holds both, so that they can never be stored apart: second × 10000 + sequence.
    this.#epoch = this.#value('epoch');
    const reserved = this.#value('message-id');
    this.#second = Math.floor(reserved / perSecond);
    this.#next = reserved % perSecond;
    this.#reserved = this.#next;
    // The last tenth of a second ends where the next second begins; an older program used all of a second.
    if (this.#next < this.#start()) this.#startSecond(this.#second);
    else if (this.#next > this.#start() + perTerminal) this.#startSecond(this.#second + 1);
  }

  /**
   * 12 institution + `yyyyMMddHHmmss` + 4 digits. When the clock goes back the last second is kept, and a
   * second whose numbers are used up gives way to the next. The four digits lie in a range of the terminal's own, after
   * a restore in another tenth.
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

  /** `yyMMdd` + terminal (+ four signs of the epoch after a restore) + running number of the day, four digits or more. */
  nextSaleNumber(businessDay: string, terminal: string): string {
    assert(/^\d{4}-\d{2}-\d{2}$/.test(businessDay), 'a business day is written yyyy-MM-dd');
    const name = `sale-number:${businessDay}`;
    const running = this.#value(name) + 1;
    const day = businessDay.slice(2).replaceAll('-', '');
    const number = day + terminal + epochMark(this.#epoch) + String(running).padStart(4, '0');
    assert(number.length <= 20, 'a sale number has at most twenty characters');
    this.#write.run(name, BigInt(running));
    return number;
  }

  /**
   * Terminal sequence (终端交易序号) of a sale that the card does not sign, 8 hex digits. The security module counts
   * purchases of cards only, so this one is the time: top bit set, so that it never equals a number of the module's own
   * counter, then seconds since 2020 in 31 bits, each at least one more than the last. It is kept: of two sales in one
   * second the later runs ahead of the clock, and after a kill the clock alone would give its number once more.
   */
  nextTerminalSequence(nowMs: number): string {
    const seconds = Math.floor((nowMs - sequenceZeroMs) / 1000);
    const next = this.#value('terminal-sequence') + 1;
    const sequence = seconds > next && seconds < sequenceBase ? seconds : next;
    this.#write.run('terminal-sequence', BigInt(sequence));
    return (sequenceBase + sequence).toString(16).toUpperCase();
  }

  /**
   * Numbers that no earlier epoch can have given out, whatever was lost with its last days: message ids begin
   * behind the time of the restore and in another tenth, sale numbers carry the minute of the restore. Inside
   * the caller's transaction; answers the mark.
   */
  beginEpoch(nowMs: number): string {
    const before = this.#epoch;
    const minute = Math.max(0, Math.floor((nowMs - epochZeroMs) / 60_000)) + 1;
    // Restored twice within a minute, or with a clock that was set back: still another mark and another tenth.
    this.#epoch = minute > before ? minute : before + 1;
    if (tenthOf(this.#epoch) === tenthOf(before)) this.#epoch += 1;
    this.#write.run('epoch', BigInt(this.#epoch));
    this.#startSecond(Math.max(this.#second, Math.floor(nowMs / 1000)) + 1);
    this.#reserve();
    return epochMark(this.#epoch);
  }

  #startSecond(second: number): void {
    this.#second = second;
    this.#next = this.#start();
    this.#reserved = this.#next;
  }

  #start(): number {
    return tenthOf(this.#epoch) * perSecondOfEpoch + this.#slot * perTerminal;
  }

  #reserve(): void {
    const upTo = this.#start() + perTerminal;
    if (this.#reserved >= upTo) this.#startSecond(this.#second + 1);
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

/** By its number, or by its letters where it has none. */
function slotOf(terminal: string): number {
  const digits = /\d+$/.exec(terminal)?.[0];
  if (digits !== undefined) return Number(digits) % terminals;
  return [...terminal].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % terminals;
}

/** 0 before the first restore, then 1 to 9 in turn. */
function tenthOf(epoch: number): number {
  return epoch === 0 ? 0 : 1 + (epoch % 9);
}

/** Empty before the first restore; else a letter and three letters or digits, new every minute for two years. */
function epochMark(epoch: number): string {
  if (epoch === 0) return '';
  const value = epoch % marks;
  const letter = String.fromCharCode(65 + Math.floor(value / 36 ** 3));
  return letter + (value % 36 ** 3).toString(36).toUpperCase().padStart(3, '0');
}
