import type Database from 'better-sqlite3';
import type { ListedItem } from '#core/domain/agency-catalog';
import type { SearchKeyMaker } from '#core/ports/catalog-store';
import { indexTablesOf } from '../catalog/index-schema.ts';
import { createIndexWriter } from '../catalog/write-index.ts';
import { DISEASE_SPACE, ITEM_SPACE } from './schema.ts';

/** Names indexed so far, and all of them. */
export type Progress = (done: number, total: number) => void;

/** Further names are written apart by commas, semicolons, bars or spaces. */
const BETWEEN_NAMES = /\s*[,;|、，；/]\s*|\s+/u;

type NamedItem = Pick<
  ListedItem,
  'name' | 'tradeName' | 'registeredName' | 'aliases' | 'pinyin' | 'wubi' | 'maker'
>;

/** The search index over goods and services; rows come in the order of their ids. */
export interface ItemSearch {
  add(id: number, item: NamedItem): void;
  finish(): void;
}

export function newItemSearch(
  db: Database.Database,
  keyMaker: SearchKeyMaker,
  progress?: Progress,
): ItemSearch {
  const index = createIndexWriter(db, keyMaker, {
    space: ITEM_SPACE,
    ...(progress === undefined ? {} : { progress }),
  });
  const own = keptTexts();
  return {
    add(id, { name, tradeName, registeredName, aliases, pinyin, wubi, maker }) {
      const names = [own(name)];
      if (tradeName !== undefined) names.push(own(tradeName));
      if (registeredName !== undefined) names.push(own(registeredName));
      if (aliases !== undefined) names.push(...aliases.split(BETWEEN_NAMES).map(own));
      const typed = [own(pinyin ?? ''), own(wubi ?? '')];
      index.add({ id, names, typed, facts: maker === undefined ? [] : [own(maker)], rank: 0n });
    },
    finish() {
      makeTables(db, ITEM_SPACE);
      index.finish();
    },
  };
}

/**
 * Each text in memory of its own: a row's texts are pieces of what was decoded with it, and one that is kept keeps
 * all of that.
 */
function keptTexts(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    let kept = known.get(text);
    if (kept === undefined) {
      kept = Buffer.from(text, 'utf16le').toString('utf16le');
      known.set(kept, kept);
    }
    return kept;
  };
}

interface StoredItem {
  readonly id: number;
  readonly name: string;
  readonly trade_name: string | null;
  readonly registered_name: string | null;
  readonly aliases: string | null;
  readonly pinyin: string | null;
  readonly wubi: string | null;
  readonly maker: string | null;
}

/** The same, made anew from the rows that lie in the file. */
export function writeItemSearch(db: Database.Database, keyMaker: SearchKeyMaker, progress?: Progress): void {
  const search = newItemSearch(db, keyMaker, progress);
  const rows = db.prepare<[], StoredItem>(
    'SELECT id, name, trade_name, registered_name, aliases, pinyin, wubi, maker FROM item ORDER BY id',
  );
  for (const row of rows.iterate()) {
    search.add(row.id, {
      name: row.name,
      ...(row.trade_name === null ? {} : { tradeName: row.trade_name }),
      ...(row.registered_name === null ? {} : { registeredName: row.registered_name }),
      ...(row.aliases === null ? {} : { aliases: row.aliases }),
      ...(row.pinyin === null ? {} : { pinyin: row.pinyin }),
      ...(row.wubi === null ? {} : { wubi: row.wubi }),
      ...(row.maker === null ? {} : { maker: row.maker }),
    });
  }
  search.finish();
}

export function writeDiseaseSearch(
  db: Database.Database,
  keyMaker: SearchKeyMaker,
  progress?: Progress,
): void {
  makeTables(db, DISEASE_SPACE);
  const index = createIndexWriter(db, keyMaker, {
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
