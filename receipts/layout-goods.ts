import type { InsuranceClass } from '#core/domain/product';
import { formatMoney, formatQuantity, formatUnitPrice, type Ratio } from '#core/money';
import type { SlipLine } from './document.ts';
import { type LayoutRow, row } from './layout-row.ts';
import { indented, pair, sideBySide } from './text-columns.ts';

const CLASSES: Readonly<Record<InsuranceClass, string>> = { A: '甲类', B: '乙类', C: '丙类' };
const INDENT = '  ';

/** The goods of a slip (F1): names and class, specification and code, quantity × price and amount, parts, why. */
export function goodsRows(lines: readonly SlipLine[], columns: number): LayoutRow[] {
  const rows = pair('品名 规格 数量×单价', '金额(元)', columns).map((text) => row(text));
  for (const [index, line] of lines.entries()) addLine(rows, line, index + 1, columns);
  return rows;
}

const STRONG = { bold: true } as const;

/** Pushes rather than joins lists: a slip of twenty lines has its budget of a millisecond. */
function addLine(rows: LayoutRow[], line: SlipLine, number: number, columns: number): void {
  const name = line.tradeName === undefined ? line.genericName : `${line.genericName}（${line.tradeName}）`;
  const code = line.nationalCode ?? `店内码 ${line.shopCode}`;
  const count = `${formatQuantity(line.quantity)}${line.unit} × ${formatUnitPrice(line.unitPrice)}`;
  const add = (texts: readonly string[]): void => {
    for (const text of texts) rows.push(row(text));
  };
  for (const text of pair(`${number}. ${name}`, classText(line), columns)) rows.push(row(text, STRONG));
  add(sideBySide(line.specification, code, columns, INDENT));
  add(pair(`${INDENT}${count}`, formatMoney(line.amount), columns));
  add(doseRows(line, columns));
  add(partRows(line, columns));
  for (const reason of line.reasons) add(indented(`· ${reason}`, columns, INDENT));
}

function doseRows({ herbalDoses }: SlipLine, columns: number): string[] {
  if (herbalDoses === undefined) return [];
  const { doses, gramsPerDose } = herbalDoses;
  return indented(`共 ${formatQuantity(doses)} 付，每付 ${formatQuantity(gramsPerDose)} 克`, columns, INDENT);
}

function partRows(line: SlipLine, columns: number): string[] {
  if (line.parts === undefined) return [];
  const covered = `${INDENT}范围内 ${formatMoney(line.parts.covered)}`;
  return pair(covered, `自费自付 ${formatMoney(line.parts.own)}`, columns);
}

/** 甲类, 乙类 with its first self-pay share, 丙类, or 自费 without a national code (B2). */
export function classText(
  line: Pick<SlipLine, 'nationalCode' | 'insuranceClass' | 'firstSelfPayRatio'>,
): string {
  if (line.nationalCode === undefined) return '自费';
  if (line.insuranceClass !== 'B' || line.firstSelfPayRatio === 0n) return CLASSES[line.insuranceClass];
  return `${CLASSES.B} 先付${percent(line.firstSelfPayRatio)}`;
}

/** `10%`, `12.5%` from 10⁻⁴. */
function percent(ratio: Ratio): string {
  const rest = (ratio % 100n).toString().padStart(2, '0').replace(/0+$/, '');
  return `${ratio / 100n}${rest === '' ? '' : `.${rest}`}%`;
}
