import type { ItemTable, ListedItem } from '#core/domain/agency-catalog';
import type { InsuranceClass } from '#core/domain/product';
import { parseClass, refuse } from '../import/fields.ts';
import type { Cells } from './cells.ts';
import { rememberedOwn } from './remembered.ts';

/** Places of what every row of goods or services has. */
export interface ItemParts {
  readonly record: number;
  readonly valid: number;
  readonly version: number;
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly code: number;
  readonly name: readonly number[];
}

/** The columns that every such table has; the days of effect of newer editions (生效时间, 失效时间) where it has them. */
type ItemColumns = '唯一记录号' | '有效标志' | '版本号' | '医疗目录编码';

/**
 * Places of what every row has: `from` and `to` name the columns of its days, best first, `name` those of its name.
 * `at` is what `positionsIn` answers.
 */
export function itemParts<Column extends string>(
  at: (column: Column | ItemColumns) => number,
  columns: {
    readonly from: readonly Column[];
    readonly to: readonly Column[];
    readonly name: readonly Column[];
  },
): ItemParts {
  return {
    record: at('唯一记录号'),
    valid: at('有效标志'),
    version: at('版本号'),
    from: columns.from.map(at),
    to: columns.to.map(at),
    code: at('医疗目录编码'),
    name: columns.name.map(at),
  };
}

export type ItemDraft = { -readonly [Key in keyof ListedItem]: ListedItem[Key] };

export function itemRow(table: ItemTable, place: ItemParts, cells: Cells): ItemDraft {
  const row: ItemDraft = {
    table,
    recordId: cells.code(place.record),
    valid: cells.valid(place.valid),
    version: cells.code(place.version),
    nationalCode: cells.code(place.code),
    name: cells.name(...place.name),
  };
  put(row, 'from', firstDay(cells, place.from));
  put(row, 'to', firstDay(cells, place.to));
  if (row.from !== undefined && row.to !== undefined && row.to < row.from) {
    cells.refuse(place.to[0] ?? 0, refuse('结束日期早于开始日期', 'ends before it begins'));
  }
  return row;
}

/** Sets what the row says; a cell that says nothing leaves no property. */
export function put<Key extends keyof ItemDraft>(
  row: ItemDraft,
  key: Key,
  value: ItemDraft[Key] | undefined,
): void {
  if (value !== undefined) row[key] = value;
}

/** A second name, unless it is the first one again. */
export function otherThan(name: string, second: string | undefined): string | undefined {
  return second === name ? undefined : second;
}

/** Two cells that together say one thing. */
export function joined(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || a === b) return b;
  return b === undefined ? a : `${a} ${b}`;
}

const shortClasses = new Map<string, InsuranceClass>([
  ['1', 'A'],
  ['2', 'B'],
  ['3', 'C'],
]);
const classOf = rememberedOwn((text) => parseClass(text) ?? shortClasses.get(text));

/** 甲乙类标识; a value that nobody knows is told and left out, for 1312 goes before it anyway. */
export function insuranceClassOf(cells: Cells, at: number): InsuranceClass | undefined {
  const text = cells.text(at);
  if (text === undefined) return undefined;
  const known = classOf(text);
  if (known === undefined) {
    cells.warn(at, refuse('不认识的甲乙类标识，按未写处理', 'is no known class; taken as not given'));
  }
  return known;
}

/** 非处方药标志 and its name: 双跨 (both ways) and anything else says nothing. */
export function prescriptionOnlyOf(cells: Cells, flag: number, flagName: number): boolean | undefined {
  const name = cells.text(flagName);
  if (name?.includes('非处方')) return false;
  if (name?.includes('处方药')) return true;
  const text = cells.text(flag);
  if (text === '1') return false;
  return text === '0' ? true : undefined;
}

function firstDay(cells: Cells, places: readonly number[]): string | undefined {
  for (const at of places) {
    const day = cells.day(at);
    if (day !== undefined) return day;
  }
  return undefined;
}
