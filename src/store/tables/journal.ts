import { createHash } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { assert } from '#core/assert';
import { businessDay } from '#core/business-time';
import type { JournalEntry, JournalKind, LedgerAccount, Posting } from '#core/domain/journal';
import { type Money, sumMoney, zeroMoney } from '#core/money';
import { canonical } from '../codec/json.ts';
import type { NewEvent } from '../port.ts';
import { moneyColumn, numberColumn, parsed } from './rows.ts';

/** The hash before the first entry. */
export const genesisHash = '0'.repeat(64);

const journalRow = z.object({
  sequence: numberColumn,
  kind: z.string().transform((kind) => kind as JournalKind),
  sale_id: z.string().nullable(),
  at_ms: numberColumn,
  business_day: z.string(),
  operator: z.string(),
  facts: z.string(),
  previous_hash: z.string(),
  hash: z.string(),
});
const headRow = z.object({ sequence: numberColumn, hash: z.string() });
const account = z.string().transform((name) => name as LedgerAccount);
const postingRow = z.object({ account, amount: moneyColumn });

/** Append-only events in an SM3 chain, with the double-entry ledger beside them (design 5). */
export class JournalTable {
  readonly #insert: Statement;
  readonly #post: Statement;
  readonly #balance: Statement;
  readonly #head: Statement;
  readonly #page: Statement;
  readonly #ofSale: Statement;
  readonly #postings: Statement;
  readonly #balances: Statement;

  constructor(db: Database) {
    this.#insert = db.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#post = db.prepare('INSERT INTO ledger VALUES (?, ?, ?, ?)');
    this.#balance = db.prepare(
      'INSERT INTO balances VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET amount = amount + excluded.amount',
    );
    this.#head = db.prepare('SELECT sequence, hash FROM journal ORDER BY sequence DESC LIMIT 1');
    this.#page = db.prepare('SELECT * FROM journal WHERE sequence >= ? ORDER BY sequence LIMIT ?');
    this.#ofSale = db.prepare('SELECT * FROM journal WHERE sale_id = ? ORDER BY sequence');
    this.#postings = db.prepare('SELECT account, amount FROM ledger WHERE sequence = ? ORDER BY position');
    this.#balances = db.prepare('SELECT account, amount FROM balances ORDER BY account');
  }

  /** Runs inside the caller's transaction. Postings of each event add up to zero, else it throws. */
  append(events: readonly NewEvent[]): readonly JournalEntry[] {
    if (events.length === 0) return [];
    let { sequence, hash } = this.head();
    return events.map((event) => {
      const entry = chained(event, sequence + 1, hash);
      this.#write(entry);
      ({ sequence, hash } = entry);
      return entry;
    });
  }

  head(): { readonly sequence: number; readonly hash: string } {
    const row = this.#head.get();
    if (row === undefined) return { sequence: 0, hash: genesisHash };
    return parsed(() => headRow.parse(row));
  }

  page(fromSequence: number, limit: number): readonly JournalEntry[] {
    return this.#page.all(fromSequence, limit).map((row) => this.#entry(row));
  }

  ofSale(saleId: string): readonly JournalEntry[] {
    return this.#ofSale.all(saleId).map((row) => this.#entry(row));
  }

  balances(): ReadonlyMap<LedgerAccount, Money> {
    const rows = this.#balances.all().map((row) => parsed(() => postingRow.parse(row)));
    return new Map(rows.map((row) => [row.account, row.amount]));
  }

  /** Recomputes hashes, links and balances from `fromSequence` on, page by page. */
  verify(fromSequence = 1): { readonly entries: number; readonly brokenAt?: number } {
    const sums = new Map<LedgerAccount, Money>();
    let entries = 0;
    let hash = fromSequence === 1 ? genesisHash : undefined;
    for (let next = fromSequence; ; ) {
      const page = this.page(next, 500);
      if (page.length === 0) break;
      for (const entry of page) {
        if (entry.sequence !== next || !fits(entry, hash ?? entry.previousHash))
          return { entries, brokenAt: next };
        for (const posting of entry.postings) {
          sums.set(posting.account, ((sums.get(posting.account) ?? zeroMoney) + posting.amount) as Money);
        }
        hash = entry.hash;
        entries += 1;
        next += 1;
      }
    }
    if (fromSequence === 1 && !sameBalances(sums, this.balances())) return { entries, brokenAt: entries + 1 };
    return { entries };
  }

  #entry(row: unknown): JournalEntry {
    const found = parsed(() => journalRow.parse(row));
    const postings = this.#postings.all(found.sequence).map((one) => parsed(() => postingRow.parse(one)));
    return {
      sequence: found.sequence,
      kind: found.kind,
      ...(found.sale_id === null ? {} : { saleId: found.sale_id }),
      atMs: found.at_ms,
      businessDay: found.business_day,
      operator: found.operator,
      facts: found.facts,
      postings,
      hash: found.hash,
      previousHash: found.previous_hash,
    };
  }

  #write(entry: JournalEntry): void {
    this.#insert.run(
      entry.sequence,
      entry.kind,
      entry.saleId ?? null,
      entry.atMs,
      entry.businessDay,
      entry.operator,
      entry.facts,
      entry.previousHash,
      entry.hash,
    );
    entry.postings.forEach((posting, position) => {
      this.#post.run(entry.sequence, position, posting.account, posting.amount);
      this.#balance.run(posting.account, posting.amount);
    });
  }
}

function chained(event: NewEvent, sequence: number, previousHash: string): JournalEntry {
  const postings = event.postings ?? [];
  assert(
    sumMoney(postings.map((posting) => posting.amount)) === 0n,
    `postings of a ${event.kind} event add up to zero`,
  );
  const entry = {
    sequence,
    kind: event.kind,
    ...(event.saleId === undefined ? {} : { saleId: event.saleId }),
    atMs: Math.round(event.atMs),
    businessDay: businessDay(event.atMs),
    operator: event.operator,
    facts: canonical(event.facts),
    postings,
    previousHash,
  };
  return { ...entry, hash: hashOf(entry) };
}

/** SM3 over the previous hash (hex text) ‖ canonical JSON of the event with its postings, as hex. */
export function hashOf(entry: Omit<JournalEntry, 'hash'>): string {
  const { previousHash, ...event } = entry;
  return createHash('sm3').update(previousHash).update(canonical(event)).digest('hex');
}

export function fits(entry: JournalEntry, previousHash: string): boolean {
  const { hash, ...event } = entry;
  const sum = sumMoney(entry.postings.map((posting: Posting) => posting.amount));
  return entry.previousHash === previousHash && sum === 0n && hashOf(event) === hash;
}

function sameBalances(a: ReadonlyMap<string, Money>, b: ReadonlyMap<string, Money>): boolean {
  const names = new Set([...a.keys(), ...b.keys()]);
  return [...names].every((name) => (a.get(name) ?? 0n) === (b.get(name) ?? 0n));
}
