import { journalCodeText } from '#core/journal-code';
import { formatMoney } from '#core/money';
import { checkText, type SlipDocument, type SlipKind, type SlipOffline } from './document.ts';
import { goodsRows } from './layout-goods.ts';
import { moneyRows } from './layout-money.ts';
import { paperLines } from './layout-papers.ts';
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
import {
  type LayoutLine,
  type LayoutRow,
  type PaperColumns,
  row,
  type SlipForm,
  type SlipLayout,
} from './layout-row.ts';
import { isSaleSlip, type PaperDocument } from './papers.ts';
import { pair, sideBySide, wrap } from './text-columns.ts';

const TITLES: Readonly<Record<SlipKind, string>> = {
  settlement: '医疗保障费用结算单',
  offline: '医疗保障费用结算单（脱机）',
  'own-pay': '自费销售小票',
  cancellation: '医疗保障费用退费单',
};

/**
 * One fixed layout for every kind of slip (F3): head, who and where, goods, split, tender, words that the
 * kind needs, check code, notices. Pure; no line is wider than the paper and no amount is cut.
 */
export function slipLayout(
  document: PaperDocument,
  columns: PaperColumns,
  form: SlipForm = 'normal',
): SlipLayout {
  const lines = isSaleSlip(document) ? slipLines(document, columns) : paperLines(document, columns);
  return { columns, lines: form === 'large' ? lines.map(tall) : lines };
}

function slipLines(document: SlipDocument, columns: PaperColumns): LayoutLine[] {
  const rule = ruled(columns);
  return [
    ...headRows(document, columns),
    rule,
    ...saleRows(document, columns).map((text) => row(text)),
    ...holderRows(document, columns),
    rule,
    ...goodsRows(document.lines, columns),
    rule,
    ...moneyRows(document, columns),
    ...offlineRows(document, columns),
    ...explanationRows(document, columns),
    ...signatureRows(document, columns),
    rule,
    ...footRows(document, columns),
  ];
}

function tall(line: LayoutLine): LayoutLine {
  return line.kind === 'row' && !line.text.startsWith('----') ? { ...line, heightScale: 2 } : line;
}

function headRows(document: SlipDocument, columns: number): LayoutRow[] {
  return [
    ...(document.training ? fitted(' 训练票 · 不作凭证 ', columns, banner) : []),
    ...fitted(document.institution.name, columns, { bold: true }),
    ...centred(TITLES[document.kind], columns, { bold: true }),
    ...(document.copyNumber > 0
      ? centred(` 补打 第${document.copyNumber}次 ${document.printedAt} `, columns, banner)
      : []),
    ...(document.kind === 'offline' ? centred(' 脱机结算 · 待医保中心确认 ', columns, banner) : []),
    ...(document.underCheck ? centred(' 已结算 · 金额待核实 ', columns, banner) : []),
  ];
}

function saleRows(document: SlipDocument, columns: number): string[] {
  const original = document.originalSaleNumber;
  return [
    ...sideBySide(
      original === undefined ? `流水号 ${document.saleNumber}` : `原流水号 ${original}`,
      `终端 ${document.terminal}`,
      columns,
    ),
    ...sideBySide(`时间 ${document.soldAt}`, `经办 ${document.operator}`, columns),
    ...(document.replacedSaleNumber === undefined
      ? []
      : [
          ...wrap('部分退货后保留的商品，原单已撤销', columns),
          ...labelled('原流水号', document.replacedSaleNumber, columns),
        ]),
    ...(document.secondOperator === undefined ? [] : wrap(`复核 ${document.secondOperator}`, columns)),
    ...(document.cancelReason === undefined ? [] : wrap(`退费原因 ${document.cancelReason}`, columns)),
    ...wrap(`机构编号 ${document.institution.code}`, columns),
    ...(document.settlementId === undefined ? [] : labelled('结算ID', document.settlementId, columns)),
    ...(document.visitId === undefined ? [] : labelled('就诊ID', document.visitId, columns)),
  ];
}

function offlineRows(document: SlipDocument, columns: number): LayoutRow[] {
  const { offline } = document;
  if (offline === undefined) return [];
  return [
    ruled(columns),
    ...pair('待医保确认金额', formatMoney(offline.owed), columns).map((text) => row(text, { bold: true })),
    ...[
      ...(offline.balanceAsOf === undefined ? [] : wrap(`余额截至 ${offline.balanceAsOf}`, columns)),
      ...wrap('网络中断，本单为脱机结算，恢复联网后上传医保中心，以医保中心确认为准。', columns),
      ...wrap(`如被拒付：${offline.bearerZh}`, columns),
      ...(offline.proof === undefined ? [] : proofRows(offline.proof, columns)),
    ].map((text) => row(text)),
  ];
}

function proofRows(proof: NonNullable<SlipOffline['proof']>, columns: number): string[] {
  const words = proof.by === 'card' ? '卡片签名 TAC' : '本机安全模块签名（不证明卡片）';
  return [
    ...labelled(words, proof.code, columns),
    ...sideBySide(`安全模块终端号 ${proof.terminalNumber}`, `序号 ${proof.sequence}`, columns),
  ];
}

function explanationRows(document: SlipDocument, columns: number): LayoutRow[] {
  const rows = [
    ...document.reasons.flatMap((reason, index) => wrap(`${index + 1}) ${reason}`, columns)),
    ...(document.policies.length === 0 ? [] : wrap(`依据 ${document.policies.join('；')}`, columns)),
    ...(document.manualReimbursement
      ? wrap('本单未经医保结算，可凭本单向参保地经办机构申请手工报销，以当地规定为准。', columns)
      : []),
    ...(document.underCheck
      ? wrap('医保中心已扣款，返回金额正在核实，请勿重复缴费；核实结果以医保中心为准。', columns)
      : []),
  ];
  return rows.length === 0 ? [] : [ruled(columns), ...rows.map((text) => row(text))];
}

function signatureRows(document: SlipDocument, columns: number): LayoutRow[] {
  if (document.holder === undefined || document.kind === 'own-pay') return [];
  return signatureLine('参保人签字', columns);
}

function footRows(document: SlipDocument, columns: number): LayoutLine[] {
  const data = checkText(document);
  const { check } = document;
  return [
    ...(data === undefined ? [] : [{ kind: 'qr' as const, data }]),
    ...(check === undefined ? [] : centred(`校验码 ${journalCodeText(check)}`, columns)),
    ...noticeRows(document, columns),
  ];
}
