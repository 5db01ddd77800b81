import type { Reason } from '#core/domain/split';
import { formatMoney, type Money, sumMoney, zeroMoney } from '#core/money';
import { reason } from './explain.ts';
import type { OwnPart, SplitState } from './state.ts';

/** What the patient bears (个人负担) and what it is made of; the parts add up to it. */
export function ownReason(state: SplitState, own: Money): Reason {
  const parts: Reason[] = [];
  for (const { zh, en, amount } of state.ownParts ?? partsOf(state, own)) {
    if (amount === 0n) continue;
    const text = formatMoney(amount);
    parts.push(reason(state.source, 'own', undefined, amount, `${zh} ${text} 元`, `${text} ${en}`));
  }
  const text = formatMoney(own);
  const zh = `个人负担 ${text} 元：${parts.map((part) => part.zh).join('，')}`;
  const en = `The own share is ${text}: ${parts.map((part) => part.en).join(', ')}`;
  return reason(state.source, 'own', undefined, own, zh, en, parts);
}

function partsOf(state: SplitState, own: Money): OwnPart[] {
  const parts: OwnPart[] = [
    { zh: '不在报销范围', en: 'outside the scope', amount: state.outOfScope },
    { zh: '超过限价', en: 'above the price ceilings', amount: state.overCeiling },
    { zh: '先行自付', en: 'first self-pay', amount: state.firstSelfPay },
    { zh: '超过限额', en: 'above limits', amount: state.overLimit },
    { zh: '起付线', en: 'deductible', amount: state.deductible },
    {
      zh: '超过年度计入限额',
      en: 'above the yearly limit on cost',
      amount: state.aboveCountedPaid ? zeroMoney : state.aboveCounted,
    },
    { zh: '超过年度支付限额', en: 'above the yearly limit on payment', amount: state.overYearlyPayment },
  ];
  const told = sumMoney(parts.map(({ amount }) => amount));
  parts.push({ zh: '按比例负担', en: 'by the ratio', amount: (own + state.filled - told) as Money });
  if (state.filled > 0n) {
    parts.push({ zh: '救助等补足', en: 'made up for by assistance', amount: -state.filled as Money });
  }
  return parts;
}
