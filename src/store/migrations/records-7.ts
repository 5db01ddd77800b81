/**
 * Seventh shape: operators beside those of the configuration, and who looked at whose data. Neither an operator nor a
 * look is ever deleted; a look is never changed.
 */
export const recordsSeven = `
CREATE TABLE operators (
  number TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('cashier', 'manager', 'inspector')),
  state TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
  password TEXT NOT NULL,
  quick TEXT,
  until_day TEXT,
  changed_at_ms INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER operators_stay BEFORE DELETE ON operators
BEGIN
  SELECT RAISE(ABORT, 'operators are disabled, never deleted');
END;

CREATE TABLE looks (
  place INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  operator TEXT NOT NULL,
  why TEXT NOT NULL CHECK (why IN ('counter', 'record')),
  medium TEXT,
  holder TEXT NOT NULL,
  sale_id TEXT NOT NULL
) STRICT;
CREATE INDEX looks_by_time ON looks (at_ms);
CREATE TRIGGER looks_stay BEFORE DELETE ON looks
BEGIN
  SELECT RAISE(ABORT, 'looks are never forgotten');
END;
CREATE TRIGGER looks_stand BEFORE UPDATE ON looks
BEGIN
  SELECT RAISE(ABORT, 'looks are never changed');
END;
`;
