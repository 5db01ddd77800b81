import type { AgencyCatalogRow, AgencyTable, ItemTable, ListedItem } from '#core/domain/agency-catalog';
import type { Product } from '#core/domain/product';
import type { Ratio, UnitPrice } from '#core/money';
import type { CatalogEntry } from '../policy.ts';

/** A thing of the national catalogues together with what insurance says of it: what the agency's tables are made of. */
export interface Goods extends Omit<ListedItem, 'recordId' | 'valid' | 'version' | 'insuranceClass'> {
  readonly insuranceClass: CatalogEntry['class'];
  readonly firstSelfPayRatio: Ratio;
  readonly ceiling?: UnitPrice;
}

type WithoutVersion<T> = T extends AgencyCatalogRow ? Omit<T, 'version'> : never;
/** A row before the agency gives it a version. */
export type NewRow = WithoutVersion<AgencyCatalogRow>;

/** Code list list_type, by the table that a thing stands in. */
export const LIST_TYPES: Readonly<Record<ItemTable, string>> = {
  '1301': '101',
  '1302': '102',
  '1303': '103',
  '1305': '201',
  '1306': '301',
};

export const itemTables = Object.keys(LIST_TYPES) as readonly ItemTable[];

const TABLE_OF: Readonly<Record<Product['category'], ItemTable>> = {
  drug: '1301',
  herbal: '1302',
  service: '1305',
  material: '1306',
};

/** A product of a shop's list as the agency would list it; undefined without a national code. */
export function goodsOf(product: Product): Goods | undefined {
  const { nationalCode, genericName, insuranceClass, firstSelfPayRatio, remark } = product;
  if (nationalCode === undefined) return undefined;
  const { tradeName, standardCode, approvalNumber, ceiling, unitsPerPack, smallestUnit, pinyin, wubi } =
    product;
  return {
    table: TABLE_OF[product.category],
    nationalCode,
    name: genericName,
    ...(tradeName === undefined ? {} : { tradeName }),
    ...(standardCode === undefined ? {} : { standardCode }),
    ...(product.form === '' ? {} : { form: product.form }),
    ...(product.specification === '' ? {} : { specification: product.specification }),
    ...(product.maker === '' ? {} : { maker: product.maker }),
    ...(approvalNumber === undefined ? {} : { approvalNumber }),
    packUnit: product.packUnit,
    ...(unitsPerPack === undefined ? {} : { unitsPerPack: String(unitsPerPack / 10_000n) }),
    ...(smallestUnit === undefined ? {} : { smallestUnit }),
    prescriptionOnly: product.prescriptionOnly,
    ...(remark === undefined ? {} : { remark }),
    ...(pinyin === undefined ? {} : { pinyin }),
    ...(wubi === undefined ? {} : { wubi }),
    insuranceClass,
    firstSelfPayRatio,
    ...(ceiling === undefined ? {} : { ceiling }),
  };
}

/** What settlement needs of it. */
export function entryOf(goods: Goods): CatalogEntry {
  const { nationalCode, insuranceClass, firstSelfPayRatio, ceiling } = goods;
  return {
    nationalCode,
    class: insuranceClass,
    firstSelfPayRatio,
    ...(ceiling === undefined ? {} : { ceiling }),
  };
}

/** Insurance list code (医保目录编码): one of its own, so that nobody gets by without table 1316. */
export function listCode(nationalCode: string): string {
  return `HL${nationalCode}`.slice(0, 30);
}

export function recordId(table: AgencyTable, code: string, from = ''): string {
  return [table, code, from.replaceAll('-', '')].filter((part) => part !== '').join('-');
}

/** Rows of all tables that follow from one thing: item, class, mapping, ceiling and share. */
export function rowsOf(goods: Goods, region: string, from: string): readonly NewRow[] {
  const { insuranceClass, firstSelfPayRatio, ceiling, ...item } = goods;
  const { nationalCode, name } = item;
  const code = listCode(nationalCode);
  const common = { valid: true, from, region, code };
  const rows: NewRow[] = [
    { from, ...item, insuranceClass, recordId: recordId(item.table, nationalCode), valid: true },
    {
      ...common,
      table: '1312',
      recordId: recordId('1312', code),
      name,
      insuranceClass,
      limited: goods.restriction !== undefined || goods.remark !== undefined,
      ...(goods.remark === undefined ? {} : { remark: goods.remark }),
    },
    { ...common, table: '1316', recordId: recordId('1316', code), nationalCode },
  ];
  if (ceiling !== undefined) rows.push(ceilingRow(nationalCode, ceiling, region, from));
  if (insuranceClass === 'B')
    rows.push({
      ...common,
      table: '1319',
      recordId: recordId('1319', code),
      personType: '1',
      ratioType: '10',
      ratio: firstSelfPayRatio,
    });
  return rows;
}

/** A ceiling from a day on; each has a row of its own, so that earlier days keep theirs. */
export function ceilingRow(nationalCode: string, ceiling: UnitPrice, region: string, from: string): NewRow {
  const code = listCode(nationalCode);
  const id = recordId('1318', code, from);
  return { table: '1318', recordId: id, valid: true, from, region, code, limitType: '101', ceiling };
}
