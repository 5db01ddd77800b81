import type Database from 'better-sqlite3';
import { hasTable, numbers } from './statements.ts';

/** A document under a term; `lessStock` is its rank with the sign turned, so that less is better. */
export interface Posting {
  readonly product: number;
  readonly lessStock: number;
}

/** Documents in one row of `posted`: a search reads few rows, and writing many is what costs. */
const PART = 128;
/** Rows of one term, `term * PARTS + part`: room for eight million documents. */
const PARTS = 65_536;
const ENTRY_BYTES = 12;
/** Ids in one row of `terms_of`. */
const PAGE = 32;

/** Writes the documents of a term, which come best first, in parts. */
export function createPostingsWriter(db: Database.Database, space: string) {
  const insert = db.prepare(`INSERT INTO ${space}posted (place, documents) VALUES (?, ?)`);
  return (term: number, documents: readonly number[], rankOf: (id: number) => number): void => {
    for (let from = 0; from < documents.length; from += PART) {
      const part = documents.slice(from, from + PART);
      const bytes = Buffer.allocUnsafe(part.length * ENTRY_BYTES);
      part.forEach((id, at) => {
        bytes.writeDoubleLE(-rankOf(id), at * ENTRY_BYTES);
        bytes.writeUInt32LE(id, at * ENTRY_BYTES + 8);
      });
      insert.run(term * PARTS + from / PART, bytes);
    }
  };
}

/** The best `limit` documents of a term, read as they are taken. */
export type ReadPostings = (term: number, limit: number) => Iterable<Posting>;

export function createPostings(db: Database.Database, space: string): ReadPostings {
  if (!hasTable(db, `${space}posted`)) return createPostingRows(db, space);
  const select = db.prepare<[number], { documents: Buffer }>(
    `SELECT documents FROM ${space}posted WHERE place = ?`,
  );
  return function* postings(term, limit) {
    for (let from = 0; from < limit; from += PART) {
      const documents = select.get(term * PARTS + from / PART)?.documents;
      if (documents === undefined) return;
      const end = Math.min((limit - from) * ENTRY_BYTES, documents.length);
      for (let at = 0; at < end; at += ENTRY_BYTES) {
        yield { lessStock: documents.readDoubleLE(at), product: documents.readUInt32LE(at + 8) };
      }
    }
  };
}

/** Files of the first format have a row for each. */
function createPostingRows(db: Database.Database, space: string): ReadPostings {
  const select = numbers(
    db.prepare<[number, number], Posting>(
      `SELECT less_stock AS lessStock, product FROM ${space}posting
       WHERE term = ? ORDER BY less_stock, product LIMIT ?`,
    ),
  );
  return (term, limit) => select.all(term, limit);
}

/** Writes the terms of every document, by id; a list of one that does not exist is empty. */
export function writeTermsOf(
  db: Database.Database,
  space: string,
  termsOf: readonly (readonly number[] | undefined)[],
): void {
  const insert = db.prepare(`INSERT INTO ${space}terms_of (page, terms) VALUES (?, ?)`);
  for (let first = 0; first < termsOf.length; first += PAGE) {
    const words: number[] = [];
    for (let id = first; id < first + PAGE; id += 1) {
      const terms = termsOf[id] ?? [];
      words.push(terms.length, ...terms);
    }
    const array = Uint32Array.from(words);
    insert.run(first / PAGE, Buffer.from(array.buffer));
  }
}

/** Terms under which a document is found. */
export function createTermsOf(db: Database.Database, space: string): (id: number) => readonly number[] {
  const select = db.prepare<[number], { terms: Buffer }>(`SELECT terms FROM ${space}terms_of WHERE page = ?`);
  return (id) => {
    const terms = select.get(Math.floor(id / PAGE))?.terms;
    if (terms === undefined) return [];
    let at = 0;
    for (let before = id % PAGE; before > 0; before -= 1) at += 4 + terms.readUInt32LE(at) * 4;
    const count = terms.readUInt32LE(at);
    return Array.from({ length: count }, (_, index) => terms.readUInt32LE(at + 4 + index * 4));
  };
}
