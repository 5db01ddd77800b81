import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import type { JournalEntry, LedgerAccount } from '#core/domain/journal';
import { headSignatureFits } from '#core/domain/journal-head';
import { formatMoney, type Money, sumMoney, zeroMoney } from '#core/money';
import { StoreError } from '../store-error.ts';
import { fits, genesisHash, hashOf, type JournalTable } from '../tables/journal.ts';
import { factsOf, signatureOf } from './facts.ts';
import type { Findings } from './findings.ts';
import type { SignaturesSeen } from './verification.ts';

/** Entries that are read and hashed between two moments at which somebody else may work. */
const PAGE = 50;
/** How far around its place a moved entry is looked for. */
const MOVED_AT_MOST = 50;

/** What is known of the signing keys from outside of the file: the key store's list; undefined = not at hand. */
export type KnownKeys = ReadonlySet<string> | undefined;

/** Walks the journal from one entry to the end: chain, postings, balances, signatures, sales. */
export class ChainWalk {
  readonly #journal: JournalTable;
  readonly #findings: Findings;
  readonly #keys: KnownKeys;
  readonly #hashAt: Statement;
  readonly #saleExists: Statement;
  readonly #ledgerRows: Statement;
  readonly #sums = new Map<LedgerAccount, Money>();
  readonly #revoked = new Set<string>();
  readonly #from: number;
  #next: number;
  #hash: string | undefined;
  #entries = 0;
  #signatures: SignaturesSeen = { good: 0, unsigned: 0, signedUpTo: 0 };

  constructor(db: Database, journal: JournalTable, findings: Findings, from: number, keys: KnownKeys) {
    this.#journal = journal;
    this.#findings = findings;
    this.#keys = keys;
    this.#from = from;
    this.#next = from;
    this.#hash = from === 1 ? genesisHash : undefined;
    this.#hashAt = db.prepare('SELECT hash FROM journal WHERE sequence = ?').pluck();
    this.#saleExists = db.prepare('SELECT 1 FROM sales WHERE sale_id = ?').pluck();
    this.#ledgerRows = db.prepare('SELECT COUNT(*) FROM ledger WHERE sequence BETWEEN ? AND ?').pluck();
  }

  get entries(): number {
    return this.#entries;
  }

  get signatures(): SignaturesSeen {
    return this.#signatures;
  }

  /** One piece; true when the end was reached (and the sums were compared) in this very piece. */
  step(): boolean {
    const page = this.#journal.page(this.#next, PAGE);
    for (const entry of page) this.#look(entry);
    this.#lookAtLedger(page);
    if (page.length === PAGE) return false;
    if (this.#from === 1) this.#compareBalances();
    return true;
  }

  #look(entry: JournalEntry): void {
    const { sequence } = entry;
    if (sequence > this.#next) {
      const last = sequence - 1;
      const which = last === this.#next ? `${last}` : `${this.#next}-${last}`;
      this.#findings.add('entry-missing', { sequence: this.#next }, which);
      this.#hash = undefined;
    }
    const expected = this.#hash ?? entry.previousHash;
    if (!fits(entry, expected)) this.#misfit(entry, expected);
    else if (!this.#journal.contentFits(entry))
      this.#findings.add('content-changed', placeOf(entry), entry.kind);
    this.#entries += 1;
    this.#next = sequence + 1;
    this.#hash = entry.hash;
    for (const { account, amount } of entry.postings)
      this.#sums.set(account, ((this.#sums.get(account) ?? zeroMoney) + amount) as Money);
    if (entry.saleId !== undefined && this.#saleExists.get(entry.saleId) === undefined)
      this.#findings.add('sale-missing', { sequence, saleId: entry.saleId }, entry.kind);
    if (entry.kind === 'terminal-key') this.#keyEvent(entry);
    if (entry.kind === 'journal-signed') this.#signed(entry);
  }

  /** Names what is wrong with an entry that does not fit: moved, changed, or joined to another one before it. */
  #misfit(entry: JournalEntry, expected: string): void {
    const { sequence, kind } = entry;
    const place = placeOf(entry);
    const from = movedFrom(entry);
    if (from !== undefined) {
      this.#findings.add('entry-moved', place, `${from} → ${sequence}, ${kind}`);
      return;
    }
    if (fits(entry, entry.previousHash) && entry.previousHash !== expected) {
      this.#findings.add('link-broken', place, kind);
      return;
    }
    const sum = sumMoney(entry.postings.map(({ amount }) => amount));
    const unbalanced = sum === 0n ? '' : `, Σ ${formatMoney(sum)}`;
    this.#findings.add('entry-changed', place, `${kind}${unbalanced}`);
  }

  #lookAtLedger(page: readonly JournalEntry[]): void {
    const first = page[0]?.sequence ?? this.#next;
    const last = page.length === PAGE ? (page.at(-1)?.sequence ?? first) : Number.MAX_SAFE_INTEGER;
    const known = page.reduce((count, { postings }) => count + postings.length, 0);
    const from = first === this.#from && first === 1 ? Number.MIN_SAFE_INTEGER : first;
    const rows = Number(this.#ledgerRows.get(BigInt(from), BigInt(last)));
    if (rows !== known) this.#findings.add('ledger-foreign', { sequence: first }, `${rows - known}`);
  }

  #compareBalances(): void {
    const kept = this.#journal.balances();
    for (const account of new Set([...this.#sums.keys(), ...kept.keys()])) {
      const sum = this.#sums.get(account) ?? zeroMoney;
      const balance = kept.get(account) ?? zeroMoney;
      if (sum === balance) continue;
      const detail = `${account}: ${formatMoney(balance)} ≠ ${formatMoney(sum)}`;
      this.#findings.add('balance-differs', {}, detail);
    }
  }

  #keyEvent(entry: JournalEntry): void {
    const found = factsOf(entry);
    if (found?.action === 'revoke' && found.keyId !== undefined) this.#revoked.add(found.keyId.toUpperCase());
  }

  #signed(entry: JournalEntry): void {
    const { sequence } = entry;
    const found = signatureOf(entry);
    if (found === undefined) {
      this.#findings.add('entry-unreadable', { sequence }, entry.kind);
      return;
    }
    const { head, signature } = found;
    if (head.sequence >= sequence || this.#hashAt.get(BigInt(head.sequence)) !== head.hash)
      this.#findings.add('signed-entry-differs', { sequence: head.sequence }, `→ ${sequence}`);
    if (signature === undefined) {
      this.#signatures = { ...this.#signatures, unsigned: this.#signatures.unsigned + 1 };
      return;
    }
    if (!headSignatureFits(head, signature)) {
      this.#findings.add('signature-wrong', { sequence }, signature.keyId);
      return;
    }
    const keyId = signature.keyId.toUpperCase();
    if (this.#revoked.has(keyId) || this.#keys?.has(keyId) === false) {
      this.#findings.add('signing-key-unknown', { sequence }, keyId);
      return;
    }
    const { good, unsigned } = this.#signatures;
    this.#signatures = { good: good + 1, unsigned, signedUpTo: head.sequence };
  }
}

/** Where an entry stood when it was hashed, if it was near; undefined when it fits no other place. */
function movedFrom(entry: JournalEntry): number | undefined {
  const { hash, ...content } = entry;
  for (let distance = 1; distance <= MOVED_AT_MOST; distance += 1) {
    for (const sequence of [entry.sequence - distance, entry.sequence + distance]) {
      if (sequence > 0 && hashOf({ ...content, sequence }) === hash) return sequence;
    }
  }
  return undefined;
}

const guardRow = z.object({ name: z.string(), sql: z.string() });

/** Triggers that this shape of the records has; the same statement read from both files is compared. */
export function guardsOf(db: Database): ReadonlyMap<string, string> {
  const rows = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
  return new Map(rows.map((row) => guardRow.parse(row)).map(({ name, sql }) => [name, sql]));
}

/** Fault codes that say that the file itself cannot be read on. */
export function isDamage(error: unknown): error is StoreError {
  return error instanceof StoreError && error.fault.code === 'store-damaged';
}

function placeOf({ sequence, saleId }: JournalEntry): {
  readonly sequence: number;
  readonly saleId?: string;
} {
  return { sequence, ...(saleId === undefined ? {} : { saleId }) };
}
