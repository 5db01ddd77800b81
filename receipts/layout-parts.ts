import type { ActingRelation } from '#core/domain/acting-person';
import { columnWidth } from '#core/paper-picture';
import type { SlipDocument, SlipHolder } from './document.ts';
import { type LayoutRow, type Look, row } from './layout-row.ts';
import { indented, printable, sideBySide, wrap } from './text-columns.ts';

const RELATIONS: Readonly<Record<ActingRelation, string>> = {
  spouse: '配偶',
  parent: '父母',
  child: '子女',
  'other-relative': '其他亲属',
  other: '其他',
};

const MEDIA: Readonly<Record<SlipHolder['medium'], string>> = {
  card: '社会保障卡',
  'electronic-certificate': '医保电子凭证',
  'identity-number': '身份证',
};

/** White on black: what nobody may overlook. */
export const banner: Look = { inverted: true, bold: true };

/** A dashed line across the paper. */
export function ruled(columns: number): LayoutRow {
  return row('-'.repeat(columns));
}

export function centred(text: string, columns: number, look: Look = {}): LayoutRow[] {
  const room = Math.floor(columns / (look.widthScale ?? 1));
  return wrap(text, room).map((line) => row(line, { align: 'center', ...look }));
}

/** Double size where the paper is wide enough, else plain size. */
export function fitted(text: string, columns: number, look: Look): LayoutRow[] {
  const double = columnWidth(printable(text)) * 2 <= columns;
  return centred(text, columns, { ...look, ...(double ? { widthScale: 2, heightScale: 2 } : {}) });
}

/** A long number moves to a line of its own rather than being broken. */
export function labelled(label: string, number: string, columns: number): string[] {
  const whole = `${label} ${number}`;
  if (columnWidth(printable(whole)) <= columns) return [printable(whole)];
  return [label, ...indented(number, columns, '  ')];
}

type HeldBy = Partial<Pick<SlipDocument, 'holder' | 'actingPerson' | 'chronicDisease' | 'manualReason'>>;

/** The holder as the slip may show them, who acted for them and for which chronic disease. */
export function holderRows(
  { holder, actingPerson: acting, chronicDisease, manualReason }: HeldBy,
  columns: number,
): LayoutRow[] {
  if (holder === undefined) return [];
  return [
    ruled(columns),
    ...[
      ...sideBySide(`姓名 ${holder.maskedName}`, holder.schemeZh ?? '', columns),
      ...labelled('人员编号', holder.maskedPersonNumber, columns),
      ...labelled(MEDIA[holder.medium], holder.maskedMediumNumber, columns),
      ...(chronicDisease === undefined ? [] : wrap(`门诊慢特病：${chronicDisease}`, columns)),
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

/** A label and a line to write on. */
export function signatureLine(label: string, columns: number): LayoutRow[] {
  const words = `${label} `;
  return [row(''), row(words + '_'.repeat(Math.max(4, columns - columnWidth(words))))];
}

/** Notices of the shop and the report line, at the foot of every paper. */
export function noticeRows(
  { notices, reportLine }: { readonly notices: readonly string[]; readonly reportLine?: string },
  columns: number,
): LayoutRow[] {
  return [
    ...notices.flatMap((notice) => wrap(notice, columns)).map((text) => row(text)),
    ...(reportLine === undefined ? [] : centred(`举报投诉电话 ${reportLine}`, columns)),
  ];
}
