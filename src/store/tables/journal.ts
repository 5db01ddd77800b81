import { hash } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { assert } from '#core/assert';
import { businessDay } from '#core/business-time';
import type { JournalEntry, JournalKind, LedgerAccount, Posting } from '#core/domain/journal';
import { formatMoney, type Money, sumMoney, zeroMoney } from '#core/money';
import { canonical, quoted } from '../codec/json.ts';
import type { NewEvent } from '../port.ts';
import type { SealedContent } from '../seals.ts';
import { bytesColumn, type EventContents } from './contents.ts';
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
  content_seal: bytesColumn.nullable(),
});
type JournalRow = z.output<typeof journalRow>;
const columns =
  'sequence, kind, sale_id, at_ms, business_day, operator, facts, previous_hash, hash, content_seal';
const headRow = z.object({ sequence: numberColumn, hash: z.string() });
type Head = z.output<typeof headRow>;
const account = z.string().transform((name) => name as LedgerAccount);
const postingRow = z.object({ account, amount: moneyColumn });

/** Append-only events in an SM3 chain, with the double-entry ledger beside them (design 5). */
export class JournalTable {
  readonly #contents: EventContents | undefined;
  readonly #insert: Statement;
  readonly #post: Statement;
  readonly #balance: Statement;
  readonly #head: Statement;
  readonly #page: Statement;
  readonly #ofSale: Statement;
  readonly #postings: Statement;
  readonly #balances: Statement;
  /** Held because only this program appends. */
  #last: Head | undefined;

  /** Without `contents` what events carry under their seal stays closed: only the chain is looked at. */
  constructor(db: Database, contents?: EventContents) {
    this.#contents = contents;
    this.#insert = db.prepare(
      `INSERT INTO journal (${columns}, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#post = db.prepare('INSERT INTO ledger VALUES (?, ?, ?, ?)');
    this.#balance = db.prepare(
      'INSERT INTO balances VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET amount = amount + excluded.amount',
    );
    this.#head = db.prepare('SELECT sequence, hash FROM journal ORDER BY sequence DESC LIMIT 1');
    this.#page = db.prepare(`SELECT ${columns} FROM journal WHERE sequence >= ? ORDER BY sequence LIMIT ?`);
    this.#ofSale = db.prepare(`SELECT ${columns} FROM journal WHERE sale_id = ? ORDER BY sequence`);
    this.#postings = db.prepare('SELECT account, amount FROM ledger WHERE sequence = ? ORDER BY position');
    this.#balances = db.prepare('SELECT account, amount FROM balances ORDER BY account');
  }

  /**
   * Runs inside the caller's transaction. Postings of each event add up to zero, else it throws. `content` is what the
   * first event carries, sealed for its sequence.
   */
  append(events: readonly NewEvent[], content?: SealedContent): readonly JournalEntry[] {
    let carried = content;
    return events.map((event) => {
      const entry = chained(event, this.head(), carried);
      this.#write(entry, carried);
      this.#last = { sequence: entry.sequence, hash: entry.hash };
      carried = undefined;
      return entry;
    });
  }

  head(): Head {
    if (this.#last === undefined) {
      const row = this.#head.get();
      this.#last = row === undefined ? { sequence: 0, hash: genesisHash } : parsed(() => headRow.parse(row));
    }
    return this.#last;
  }

  /** Reads the head from disk again: what was appended last may have been undone. */
  forget(): void {
    this.#last = undefined;
  }

  page(fromSequence: number, limit: number): readonly JournalEntry[] {
    return this.#page.all(fromSequence, limit).map((row) => this.#entry(read(row)));
  }

  ofSale(saleId: string): readonly JournalEntry[] {
    return this.#ofSale.all(saleId).map((row) => this.#entry(read(row)));
  }

  balances(): ReadonlyMap<LedgerAccount, Money> {
    const rows = this.#balances.all().map((row) => parsed(() => postingRow.parse(row)));
    return new Map(rows.map((row) => [row.account, row.amount]));
  }

  /**
   * Recomputes hashes, links and balances from `fromSequence` on, page by page, and the seals of contents where they
   * are asked for.
   */
  verify(
    fromSequence: number,
    contents: 'with-contents' | 'chain-only',
  ): { readonly entries: number; readonly brokenAt?: number } {
    const sums = new Map<LedgerAccount, Money>();
    let entries = 0;
    let before = fromSequence === 1 ? genesisHash : undefined;
    for (let next = fromSequence; ; ) {
      const page = this.#page.all(next, 500);
      if (page.length === 0) break;
      for (const row of page) {
        const entry = this.#entry(read(row));
        if (entry.sequence !== next || !fits(entry, before ?? entry.previousHash))
          return { entries, brokenAt: next };
        if (contents === 'with-contents' && !this.contentFits(entry)) return { entries, brokenAt: next };
        for (const posting of entry.postings) {
          sums.set(posting.account, ((sums.get(posting.account) ?? zeroMoney) + posting.amount) as Money);
        }
        before = entry.hash;
        entries += 1;
        next += 1;
      }
    }
    if (fromSequence === 1 && !sameBalances(sums, this.balances())) return { entries, brokenAt: entries + 1 };
    return { entries };
  }

  /** Whether what the event carries is what was sealed for it; true where seals are not at hand. */
  contentFits({ sequence, contentSeal }: JournalEntry): boolean {
    return this.#contents?.fits(sequence, contentSeal !== undefined) ?? true;
  }

  #entry(found: JournalRow): JournalEntry {
    const postings = this.#postings.all(found.sequence).map((one) => parsed(() => postingRow.parse(one)));
    return {
      sequence: found.sequence,
      kind: found.kind,
      ...(found.sale_id === null ? {} : { saleId: found.sale_id }),
      atMs: found.at_ms,
      businessDay: found.business_day,
      operator: found.operator,
      facts: found.facts,
      ...(found.content_seal === null ? {} : { contentSeal: base64url(found.content_seal) }),
      postings,
      hash: found.hash,
      previousHash: found.previous_hash,
    };
  }

  #write(entry: JournalEntry, content: SealedContent | undefined): void {
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
      content?.seal ?? null,
      content?.content ?? null,
    );
    entry.postings.forEach((posting, position) => {
      this.#post.run(entry.sequence, position, posting.account, posting.amount);
      this.#balance.run(posting.account, posting.amount);
    });
  }
}

function read(row: unknown): JournalRow {
  return parsed(() => journalRow.parse(row));
}

function chained(event: NewEvent, before: Head, content: SealedContent | undefined): JournalEntry {
  const postings = event.postings ?? [];
  assert(
    sumMoney(postings.map((posting) => posting.amount)) === 0n,
    `postings of a ${event.kind} event add up to zero`,
  );
  const entry = {
    sequence: before.sequence + 1,
    kind: event.kind,
    ...(event.saleId === undefined ? {} : { saleId: event.saleId }),
    atMs: Math.round(event.atMs),
    businessDay: businessDay(event.atMs),
    operator: event.operator,
    facts: canonical(event.facts),
    ...(content === undefined ? {} : { contentSeal: base64url(content.seal) }),
    postings,
    previousHash: before.hash,
  };
  return { ...entry, hash: hashOf(entry) };
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
}

/** SM3 over the previous hash (hex text) ‖ canonical JSON of the event with its postings, as hex. */
export function hashOf(entry: Omit<JournalEntry, 'hash'>): string {
  return hash('sm3', entry.previousHash + canonicalEntry(entry), 'hex');
}

/** `canonical` of an entry without its hashes, field by field: the order of the names is known. */
export function canonicalEntry(entry: Omit<JournalEntry, 'hash'>): string {
  const { atMs, businessDay: day, contentSeal, facts, kind, operator, postings, saleId, sequence } = entry;
  let posted = '';
  for (const { account: name, amount } of postings) {
    posted += `${posted === '' ? '' : ','}{"account":${quoted(name)},"amount":"${formatMoney(amount)}"}`;
  }
  const content = contentSeal === undefined ? '' : `"contentSeal":${quoted(contentSeal)},`;
  const sale = saleId === undefined ? '' : `"saleId":${quoted(saleId)},`;
  return (
    `{"atMs":${atMs},"businessDay":${quoted(day)},${content}"facts":${quoted(facts)},"kind":${quoted(kind)},` +
    `"operator":${quoted(operator)},"postings":[${posted}],${sale}"sequence":${sequence}}`
  );
}

export function fits(entry: JournalEntry, previousHash: string): boolean {
  const { hash: told, ...event } = entry;
  const sum = sumMoney(entry.postings.map((posting: Posting) => posting.amount));
  return entry.previousHash === previousHash && sum === 0n && hashOf(event) === told;
}

function sameBalances(a: ReadonlyMap<string, Money>, b: ReadonlyMap<string, Money>): boolean {
  const names = new Set([...a.keys(), ...b.keys()]);
  return [...names].every((name) => (a.get(name) ?? 0n) === (b.get(name) ?? 0n));
}
