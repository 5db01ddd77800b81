import { err, ok, type Result } from '#core/result';

/** Columns of the shop's list; the page beside this file (`catalog/README.md`) explains each. */
export const columns = [
  { id: 'shopCode', required: true, names: ['shop_code', '店内码', '商品编码', '院内编码'] },
  { id: 'nationalCode', required: false, names: ['national_code', '国家医保编码', '医保编码', '国家编码'] },
  { id: 'genericName', required: true, names: ['generic_name', '通用名', '通用名称', '药品名称'] },
  { id: 'tradeName', required: false, names: ['trade_name', '商品名', '商品名称'] },
  { id: 'form', required: true, names: ['form', '剂型'] },
  { id: 'specification', required: true, names: ['specification', '规格', '规格型号'] },
  { id: 'maker', required: true, names: ['maker', '生产企业', '厂家', '生产厂家'] },
  { id: 'approvalNumber', required: false, names: ['approval_number', '批准文号'] },
  { id: 'barcode', required: false, names: ['barcode', '条码', '条形码'] },
  { id: 'packUnit', required: true, names: ['pack_unit', '单位', '包装单位'] },
  { id: 'price', required: true, names: ['price', '零售价', '单价', '售价'] },
  { id: 'insuranceClass', required: true, names: ['insurance_class', '医保类别', '甲乙类', '医保等级'] },
  { id: 'firstSelfPay', required: true, names: ['first_self_pay', '先行自付比例', '自付比例'] },
  { id: 'ceiling', required: false, names: ['ceiling', '医保支付上限', '支付标准', '限价'] },
  { id: 'category', required: false, names: ['category', '类别', '商品类别'] },
  { id: 'prescription', required: false, names: ['prescription', '处方药', '处方类别'] },
  { id: 'stock', required: false, names: ['stock', '库存', '库存数量'] },
  { id: 'remark', required: false, names: ['remark', '备注', '限定支付范围'] },
] as const satisfies readonly { id: string; required: boolean; names: readonly string[] }[];

export type ColumnId = (typeof columns)[number]['id'];

/** First header of a column, for a report about a column that the file does not have. */
export function headerOf(id: ColumnId): string {
  return columns.find((column) => column.id === id)?.names[0] ?? id;
}

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

/**
 * Reads the header line. An unknown column is refused and not ignored: a misspelt ceiling or ratio would
 * change what patients pay. A header that begins with `#` is left out on purpose.
 */
export function readHeader(fields: readonly string[]): Result<Layout, readonly HeaderProblem[]> {
  const layout = new Map<ColumnId, { index: number; header: string }>();
  const problems: HeaderProblem[] = [];
  fields.forEach((field, index) => {
    const header = field.trim();
    if (header === '' || header.startsWith('#')) return;
    const id = byName.get(squeeze(header));
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
