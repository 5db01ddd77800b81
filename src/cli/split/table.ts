import type { BenefitSplit } from '#core/domain/benefit';
import { formatMoney, type Money } from '#core/money';
import { layers, type Policy } from '#core/policy';

const WIDTH = 12;

/** The split for a person at a terminal: sums, funds, then one row a line; Chinese and English side by side. */
export function splitTable(split: BenefitSplit, policy: Policy): string[] {
  const { titleZh, titleEn, id, version, status } = policy;
  return [
    `${titleZh} / ${titleEn}`,
    `  ${id} ${version} (${status})`,
    ...sums(split, policy).map(([name, amount]) => `${right(amount)}  ${name}`),
    '',
    ...lineRows(split),
  ];
}

function sums(split: BenefitSplit, { funds }: Policy): (readonly [string, Money])[] {
  const paid = layers.flatMap((layer): (readonly [string, Money])[] => {
    const fund = funds.find((each) => each.layer === layer);
    return fund === undefined ? [] : [[`${fund.nameZh} / ${fund.nameEn}`, split.funds[layer]]];
  });
  return [
    ['总费用 total', split.total],
    ['全自费 out of scope', split.outOfScope],
    ['超限价 over the ceiling', split.overCeiling],
    ['先行自付 first self-pay', split.firstSelfPay],
    ['符合政策范围 in scope', split.inScope],
    ['起付线 deductible', split.deductible],
    ...paid,
    ['基金合计 all funds', split.fundTotal],
    ['医疗机构承担 borne by the institution', split.institution],
    ['个人负担 own part', split.own],
    ['个人账户 account', split.account],
    ['现金 cash', split.cash],
  ];
}

function lineRows({ lines }: BenefitSplit): string[] {
  const zh = ['费用', '全自费', '超限价', '先行自付', '范围内', '报销', '自付'];
  const en = ['total', 'out', 'over', 'first', 'in scope', 'covered', 'own'];
  return [
    `  项目${zh.map((head) => padded(head)).join('')}`,
    `  item${en.map((head) => padded(head)).join('')}`,
    ...lines.map((line) => {
      const { total, outOfScope, overCeiling, firstSelfPay, inScope, covered, own } = line;
      const amounts = [total, outOfScope, overCeiling, firstSelfPay, inScope, covered, own];
      return `${String(line.lineNumber).padStart(6)}${amounts.map(right).join('')}`;
    }),
  ];
}

/** A Chinese character is two columns wide on a terminal. */
function padded(head: string): string {
  const columns = [...head].reduce((sum, character) => sum + (character > '\u2e7f' ? 2 : 1), 0);
  return `${' '.repeat(WIDTH - columns)}${head}`;
}

function right(amount: Money): string {
  return formatMoney(amount).padStart(WIDTH);
}
