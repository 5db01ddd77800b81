import type { BenefitLine } from '#core/domain/benefit';
import {
  formatMoney,
  formatQuantity,
  formatUnitPrice,
  lineAmount,
  type Money,
  minMoney,
  type Rounding,
  roundFen,
  shareOf,
  type UnitPrice,
  zeroMoney,
} from '#core/money';
import type { StepOf } from '#core/policy';
import { percent, reason } from '../explain.ts';
import { type LineState, type SplitState, takeOff } from '../state.ts';

/** Price ceiling (限价): what the unit price is above it × quantity, never more than what is still in scope. */
export function applyCeiling(state: SplitState, step: StepOf<'ceiling'>): void {
  const { source } = state;
  let all = 0n;
  for (const at of state.lines) {
    const { line } = at;
    if (line.ceiling === undefined || at.inScope === 0n) continue;
    const amount = minMoney(overCeiling(line, line.ceiling, step.rounding), at.inScope);
    if (amount === 0n) continue;
    takeOff(state, at, 'overCeiling', amount);
    all += amount;
    const [zh, en] = ceilingWords(line, line.ceiling, amount);
    at.reasons.push(reason(source, 'ceiling', step.rule, amount, zh, en));
  }
  if (all === 0n) return;
  const text = formatMoney(all as Money);
  state.reasons.push(
    reason(
      source,
      'ceiling',
      step.rule,
      all as Money,
      `超过医保支付上限（限价）的 ${text} 元由个人负担`,
      `${text} above the price ceilings is paid by the patient`,
    ),
  );
}

/** First self-pay (先行自付) of class B, on what is still in scope. */
export function applyFirstSelfPay(state: SplitState, step: StepOf<'first-self-pay'>): void {
  const { source } = state;
  let all = 0n;
  for (const at of state.lines) {
    const { insuranceClass, firstSelfPayRatio: ratio } = at.line;
    if (insuranceClass !== 'B' || at.outOfScope > 0n) continue;
    at.firstSelfPayRatio = ratio;
    const amount = shareOf(at.inScope, ratio, step.rounding);
    if (amount === 0n) continue;
    takeOff(state, at, 'firstSelfPay', amount);
    all += amount;
    const [zh, en] = firstSelfPayWords(at, amount);
    at.reasons.push(reason(source, 'first-self-pay', step.rule, amount, zh, en));
  }
  if (all === 0n) return;
  const text = formatMoney(all as Money);
  state.reasons.push(
    reason(
      source,
      'first-self-pay',
      step.rule,
      all as Money,
      `乙类项目先由个人负担 ${text} 元`,
      `The patient first bears ${text} of the items of class B`,
    ),
  );
}

/** Without a unit price it is amount ÷ quantity, so that the excess is amount − ceiling × quantity, rounded once. */
function overCeiling(line: BenefitLine, ceiling: UnitPrice, rounding: Rounding): Money {
  const { unitPrice, quantity, amount } = line;
  if (unitPrice !== undefined) {
    return unitPrice <= ceiling
      ? zeroMoney
      : lineAmount((unitPrice - ceiling) as UnitPrice, quantity, rounding);
  }
  const excess = amount * 100_000_000n - ceiling * quantity;
  return excess <= 0n ? zeroMoney : roundFen(excess, 100_000_000n, rounding);
}

function ceilingWords(line: BenefitLine, ceiling: UnitPrice, amount: Money): [string, string] {
  const cap = formatUnitPrice(ceiling);
  const count = formatQuantity(line.quantity);
  const over = formatMoney(amount);
  if (line.unitPrice === undefined) {
    const whole = formatMoney(line.amount);
    return [
      `金额 ${whole} 元，数量 ${count}，医保支付上限每单位 ${cap} 元，超出部分 ${over} 元由个人负担`,
      `${whole} for ${count}, ceiling ${cap} each: the ${over} above it is paid by the patient`,
    ];
  }
  const unit = formatUnitPrice(line.unitPrice);
  return [
    `单价 ${unit} 元，医保支付上限 ${cap} 元，数量 ${count}，超出部分 ${over} 元由个人负担`,
    `Price ${unit}, ceiling ${cap}, quantity ${count}: the ${over} above it is paid by the patient`,
  ];
}

function firstSelfPayWords(at: LineState, amount: Money): [string, string] {
  const share = percent(at.line.firstSelfPayRatio);
  const text = formatMoney(amount);
  return at.overCeiling > 0n
    ? [
        `乙类，上限以内先由个人负担 ${share}，即 ${text} 元`,
        `Class B: ${share} of the part up to the ceiling is paid by the patient first, ${text}`,
      ]
    : [
        `乙类，先由个人负担 ${share}，即 ${text} 元`,
        `Class B: ${share} is paid by the patient first, ${text}`,
      ];
}
