/**
 * The search index of a catalogue file. A term is one distinct name, numbered from the best stocked on; keys
 * lead from a typed prefix to terms, postings from a term to its products, best stocked first. Prefixes with
 * very many keys are answered from `hot` instead.
 */
export const indexTables = `
  CREATE TABLE name_key (
    key TEXT NOT NULL, inside INTEGER NOT NULL, term INTEGER NOT NULL, PRIMARY KEY (key, inside, term)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE pinyin_key (
    key TEXT NOT NULL, inside INTEGER NOT NULL, term INTEGER NOT NULL, PRIMARY KEY (key, inside, term)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE hot (
    kind TEXT NOT NULL, prefix TEXT NOT NULL, exactness INTEGER NOT NULL, term INTEGER NOT NULL,
    PRIMARY KEY (kind, prefix, exactness, term)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE posting (
    term INTEGER NOT NULL, less_stock INTEGER NOT NULL, product INTEGER NOT NULL,
    PRIMARY KEY (term, less_stock, product)
  ) STRICT, WITHOUT ROWID;
`;

export type KeyKind = 'name' | 'pinyin';
