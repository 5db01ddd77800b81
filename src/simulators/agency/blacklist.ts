import type { Clock } from '#core/clock';
import type { Blacklist } from '#core/domain/blacklist';
import type { AgencyDatabase } from './database.ts';

/** A card id or card number, or a range of card numbers with both ends. */
export type BlacklistEntry = string | { readonly from: string; readonly to: string };

interface Row {
  readonly from_card: string;
  readonly to_card: string;
}

/** Cards that no terminal may serve offline (黑名单), with the time of every change: a sale is judged by its own time. */
export class BlacklistRegister {
  readonly #db: AgencyDatabase;
  readonly #clock: Clock;

  constructor(database: AgencyDatabase, clock: Clock) {
    this.#db = database;
    this.#clock = clock;
  }

  add(entry: BlacklistEntry, sinceMs = this.#clock.nowMs()): void {
    const { from, to } = endsOf(entry);
    this.#db
      .prepare('INSERT INTO blacklist_entry (from_card, to_card, added_at_ms) VALUES (?, ?, ?)')
      .run(from, to, Math.trunc(sinceMs));
  }

  /** False when the entry does not stand on the list. */
  remove(entry: BlacklistEntry): boolean {
    const { from, to } = endsOf(entry);
    const done = this.#db
      .prepare(
        'UPDATE blacklist_entry SET removed_at_ms = ? WHERE from_card = ? AND to_card = ? AND removed_at_ms IS NULL',
      )
      .run(Math.trunc(this.#clock.nowMs()), from, to);
    return done.changes > 0;
  }

  /** The list as it stands; its version is the number of changes and one, ten digits. */
  current(): Blacklist {
    const rows = this.#db
      .prepare<[], Row>(
        'SELECT from_card, to_card FROM blacklist_entry WHERE removed_at_ms IS NULL ORDER BY sequence',
      )
      .all();
    const counted = this.#db
      .prepare<[], { changes: bigint }>(
        'SELECT count(*) + count(removed_at_ms) AS changes FROM blacklist_entry',
      )
      .get();
    return {
      version: String((counted?.changes ?? 0n) + 1n).padStart(10, '0'),
      asOfMs: Math.trunc(this.#clock.nowMs()),
      cards: rows.filter((row) => row.from_card === row.to_card).map((row) => row.from_card),
      ranges: rows
        .filter((row) => row.from_card !== row.to_card)
        .map((row) => ({ from: row.from_card, to: row.to_card })),
    };
  }

  /** Whether the card stood on the list at that time. */
  listedAt(card: { readonly cardId: string; readonly cardNumber: string }, atMs: number): boolean {
    const { cardId, cardNumber } = card;
    return (
      this.#db
        .prepare<[number, number, string, string], { one: bigint }>(
          `SELECT 1 AS one FROM blacklist_entry
           WHERE added_at_ms <= ? AND (removed_at_ms IS NULL OR removed_at_ms > ?)
             AND ((from_card = ? AND to_card = from_card) OR ? BETWEEN from_card AND to_card)
           LIMIT 1`,
        )
        .get(atMs, atMs, cardId.toUpperCase(), cardNumber) !== undefined
    );
  }
}

function endsOf(entry: BlacklistEntry): { readonly from: string; readonly to: string } {
  return typeof entry === 'string' ? { from: entry.toUpperCase(), to: entry.toUpperCase() } : entry;
}
