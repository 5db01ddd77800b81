import { formatMoney, type Money } from '#core/money';
import { capitalAmount } from './capital-amount.ts';
import type { SlipDocument } from './document.ts';
import { type LayoutRow, row } from './layout-row.ts';
import { pair, wrap } from './text-columns.ts';

/** The split (F2), the amount in capital characters, balance and tender. Zero rows stay: one fixed layout. */
export function moneyRows(document: SlipDocument, columns: number): LayoutRow[] {
  const { split } = document;
  const amount = (label: string, value: Money): LayoutRow[] =>
    pair(label, formatMoney(value), columns).map((text) => row(text));
  const strong = (label: string, value: Money): LayoutRow[] =>
    pair(label, formatMoney(value), columns).map((text) => row(text, { bold: true, heightScale: 2 }));
  const given = document.kind === 'cancellation';
  return [
    ...strong(given ? '退费总额' : '费用总额', split.total),
    ...wrap(`大写 人民币${capitalAmount(split.total)}`, columns).map((text) => row(text)),
    ...(document.kind === 'own-pay' ? [] : insuredRows(document, amount)),
    ...strong(given ? '应退个人现金' : '个人现金支付', split.cash),
    ...tenderRows(document, amount),
    ...balanceRows(document, amount),
  ];
}

type AmountRows = (label: string, value: Money) => LayoutRow[];

function insuredRows({ split }: SlipDocument, amount: AmountRows): LayoutRow[] {
  return [
    ...amount('全自费金额', split.outOfScope),
    ...amount('超限价自费', split.overCeiling),
    ...amount('先行自付金额', split.firstSelfPay),
    ...amount('符合政策范围', split.inScope),
    ...amount('其中起付线', split.deductible),
    ...amount('基金支付合计', split.fundTotal),
    ...split.funds.flatMap((fund) => amount(`  ${fund.nameZh}`, fund.amount)),
    ...amount('个人账户支付', split.account),
    ...(split.familyAccount === undefined ? [] : amount('共济账户支付', split.familyAccount)),
    ...(split.institution === undefined ? [] : amount('本机构承担', split.institution)),
  ];
}

function tenderRows(document: SlipDocument, amount: AmountRows): LayoutRow[] {
  return [
    ...document.tenders.flatMap((tender) => {
      const reference = tender.reference === undefined ? '' : ` ${tender.reference}`;
      return amount(tender.kind === 'cash' ? '  收现金' : `  移动支付${reference}`, tender.amount);
    }),
    ...(document.change === 0n ? [] : amount('  找零', document.change)),
  ];
}

function balanceRows({ split, kind }: SlipDocument, amount: AmountRows): LayoutRow[] {
  const after = kind === 'cancellation' ? '退费后账户余额' : '支付后账户余额';
  return [
    ...(split.balanceBefore === undefined ? [] : amount('支付前账户余额', split.balanceBefore)),
    ...(split.balanceAfter === undefined ? [] : amount(after, split.balanceAfter)),
  ];
}
