import Database from 'better-sqlite3';
import { assert } from '#core/assert';
import { migrations } from '#store/migrations/list';
import { idleMoment, timed } from './statistics.ts';

type Row = Record<string, unknown>;

/** Copies the rows that a step of ours has written into a database of its own, in one FULL transaction. */
export class CommitPeer {
  readonly #db: Database.Database;
  readonly #source: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();
  readonly #reads = new Map<string, Database.Statement>();

  constructor(file: string, source: Database.Database) {
    this.#source = source;
    this.#source.defaultSafeIntegers(true);
    this.#db = new Database(file);
    this.#db.defaultSafeIntegers(true);
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = FULL');
    assert(this.#db.pragma('synchronous', { simple: true }) === 2n, 'the peer syncs in full as well');
    for (const sql of migrations) this.#db.exec(sql);
    // It is handed rows, not references: checking them is work that the peer need not do.
    this.#db.pragma('foreign_keys = OFF');
  }

  /** Milliseconds of the one transaction, which like ours follows on an idle moment. */
  intent(saleId: string): Promise<number> {
    const writes = [
      ...this.#inserts('sales', saleId),
      ...this.#inserts('messages', saleId),
      ...this.#journal(saleId),
    ];
    return this.#transaction(writes);
  }

  /** Of the rows that stand already only what has changed is written. */
  outcome(saleId: string): Promise<number> {
    const writes = [
      ...this.#rewrites('sales', saleId),
      ...this.#rewrites('messages', saleId),
      ...this.#inserts('settled', saleId),
      ...this.#inserts('slips', saleId),
      ...this.#journal(saleId),
    ];
    return this.#transaction(writes);
  }

  close(): void {
    this.#db.close();
  }

  async #transaction(writes: readonly (() => void)[]): Promise<number> {
    const all = this.#db.transaction(() => {
      for (const write of writes) write();
    });
    await idleMoment();
    return timed(() => all.immediate());
  }

  #inserts(table: string, saleId: string): (() => void)[] {
    return this.#rows(`SELECT * FROM ${table} WHERE sale_id = ?`, saleId).map((row) =>
      this.#insert(table, row),
    );
  }

  #insert(table: string, row: Row): () => void {
    const marks = Object.keys(row).map(() => '?');
    const statement = this.#statement(`INSERT INTO ${table} VALUES (${marks.join(', ')})`);
    const values = Object.values(row);
    return () => statement.run(...values);
  }

  #rewrites(table: string, saleId: string): (() => void)[] {
    return this.#rows(`SELECT * FROM ${table} WHERE sale_id = ?`, saleId).map((row) => {
      const { place } = row;
      const before = this.#statement(`SELECT * FROM ${table} WHERE place = ?`).get(place) as Row;
      const names = Object.keys(row).filter((name) => row[name] !== before[name]);
      const sets = names.map((name) => `${name} = ?`).join(', ');
      const statement = this.#statement(`UPDATE ${table} SET ${sets} WHERE place = ?`);
      const values = names.map((name) => row[name]);
      return () => statement.run(...values, place);
    });
  }

  /** The last event of the sale with its postings and the balances that they move. */
  #journal(saleId: string): (() => void)[] {
    const [entry] = this.#rows(
      'SELECT * FROM journal WHERE sale_id = ? ORDER BY sequence DESC LIMIT 1',
      saleId,
    );
    assert(entry !== undefined, 'every step is an event');
    const postings = this.#rows(
      'SELECT * FROM ledger WHERE sequence = ? ORDER BY position',
      entry['sequence'],
    );
    const balance = this.#statement(
      'INSERT INTO balances VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET amount = amount + excluded.amount',
    );
    return [
      this.#insert('journal', entry),
      ...postings.flatMap((posting) => [
        this.#insert('ledger', posting),
        () => balance.run(posting['account'], posting['amount']),
      ]),
    ];
  }

  #rows(sql: string, value: unknown): Row[] {
    return prepared(this.#reads, this.#source, sql).all(value) as Row[];
  }

  #statement(sql: string): Database.Statement {
    return prepared(this.#statements, this.#db, sql);
  }
}

/** Kept: a statement that is dropped is freed by the collector of young objects, in the middle of anybody's sale. */
function prepared(
  kept: Map<string, Database.Statement>,
  db: Database.Database,
  sql: string,
): Database.Statement {
  const known = kept.get(sql) ?? db.prepare(sql);
  kept.set(sql, known);
  return known;
}
