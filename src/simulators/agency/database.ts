import Database from 'better-sqlite3';

export type AgencyDatabase = Database.Database;

const schema = `
CREATE TABLE IF NOT EXISTS person (
  person_number TEXT PRIMARY KEY,
  balance INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS card_event (
  sequence INTEGER PRIMARY KEY,
  card_id TEXT NOT NULL,
  status TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS certificate (
  qr_text TEXT PRIMARY KEY,
  person_number TEXT NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  token TEXT UNIQUE
) STRICT;
CREATE TABLE IF NOT EXISTS token_use (settlement_id TEXT PRIMARY KEY, token TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS blacklist_entry (
  sequence INTEGER PRIMARY KEY,
  from_card TEXT NOT NULL,
  to_card TEXT NOT NULL,
  added_at_ms INTEGER NOT NULL,
  removed_at_ms INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS terminal_key (
  institution TEXT NOT NULL,
  key_id TEXT NOT NULL,
  public_key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('enrolled', 'retired', 'revoked')),
  enrolled_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  PRIMARY KEY (institution, key_id)
) STRICT;
CREATE TABLE IF NOT EXISTS enrolment_code (code TEXT PRIMARY KEY, used_for TEXT) STRICT;
CREATE TABLE IF NOT EXISTS trial (
  person_number TEXT NOT NULL,
  basket TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (person_number, basket)
) STRICT;
CREATE TABLE IF NOT EXISTS offline_sale (
  settlement_id TEXT PRIMARY KEY,
  sale_number TEXT NOT NULL,
  terminal_number TEXT NOT NULL,
  terminal_sequence TEXT NOT NULL,
  card_id TEXT NOT NULL,
  signed_by TEXT NOT NULL,
  key_id TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS offline_sale_by_sequence ON offline_sale (terminal_number, terminal_sequence);
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
CREATE INDEX IF NOT EXISTS settlement_by_person ON settlement (person_number, scheme, year);
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
  addMissingColumns(database);
  return withKnownStatements(database);
}

/** Each text is prepared once: that takes longer than most of the questions. */
function withKnownStatements(database: AgencyDatabase): AgencyDatabase {
  const known = new Map<string, Database.Statement>();
  const prepare = database.prepare.bind(database);
  database.prepare = ((sql: string) => {
    const before = known.get(sql);
    if (before !== undefined) return before;
    const statement = prepare(sql);
    known.set(sql, statement);
    return statement;
  }) as AgencyDatabase['prepare'];
  return database;
}

/** Columns that came later, with what they hold in rows that were there before. */
const laterColumns = [
  ['person', 'relative_balance', 'INTEGER NOT NULL DEFAULT 0'],
  ['settlement', 'family', 'INTEGER NOT NULL DEFAULT 0'],
  ['settlement', 'counted', 'INTEGER NOT NULL DEFAULT 0', 'in_scope'],
  ['settlement', 'payers', "TEXT NOT NULL DEFAULT '[]'"],
  ['settlement', 'institution_share', 'INTEGER NOT NULL DEFAULT 0'],
  ['settlement', 'visit_day', "TEXT NOT NULL DEFAULT ''"],
  ['settlement', 'visit_kind', "TEXT NOT NULL DEFAULT 'pharmacy'"],
  ['settlement', 'level', "TEXT NOT NULL DEFAULT 'community'"],
  ['event', 'family', 'INTEGER NOT NULL DEFAULT 0'],
] as const;

/** A training shop keeps its agency for years: its old tables get what came later. */
function addMissingColumns(database: AgencyDatabase): void {
  for (const [table, column, type, sameAs] of laterColumns) {
    const known = database
      .prepare<[string, string], { one: bigint }>('SELECT 1 AS one FROM pragma_table_info(?) WHERE name = ?')
      .get(table, column);
    if (known !== undefined) continue;
    database.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
    if (sameAs !== undefined) database.exec(`UPDATE ${table} SET ${column} = ${sameAs}`);
  }
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
