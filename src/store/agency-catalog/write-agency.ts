import { constants, copyFileSync, rmSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { AgencyCatalogRow, AgencyTable } from '#core/domain/agency-catalog';
import { agencyTables } from '#core/domain/agency-catalog';
import type { AgencyCatalogVersion, AgencySource } from '#core/ports/agency-catalog';
import type { SearchKeyMaker } from '#core/ports/catalog-store';
import { openForBuilding } from '../catalog-file/write-file.ts';
import { giveName } from '../lasting-files.ts';
import { laterVersion } from './later-version.ts';
import { readTables, writeMeta } from './meta.ts';
import { commonColumns, isItem, rowTables, valuesOf } from './row-tables.ts';
import { AGENCY_FILE, indexes, schema } from './schema.ts';
import {
  type ItemSearch,
  newItemSearch,
  type Progress,
  writeDiseaseSearch,
  writeItemSearch,
} from './write-search.ts';

/** A version file under construction; nothing has the final name until `finish`. */
export interface AgencyWriter {
  /** Whether the table is there in full, so that changes may be laid on it. */
  holds(table: AgencyTable): boolean;
  /** From here on rows come from this source; `full` empties the table first. */
  begin(source: AgencySource): void;
  add(row: AgencyCatalogRow): void;
  /** Builds the indexes, fsyncs the file and gives it its name; undefined = it was no longer wanted then. */
  finish(
    file: string,
    facts: { readonly version: string; readonly importedAtMs: number },
  ): AgencyCatalogVersion | undefined;
  /** Removes what was written. */
  discard(): void;
}

export interface AgencyWriting {
  readonly temporary: string;
  /** Version that is copied first. */
  readonly base?: string;
  readonly keyMaker: SearchKeyMaker;
  readonly onIndexed?: Progress;
  readonly onSync?: () => void;
  /** Asked just before the file gets its name. */
  readonly isWanted: () => boolean;
}

type Tables = { -readonly [Table in AgencyTable]?: { rows: number; agencyVersion: string } };

/** Writes a version to `temporary`: a copy of the base, or nothing, and then the sources one after another. */
export function writeAgencyCatalog(writing: AgencyWriting): AgencyWriter {
  const { temporary, base } = writing;
  rmSync(temporary, { force: true });
  if (base !== undefined) copyFileSync(base, temporary, constants.COPYFILE_FICLONE);
  const db = openForBuilding(temporary, AGENCY_FILE);
  if (base === undefined) db.exec(schema);
  return new Writer(db, writing, base === undefined ? {} : readTables(db));
}

class Writer implements AgencyWriter {
  readonly #db: Database.Database;
  readonly #writing: AgencyWriting;
  readonly #tables: Tables;
  /** Tables of the file whose rows changed. */
  readonly #touched = new Set<string>();
  #insert: ((row: AgencyCatalogRow) => void) | undefined;
  /** Search index that grows with the rows as long as none is replaced; else it is made from the table. */
  #search: ItemSearch | undefined;

  constructor(db: Database.Database, writing: AgencyWriting, tables: Tables) {
    this.#db = db;
    this.#writing = writing;
    this.#tables = tables;
    if (writing.base === undefined) this.#search = newItemSearch(db, writing.keyMaker, writing.onIndexed);
    db.exec('BEGIN');
  }

  holds(table: AgencyTable): boolean {
    return this.#tables[table] !== undefined;
  }

  begin({ table, scope }: AgencySource): void {
    const { name } = rowTables[table];
    this.#touched.add(name);
    const isFile = agencyTables.some(({ id, by }) => id === table && by === 'file');
    // A file's record ids are all different, and its rows come at once; changes and pages replace rows.
    const replaces = scope === 'changes' || !isFile;
    if (name === 'item' && (replaces || this.holds(table))) this.#search = undefined;
    if (scope === 'full') {
      for (const index of indexNames(name)) this.#db.exec(`DROP INDEX IF EXISTS ${index}`);
      this.#db.prepare(`DELETE FROM ${name} WHERE table_id = ?`).run(table);
      this.#tables[table] = { rows: 0, agencyVersion: '' };
    }
    if (replaces) this.#makeRecordIndex(name);
    this.#insert = this.#inserter(table, replaces);
  }

  add(row: AgencyCatalogRow): void {
    const known = this.#tables[row.table];
    if (known !== undefined && row.version !== known.agencyVersion) {
      if (laterVersion(row.version, known.agencyVersion)) known.agencyVersion = row.version;
    }
    this.#insert?.(row);
  }

  finish(
    file: string,
    facts: { readonly version: string; readonly importedAtMs: number },
  ): AgencyCatalogVersion | undefined {
    const { temporary, keyMaker, onIndexed, onSync, isWanted } = this.#writing;
    const db = this.#db;
    for (const name of this.#touched) {
      this.#makeRecordIndex(name);
      for (const index of indexes[name] ?? [])
        db.exec(`CREATE ${index.replace('INDEX', 'INDEX IF NOT EXISTS')}`);
    }
    if (this.#touched.has('item')) {
      if (this.#search === undefined) writeItemSearch(db, keyMaker, onIndexed);
      else this.#search.finish();
    }
    if (this.#touched.has('disease')) writeDiseaseSearch(db, keyMaker, onIndexed);
    const version: AgencyCatalogVersion = { ...facts, tables: this.#counted() };
    writeMeta(db, version);
    db.exec('COMMIT');
    db.close();
    onSync?.();
    if (!isWanted()) return undefined;
    giveName(temporary, file);
    return version;
  }

  discard(): void {
    this.#db.close();
    rmSync(this.#writing.temporary, { force: true });
  }

  #inserter(table: AgencyTable, replaces: boolean): (row: AgencyCatalogRow) => void {
    const { name, columns } = rowTables[table];
    const all = [...commonColumns, ...columns];
    const insert = this.#db.prepare(
      `INSERT OR REPLACE INTO ${name} (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})`,
    );
    const remove = this.#db.prepare(`DELETE FROM ${name} WHERE table_id = ? AND record_id = ?`);
    return (row) => {
      if (row.valid) {
        const { lastInsertRowid } = insert.run(valuesOf(row));
        if (isItem(row)) this.#search?.add(Number(lastInsertRowid), row);
      } else if (replaces) remove.run(row.table, row.recordId);
    };
  }

  #makeRecordIndex(name: string): void {
    this.#db.exec(`CREATE UNIQUE INDEX IF NOT EXISTS ${name}_record ON ${name} (table_id, record_id)`);
  }

  #counted(): AgencyCatalogVersion['tables'] {
    for (const { id } of agencyTables) {
      const facts = this.#tables[id];
      if (facts !== undefined && this.#touched.has(rowTables[id].name)) facts.rows = 0;
    }
    for (const name of this.#touched) {
      const rows = this.#db
        .prepare<[], { table_id: AgencyTable; rows: number }>(
          `SELECT table_id, count(*) AS rows FROM ${name} GROUP BY table_id`,
        )
        .all();
      for (const { table_id: table, rows: count } of rows) {
        const known = this.#tables[table];
        if (known !== undefined) known.rows = count;
      }
    }
    return this.#tables;
  }
}

function indexNames(table: string): readonly string[] {
  const own = (indexes[table] ?? []).map((index) => index.split(' ')[1] ?? '');
  return [...own, `${table}_record`];
}
