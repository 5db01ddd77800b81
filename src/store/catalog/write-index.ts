import type Database from 'better-sqlite3';
import { assert } from '#core/assert';
import type { SearchKeyMaker } from '#core/ports/catalog-store';
import type { KeyKind } from '#core/ports/search-index';
import { writeGlyphs } from './glyph-pages.ts';
import { hotTerms, type PlacedKey } from './hot-terms.ts';
import { createPostingsWriter, writeTermsOf } from './postings.ts';

/** What the index is told of one row of its table. */
export interface IndexedDocument {
  readonly id: number;
  /** Names, generic and trade, by which it is found in writing and in pinyin; doubles and empty ones do not matter. */
  readonly names: readonly string[];
  /** What people type for it as their list has it: initials, wubi (五笔助记码). */
  readonly typed?: readonly string[];
  /** Maker, specification, form: found after names. */
  readonly facts?: readonly string[];
  /** The greater, the earlier among documents that fit equally well: stock in units of 10⁻⁴. */
  readonly rank: bigint;
}

/** Takes documents in the order of their ids; `finish` writes the tables of `indexTablesOf(space)`. */
export interface IndexWriter {
  add(document: IndexedDocument): void;
  finish(): void;
}

const termFields = { name: 0, typed: 1, fact: 2 } as const;
type Field = (typeof termFields)[keyof typeof termFields];

interface Term {
  readonly text: string;
  readonly field: Field;
  bestRank: number;
  readonly documents: number[];
}

export interface IndexOptions {
  /** Begins the names of the index's tables. */
  readonly space?: string;
  /** Told after every thousandth distinct text of which the keys were made. */
  readonly progress?: (done: number, total: number) => void;
}

/** Collects the distinct texts of documents in memory; keys are made once for each, when all are known. */
export function createIndexWriter(
  db: Database.Database,
  keyMaker: SearchKeyMaker,
  { space = '', progress }: IndexOptions = {},
): IndexWriter {
  const terms: readonly Map<string, Term>[] = [new Map(), new Map(), new Map()];
  const ranks: number[] = [];

  function addTerm(field: Field, text: string, rank: number, id: number): void {
    if (text === '') return;
    const ofField = terms[field];
    let term = ofField?.get(text);
    if (term === undefined) {
      term = { text, field, bestRank: rank, documents: [] };
      ofField?.set(text, term);
    } else if (rank > term.bestRank) term.bestRank = rank;
    if (term.documents.at(-1) !== id) term.documents.push(id);
  }

  return {
    add({ id, names, typed = [], facts = [], rank: exact }) {
      const rank = Number(exact);
      assert(Number.isSafeInteger(rank), 'a rank is counted in a number');
      ranks[id] = rank;
      for (const text of names) addTerm(termFields.name, text, rank, id);
      for (const text of typed) addTerm(termFields.typed, text, rank, id);
      for (const text of facts) addTerm(termFields.fact, text, rank, id);
    },
    finish() {
      const all = terms.flatMap((ofField) => [...ofField.values()]);
      // A lower number is a better one everywhere.
      all.sort(
        (a, b) => b.bestRank - a.bestRank || a.text.length - b.text.length || (a.text < b.text ? -1 : 1),
      );
      writeTerms(db, space, all, keyMaker, progress);
      writePostings(db, space, all, ranks);
      writeGlyphs(db, keyMaker);
    },
  };
}

function writeTerms(
  db: Database.Database,
  space: string,
  terms: readonly Term[],
  { keysOf }: SearchKeyMaker,
  progress: IndexOptions['progress'],
): void {
  const insert = db.prepare(
    `INSERT INTO ${space}term (term, field, text, plain, spoken) VALUES (?, ?, ?, ?, ?)`,
  );
  const keys = { name: new KeyTable(), pinyin: new KeyTable() };
  terms.forEach(({ text, field }, term) => {
    if (term % 1000 === 999) progress?.(term + 1, terms.length);
    const made = keysOf(text);
    insert.run(term, field, text, made.plain, made.spoken);
    const isFact = field === termFields.fact;
    if (field === termFields.typed) {
      keys.pinyin.add(made.plain, 0, term);
      return;
    }
    for (const { key, whole } of made.name) keys.name.add(key, isFact ? 2 : whole ? 0 : 1, term);
    for (const { key, whole } of made.pinyin) {
      // Of makers only the beginning is typed in letters; all of it would double the index.
      if (!isFact) keys.pinyin.add(key, whole ? 0 : 1, term);
      else if (whole) keys.pinyin.add(key, 2, term);
    }
  });
  writeKeys(db, space, 'name', keys.name.sorted());
  writeKeys(db, space, 'pinyin', keys.pinyin.sorted());
}

/** Many names end alike, so there are far fewer keys than places where they stand. */
class KeyTable {
  readonly #places = new Map<string, number[]>();

  add(key: string, inside: 0 | 1 | 2, term: number): void {
    if (key === '') return;
    const places = this.#places.get(key);
    if (places === undefined) this.#places.set(key, [term * 4 + inside]);
    else places.push(term * 4 + inside);
  }

  sorted(): PlacedKey[] {
    const keys = [...this.#places.keys()].sort();
    return keys.map((key) => ({ key, places: this.#places.get(key) ?? [] }));
  }
}

function writeKeys(db: Database.Database, space: string, kind: KeyKind, keys: readonly PlacedKey[]): void {
  const insert = db.prepare(`INSERT OR IGNORE INTO ${space}${kind}_key (key, inside, term) VALUES (?, ?, ?)`);
  for (const { key, places } of keys) {
    const order = places.length < 2 ? places : places.toSorted((a, b) => (a % 4) - (b % 4) || a - b);
    for (const place of order) insert.run(key, place % 4, Math.floor(place / 4));
  }
  const hot = db.prepare(`INSERT INTO ${space}hot (kind, prefix, exactness, term) VALUES (?, ?, ?, ?)`);
  for (const { prefix, exactness, term } of hotTerms(keys)) hot.run(kind, prefix, exactness, term);
}

function writePostings(
  db: Database.Database,
  space: string,
  terms: readonly Term[],
  ranks: readonly number[],
): void {
  const write = createPostingsWriter(db, space);
  const termsOf: number[][] = [];
  const rankOf = (id: number) => ranks[id] ?? 0;
  terms.forEach(({ documents }, term) => {
    for (const id of documents) {
      const known = termsOf[id];
      if (known === undefined) termsOf[id] = [term];
      else known.push(term);
    }
    // Ids come in order, and sorting keeps it among equals.
    documents.sort((a, b) => rankOf(b) - rankOf(a));
    write(term, documents, rankOf);
  });
  writeTermsOf(db, space, termsOf);
}
