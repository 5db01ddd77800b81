import { assert } from '#core/assert';
import { fen, type Money } from '#core/money';
import type { AgencyDatabase } from './database.ts';
import { type SettlementRow, settlementFromRow, settlementToRow } from './ledger-rows.ts';
import type {
  AccountState,
  LedgerEvent,
  LedgerEventKind,
  ReversalRecord,
  SettlementRecord,
  YearlyUse,
} from './records.ts';
import { isStanding, yearlyUse } from './yearly-use.ts';

type Row = Record<string, bigint | string | null>;

/** The agency's own books: accounts, yearly use, settlements and events, all in one database. */
export class AgencyLedger {
  readonly #db: AgencyDatabase;

  constructor(database: AgencyDatabase) {
    this.#db = database;
  }

  /** Runs `work` in one transaction: all of it is booked or nothing. */
  atomically<T>(work: () => T): T {
    return this.#db.transaction(work).immediate();
  }

  openAccount(personNumber: string, balance: bigint, relativeBalance: bigint): void {
    this.#db
      .prepare('INSERT OR IGNORE INTO person (person_number, balance, relative_balance) VALUES (?, ?, ?)')
      .run(personNumber, balance, relativeBalance);
  }

  balance(personNumber: string): Money {
    const row = this.#db
      .prepare<[string], { balance: bigint }>('SELECT balance FROM person WHERE person_number = ?')
      .get(personNumber);
    return fen(row?.balance ?? 0n);
  }

  setBalance(personNumber: string, balance: bigint): void {
    this.#db.prepare('UPDATE person SET balance = ? WHERE person_number = ?').run(balance, personNumber);
  }

  /** Account of the relative who shares with the person (账户共济). */
  relativeBalance(personNumber: string): Money {
    const row = this.#db
      .prepare<[string], { balance: bigint }>(
        'SELECT relative_balance AS balance FROM person WHERE person_number = ?',
      )
      .get(personNumber);
    return fen(row?.balance ?? 0n);
  }

  /** What the person has used of the year, by the settlements that stand. */
  yearly(personNumber: string, scheme: string, year: string): YearlyUse {
    return yearlyUse(this.#find('person_number = ? AND scheme = ? AND year = ?', personNumber, scheme, year));
  }

  /** How often the person bore a deductible in the month, `yyyy-MM`. */
  deductiblesOf(personNumber: string, scheme: string, month: string): number {
    const year = month.slice(0, 4);
    return this.#find(
      'person_number = ? AND scheme = ? AND year = ? AND visit_day LIKE ?',
      personNumber,
      scheme,
      year,
      `${month}-%`,
    ).filter((record) => isStanding(record) && record.deductible > 0n).length;
  }

  account(personNumber: string): AccountState | undefined {
    const known = this.#db
      .prepare<[string], { balance: bigint }>('SELECT balance FROM person WHERE person_number = ?')
      .get(personNumber);
    if (known === undefined) return undefined;
    const years = this.#db
      .prepare<[string], { scheme: string; year: string }>(
        'SELECT DISTINCT scheme, year FROM settlement WHERE person_number = ? ORDER BY scheme, year',
      )
      .all(personNumber)
      .map(({ scheme, year }) => ({ scheme, year, ...this.yearly(personNumber, scheme, year) }));
    const relativeBalance = this.relativeBalance(personNumber);
    return { personNumber, balance: fen(known.balance), relativeBalance, years };
  }

  /**
   * Adds what a record says (negative for a cancellation) times `sign` to the person's accounts; what the year
   * has used follows from the settlements.
   */
  apply(record: SettlementRecord, sign: 1n | -1n): void {
    this.#db
      .prepare(
        `UPDATE person SET balance = balance - ?, relative_balance = relative_balance - ?
         WHERE person_number = ?`,
      )
      .run(sign * record.account, sign * record.family, record.personNumber);
  }

  insert(record: SettlementRecord): void {
    const row = settlementToRow(record);
    const names = Object.keys(row);
    this.#db
      .prepare(
        `INSERT INTO settlement (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`,
      )
      .run(row);
  }

  setState(settlementId: string, state: SettlementRecord['state']): void {
    const done = this.#db
      .prepare('UPDATE settlement SET state = ? WHERE settlement_id = ?')
      .run(state, settlementId);
    assert(done.changes === 1, 'the settlement whose state changes exists');
  }

  byMessage(messageId: string): SettlementRecord | undefined {
    return this.#find('message_id = ?', messageId)[0];
  }

  byId(settlementId: string): SettlementRecord | undefined {
    return this.#find('settlement_id = ?', settlementId)[0];
  }

  bySale(saleNumber: string): SettlementRecord[] {
    return this.#find('sale_number = ?', saleNumber);
  }

  settlements(): SettlementRecord[] {
    return this.#find('?', 1n);
  }

  /** What the agency counts between two business days, both included: everything that was not reversed. */
  standing(institution: string, region: string, from: string, to: string): SettlementRecord[] {
    return this.#find(
      `institution = ? AND region = ? AND business_day BETWEEN ? AND ? AND state <> 'reversed'`,
      institution,
      region,
      from,
      to,
    );
  }

  addEvent(kind: LedgerEventKind, record: SettlementRecord, byMessageId: string, atMs: number): void {
    const sign = kind === 'settled' || kind === 'cancelled' ? 1n : -1n;
    this.#db
      .prepare(
        `INSERT INTO event (kind, settlement_id, message_id, by_message_id, person_number, at_ms, account, fund,
           family)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        kind,
        record.settlementId,
        record.messageId,
        byMessageId,
        record.personNumber,
        atMs,
        sign * record.account,
        sign * record.fund,
        sign * record.family,
      );
  }

  events(): LedgerEvent[] {
    const rows = this.#db.prepare<[], Row>('SELECT * FROM event ORDER BY sequence').all();
    return rows.map((row) => ({
      sequence: Number(row['sequence']),
      kind: String(row['kind']) as LedgerEventKind,
      settlementId: String(row['settlement_id']),
      messageId: String(row['message_id']),
      byMessageId: String(row['by_message_id']),
      personNumber: String(row['person_number']),
      atMs: Number(row['at_ms']),
      account: fen(BigInt(row['account'] ?? 0n)),
      family: fen(BigInt(row['family'] ?? 0n)),
      fund: fen(BigInt(row['fund'] ?? 0n)),
    }));
  }

  addReversal(reversal: ReversalRecord): void {
    this.#db
      .prepare(
        `INSERT INTO reversal (original_message_id, message_id, person_number, at_ms, found)
         VALUES (?, ?, ?, ?, ?)`,
      )
      .run(
        reversal.originalMessageId,
        reversal.messageId,
        reversal.personNumber,
        reversal.atMs,
        reversal.found ? 1 : 0,
      );
  }

  reversals(): ReversalRecord[] {
    const rows = this.#db.prepare<[], Row>('SELECT * FROM reversal ORDER BY sequence').all();
    return rows.map((row) => ({
      originalMessageId: String(row['original_message_id']),
      messageId: String(row['message_id']),
      personNumber: String(row['person_number']),
      atMs: Number(row['at_ms']),
      found: row['found'] === 1n,
    }));
  }

  wasReversed(messageId: string): boolean {
    return (
      this.#db
        .prepare<[string], { one: bigint }>(
          'SELECT 1 AS one FROM reversal WHERE original_message_id = ? LIMIT 1',
        )
        .get(messageId) !== undefined
    );
  }

  #find(where: string, ...values: readonly (string | bigint)[]): SettlementRecord[] {
    return this.#db
      .prepare<(string | bigint)[], SettlementRow>(`SELECT * FROM settlement WHERE ${where} ORDER BY rowid`)
      .all(...values)
      .map(settlementFromRow);
  }
}
