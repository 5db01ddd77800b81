import type { BenefitLineSplit, BenefitSplit } from '#core/domain/benefit';
import type { Reason } from '#core/domain/split';
import { formatMoney, type Money } from '#core/money';

/**
 * The split as indented lines of text: the sums, then the document's reasons with what they are made of, then
 * each line of the case with its own. A reason takes two lines, Chinese above English; yuan with two decimals.
 */
export function explainTree(split: BenefitSplit): string[] {
  return [
    `${split.policy} ${split.version}`,
    ...sums(split),
    ...split.reasons.flatMap((reason) => branch(reason, 1)),
    ...split.lines.flatMap(lineBranch),
  ];
}

function sums(split: BenefitSplit): string[] {
  const named: [string, string, Money][] = [
    ['总费用', 'total', split.total],
    ['医保支付合计', 'paid by the funds', split.fundTotal],
    ['医疗机构承担', 'borne by the institution', split.institution],
    ['个人负担', 'the own share', split.own],
    ['个人账户', 'personal account', split.account],
    ['现金', 'cash', split.cash],
  ];
  return named
    .filter(([zh, , amount]) => amount !== 0n || zh !== '医疗机构承担')
    .map(([zh, en, amount]) => `${zh} / ${en}: ${formatMoney(amount)}`);
}

function lineBranch(line: BenefitLineSplit): string[] {
  const [total, covered, own] = [line.total, line.covered, line.own].map(formatMoney);
  return [
    `第 ${line.lineNumber} 项 / item ${line.lineNumber}: ${total}，医保支付 / covered ${covered}，个人负担 / own ${own}`,
    ...line.reasons.flatMap((reason) => branch(reason, 1)),
  ];
}

function branch(reason: Reason, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const rule = reason.rule === undefined ? '' : `, ${reason.rule}`;
  return [
    `${indent}${formatMoney(reason.amount)} ${reason.zh} [${reason.step}${rule}]`,
    `${indent}  ${reason.en}`,
    ...(reason.parts ?? []).flatMap((part) => branch(part, depth + 1)),
  ];
}
