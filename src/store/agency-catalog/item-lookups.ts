import type Database from 'better-sqlite3';
import type { ListedDisease, ListedItem } from '#core/domain/agency-catalog';
import type { AgencyCatalogStore } from '#core/ports/agency-catalog';
import type { FindDocuments } from '#core/ports/search-index';
import { openIndex } from '../catalog/open-index.ts';
import { guarded } from '../catalog-file/read-file.ts';
import { toDisease, toItem } from './item-row.ts';
import { approval, DISEASE_SPACE, ITEM_SPACE } from './schema.ts';

type Lookups = Pick<
  AgencyCatalogStore,
  'item' | 'itemsByStandardCode' | 'itemsByApproval' | 'itemsByName' | 'searchItems' | 'searchDiseases'
>;

/** Rows that one code may have: editions with their days. */
const MOST_OF_CODE = 100;
/** Rows asked of the index for one that is shown: some are of the same code, some not in effect. */
const ROWS_FOR_ONE = 4;

/** Look-ups in goods, services and diseases. */
export function createItemLookups(db: Database.Database, find: FindDocuments): Lookups {
  const onDay = '@day BETWEEN from_day AND to_day ORDER BY from_day DESC, id DESC LIMIT @limit';
  const by = (condition: string) =>
    db.prepare<[{ wanted: string; day: string; limit: number }]>(
      `SELECT * FROM item WHERE ${condition} AND ${onDay}`,
    );
  const byCode = by('national_code = @wanted');
  const byStandardCode = by('standard_code = @wanted');
  const byApproval = by(`approval_number IS NOT NULL AND ${approval} = @wanted`);
  const byName = by('name = @wanted');
  const items = createByIds(db, 'item', toItem);
  const diseases = createByIds(db, 'disease', toDisease);
  const itemIndex = openIndex(db, {
    space: ITEM_SPACE,
    table: 'item',
    codes: ['national_code', 'standard_code', approval],
  });
  const diseaseIndex = openIndex(db, { space: DISEASE_SPACE, table: 'disease', codes: ['code'] });
  return {
    item: guarded((wanted, day) => {
      const row = byCode.get({ wanted, day, limit: 1 });
      return row === undefined ? undefined : toItem(row);
    }),
    itemsByStandardCode: guarded((wanted, day) =>
      latest(byStandardCode.all({ wanted, day, limit: MOST_OF_CODE }).map(toItem)),
    ),
    itemsByApproval: guarded((text, day) => {
      const wanted = text.replace('国药准字', '');
      return latest(byApproval.all({ wanted, day, limit: MOST_OF_CODE }).map(toItem));
    }),
    itemsByName: guarded((wanted, day, limit) => latest(byName.all({ wanted, day, limit }).map(toItem))),
    searchItems: guarded((text, day, limit) => {
      const rows = items(find(itemIndex, text, limit * ROWS_FOR_ONE));
      return latest(rows.filter(({ from = '', to = '9' }) => from <= day && day <= to)).slice(0, limit);
    }),
    searchDiseases: guarded((text, limit) => diseases(find(diseaseIndex, text, limit))),
  };
}

/** Each code once: the first row of it, which began last. */
function latest(rows: readonly ListedItem[]): readonly ListedItem[] {
  const seen = new Set<string>();
  return rows.filter(({ nationalCode }) => {
    if (seen.has(nationalCode)) return false;
    seen.add(nationalCode);
    return true;
  });
}

/** Rows by their ids, in the order asked for. */
function createByIds<Row extends ListedItem | ListedDisease>(
  db: Database.Database,
  table: 'item' | 'disease',
  toRow: (row: unknown) => Row,
): (ids: readonly number[]) => Row[] {
  const select = db.prepare<[string], { id: bigint }>(
    `SELECT * FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`,
  );
  return (ids) => {
    const rows = new Map(select.all(JSON.stringify(ids)).map((row) => [Number(row.id), row]));
    return ids.flatMap((id) => {
      const row = rows.get(id);
      return row === undefined ? [] : [toRow(row)];
    });
  };
}
