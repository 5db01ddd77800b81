import type { LineView, SplitView } from '#checkout/view';
import {
  addMoney,
  formatMoney,
  lineAmount,
  type Money,
  maxMoney,
  minMoney,
  price,
  quantity,
  ratio,
  shareOf,
  subtractMoney,
  sumMoney,
  yuan,
  zeroMoney,
} from '#core/money';

const RULE = { policy: '示例市门诊统筹', version: '2026-01' } as const;
const POOL_SHARE = ratio('0.3');

/** A small policy with every kind of part: enough for a page to have something of each to show. */
export function fakeSplit(
  lines: readonly LineView[],
  source: SplitView['source'],
  balance: Money | undefined,
  useAccount: boolean,
): { split: SplitView; lines: LineView[] } {
  const parts = lines.map((line) => lineParts(line, source));
  const sum = (pick: (part: Parts) => Money) => sumMoney(parts.map(pick));
  const total = sum((part) => part.total);
  const inScope = sum((part) => part.inScope);
  const fundTotal = source === 'agency' ? shareOf(inScope, POOL_SHARE, 'half-up') : zeroMoney;
  const own = subtractMoney(total, fundTotal);
  const payable = subtractMoney(
    own,
    sum((part) => part.outOfScope),
  );
  const account = useAccount && source !== 'own-pay' ? minMoney(payable, balance ?? zeroMoney) : zeroMoney;
  const split: SplitView = {
    source,
    total: formatMoney(total),
    outOfScope: formatMoney(sum((part) => part.outOfScope)),
    overCeiling: formatMoney(sum((part) => part.overCeiling)),
    firstSelfPay: formatMoney(sum((part) => part.firstSelfPay)),
    inScope: formatMoney(inScope),
    deductible: '0.00',
    funds:
      fundTotal === zeroMoney ? [] : [{ fund: '310100', nameZh: '统筹基金', amount: formatMoney(fundTotal) }],
    fundTotal: formatMoney(fundTotal),
    own: formatMoney(own),
    account: formatMoney(account),
    cash: formatMoney(subtractMoney(own, account)),
    ...(balance === undefined || source === 'own-pay'
      ? {}
      : {
          balanceBefore: formatMoney(balance),
          balanceAfter: formatMoney(subtractMoney(balance, account)),
        }),
    reasons: reasons(source, fundTotal, account),
  };
  return { split, lines: lines.map((line, index) => withSplit(line, parts[index])) };
}

interface Parts {
  readonly total: Money;
  readonly outOfScope: Money;
  readonly overCeiling: Money;
  readonly firstSelfPay: Money;
  readonly inScope: Money;
}

function lineParts(line: LineView, source: SplitView['source']): Parts {
  const total = yuan(line.amount);
  const { insuranceClass, ceiling, firstSelfPayRatio } = line.product;
  if (insuranceClass === 'C' || source === 'own-pay') {
    return {
      total,
      outOfScope: total,
      overCeiling: zeroMoney,
      firstSelfPay: zeroMoney,
      inScope: zeroMoney,
    };
  }
  const top = ceiling === undefined ? total : lineAmount(price(ceiling), quantity(line.quantity), 'half-up');
  const overCeiling = maxMoney(zeroMoney, subtractMoney(total, top));
  const firstSelfPay = shareOf(subtractMoney(total, overCeiling), ratio(firstSelfPayRatio), 'half-up');
  const inScope = subtractMoney(total, addMoney(overCeiling, firstSelfPay));
  return { total, outOfScope: zeroMoney, overCeiling, firstSelfPay, inScope };
}

function withSplit(line: LineView, parts: Parts | undefined): LineView {
  if (parts === undefined) return line;
  const words: [string, Money, string, string][] = [
    ['out-of-scope', parts.outOfScope, '目录外，全自费', 'Outside the catalogue: own pay'],
    ['over-ceiling', parts.overCeiling, '超过医保支付上限', 'Above the price ceiling'],
    ['first-self-pay', parts.firstSelfPay, '乙类先行自付 10%', 'Class B: first 10 % self-pay'],
    ['in-scope', parts.inScope, '符合政策范围', 'In the scope of the policy'],
  ];
  return {
    ...line,
    split: {
      lineNumber: line.lineNumber,
      total: formatMoney(parts.total),
      outOfScope: formatMoney(parts.outOfScope),
      overCeiling: formatMoney(parts.overCeiling),
      firstSelfPay: formatMoney(parts.firstSelfPay),
      inScope: formatMoney(parts.inScope),
      reasons: words
        .filter(([, amount]) => amount > 0n)
        .map(([step, amount, zh, en]) => ({ step, ...RULE, amount: formatMoney(amount), zh, en })),
    },
  };
}

function reasons(source: SplitView['source'], fundTotal: Money, account: Money): SplitView['reasons'] {
  const found: SplitView['reasons'] = [];
  if (fundTotal > 0n) {
    found.push({
      step: 'pool',
      ...RULE,
      amount: formatMoney(fundTotal),
      zh: '政策范围内费用由统筹基金支付 30%',
      en: 'The pooled fund pays 30 % of what is in scope',
    });
  }
  if (account > 0n) {
    found.push({
      step: 'account',
      ...(source === 'agency' ? { policy: 'agency', version: '1' } : RULE),
      amount: formatMoney(account),
      zh: '个人账户支付目录内个人负担部分',
      en: 'The personal account pays the own part inside the catalogue',
    });
  }
  return found;
}
