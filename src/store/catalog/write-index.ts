import type Database from 'better-sqlite3';
import type { CatalogReader } from '#core/ports/catalog-store';
import { hotTerms, type PlacedKey } from './hot-terms.ts';
import type { KeyKind } from './index-schema.ts';

/** One distinct name before it is numbered for the file. */
export interface Term {
  readonly number: number;
  readonly name: string;
  bestStock: bigint;
}

/** Terms are numbered anew, best stocked first, so that a lower number is a better one everywhere. */
export function writeIndex(db: Database.Database, terms: Term[], keysOf: CatalogReader['keysOf']): void {
  terms.sort((a, b) => {
    if (a.bestStock !== b.bestStock) return a.bestStock < b.bestStock ? 1 : -1;
    return a.name.length - b.name.length || a.number - b.number;
  });
  db.exec('CREATE TEMP TABLE renumbered (old INTEGER PRIMARY KEY, term INTEGER NOT NULL)');
  const renumber = db.prepare('INSERT INTO renumbered (old, term) VALUES (?, ?)');
  const keys: Record<KeyKind, PlacedKey[]> = { name: [], pinyin: [] };
  terms.forEach(({ number, name }, term) => {
    renumber.run(number, term);
    const made = keysOf(name);
    for (const { key, whole } of made.name) keys.name.push({ key, inside: whole ? 0 : 1, term });
    for (const { key, whole } of made.pinyin) keys.pinyin.push({ key, inside: whole ? 0 : 1, term });
  });
  writeKeys(db, 'name', keys.name);
  writeKeys(db, 'pinyin', keys.pinyin);
  // A product whose two names read alike after cleaning still has two terms; the look-up removes doubles.
  db.exec(`INSERT INTO posting SELECT r.term, n.less_stock, n.product
    FROM named n JOIN renumbered r ON r.old = n.term ORDER BY 1, 2, 3`);
}

function writeKeys(db: Database.Database, kind: KeyKind, keys: PlacedKey[]): void {
  keys.sort((a, b) => {
    if (a.key !== b.key) return a.key < b.key ? -1 : 1;
    return a.inside - b.inside || a.term - b.term;
  });
  const insert = db.prepare(`INSERT INTO ${kind}_key (key, inside, term) VALUES (?, ?, ?)`);
  for (const { key, inside, term } of keys) insert.run(key, inside, term);
  const hot = db.prepare('INSERT INTO hot (kind, prefix, exactness, term) VALUES (?, ?, ?, ?)');
  for (const { prefix, exactness, term } of hotTerms(keys)) hot.run(kind, prefix, exactness, term);
}
