/**
 * Sixth shape: files that carry offline sales out to a terminal with a link and their outcomes back. `way`: `out`
 * and `back` at the terminal that sold, `in` and `answer` at the one that uploads. Neither files nor their sales are
 * ever forgotten: only so is each imported once.
 */
export const recordsSix = `
DROP INDEX uploads_unfinished;
CREATE INDEX uploads_unfinished ON uploads (state, place)
  WHERE state = 'queued' OR state = 'sending' OR state = 'ambiguous' OR state = 'rejected' OR state = 'carried';

CREATE TABLE carry_files (
  place INTEGER PRIMARY KEY,
  way TEXT NOT NULL CHECK (way IN ('out', 'in', 'answer', 'back')),
  partner TEXT NOT NULL,
  number TEXT NOT NULL,
  state TEXT NOT NULL,
  hash TEXT NOT NULL,
  sale_count INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL,
  body BLOB,
  UNIQUE (way, partner, number)
) STRICT;
CREATE TRIGGER carry_files_stay BEFORE DELETE ON carry_files
BEGIN
  SELECT RAISE(ABORT, 'carried files are never forgotten');
END;

CREATE TABLE carried (
  place INTEGER PRIMARY KEY,
  file INTEGER NOT NULL REFERENCES carry_files (place),
  sale_id TEXT NOT NULL REFERENCES sales (sale_id),
  UNIQUE (file, sale_id)
) STRICT;
CREATE INDEX carried_by_sale ON carried (sale_id, place);
CREATE TRIGGER carried_stay BEFORE DELETE ON carried
BEGIN
  SELECT RAISE(ABORT, 'carried files are never forgotten');
END;

CREATE TABLE taken_back (
  sale_id TEXT PRIMARY KEY REFERENCES sales (sale_id),
  carried_at_ms INTEGER NOT NULL,
  open INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
