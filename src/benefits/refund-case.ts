import type { BenefitCase, BenefitLine, BenefitLineSplit, BenefitSplit } from '#core/domain/benefit';
import type { Reason } from '#core/domain/split';
import { type Fault, fault } from '#core/fault';
import { formatMoney, type Money, type Quantity, roundFen, zeroMoney } from '#core/money';
import type { Layer, Policy } from '#core/policy';
import { err, ok, type Result } from '#core/result';
import { type ReasonStep, reason } from './explain.ts';
import { splitCase } from './split-case.ts';

/** How much of a line comes back. */
export interface RefundLine {
  readonly lineNumber: number;
  readonly quantity: Quantity;
}

/**
 * A refund of part of a visit (部分退费): what is left is split anew, and the result is split(rest) −
 * split(whole), line by line: what comes back is negative. Of a line comes back amount × refunded quantity ÷
 * quantity, half up. `case-invalid` for a line that is not there, stands twice or of which more comes back than
 * was sold; else faults as `splitCase`.
 */
export function splitRefund(
  policy: Policy,
  visit: BenefitCase,
  refund: readonly RefundLine[],
): Result<BenefitSplit, Fault> {
  const whole = splitCase(policy, visit);
  if (!whole.ok) return whole;
  const rest = restOf(visit.lines, refund);
  if (!rest.ok) return rest;
  const left = splitCase(policy, { ...visit, lines: rest.value });
  return left.ok ? ok(difference(whole.value, left.value)) : left;
}

/** The lines that stay with the patient; those of zero are dropped. */
function restOf(
  lines: readonly BenefitLine[],
  refund: readonly RefundLine[],
): Result<readonly BenefitLine[], Fault> {
  const back = new Map<number, Quantity>();
  for (const { lineNumber, quantity } of refund) {
    const sold = lines.find((line) => line.lineNumber === lineNumber);
    if (sold === undefined) return invalid(lineNumber, 'is not there');
    if (back.has(lineNumber)) return invalid(lineNumber, 'stands twice');
    if (quantity <= 0n || quantity > sold.quantity)
      return invalid(lineNumber, 'not above 0 and up to what was sold');
    back.set(lineNumber, quantity);
  }
  const rest = lines.map((line) => lessRefunded(line, back.get(line.lineNumber)));
  return ok(rest.filter((line) => line.amount > 0n));
}

function invalid(lineNumber: number, what: string) {
  return err(fault('case-invalid', `refund of line ${lineNumber}: ${what}`));
}

function lessRefunded(line: BenefitLine, refunded: Quantity | undefined): BenefitLine {
  if (refunded === undefined) return line;
  const { amount, quantity, doses } = line;
  const left = (whole: bigint): bigint => whole - roundFen(whole * refunded, quantity, 'half-up');
  return {
    ...line,
    amount: left(amount) as Money,
    quantity: (quantity - refunded) as Quantity,
    ...(doses === undefined ? {} : { doses: left(doses) as Quantity }),
  };
}

function difference(whole: BenefitSplit, rest: BenefitSplit): BenefitSplit {
  const less = (pick: (split: BenefitSplit) => Money) => (pick(rest) - pick(whole)) as Money;
  const funds = Object.fromEntries(
    Object.entries(whole.funds).map(([layer, paid]) => [layer, rest.funds[layer as Layer] - paid]),
  ) as Record<Layer, Money>;
  const left = new Map(rest.lines.map((line) => [line.lineNumber, line]));
  return {
    policy: whole.policy,
    version: whole.version,
    total: less((split) => split.total),
    outOfScope: less((split) => split.outOfScope),
    overCeiling: less((split) => split.overCeiling),
    firstSelfPay: less((split) => split.firstSelfPay),
    inScope: less((split) => split.inScope),
    counted: less((split) => split.counted),
    deductible: less((split) => split.deductible),
    funds,
    fundTotal: less((split) => split.fundTotal),
    institution: less((split) => split.institution),
    own: less((split) => split.own),
    account: less((split) => split.account),
    cash: less((split) => split.cash),
    lines: whole.lines.map((line) => lineDifference(whole, line, left.get(line.lineNumber))),
    reasons: reasonsOf(whole, rest),
  };
}

function lineDifference(
  source: BenefitSplit,
  whole: BenefitLineSplit,
  rest: BenefitLineSplit | undefined,
): BenefitLineSplit {
  const less = (pick: (line: BenefitLineSplit) => Money) =>
    ((rest === undefined ? 0n : pick(rest)) - pick(whole)) as Money;
  const parts = [...told('before', whole.reasons), ...told('after', rest?.reasons ?? [])];
  return {
    lineNumber: whole.lineNumber,
    firstSelfPayRatio: whole.firstSelfPayRatio,
    total: less((line) => line.total),
    outOfScope: less((line) => line.outOfScope),
    overCeiling: less((line) => line.overCeiling),
    firstSelfPay: less((line) => line.firstSelfPay),
    inScope: less((line) => line.inScope),
    covered: less((line) => line.covered),
    own: less((line) => line.own),
    reasons: changed(source, 'refund', ['本项', 'this item'], whole.total, rest?.total ?? zeroMoney, parts),
  };
}

/** The sums of a refund with the steps whose reasons explain them. */
const explained: readonly {
  readonly sum: 'deductible' | 'fundTotal' | 'institution' | 'own' | 'account' | 'cash';
  readonly step: ReasonStep;
  readonly words: readonly [zh: string, en: string];
  readonly by: readonly ReasonStep[];
}[] = [
  { sum: 'deductible', step: 'deductible', words: ['起付线', 'the deductible'], by: ['deductible'] },
  {
    sum: 'fundTotal',
    step: 'fund',
    words: ['医保支付', 'what the funds pay'],
    by: ['limit', 'yearly-counted', 'bands', 'daily-addition', 'yearly-payment', 'fill', 'quota'],
  },
  {
    sum: 'institution',
    step: 'institution',
    words: ['医疗机构承担', 'the part of the institution'],
    by: ['institution'],
  },
  {
    sum: 'own',
    step: 'own',
    words: ['个人负担', 'the own share'],
    by: ['scope', 'ceiling', 'first-self-pay', 'own'],
  },
  { sum: 'account', step: 'account', words: ['个人账户', 'the personal account'], by: ['account'] },
  { sum: 'cash', step: 'cash', words: ['现金', 'cash'], by: ['cash'] },
];

function reasonsOf(whole: BenefitSplit, rest: BenefitSplit): Reason[] {
  return explained.flatMap(({ sum, step, words, by }) => {
    const names: readonly string[] = by;
    const of = (split: BenefitSplit) => split.reasons.filter((why) => names.includes(why.step));
    const parts = [...told('before', of(whole)), ...told('after', of(rest))];
    return changed(whole, step, words, whole[sum], rest[sum], parts);
  });
}

/** One reason for a sum that changed, none for one that did not. */
function changed(
  { policy, version }: BenefitSplit,
  step: ReasonStep,
  [zh, en]: readonly [string, string],
  before: Money,
  after: Money,
  parts: readonly Reason[],
): Reason[] {
  if (before === after) return [];
  const [was, is, back] = [before, after, (before - after) as Money].map(formatMoney);
  return [
    reason(
      { policy, version },
      step,
      undefined,
      (after - before) as Money,
      `退费：${zh}原为 ${was} 元，退后为 ${is} 元，退回 ${back} 元`,
      `Refund: ${en} was ${was} and is ${is} afterwards, ${back} comes back`,
      parts,
    ),
  ];
}

function told(when: 'before' | 'after', reasons: readonly Reason[]): Reason[] {
  const [zh, en] = when === 'before' ? ['退费前', 'Before'] : ['退费后', 'After'];
  return reasons.map((why) => ({ ...why, zh: `${zh}：${why.zh}`, en: `${en}: ${why.en}` }));
}
