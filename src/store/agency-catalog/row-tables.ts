import type { AgencyCatalogRow, AgencyTable, ListedDisease, ListedItem } from '#core/domain/agency-catalog';
import { ALWAYS, FOREVER } from './schema.ts';

type Value = string | bigint | number | null;

/** Where the rows of one of the agency's tables lie in the file, and how one is written. */
export interface RowTable {
  /** Table of the file. */
  readonly name: string;
  /** Columns behind the common ones. */
  readonly columns: readonly string[];
}

const itemColumns = [
  'national_code',
  'name',
  'trade_name',
  'registered_name',
  'aliases',
  'standard_code',
  'form',
  'list_form',
  'specification',
  'packing',
  'units_per_pack',
  'pack_unit',
  'smallest_unit',
  'maker',
  'approval_number',
  'prescription_only',
  'insurance_class',
  'restriction',
  'remark',
  'pinyin',
  'wubi',
];

const item: RowTable = { name: 'item', columns: itemColumns };
const disease: RowTable = { name: 'disease', columns: ['code', 'name', 'region'] };

export const rowTables: Readonly<Record<AgencyTable, RowTable>> = {
  '1301': item,
  '1302': item,
  '1303': item,
  '1305': item,
  '1306': item,
  '1307': disease,
  '1309': disease,
  '1312': { name: 'insured', columns: ['code', 'name', 'region', 'insurance_class', 'limited', 'remark'] },
  '1316': { name: 'insurance_mapping', columns: ['national_code', 'code', 'region'] },
  '1317': { name: 'institution_mapping', columns: ['shop_code', 'national_code', 'list_type'] },
  '1318': { name: 'ceiling', columns: ['code', 'region', 'limit_type', 'ceiling'] },
  '1319': { name: 'self_pay', columns: ['code', 'region', 'person_type', 'ratio_type', 'ratio'] },
};

/** Columns that every table of the file begins with, behind `id`. */
export const commonColumns = ['table_id', 'record_id', 'version', 'from_day', 'to_day'] as const;

/** Whether the row is one of goods or services. */
export function isItem(row: AgencyCatalogRow): row is ListedItem {
  return rowTables[row.table] === item;
}

/** Values of a row in the order of `commonColumns` and the table's own. */
export function valuesOf(row: AgencyCatalogRow): Value[] {
  const { table, recordId, version, from, to } = row;
  return [table, recordId, version, from ?? ALWAYS, to ?? FOREVER, ...ownValues(row)];
}

function ownValues(row: AgencyCatalogRow): Value[] {
  switch (row.table) {
    case '1307':
    case '1309':
      return diseaseValues(row);
    case '1312': {
      const { code, name, region, insuranceClass, limited, remark } = row;
      return [code, name, region, insuranceClass, limited ? 1 : 0, remark ?? null];
    }
    case '1316':
      return [row.nationalCode, row.code, row.region];
    case '1317':
      return [row.shopCode, row.nationalCode, row.listType];
    case '1318':
      return [row.code, row.region, row.limitType, row.ceiling];
    case '1319':
      return [row.code, row.region, row.personType, row.ratioType, row.ratio];
    default:
      return itemValues(row);
  }
}

function diseaseValues({ code, name, region }: ListedDisease): Value[] {
  return [code, name, region ?? null];
}

function itemValues(row: ListedItem): Value[] {
  return [
    row.nationalCode,
    row.name,
    row.tradeName ?? null,
    row.registeredName ?? null,
    row.aliases ?? null,
    row.standardCode ?? null,
    row.form ?? null,
    row.listForm ?? null,
    row.specification ?? null,
    row.packing ?? null,
    row.unitsPerPack ?? null,
    row.packUnit ?? null,
    row.smallestUnit ?? null,
    row.maker ?? null,
    row.approvalNumber ?? null,
    row.prescriptionOnly === undefined ? null : Number(row.prescriptionOnly),
    row.insuranceClass ?? null,
    row.restriction ?? null,
    row.remark ?? null,
    row.pinyin ?? null,
    row.wubi ?? null,
  ];
}
