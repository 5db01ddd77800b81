import type { Database } from 'better-sqlite3';
import SqliteDatabase from 'better-sqlite3';
import type { Clock } from '#core/clock';

/**
 * Pages in the log at which SQLite itself writes them back, inside the commit that reaches it: the bound of a rush
 * without a pause (16 MB), four times SQLite's own. At its default every fortieth sale would wait for it.
 */
const MOST_LOG_PAGES = 4_000;
/** Writes after which it is worth a pause; a sale has about five. */
const ENOUGH_WRITES = 64;
/** Without a write for this long nobody waits for the next one: scans of one basket follow each other faster. */
const QUIET_MS = 1_000;

/**
 * Writes the log back into the records while nobody waits. On a disk that really flushes this takes as long as several
 * commits; done by the commit that fills the log, as SQLite does, it is the customer who waits.
 */
export class IdleCheckpoint {
  readonly #db: Database;
  readonly #clock: Clock;
  #writes = 0;
  #lastMs = 0;
  #cancel: (() => void) | undefined;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
    db.pragma(`wal_autocheckpoint = ${MOST_LOG_PAGES}`);
  }

  /** After each write of the records. */
  written(): void {
    this.#writes += 1;
    this.#lastMs = this.#clock.monotonicMs();
    if (this.#writes >= ENOUGH_WRITES && this.#cancel === undefined) this.#wait(QUIET_MS);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #wait(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => {
      this.#cancel = undefined;
      const quietMs = this.#clock.monotonicMs() - this.#lastMs;
      if (quietMs < QUIET_MS) this.#wait(QUIET_MS - quietMs);
      else this.#writeBack();
    });
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
