import { assert } from '#core/assert';
import type { BasketLine } from '#core/domain/product';
import type { LineSplit, Reason } from '#core/domain/split';
import {
  formatMoney,
  formatQuantity,
  formatUnitPrice,
  lineAmount,
  type Money,
  minMoney,
  type Ratio,
  shareOf,
  subtractMoney,
  type UnitPrice,
  wholeRatio,
  zeroMoney,
} from '#core/money';
import { percent, reason, type Source } from './explain.ts';

/**
 * One line by its catalogue class (interface section 11, relations 10, 12, 13): above the ceiling, first
 * self-pay, in scope, or wholly out of scope. Each part is rounded half up to the fen once per line and
 * what is left is in scope, so the parts add up to the line.
 */
export function splitLine(line: BasketLine, source: Source): LineSplit {
  assert(line.amount >= 0n, 'a sold line has an amount of zero or more');
  const { product } = line;
  if (product.nationalCode === undefined) return outOfScope(line, source, noCode(line));
  if (product.insuranceClass === 'C') return outOfScope(line, source, classC(line));

  const overCeiling = overCeilingOf(line);
  const ratio = product.insuranceClass === 'B' ? product.firstSelfPayRatio : zeroRatio;
  const firstSelfPay = shareOf(subtractMoney(line.amount, overCeiling), ratio, 'half-up');
  const inScope = subtractMoney(subtractMoney(line.amount, overCeiling), firstSelfPay);
  assert(inScope >= 0n, 'what is left in scope is not negative');

  const reasons: Reason[] = [];
  if (overCeiling > 0n) reasons.push(ceilingReason(line, overCeiling, source));
  if (firstSelfPay > 0n) {
    const [zh, en] = firstSelfPayWords(ratio, firstSelfPay, overCeiling);
    reasons.push(reason(source, 'first-self-pay', firstSelfPay, zh, en));
  }
  const [zh, en] = inScopeWords(product.insuranceClass, inScope);
  reasons.push(reason(source, 'in-scope', inScope, zh, en));
  return {
    lineNumber: line.lineNumber,
    total: line.amount,
    outOfScope: zeroMoney,
    overCeiling,
    firstSelfPay,
    inScope,
    firstSelfPayRatio: ratio,
    reasons,
  };
}

/** A line that the holder pays whole; its first self-pay ratio is 1 as the interface writes class 03. */
export function outOfScope(line: BasketLine, source: Source, words: Words): LineSplit {
  return {
    lineNumber: line.lineNumber,
    total: line.amount,
    outOfScope: line.amount,
    overCeiling: zeroMoney,
    firstSelfPay: zeroMoney,
    inScope: zeroMoney,
    firstSelfPayRatio: wholeRatio,
    reasons: [reason(source, words.step, line.amount, words.zh, words.en)],
  };
}

export interface Words {
  readonly step: 'out-of-scope' | 'own-pay';
  readonly zh: string;
  readonly en: string;
}

const zeroRatio = 0n as Ratio;

function overCeilingOf(line: BasketLine): Money {
  const { price, ceiling } = line.product;
  if (ceiling === undefined || price <= ceiling) return zeroMoney;
  const above = (price - ceiling) as UnitPrice;
  return minMoney(line.amount, lineAmount(above, line.quantity, 'half-up'));
}

function noCode(line: BasketLine): Words {
  const amount = formatMoney(line.amount);
  return {
    step: 'out-of-scope',
    zh: `本商品没有国家医保编码，医保不支付，${amount} 元全部由个人负担`,
    en: `This product has no national code, so insurance does not pay: all ${amount} is the patient’s`,
  };
}

function classC(line: BasketLine): Words {
  const amount = formatMoney(line.amount);
  return {
    step: 'out-of-scope',
    zh: `丙类（目录外），医保不支付，${amount} 元全部由个人负担`,
    en: `Class C, outside the list: insurance does not pay, all ${amount} is the patient’s`,
  };
}

function ceilingReason(line: BasketLine, amount: Money, source: Source): Reason {
  const { price, ceiling } = line.product;
  assert(ceiling !== undefined, 'only a line with a ceiling goes above it');
  const [unit, cap, count] = [
    formatUnitPrice(price),
    formatUnitPrice(ceiling),
    formatQuantity(line.quantity),
  ];
  return reason(
    source,
    'over-ceiling',
    amount,
    `单价 ${unit} 元，医保支付上限 ${cap} 元，数量 ${count}，超出部分 ${formatMoney(amount)} 元由个人负担`,
    `Price ${unit}, ceiling ${cap}, quantity ${count}: the ${formatMoney(amount)} above it is the patient’s`,
  );
}

function firstSelfPayWords(ratio: Ratio, amount: Money, overCeiling: Money): [string, string] {
  const rest = overCeiling > 0n;
  return [
    `乙类，${rest ? '上限以内' : ''}先由个人负担 ${percent(ratio)}，即 ${formatMoney(amount)} 元`,
    `Class B: ${percent(ratio)}${rest ? ' of the part up to the ceiling' : ''} is paid by the patient first, ${formatMoney(amount)}`,
  ];
}

function inScopeWords(insuranceClass: 'A' | 'B' | 'C', amount: Money): [string, string] {
  const [zh, en] = insuranceClass === 'A' ? ['甲类', 'Class A'] : ['乙类', 'Class B'];
  return [
    `${zh}，${formatMoney(amount)} 元纳入报销范围`,
    `${en}: ${formatMoney(amount)} counts for insurance`,
  ];
}
