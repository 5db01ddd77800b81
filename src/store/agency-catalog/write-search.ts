import type Database from 'better-sqlite3';
import type { AgencyCatalogReader } from '#core/ports/agency-catalog';
import { indexTablesOf } from '../catalog/index-schema.ts';
import { createIndexWriter } from '../catalog/write-index.ts';
import { DISEASE_SPACE, ITEM_SPACE } from './schema.ts';

type KeysOf = AgencyCatalogReader['keysOf'];
/** Names indexed so far, and all of them. */
export type Progress = (done: number, total: number) => void;

/** Further names are written apart by commas, semicolons, bars or spaces. */
const BETWEEN_NAMES = /\s*[,;|、，；/]\s*|\s+/u;

interface NamedItem {
  readonly id: number;
  readonly name: string;
  readonly trade_name: string | null;
  readonly registered_name: string | null;
  readonly aliases: string | null;
  readonly pinyin: string | null;
  readonly wubi: string | null;
  readonly maker: string | null;
}

/** The search index over all goods and services, made anew from their rows. */
export function writeItemSearch(db: Database.Database, keysOf: KeysOf, progress?: Progress): void {
  makeTables(db, ITEM_SPACE);
  const index = createIndexWriter(db, keysOf, {
    space: ITEM_SPACE,
    ...(progress === undefined ? {} : { progress }),
  });
  const rows = db.prepare<[], NamedItem>(
    'SELECT id, name, trade_name, registered_name, aliases, pinyin, wubi, maker FROM item ORDER BY id',
  );
  for (const row of rows.iterate()) {
    const names = [row.name];
    if (row.trade_name !== null) names.push(row.trade_name);
    if (row.registered_name !== null) names.push(row.registered_name);
    if (row.aliases !== null) names.push(...row.aliases.split(BETWEEN_NAMES));
    index.add({
      id: row.id,
      names,
      typed: [row.pinyin ?? '', row.wubi ?? ''],
      facts: [row.maker ?? ''],
      rank: 0n,
    });
  }
  index.finish();
}

export function writeDiseaseSearch(db: Database.Database, keysOf: KeysOf, progress?: Progress): void {
  makeTables(db, DISEASE_SPACE);
  const index = createIndexWriter(db, keysOf, {
    space: DISEASE_SPACE,
    ...(progress === undefined ? {} : { progress }),
  });
  const rows = db.prepare<[], { readonly id: number; readonly name: string }>(
    'SELECT id, name FROM disease ORDER BY id',
  );
  for (const { id, name } of rows.iterate()) index.add({ id, names: [name], rank: 0n });
  index.finish();
}

function makeTables(db: Database.Database, space: string): void {
  const tables = db
    .prepare<[string], string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB ?")
    .pluck()
    .all(`${space}*`);
  for (const table of tables) db.exec(`DROP TABLE ${table}`);
  db.exec(indexTablesOf(space));
}
