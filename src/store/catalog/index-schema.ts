export type { KeyKind } from '#core/ports/search-index';

/**
 * Tables of a search index. A term is one distinct text, numbered from the best stocked on (`field`: 0 a name,
 * 1 a code that people type, 2 another fact); keys lead from a typed prefix to terms, `posted` from a term to its
 * documents, best stocked first, `terms_of` back (`postings.ts`). `inside`: 0 where the name begins, 1 further in, 2 a key of another fact.
 * Prefixes with very many keys are answered from `hot` instead. `space` begins the tables' names, so that one
 * file may hold several indexes.
 */
export function indexTablesOf(space: string): string {
  return `
  CREATE TABLE ${space}term (
    term INTEGER PRIMARY KEY, field INTEGER NOT NULL, text TEXT NOT NULL, plain TEXT NOT NULL, spoken TEXT NOT NULL
  ) STRICT;
  CREATE TABLE ${space}name_key (
    key TEXT NOT NULL, inside INTEGER NOT NULL, term INTEGER NOT NULL, PRIMARY KEY (key, inside, term)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE ${space}pinyin_key (
    key TEXT NOT NULL, inside INTEGER NOT NULL, term INTEGER NOT NULL, PRIMARY KEY (key, inside, term)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE ${space}hot (
    kind TEXT NOT NULL, prefix TEXT NOT NULL, exactness INTEGER NOT NULL, term INTEGER NOT NULL,
    PRIMARY KEY (kind, prefix, exactness, term)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE ${space}posted (place INTEGER PRIMARY KEY, documents BLOB NOT NULL) STRICT;
  CREATE TABLE ${space}terms_of (page INTEGER PRIMARY KEY, terms BLOB NOT NULL) STRICT;
`;
}

/** Hanzi with their usual form and readings, a line each of 256 (`glyph-pages.ts`); one table in a file. */
export const glyphTable = `
  CREATE TABLE IF NOT EXISTS glyph_page (page INTEGER PRIMARY KEY, glyphs TEXT NOT NULL) STRICT;
`;

/** The index of products. */
export const indexTables = indexTablesOf('') + glyphTable;
