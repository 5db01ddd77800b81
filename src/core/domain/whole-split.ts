import { addMoney, type Money, ratio, subtractMoney, sumMoney } from '../money.ts';
import type { BasketLine } from './product.ts';
import type { LineSplit, Split } from './split.ts';

/**
 * The split of a whole basket from the agency's split of its mapped lines: every other line is added as own
 * pay in cash, with its reason (B2). A split that already covers all lines comes back as it is, and so does an
 * answer without rows per line: which lines it is about cannot be told.
 */
export function wholeSplit(lines: readonly BasketLine[], asked: Split): Split {
  const known = new Set(asked.lines.map((line) => line.lineNumber));
  const rest = lines.filter((line) => !known.has(line.lineNumber));
  if (rest.length === 0 || asked.lines.length === 0) return asked;
  const ownPay = sumMoney(rest.map((line) => line.amount));
  const plus = (amount: Money): Money => addMoney(amount, ownPay);
  const all = [...asked.lines, ...rest.map(unmapped)].sort((a, b) => a.lineNumber - b.lineNumber);
  return {
    ...asked,
    total: plus(asked.total),
    outOfScope: plus(asked.outOfScope),
    own: plus(asked.own),
    cash: plus(asked.cash),
    lines: all,
  };
}

function unmapped(line: BasketLine): LineSplit {
  const none = subtractMoney(line.amount, line.amount);
  return {
    lineNumber: line.lineNumber,
    total: line.amount,
    outOfScope: line.amount,
    overCeiling: none,
    firstSelfPay: none,
    inScope: none,
    firstSelfPayRatio: ratio('1'),
    reasons: [
      {
        step: 'scope',
        policy: 'catalogue',
        version: line.catalogVersion,
        amount: line.amount,
        zh: `${line.product.genericName} 没有国家医保编码，全部由个人支付`,
        en: `${line.product.genericName} has no national code: paid by the holder`,
      },
    ],
  };
}
