import { unreachable } from '#core/assert';
import { formatMoney, formatUnitPrice } from '#core/money';
import { capitalAmount } from './capital-amount.ts';
import { classText, goodsRows } from './layout-goods.ts';
import {
  banner,
  centred,
  fitted,
  holderRows,
  labelled,
  noticeRows,
  ruled,
  signatureLine,
} from './layout-parts.ts';
import { type LayoutLine, type LayoutRow, row } from './layout-row.ts';
import type {
  ConsentDocument,
  DayRow,
  DaySummaryDocument,
  PaperHead,
  PriceLabelDocument,
  RefusalDocument,
} from './papers.ts';
import { pair, sideBySide, wrap } from './text-columns.ts';

/** Rows of the papers that are not the slip of a sale: the same head, widths and looks as there. */
export function paperLines(
  document: ConsentDocument | RefusalDocument | DaySummaryDocument | PriceLabelDocument,
  columns: number,
): LayoutLine[] {
  switch (document.kind) {
    case 'consent':
      return consentLines(document, columns);
    case 'refusal':
      return refusalLines(document, columns);
    case 'day-summary':
      return dayLines(document, columns);
    case 'price-label':
      return labelLines(document, columns);
    default:
      return unreachable(document, 'kind of paper');
  }
}

function headLines(document: PaperHead, title: string, columns: number): LayoutRow[] {
  return [
    ...(document.training ? fitted(' 训练票 · 不作凭证 ', columns, banner) : []),
    ...fitted(document.institution.name, columns, { bold: true }),
    ...centred(title, columns, { bold: true }),
    ruled(columns),
  ];
}

/** Where and by whom, as on the slip of a sale. */
function originRows(document: PaperHead & { readonly saleNumber?: string }, columns: number): LayoutRow[] {
  const { saleNumber, terminal } = document;
  return [
    ...(saleNumber === undefined
      ? wrap(`终端 ${terminal}`, columns)
      : sideBySide(`流水号 ${saleNumber}`, `终端 ${terminal}`, columns)),
    ...sideBySide(`时间 ${document.printedAt}`, `经办 ${document.operator}`, columns),
    ...wrap(`机构编号 ${document.institution.code}`, columns),
  ].map((text) => row(text));
}

function consentLines(document: ConsentDocument, columns: number): LayoutLine[] {
  const strong = { bold: true, heightScale: 2 };
  return [
    ...headLines(document, '自费项目知情同意书', columns),
    ...originRows(document, columns),
    ...holderRows(document, columns),
    ruled(columns),
    ...goodsRows(document.lines, columns),
    ruled(columns),
    ...pair('由本人负担合计', formatMoney(document.own), columns).map((text) => row(text, strong)),
    ...wrap(`大写 人民币${capitalAmount(document.own)}`, columns).map((text) => row(text)),
    ruled(columns),
    ...wrap('以上金额不在医保基金支付范围内，由本人负担。', columns).map((text) => row(text, { bold: true })),
    ...wrap('本机构已在结算前告知项目、价格和负担金额，本人已知情并同意。', columns).map((text) => row(text)),
    ...signatureLine('参保人或代办人签字', columns),
    ...signatureLine('与参保人关系', columns),
    ...signatureLine('日期', columns),
    ruled(columns),
    ...noticeRows(document, columns),
  ];
}

function refusalLines(document: RefusalDocument, columns: number): LayoutLine[] {
  const { agencyText, total } = document;
  return [
    ...headLines(document, '医保未结算告知单', columns),
    ...originRows(document, columns),
    ...holderRows(document, columns),
    ruled(columns),
    ...centred(' 未结算 · 未扣款 ', columns, banner),
    ...(total === undefined ? [] : pair('本单费用', formatMoney(total), columns).map((text) => row(text))),
    row('原因', { bold: true }),
    ...wrap(document.reasonZh, columns).map((text) => row(text, { heightScale: 2 })),
    ...(agencyText === undefined
      ? []
      : wrap(`医保中心答复：${agencyText}`, columns).map((text) => row(text))),
    row('下一步', { bold: true }),
    ...wrap(document.nextZh, columns).map((text) => row(text, { heightScale: 2 })),
    ...labelled('代码', document.code, columns).map((text) => row(text)),
    ...wrap('咨询时请出示本单和代码。', columns).map((text) => row(text)),
    ruled(columns),
    ...noticeRows(document, columns),
  ];
}

function dayLines(document: DaySummaryDocument, columns: number): LayoutLine[] {
  const { journalHead } = document;
  return [
    ...headLines(document, `日结单 ${document.businessDay}`, columns),
    ...originRows(document, columns),
    ruled(columns),
    ...document.sales.flatMap((one) => dayRow(one, columns)),
    ruled(columns),
    ...pair('当日合计', formatMoney(document.total), columns).map((text) =>
      row(text, { bold: true, heightScale: 2 }),
    ),
    ...wrap(`大写 人民币${capitalAmount(document.total)}`, columns).map((text) => row(text)),
    ...document.payers.flatMap((one) => dayRow(one, columns)),
    ruled(columns),
    ...(document.open.length === 0
      ? wrap('没有待办事项', columns).map((text) => row(text))
      : document.open.flatMap((one) => dayRow(one, columns))),
    ...(journalHead === undefined ? [] : labelled('流水末尾', journalHead, columns).map((text) => row(text))),
    ...signatureLine('制表', columns),
    ...signatureLine('复核', columns),
    ruled(columns),
    ...noticeRows(document, columns),
  ];
}

function dayRow({ nameZh, count, amount }: DayRow, columns: number): LayoutRow[] {
  const label = count === undefined ? nameZh : `${nameZh} ${count}笔`;
  const rows = amount === undefined ? wrap(label, columns) : pair(label, formatMoney(amount), columns);
  return rows.map((text) => row(text));
}

function labelLines(document: PriceLabelDocument, columns: number): LayoutLine[] {
  const { tradeName, nationalCode, validFrom } = document;
  const price = `${formatUnitPrice(document.price)}元/${document.unit}`;
  return [
    ...(document.training ? centred(' 训练 ', columns, banner) : []),
    ...fitted(document.genericName, columns, { bold: true }),
    ...(tradeName === undefined ? [] : centred(tradeName, columns)),
    ...sideBySide(document.specification, classText(document), columns).map((text) => row(text)),
    ...wrap(document.maker, columns).map((text) => row(text)),
    ...fitted(price, columns, { bold: true }),
    ...(document.prescriptionOnly ? centred(' 处方药 · 凭处方销售 ', columns, banner) : []),
    ...labelled('国家医保编码', nationalCode ?? '无（自费）', columns).map((text) => row(text)),
    ...sideBySide(
      `店内码 ${document.shopCode}`,
      validFrom === undefined ? '' : `执行日期 ${validFrom}`,
      columns,
    ).map((text) => row(text)),
    { kind: 'qr', data: document.shopCode },
    ...noticeRows({ ...document, notices: [] }, columns),
  ];
}
