import { err, ok, type Result } from '#core/result';
import { seenHeaders } from './seen-headers.ts';

interface Column {
  readonly id: string;
  readonly required: boolean;
  /** Money, shares and classes: a guess at them is never used without a person's word. */
  readonly money?: true;
  /** Documented headers, taken as they are; the first is the English one, the second its Chinese one. */
  readonly names: readonly [string, string, ...string[]];
}

/** Columns of the shop's list; the page beside this file (`catalog/README.md`) explains each. */
export const columns = [
  {
    id: 'shopCode',
    required: true,
    names: ['shop_code', '店内码', '商品编码', '院内编码'],
  },
  {
    id: 'nationalCode',
    required: false,
    names: ['national_code', '国家医保编码', '医保编码', '国家编码'],
  },
  {
    id: 'genericName',
    required: true,
    names: ['generic_name', '通用名', '通用名称', '药品名称'],
  },
  {
    id: 'tradeName',
    required: false,
    names: ['trade_name', '商品名', '商品名称'],
  },
  {
    id: 'form',
    required: true,
    names: ['form', '剂型'],
  },
  {
    id: 'specification',
    required: true,
    names: ['specification', '规格', '规格型号'],
  },
  {
    id: 'maker',
    required: true,
    names: ['maker', '生产企业', '厂家', '生产厂家'],
  },
  {
    id: 'approvalNumber',
    required: false,
    names: ['approval_number', '批准文号'],
  },
  {
    id: 'barcode',
    required: false,
    names: ['barcode', '条码', '条形码'],
  },
  {
    id: 'packUnit',
    required: true,
    names: ['pack_unit', '单位', '包装单位'],
  },
  {
    id: 'price',
    required: true,
    money: true,
    names: ['price', '零售价', '单价', '售价'],
  },
  {
    id: 'insuranceClass',
    required: true,
    money: true,
    names: ['insurance_class', '医保类别', '甲乙类', '医保等级'],
  },
  {
    id: 'firstSelfPay',
    required: true,
    money: true,
    names: ['first_self_pay', '先行自付比例', '自付比例'],
  },
  {
    id: 'ceiling',
    required: false,
    money: true,
    names: ['ceiling', '医保支付上限', '支付标准', '限价'],
  },
  {
    id: 'category',
    required: false,
    money: true,
    names: ['category', '类别', '商品类别'],
  },
  {
    id: 'prescription',
    required: false,
    names: ['prescription', '处方药', '处方类别'],
  },
  {
    id: 'stock',
    required: false,
    names: ['stock', '库存', '库存数量'],
  },
  {
    id: 'remark',
    required: false,
    names: ['remark', '备注', '限定支付范围'],
  },
  {
    id: 'standardCode',
    required: false,
    names: ['standard_code', '本位码', '药品本位码', '药监本位码'],
  },
  {
    id: 'aliases',
    required: false,
    names: ['aliases', '别名'],
  },
  {
    id: 'pinyin',
    required: false,
    names: ['pinyin', '拼音码', '拼音简码'],
  },
  {
    id: 'wubi',
    required: false,
    names: ['wubi', '五笔码', '五笔简码'],
  },
  {
    id: 'tracePrefix',
    required: false,
    names: ['trace_prefix', '追溯码前缀', '追溯码标识'],
  },
  {
    id: 'unitsPerPack',
    required: false,
    money: true,
    names: ['units_per_pack', '拆零数量', '转换比'],
  },
  {
    id: 'smallestUnit',
    required: false,
    names: ['smallest_unit', '最小单位', '拆零单位'],
  },
  {
    id: 'smallestUnitPrice',
    required: false,
    money: true,
    names: ['smallest_unit_price', '拆零价', '拆零单价'],
  },
  {
    id: 'procuredPrice',
    required: false,
    money: true,
    names: ['procured_price', '带量采购价', '集采价'],
  },
  {
    id: 'procuredFrom',
    required: false,
    money: true,
    names: ['procured_from', '集采开始日期', '带量采购开始日期'],
  },
  {
    id: 'procuredTo',
    required: false,
    money: true,
    names: ['procured_to', '集采结束日期', '带量采购结束日期'],
  },
] as const satisfies readonly Column[];

export type ColumnId = (typeof columns)[number]['id'];

/** What a person may choose for a column of a list: English header, Chinese one, whether a list must have it. */
export const columnChoices = columns.map(({ names: [column, zh], required }) => ({ column, zh, required }));

/** First header of a column, for a report about a column that the file does not have. */
export function headerOf(id: ColumnId): string {
  return columns.find((column) => column.id === id)?.names[0] ?? id;
}

/** Stands in a column map for a column that is left out. */
export const LEFT_OUT = '-';

/** Where each column stands in the file, and its header as written there. */
export type Layout = ReadonlyMap<ColumnId, { readonly index: number; readonly header: string }>;

export interface HeaderProblem {
  readonly header: string;
  readonly zh: string;
  readonly en: string;
}

const byName = new Map<string, ColumnId>(
  columns.flatMap(({ id, names }) => names.map((name) => [squeeze(name), id] as const)),
);
const bySeen = new Map<string, ColumnId>(
  columns.flatMap(({ id }) => seenHeaders[id].split(' ').map((name) => [squeeze(name), id] as const)),
);
const byFile = new Map<string, ColumnId>(columns.map(({ id, names }) => [names[0], id]));

/** Column of a documented header; undefined = the header is not one of them. */
export function documentedColumn(header: string): ColumnId | undefined {
  return byName.get(squeeze(header));
}

/** Column that other programs call so: a proposal, never more. */
export function seenColumn(header: string): ColumnId | undefined {
  return bySeen.get(squeeze(header)) ?? bySeen.get(squeeze(header.replace(/[（(【[].*$/u, '')));
}

/** Column by the name that stands in a map file (`shop_code`). */
export function columnOfFile(name: string): ColumnId | undefined {
  return byFile.get(name);
}

export function isMoney(id: ColumnId): boolean {
  return columns.some((column) => column.id === id && 'money' in column);
}

export function isRequired(id: ColumnId): boolean {
  return columns.some((column) => column.id === id && column.required);
}

/** What a person confirmed about headers that are not documented ones: header → column, or `-` = leave out. */
export type ColumnMap = Readonly<Record<string, string>>;

/**
 * Reads the header line. An unknown column is refused and not ignored: a misspelt ceiling or ratio would
 * change what patients pay. A header that begins with `#` is left out on purpose; `map` holds what a person
 * confirmed about others, and goes before the documented names.
 */
export function readHeader(
  fields: readonly string[],
  map: ColumnMap = {},
): Result<Layout, readonly HeaderProblem[]> {
  const layout = new Map<ColumnId, { index: number; header: string }>();
  const problems: HeaderProblem[] = [];
  fields.forEach((field, index) => {
    const header = field.trim();
    const said = Object.hasOwn(map, header) ? map[header] : undefined;
    if (header === '' || header.startsWith('#') || said === LEFT_OUT) return;
    const id = said === undefined ? documentedColumn(header) : columnOfFile(said);
    if (id === undefined) {
      problems.push({ header, zh: '不认识的列', en: 'unknown column' });
    } else if (layout.has(id)) {
      problems.push({ header, zh: '这一列出现了两次', en: 'this column stands twice' });
    } else {
      layout.set(id, { index, header });
    }
  });
  for (const { id, required, names } of columns) {
    if (!required || layout.has(id)) continue;
    problems.push({ header: names[1], zh: '缺少必需的列', en: `required column ${names[0]} is missing` });
  }
  return problems.length === 0 ? ok(layout) : err(problems);
}

function squeeze(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_*()（）-]/g, '');
}
