import Database from 'better-sqlite3';

export type AgencyDatabase = Database.Database;

const schema = `
CREATE TABLE IF NOT EXISTS person (
  person_number TEXT PRIMARY KEY,
  balance INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS card (card_id TEXT PRIMARY KEY, status TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS yearly (
  person_number TEXT NOT NULL,
  scheme TEXT NOT NULL,
  year TEXT NOT NULL,
  deductible INTEGER NOT NULL,
  fund INTEGER NOT NULL,
  PRIMARY KEY (person_number, scheme, year)
) STRICT;
CREATE TABLE IF NOT EXISTS settlement (
  settlement_id TEXT PRIMARY KEY,
  visit_id TEXT NOT NULL,
  message_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('settlement', 'cancellation')),
  state TEXT NOT NULL CHECK (state IN ('booked', 'cancelled', 'reversed')),
  institution TEXT NOT NULL,
  person_number TEXT NOT NULL,
  scheme TEXT NOT NULL,
  year TEXT NOT NULL,
  region TEXT NOT NULL,
  clearing_type TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  business_day TEXT NOT NULL,
  sale_number TEXT NOT NULL,
  total INTEGER NOT NULL,
  out_of_scope INTEGER NOT NULL,
  over_ceiling INTEGER NOT NULL,
  first_self_pay INTEGER NOT NULL,
  in_scope INTEGER NOT NULL,
  deductible INTEGER NOT NULL,
  fund INTEGER NOT NULL,
  own INTEGER NOT NULL,
  account INTEGER NOT NULL,
  cash INTEGER NOT NULL,
  ratio INTEGER NOT NULL,
  balance_after INTEGER NOT NULL,
  original_id TEXT,
  after_reversal INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS settlement_by_sale ON settlement (sale_number);
CREATE INDEX IF NOT EXISTS settlement_by_day ON settlement (business_day);
CREATE TABLE IF NOT EXISTS event (
  sequence INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  settlement_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  by_message_id TEXT NOT NULL,
  person_number TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  account INTEGER NOT NULL,
  fund INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS reversal (
  sequence INTEGER PRIMARY KEY,
  original_message_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  person_number TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  found INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS reversal_by_original ON reversal (original_message_id);
CREATE TABLE IF NOT EXISTS message (message_id TEXT PRIMARY KEY, digest TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS sign_in (
  sign_number TEXT PRIMARY KEY,
  institution TEXT NOT NULL,
  operator TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  open INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS file (
  file_number TEXT PRIMARY KEY,
  institution TEXT NOT NULL,
  name TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS held (
  message_id TEXT PRIMARY KEY,
  infno TEXT NOT NULL,
  body BLOB NOT NULL,
  delay_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
`;

/** Opens the agency's own state; `:memory:` forgets it at the end. Whole numbers are read as bigint. */
export function openAgencyDatabase(path: string): AgencyDatabase {
  const database = new Database(path);
  database.defaultSafeIntegers(true);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(schema);
  return database;
}

/** Next value of a named counter, from 1; unique as long as the database lives. */
export function nextCount(database: AgencyDatabase, name: string): bigint {
  const row = database
    .prepare<[string], { value: bigint }>(
      `INSERT INTO counter (name, value) VALUES (?, 1)
       ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value`,
    )
    .get(name);
  return row?.value ?? 1n;
}
