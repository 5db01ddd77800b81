import { businessDay } from '#core/business-time';
import type { Clock } from '#core/clock';
import type { AgencyTable } from '#core/domain/agency-catalog';
import { type AgencyDatabase, nextCount } from '../database.ts';
import type { JsonObject } from '../wire.ts';
import type { NewRow } from './goods.ts';
import { type WireRow, wireRow } from './wire-rows.ts';

const schema = `
CREATE TABLE IF NOT EXISTS listed_row (
  table_id TEXT NOT NULL,
  record_id TEXT NOT NULL,
  national_code TEXT NOT NULL,
  institution TEXT NOT NULL,
  content TEXT NOT NULL,
  valid INTEGER NOT NULL,
  version TEXT NOT NULL,
  changed_day TEXT NOT NULL,
  changed_by TEXT NOT NULL CHECK (changed_by IN ('start', 'control', 'institution')),
  PRIMARY KEY (table_id, record_id)
) STRICT;
CREATE INDEX IF NOT EXISTS listed_row_by_version ON listed_row (table_id, version, record_id);
CREATE INDEX IF NOT EXISTS listed_row_by_code ON listed_row (national_code);
`;

/** One row as it stands now. */
export interface ListedRow {
  readonly recordId: string;
  readonly nationalCode: string;
  readonly content: WireRow;
  readonly valid: boolean;
  readonly version: string;
  readonly changedDay: string;
}

interface StoredRow {
  readonly record_id: string;
  readonly national_code: string;
  readonly content: string;
  readonly valid: bigint;
  readonly version: string;
  readonly changed_day: string;
}

/** A row as somebody writes it. */
interface Written {
  readonly table: AgencyTable;
  readonly recordId: string;
  readonly nationalCode: string;
  readonly institution: string;
  readonly content: WireRow;
  readonly valid: boolean;
}

type ChangedBy = 'start' | 'control' | 'institution';
const COLUMNS = 'record_id, national_code, content, valid, version, changed_day';

/** The agency's catalogue tables with the version and the day of each row's last change. */
export class CatalogueRegister {
  readonly #db: AgencyDatabase;
  readonly #clock: Clock;

  constructor(database: AgencyDatabase, clock: Clock) {
    this.#db = database;
    this.#clock = clock;
    database.exec(schema);
  }

  /**
   * Makes the tables hold these rows. Rows of an earlier start that are missing now are withdrawn; what control
   * or an institution changed since stays as it is. Unchanged rows keep their version.
   */
  seed(rows: Iterable<NewRow>): void {
    this.#inOneGo(() => {
      const wanted = [...rows].map(written);
      const names = new Set(wanted.map((row) => `${row.table} ${row.recordId}`));
      const gone = this.#db
        .prepare<[], { table_id: AgencyTable; record_id: string }>(
          "SELECT table_id, record_id FROM listed_row WHERE changed_by = 'start' AND valid = 1",
        )
        .all()
        .filter((row) => !names.has(`${row.table_id} ${row.record_id}`));
      const version = this.#nextVersion();
      for (const row of gone) this.#withdraw(row.table_id, row.record_id, 'start', version);
      for (const row of wanted) this.#write(row, 'start', version, true);
    });
  }

  put(rows: Iterable<NewRow>): void {
    this.#inOneGo(() => {
      const version = this.#nextVersion();
      for (const row of rows) this.#write(written(row), 'control', version, false);
    });
  }

  /** A mapping that an institution uploaded (3301). */
  putMapping(mapping: Omit<Written, 'table' | 'valid'>): void {
    const row: Written = { ...mapping, table: '1317', valid: true };
    this.#write(row, 'institution', this.#nextVersion(), false);
  }

  /** False when there is no such row in force. */
  withdraw(table: AgencyTable, recordId: string, by: ChangedBy = 'control'): boolean {
    return this.#withdraw(table, recordId, by, this.#nextVersion());
  }

  row(table: AgencyTable, recordId: string): ListedRow | undefined {
    const found = this.#db
      .prepare<[string, string], StoredRow>(
        `SELECT ${COLUMNS} FROM listed_row WHERE table_id = ? AND record_id = ?`,
      )
      .get(table, recordId);
    return found === undefined ? undefined : listed(found);
  }

  /** Rows of a national code in these tables that are in force. */
  ofCode(
    nationalCode: string,
    tables: readonly AgencyTable[],
  ): readonly (ListedRow & { readonly table: AgencyTable })[] {
    return this.#db
      .prepare<[string], StoredRow & { table_id: AgencyTable }>(
        `SELECT table_id, ${COLUMNS} FROM listed_row WHERE national_code = ? AND valid = 1 ORDER BY record_id`,
      )
      .all(nationalCode)
      .filter((row) => tables.includes(row.table_id))
      .map((row) => ({ ...listed(row), table: row.table_id }));
  }

  /** Rows with a greater version than `version`, oldest change first. */
  since(table: AgencyTable, version: string): readonly ListedRow[] {
    return this.#db
      .prepare<[string, string], StoredRow>(
        `SELECT ${COLUMNS} FROM listed_row WHERE table_id = ? AND version > ? ORDER BY version, record_id`,
      )
      .all(table, version)
      .map(listed);
  }

  /** Rows changed after a day, in the order of their changes; of one institution where it matters. */
  changedAfter(table: AgencyTable, day: string, institution: string): readonly ListedRow[] {
    return this.#db
      .prepare<[string, string, string], StoredRow>(
        `SELECT ${COLUMNS} FROM listed_row WHERE table_id = ? AND changed_day > ? AND institution IN ('', ?)
         ORDER BY version, record_id`,
      )
      .all(table, day, institution)
      .map(listed);
  }

  /** Rows in force by table, for the control. */
  counts(): Readonly<Record<string, number>> {
    const rows = this.#db
      .prepare<[], { table_id: string; count: bigint }>(
        'SELECT table_id, count(*) AS count FROM listed_row WHERE valid = 1 GROUP BY table_id ORDER BY table_id',
      )
      .all();
    return Object.fromEntries(rows.map((row) => [row.table_id, Number(row.count)]));
  }

  #withdraw(table: AgencyTable, recordId: string, by: ChangedBy, version: string): boolean {
    const done = this.#db
      .prepare(
        `UPDATE listed_row SET valid = 0, version = ?, changed_day = ?, changed_by = ?
         WHERE table_id = ? AND record_id = ? AND valid = 1`,
      )
      .run(version, this.#today(), by, table, recordId);
    return done.changes > 0;
  }

  #write(row: Written, by: ChangedBy, version: string, onlyIfMine: boolean): void {
    const content = JSON.stringify(row.content);
    // What changed since under another hand is not put back by a start.
    const mine = onlyIfMine ? "AND listed_row.changed_by = 'start'" : '';
    this.#db
      .prepare(
        `INSERT INTO listed_row
           (table_id, record_id, national_code, institution, content, valid, version, changed_day, changed_by)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (table_id, record_id) DO UPDATE SET
           national_code = excluded.national_code, content = excluded.content, valid = excluded.valid,
           version = excluded.version, changed_day = excluded.changed_day, changed_by = excluded.changed_by
         WHERE (listed_row.content <> excluded.content OR listed_row.valid <> excluded.valid) ${mine}`,
      )
      .run(
        row.table,
        row.recordId,
        row.nationalCode,
        row.institution,
        content,
        row.valid ? 1 : 0,
        version,
        this.#today(),
        by,
      );
  }

  /** Grows with every change, whatever the clock does; the day is for people who read it. */
  #nextVersion(): string {
    const count = nextCount(this.#db, 'catalogue-version').toString().padStart(10, '0');
    return `${count}_${this.#today().replaceAll('-', '')}`;
  }

  #today(): string {
    return businessDay(this.#clock.nowMs());
  }

  #inOneGo(run: () => void): void {
    this.#db.transaction(run)();
  }
}

function written(row: NewRow): Written {
  return {
    table: row.table,
    recordId: row.recordId,
    nationalCode: 'nationalCode' in row ? row.nationalCode : '',
    institution: '',
    content: wireRow(row),
    valid: row.valid,
  };
}

function listed(row: StoredRow): ListedRow {
  return {
    recordId: row.record_id,
    nationalCode: row.national_code,
    content: JSON.parse(row.content) as WireRow,
    valid: row.valid === 1n,
    version: row.version,
    changedDay: row.changed_day,
  };
}

/** Fields of a paged row; a file row has none. */
export function fieldsOf(row: ListedRow): JsonObject {
  return row.content.by === 'pages' ? row.content.fields : {};
}
