import type { ActingRelation } from '#core/domain/acting-person';
import { journalCodeText } from '#core/journal-code';
import { formatMoney } from '#core/money';
import { columnWidth } from '#core/paper-picture';
import { checkText, type SlipDocument, type SlipKind, type SlipOffline } from './document.ts';
import { goodsRows } from './layout-goods.ts';
import { moneyRows } from './layout-money.ts';
import {
  type LayoutLine,
  type LayoutRow,
  type Look,
  type PaperColumns,
  row,
  type SlipForm,
  type SlipLayout,
} from './layout-row.ts';
import { indented, pair, printable, sideBySide, wrap } from './text-columns.ts';

const TITLES: Readonly<Record<SlipKind, string>> = {
  settlement: '医疗保障费用结算单',
  offline: '医疗保障费用结算单（脱机）',
  'own-pay': '自费销售小票',
  cancellation: '医疗保障费用退费单',
};

const RELATIONS: Readonly<Record<ActingRelation, string>> = {
  spouse: '配偶',
  parent: '父母',
  child: '子女',
  'other-relative': '其他亲属',
  other: '其他',
};

const MEDIA: Readonly<Record<'card' | 'electronic-certificate' | 'identity-number', string>> = {
  card: '社会保障卡',
  'electronic-certificate': '医保电子凭证',
  'identity-number': '身份证',
};

/**
 * One fixed layout for every kind of slip (F3): head, who and where, goods, split, tender, words that the
 * kind needs, check code, notices. Pure; no line is wider than the paper and no amount is cut.
 */
export function slipLayout(
  document: SlipDocument,
  columns: PaperColumns,
  form: SlipForm = 'normal',
): SlipLayout {
  const rule = row('-'.repeat(columns));
  const lines: LayoutLine[] = [
    ...headRows(document, columns),
    rule,
    ...saleRows(document, columns).map((text) => row(text)),
    ...holderRows(document, columns),
    rule,
    ...goodsRows(document, columns),
    rule,
    ...moneyRows(document, columns),
    ...offlineRows(document, columns),
    ...explanationRows(document, columns),
    ...signatureRows(document, columns),
    rule,
    ...footRows(document, columns),
  ];
  return { columns, lines: form === 'large' ? lines.map(tall) : lines };
}

function tall(line: LayoutLine): LayoutLine {
  return line.kind === 'row' && !line.text.startsWith('----') ? { ...line, heightScale: 2 } : line;
}

function centred(text: string, columns: number, look: Look = {}): LayoutRow[] {
  const room = Math.floor(columns / (look.widthScale ?? 1));
  return wrap(text, room).map((line) => row(line, { align: 'center', ...look }));
}

function headRows(document: SlipDocument, columns: number): LayoutRow[] {
  const banner = { inverted: true, bold: true };
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

/** Double size where the paper is wide enough, else plain size. */
function fitted(text: string, columns: number, look: Look): LayoutRow[] {
  const double = columnWidth(printable(text)) * 2 <= columns;
  return centred(text, columns, { ...look, ...(double ? { widthScale: 2, heightScale: 2 } : {}) });
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
    ...(document.secondOperator === undefined ? [] : wrap(`复核 ${document.secondOperator}`, columns)),
    ...(document.cancelReason === undefined ? [] : wrap(`退费原因 ${document.cancelReason}`, columns)),
    ...wrap(`机构编号 ${document.institution.code}`, columns),
    ...(document.settlementId === undefined ? [] : labelled('结算ID', document.settlementId, columns)),
    ...(document.visitId === undefined ? [] : labelled('就诊ID', document.visitId, columns)),
  ];
}

/** A long number moves to a line of its own rather than being broken. */
function labelled(label: string, number: string, columns: number): string[] {
  const whole = `${label} ${number}`;
  if (columnWidth(printable(whole)) <= columns) return [printable(whole)];
  return [label, ...indented(number, columns, '  ')];
}

function holderRows(document: SlipDocument, columns: number): LayoutRow[] {
  const { holder, actingPerson: acting, manualReason } = document;
  if (holder === undefined) return [];
  return [
    row('-'.repeat(columns)),
    ...[
      ...sideBySide(`姓名 ${holder.maskedName}`, holder.schemeZh ?? '', columns),
      ...labelled('人员编号', holder.maskedPersonNumber, columns),
      ...labelled(MEDIA[holder.medium], holder.maskedMediumNumber, columns),
      ...(manualReason === undefined ? [] : wrap(`人工录入证件号：${manualReason}`, columns)),
      ...(acting === undefined
        ? []
        : [
            ...wrap(`代办人 ${acting.maskedName}（${RELATIONS[acting.relation]}）`, columns),
            ...labelled('代办人证件号', acting.maskedIdentityNumber, columns),
          ]),
    ].map((text) => row(text.trimEnd())),
  ];
}

function offlineRows(document: SlipDocument, columns: number): LayoutRow[] {
  const { offline } = document;
  if (offline === undefined) return [];
  return [
    row('-'.repeat(columns)),
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
  return rows.length === 0 ? [] : [row('-'.repeat(columns)), ...rows.map((text) => row(text))];
}

function signatureRows(document: SlipDocument, columns: number): LayoutRow[] {
  if (document.holder === undefined || document.kind === 'own-pay') return [];
  const label = '参保人签字 ';
  return [row(''), row(label + '_'.repeat(columns - columnWidth(label)))];
}

function footRows(document: SlipDocument, columns: number): LayoutLine[] {
  const data = checkText(document);
  const { check } = document;
  return [
    ...(data === undefined ? [] : [{ kind: 'qr' as const, data }]),
    ...(check === undefined ? [] : centred(`校验码 ${journalCodeText(check)}`, columns)),
    ...document.notices.flatMap((notice) => wrap(notice, columns)).map((text) => row(text)),
    ...(document.reportLine === undefined ? [] : centred(`举报投诉电话 ${document.reportLine}`, columns)),
  ];
}
