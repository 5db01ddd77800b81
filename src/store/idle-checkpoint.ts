import type { Database } from 'better-sqlite3';
import SqliteDatabase from 'better-sqlite3';
import type { Clock } from '#core/clock';

/**
 * Bytes of pages in the log at which SQLite itself writes them back, inside the commit that reaches it: the bound of a
 * rush without a pause, four times SQLite's own. At its default every fortieth sale would wait for it.
 */
const MOST_LOG_BYTES = 16_384_000;
/**
 * After so many writes (a sale has three or more, and some fifty pages) a pause of so long is taken. Without a write for a
 * second nobody waits for the next one, for scans of one basket follow each other faster; the nearer the log is to its
 * bound, the shorter the pause that will do.
 */
const PAUSES = [
  { writes: 240, ms: 1 },
  { writes: 160, ms: 100 },
  { writes: 64, ms: 1_000 },
] as const;

/**
 * Writes the log back into the records while nobody waits. On a disk that really flushes this takes as long as several
 * commits; done by the commit that fills the log, as SQLite does, it is the customer who waits.
 */
export class IdleCheckpoint {
  readonly #db: Database;
  readonly #clock: Clock;
  #writes = 0;
  #lastMs = 0;
  #awaitedMs = 0;
  #cancel: (() => void) | undefined;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
    const pageBytes = Number(db.pragma('page_size', { simple: true }));
    db.pragma(`wal_autocheckpoint = ${Math.floor(MOST_LOG_BYTES / pageBytes)}`);
  }

  /** After each write of the records. */
  written(): void {
    this.#writes += 1;
    this.#lastMs = this.#clock.monotonicMs();
    const ms = this.#pauseMs();
    if (ms === undefined || (this.#cancel !== undefined && ms === this.#awaitedMs)) return;
    this.stop();
    this.#awaitedMs = ms;
    this.#wait(ms);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #wait(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => {
      this.#cancel = undefined;
      const quietMs = this.#clock.monotonicMs() - this.#lastMs;
      if (quietMs < this.#awaitedMs) this.#wait(this.#awaitedMs - quietMs);
      else this.#writeBack();
    });
  }

  #pauseMs(): number | undefined {
    return PAUSES.find(({ writes }) => this.#writes >= writes)?.ms;
  }

  #writeBack(): void {
    this.#writes = 0;
    try {
      // Passive: waits for no reader. What a reader keeps from being written back comes with the next one.
      this.#db.pragma('wal_checkpoint(PASSIVE)');
    } catch (error) {
      // The log still holds every sale; a disk that is full or broken is told by the next write that needs it.
      if (!(error instanceof SqliteDatabase.SqliteError)) throw error;
    }
  }
}
