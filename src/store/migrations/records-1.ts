/**
 * First shape of the records. Money columns are INTEGER fen; `row` columns hold the whole domain value as
 * JSON. The triggers make rules of the design hold for any code: the journal and the ledger only grow, and
 * a sale is never settled again while an earlier settlement of it may have, or has, taken money.
 */
export const recordsOne = `
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sales (
  place INTEGER PRIMARY KEY,
  sale_id TEXT NOT NULL UNIQUE,
  sale_number TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  business_day TEXT NOT NULL,
  person_number TEXT,
  total INTEGER NOT NULL,
  account INTEGER NOT NULL,
  fund INTEGER NOT NULL,
  deductible INTEGER NOT NULL,
  row TEXT NOT NULL
) STRICT;
CREATE INDEX sales_by_day ON sales (business_day, place);
CREATE INDEX sales_by_person ON sales (person_number, business_day) WHERE person_number IS NOT NULL;
CREATE INDEX sales_unfinished ON sales (state, place)
  WHERE state = 'open' OR state = 'held' OR state = 'committing' OR state = 'unknown' OR state = 'suspense'
    OR state = 'disputed' OR state = 'queued' OR state = 'rejected';

CREATE TABLE messages (
  place INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL UNIQUE,
  sale_id TEXT NOT NULL REFERENCES sales (sale_id),
  transaction_number TEXT NOT NULL CHECK (transaction_number IN ('2102', '2103', '2601')),
  body TEXT NOT NULL,
  prepared_at_ms INTEGER NOT NULL,
  original_message_id TEXT REFERENCES messages (message_id),
  state TEXT NOT NULL,
  last_byte_at_ms INTEGER,
  answered_at_ms INTEGER,
  answer TEXT,
  fault_code TEXT
) STRICT;
CREATE INDEX messages_by_sale ON messages (sale_id, place);
CREATE INDEX messages_by_original ON messages (original_message_id) WHERE original_message_id IS NOT NULL;
CREATE INDEX messages_unfinished ON messages (state, place)
  WHERE state = 'intent' OR state = 'unknown' OR state = 'reversed-unproved';
CREATE UNIQUE INDEX messages_one_on_its_way ON messages (sale_id)
  WHERE state = 'intent' AND transaction_number IN ('2102', '2103');
CREATE TRIGGER messages_no_second_settlement BEFORE INSERT ON messages
WHEN NEW.transaction_number = '2102' AND EXISTS (
  SELECT 1 FROM messages WHERE sale_id = NEW.sale_id AND transaction_number = '2102'
    AND state IN ('intent', 'unknown', 'succeeded'))
BEGIN
  SELECT RAISE(ABORT, 'a sale is not settled again while an earlier settlement may stand');
END;

CREATE TABLE settled (
  sale_id TEXT PRIMARY KEY REFERENCES sales (sale_id),
  message_id TEXT NOT NULL UNIQUE REFERENCES messages (message_id),
  settled_day TEXT NOT NULL,
  clearing_office TEXT NOT NULL,
  clearing_type TEXT NOT NULL,
  row TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX settled_by_day ON settled (settled_day);

CREATE TABLE cancelled (
  sale_id TEXT PRIMARY KEY REFERENCES sales (sale_id),
  message_id TEXT NOT NULL UNIQUE REFERENCES messages (message_id),
  cancelled_day TEXT NOT NULL,
  row TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX cancelled_by_day ON cancelled (cancelled_day);

CREATE TABLE uploads (
  place INTEGER PRIMARY KEY,
  sale_id TEXT NOT NULL UNIQUE REFERENCES sales (sale_id),
  lane TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_at_ms INTEGER NOT NULL,
  queued_at_ms INTEGER NOT NULL,
  account INTEGER NOT NULL,
  fault_code TEXT,
  agency_text TEXT
) STRICT;
CREATE INDEX uploads_unfinished ON uploads (state, place)
  WHERE state = 'queued' OR state = 'sending' OR state = 'ambiguous' OR state = 'rejected';
CREATE TRIGGER uploads_stay BEFORE DELETE ON uploads
BEGIN
  SELECT RAISE(ABORT, 'the queue cannot be dropped');
END;

CREATE TABLE slips (
  place INTEGER PRIMARY KEY,
  slip_id TEXT NOT NULL UNIQUE,
  sale_id TEXT NOT NULL REFERENCES sales (sale_id),
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  copies INTEGER NOT NULL,
  owed_at_ms INTEGER NOT NULL,
  printed_at_ms INTEGER,
  fault_code TEXT
) STRICT;
CREATE INDEX slips_by_sale ON slips (sale_id);
CREATE INDEX slips_unfinished ON slips (state, place)
  WHERE state = 'owed' OR state = 'printing' OR state = 'unclear';

CREATE TABLE persons (
  key TEXT PRIMARY KEY,
  as_of_ms INTEGER NOT NULL,
  row TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  sequence INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  sale_id TEXT,
  at_ms INTEGER NOT NULL,
  business_day TEXT NOT NULL,
  operator TEXT NOT NULL,
  facts TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX journal_by_sale ON journal (sale_id, sequence) WHERE sale_id IS NOT NULL;
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN
  SELECT RAISE(ABORT, 'the journal only grows');
END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN
  SELECT RAISE(ABORT, 'the journal only grows');
END;

CREATE TABLE ledger (
  sequence INTEGER NOT NULL REFERENCES journal (sequence),
  position INTEGER NOT NULL,
  account TEXT NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (sequence, position)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
BEGIN
  SELECT RAISE(ABORT, 'the ledger only grows');
END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
BEGIN
  SELECT RAISE(ABORT, 'the ledger only grows');
END;

CREATE TABLE balances (
  account TEXT PRIMARY KEY,
  amount INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
