import { formatRatio, formatUnitPrice } from '#core/money';
import type { JsonObject } from '../wire.ts';
import { LIST_TYPES, type NewRow } from './goods.ts';

/**
 * A row in the agency's own words: columns of a file row by their position (from 1), or fields of a paged one.
 * State, version, day of change and record number are the register's and are put in when it is handed out.
 */
export type WireRow =
  | { readonly by: 'file'; readonly cells: Readonly<Record<number, string>> }
  | { readonly by: 'pages'; readonly fields: JsonObject };

/** Where a file's layout has what the register puts in, and how many columns there are (section 3.3). */
export interface FileLayout {
  readonly columns: number;
  readonly valid: number;
  readonly recordId: number;
  readonly version: number;
  readonly versionName: number;
  readonly created?: number;
  readonly changed?: number;
}

export const fileLayouts = {
  '1301': { columns: 92, valid: 79, recordId: 80, created: 81, changed: 82, version: 83, versionName: 84 },
  '1302': { columns: 28, valid: 14, recordId: 15, created: 16, changed: 17, version: 18, versionName: 19 },
  '1303': { columns: 78, valid: 65, recordId: 68, created: 69, changed: 70, version: 71, versionName: 72 },
  '1305': { columns: 16, valid: 7, recordId: 14, version: 15, versionName: 16 },
  '1306': { columns: 71, valid: 68, recordId: 69, version: 70, versionName: 71 },
  '1307': { columns: 24, valid: 19, recordId: 20, created: 21, changed: 22, version: 23, versionName: 24 },
  '1309': { columns: 16, valid: 6, recordId: 7, created: 8, changed: 9, version: 10, versionName: 12 },
} as const satisfies Record<string, FileLayout>;

export type FileTable = keyof typeof fileLayouts;
type RowOf<T extends NewRow['table']> = Extract<NewRow, { table: T }>;
type ItemRow = RowOf<'1301' | '1302' | '1303' | '1305' | '1306'>;

const CLASS_CODES = { A: '01', B: '02', C: '03' } as const;
const CLASS_WORDS = { A: '甲', B: '乙', C: '丙' } as const;

/** The row as the agency keeps it; throws for a table that it does not hand out. */
export function wireRow(row: NewRow): WireRow {
  switch (row.table) {
    case '1301':
    case '1302':
    case '1303':
    case '1305':
    case '1306':
      return { by: 'file', cells: itemCells(row) };
    case '1307':
      return { by: 'file', cells: { 1: row.recordId, 11: row.code, 12: row.name } };
    case '1309':
      return {
        by: 'file',
        cells: { 1: row.code, 2: row.name, 4: row.region ?? '', 15: row.name, 16: row.code },
      };
    default:
      return { by: 'pages', fields: pagedFields(row) };
  }
}

function itemCells(row: ItemRow): Readonly<Record<number, string>> {
  const from = row.from ?? '';
  const to = row.to ?? '';
  const text = (value: string | undefined): string => value ?? '';
  const { nationalCode: code, name } = row;
  switch (row.table) {
    case '1301':
      return drugCells(row);
    case '1302':
      return { 1: code, 2: name, 12: from, 13: to, 20: name, 25: text(row.remark), 27: name };
    case '1303':
      return {
        ...{
          1: code,
          2: text(row.tradeName) || name,
          3: text(row.aliases),
          5: text(row.form),
          6: text(row.form),
        },
        ...{
          11: text(row.specification),
          25: text(row.packing),
          32: text(row.packUnit),
          41: text(row.maker),
        },
        ...{ 44: text(row.approvalNumber), 53: text(row.registeredName) || name, 66: from, 67: to },
      };
    case '1305':
      return { 1: code, 2: text(row.packUnit), 3: text(row.packUnit), 10: name, 12: from, 13: to };
    case '1306':
      return {
        ...{
          1: code,
          2: name,
          5: name,
          8: text(row.specification),
          13: text(row.packing),
          16: text(row.packUnit),
        },
        ...{ 47: from, 48: to, 51: text(row.approvalNumber), 60: text(row.maker) },
      };
  }
}

function drugCells(row: ItemRow): Readonly<Record<number, string>> {
  const text = (value: string | undefined): string => value ?? '';
  const isPatent = row.nationalCode.startsWith('Z') || row.nationalCode.startsWith('TZ');
  const otc =
    row.prescriptionOnly === undefined
      ? ['', '']
      : row.prescriptionOnly
        ? ['0', '处方药']
        : ['1', '非处方药'];
  return {
    ...{ 1: row.nationalCode, 2: text(row.tradeName), 4: row.name, 6: text(row.aliases) },
    ...{
      8: text(row.registeredName) || row.name,
      9: text(row.standardCode),
      10: text(row.form),
      11: text(row.form),
    },
    ...{ 14: text(row.specification), 16: text(row.form), 17: text(row.specification) },
    ...{ 24: isPatent ? '1' : '0', 28: otc[0] ?? '', 29: otc[1] ?? '', 32: text(row.packing) },
    ...{ 37: text(row.from), 38: text(row.to), 43: text(row.packUnit), 45: text(row.packUnit) },
    ...{ 44: text(row.smallestUnit), 46: text(row.smallestUnit), 47: text(row.unitsPerPack) },
    ...{ 50: text(row.wubi), 51: text(row.pinyin), 54: text(row.maker), 57: text(row.restriction) },
    ...{ 58: row.restriction === undefined ? '0' : '1', 62: text(row.approvalNumber), 65: '1', 66: '正常' },
    ...{ 69: text(row.remark), 91: text(row.listForm) },
    92: row.insuranceClass === undefined ? '' : CLASS_WORDS[row.insuranceClass],
  };
}

/** Numbers and flags as text, the way the register keeps them; `toWire` makes numbers of the amounts. */
function pagedFields(row: RowOf<'1312' | '1316' | '1317' | '1318' | '1319'>): JsonObject {
  const days = { begndate: row.from ?? null, enddate: row.to ?? null };
  switch (row.table) {
    case '1312':
      return {
        ...{ hilist_code: row.code, hilist_name: row.name, insu_admdvs: row.region, ...days },
        ...{ med_chrgitm_type: '09', chrgitm_lv: CLASS_CODES[row.insuranceClass] },
        ...{
          lmt_used_flag: row.limited ? '1' : '0',
          list_type: '101',
          med_use_flag: '1',
          matn_used_flag: '0',
        },
        ...{ hilist_use_type: '1', lmt_cpnd_type: '0', memo: row.remark ?? null, poolarea_no: row.region },
      };
    case '1316':
      return {
        ...{ med_list_codg: row.nationalCode, hilist_code: row.code, list_type: '101' },
        ...{ insu_admdvs: row.region, ...days, memo: null, poolarea_no: row.region },
      };
    case '1318':
      return {
        ...{ hilist_code: row.code, hilist_lmtpric_type: row.limitType, overlmt_dspo_way: '1' },
        ...{ insu_admdvs: row.region, ...days, hilist_pric_uplmt_amt: formatUnitPrice(row.ceiling) },
        ...{ tabname: 'HILIST_LMTPRIC', poolarea_no: row.region },
      };
    case '1319':
      return {
        ...{ hilist_code: row.code, selfpay_prop_psn_type: row.personType, selfpay_prop_type: row.ratioType },
        ...{ insu_admdvs: row.region, ...days, selfpay_prop: formatRatio(row.ratio) },
        ...{ tabname: 'HILIST_SELFPAY_PROP', poolarea_no: row.region },
      };
    case '1317':
      return {
        ...{
          medins_list_codg: row.shopCode,
          med_list_codg: row.nationalCode,
          list_type: row.listType,
          ...days,
        },
      };
  }
}

/** List type that a thing of this table has in mappings. */
export function listTypeOf(table: ItemRow['table']): string {
  return LIST_TYPES[table];
}
