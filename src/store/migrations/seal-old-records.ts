import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { assert } from '#core/assert';
import type { DigestedValue, SealedColumn, Seals } from '../seals.ts';
import { parsed } from '../tables/rows.ts';

/** Settings row that stands while clear text of the first shape may still lie in the file. */
const marker = 'sealing';
/** Rows sealed in one transaction. */
const batchRows = 100;

interface OldTable {
  readonly name: string;
  /** Unique column, also the id in the seals of the row. */
  readonly key: string;
  readonly sealed: readonly SealedColumn[];
  readonly digested?: { readonly column: string; readonly value: DigestedValue };
}

const oldTables: readonly OldTable[] = [
  {
    name: 'sales',
    key: 'sale_id',
    sealed: ['sales.row'],
    digested: { column: 'person_number', value: 'person-number' },
  },
  { name: 'messages', key: 'message_id', sealed: ['messages.body', 'messages.answer'] },
  { name: 'settled', key: 'sale_id', sealed: ['settled.row'] },
  { name: 'cancelled', key: 'sale_id', sealed: ['cancelled.row'] },
  {
    name: 'uploads',
    key: 'sale_id',
    sealed: ['uploads.agency_text'],
    digested: { column: 'lane', value: 'card' },
  },
];
const oldRow = z.record(z.string(), z.string().nullable());
const place = z.object({ table: z.string(), after: z.string() });
type Place = z.output<typeof place>;

/** Inside the transaction that brings the second shape: the small table of holders, and the mark for the rest. */
export function beginSealing(db: Database, seals: Seals): void {
  const update = db.prepare('UPDATE persons SET key = ?, row = ? WHERE key = ?');
  for (const row of db.prepare('SELECT key, row FROM persons').all()) {
    const { key, row: text } = parsed(() => z.object({ key: z.string(), row: z.string() }).parse(row));
    const id = seals.digest('holder-key', key);
    update.run(id, seals.seal('persons.row', id, text), key);
  }
  const first: Place = { table: oldTables[0]?.name ?? '', after: '' };
  db.prepare('INSERT INTO settings VALUES (?, ?)').run(marker, JSON.stringify(first));
}

/**
 * Seals what a program of the first shape left in clear, batch by batch, then rewrites the file and empties
 * the log, so that no clear text stays on a free page. Goes on where it was when the process died in between.
 */
export function finishSealing(db: Database, seals: Seals): void {
  const read = db.prepare('SELECT value FROM settings WHERE name = ?').pluck();
  const marked = read.get(marker);
  if (marked === undefined) return;
  // What is sealed now lay in clear: every page that it leaves is wiped.
  db.pragma('secure_delete = ON');
  let at = parsed(() => place.parse(JSON.parse(z.string().parse(marked))));
  for (const [index, table] of oldTables.entries()) {
    if (table.name !== at.table) continue;
    while (at.table === table.name) at = sealBatch(db, seals, table, at, oldTables[index + 1]?.name ?? '');
  }
  db.exec('VACUUM');
  db.pragma('secure_delete = FAST');
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.prepare('DELETE FROM settings WHERE name = ?').run(marker);
}

/** One transaction: some rows and the place up to which the table is sealed. */
function sealBatch(db: Database, seals: Seals, table: OldTable, at: Place, nextTable: string): Place {
  const { name, key, sealed, digested } = table;
  const names = [...sealed.map(nameOf), ...(digested === undefined ? [] : [digested.column])];
  const some = db.prepare(
    `SELECT ${[key, ...names].join(', ')} FROM ${name} WHERE ${key} > ? ORDER BY ${key} LIMIT ${batchRows}`,
  );
  const sets = names.map((column) => `${column} = ?`).join(', ');
  const update = db.prepare(`UPDATE ${name} SET ${sets} WHERE ${key} = ?`);
  const move = db.prepare('UPDATE settings SET value = ? WHERE name = ?');
  return db.transaction(() => {
    const rows = some.all(at.after).map((row) => parsed(() => oldRow.parse(row)));
    let after = at.after;
    for (const row of rows) {
      const id = row[key];
      assert(typeof id === 'string', 'every row has its key');
      const texts = sealed.map((column) => {
        const text = row[nameOf(column)] ?? null;
        return text === null ? null : seals.seal(column, id, text);
      });
      const looked = digested === undefined ? null : (row[digested.column] ?? null);
      const digests =
        digested === undefined ? [] : [looked === null ? null : seals.digest(digested.value, looked)];
      update.run(...texts, ...digests, id);
      after = id;
    }
    const next = rows.length < batchRows ? { table: nextTable, after: '' } : { table: name, after };
    move.run(JSON.stringify(next), marker);
    return next;
  })();
}

function nameOf(column: SealedColumn): string {
  return column.slice(column.indexOf('.') + 1);
}
