import type Database from 'better-sqlite3';
import type { SearchIndex } from '#core/ports/search-index';
import { LAST, numbers } from './statements.ts';

/** Where codes stand: columns, or expressions that have an index, of a table with an `id`. */
export interface CodeColumns {
  readonly table: string;
  /** The surest first. */
  readonly codes: readonly string[];
  /** SQL that is true of a document in stock; absent = all are alike. */
  readonly inStock?: string;
}

interface Coded {
  readonly id: number;
  readonly held: number | null;
}

/** Read of each column, however many are asked for: so fewer answers are the first of more. */
const MOST_CODES = 100;

/** Look-ups by whole codes and by their beginning. */
export function createCodes(
  db: Database.Database,
  { table, codes, inStock = '1' }: CodeColumns,
): Pick<SearchIndex, 'byCode' | 'byCodePrefix'> {
  const select = `SELECT id, ${inStock} AS held FROM ${table} WHERE`;
  const exact = codes.map((column) =>
    numbers(db.prepare<[string], Coded>(`${select} ${column} = ? LIMIT ${MOST_CODES}`)),
  );
  const prefixed = codes.map((column) =>
    numbers(
      db.prepare<[string, string], Coded>(
        `${select} ${column} >= ? AND ${column} < ? ORDER BY ${column} LIMIT ${MOST_CODES}`,
      ),
    ),
  );
  return {
    byCode: (code) => distinct(exact.flatMap((query) => query.all(code))),
    byCodePrefix: (prefix, limit) =>
      distinct(prefixed.flatMap((query) => query.all(prefix, `${prefix}${LAST}`))).slice(0, limit),
  };
}

/** Each once, in stock before not, else in the order given. */
function distinct(rows: readonly Coded[]): number[] {
  const ids = new Set(rows.map(({ id }) => id));
  const held = new Set(rows.filter((row) => row.held === 1).map(({ id }) => id));
  return [...held, ...[...ids].filter((id) => !held.has(id))];
}
