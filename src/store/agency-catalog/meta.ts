import type Database from 'better-sqlite3';
import { z } from 'zod';
import { type AgencyTable, agencyTables } from '#core/domain/agency-catalog';
import type { AgencyCatalogVersion } from '#core/ports/agency-catalog';
import { readMeta } from '../catalog-file/read-file.ts';

const ids = agencyTables.map(({ id }) => id) as [AgencyTable, ...AgencyTable[]];
const tablesShape = z.array(
  z.object({ id: z.enum(ids), rows: z.number().int().min(0), agencyVersion: z.string() }),
);

type Tables = { [Table in AgencyTable]?: { rows: number; agencyVersion: string } };

/** Rows and greatest agency version of each table, as the file says of itself. */
export function readTables(db: Database.Database): Tables {
  return tablesOf(readMeta(db).get('tables')) ?? {};
}

/** Undefined when the facts are missing or do not fit the rows. */
export function readVersion(db: Database.Database): AgencyCatalogVersion | undefined {
  const meta = readMeta(db);
  const [version, tables] = [meta.get('version'), tablesOf(meta.get('tables'))];
  const [importedAtMs, lastItem] = [Number(meta.get('importedAtMs')), Number(meta.get('lastItem'))];
  if (version === undefined || tables === undefined || !Number.isSafeInteger(importedAtMs)) return undefined;
  return lastItemOf(db) === lastItem ? { version, importedAtMs, tables } : undefined;
}

export function writeMeta(db: Database.Database, version: AgencyCatalogVersion): void {
  const insert = db.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)');
  insert.run('version', version.version);
  insert.run('importedAtMs', String(version.importedAtMs));
  insert.run(
    'tables',
    JSON.stringify(Object.entries(version.tables).map(([id, facts]) => ({ id, ...facts }))),
  );
  insert.run('lastItem', String(lastItemOf(db)));
}

/** Quick at any size, and another one when the end of the file is missing. */
function lastItemOf(db: Database.Database): number {
  return db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM item').pluck().get() ?? 0;
}

function tablesOf(json: string | undefined): Tables | undefined {
  if (json === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const parsed = tablesShape.safeParse(value);
  if (!parsed.success) return undefined;
  return Object.fromEntries(parsed.data.map(({ id, rows, agencyVersion }) => [id, { rows, agencyVersion }]));
}
