import type { BenefitCase, BenefitLine, BenefitLineSplit, BenefitSplit } from '#core/domain/benefit';
import type { Reason } from '#core/domain/split';
import { type Fault, fault } from '#core/fault';
import { formatMoney, type Money, type Quantity, roundFen, subtractMoney, zeroMoney } from '#core/money';
import { layers, type Policy } from '#core/policy';
import { err, ok, type Result } from '#core/result';
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
  const less = (pick: (split: BenefitSplit) => Money) => subtractMoney(pick(rest), pick(whole));
  const funds = { ...whole.funds };
  for (const layer of layers) funds[layer] = less((split) => split.funds[layer]);
  const { policy, version } = whole;
  return {
    ...{ policy, version, funds },
    ...sums(whole, rest),
    counted: less(({ counted }) => counted),
    deductible: less(({ deductible }) => deductible),
    fundTotal: less(({ fundTotal }) => fundTotal),
    institution: less(({ institution }) => institution),
    own: less(({ own }) => own),
    account: less(({ account }) => account),
    cash: less(({ cash }) => cash),
    lines: whole.lines.map((line) =>
      lineDifference(
        whole,
        line,
        rest.lines.find(({ lineNumber }) => lineNumber === line.lineNumber),
      ),
    ),
    reasons: whyRefund(whole, rest),
  };
}

function lineDifference(
  { policy, version }: BenefitSplit,
  whole: BenefitLineSplit,
  rest: BenefitLineSplit | undefined,
): BenefitLineSplit {
  const { lineNumber, firstSelfPayRatio } = whole;
  const names = [
    ['total', '本行费用', 'this line'],
    ['covered', '本行报销', 'covered of this line'],
  ] as const;
  return {
    ...{ lineNumber, firstSelfPayRatio },
    ...sums(whole, rest),
    covered: subtractMoney(rest?.covered ?? zeroMoney, whole.covered),
    own: subtractMoney(rest?.own ?? zeroMoney, whole.own),
    reasons: [
      ...names.flatMap(([key, zh, en]) =>
        changed({ policy, version }, zh, en, whole[key], rest?.[key] ?? zeroMoney),
      ),
      ...bothSides({ policy, version }, whole, rest),
    ],
  };
}

type LineSums = Pick<BenefitLineSplit, 'total' | 'outOfScope' | 'overCeiling' | 'firstSelfPay' | 'inScope'>;

function sums(whole: LineSums, rest: LineSums | undefined): LineSums {
  const less = (key: keyof LineSums) => subtractMoney(rest?.[key] ?? zeroMoney, whole[key]);
  return {
    total: less('total'),
    outOfScope: less('outOfScope'),
    overCeiling: less('overCeiling'),
    firstSelfPay: less('firstSelfPay'),
    inScope: less('inScope'),
  };
}

/** What changed, sum by sum, and then both splits with their own reasons. */
function whyRefund(whole: BenefitSplit, rest: BenefitSplit): Reason[] {
  const names = [
    ['total', '总费用', 'the total'],
    ['deductible', '起付线', 'the deductible'],
    ['fundTotal', '基金支付', 'what the funds pay'],
    ['institution', '医疗机构承担', 'what the institution bears'],
    ['own', '个人负担', 'the own part'],
    ['account', '个人账户支付', 'what the account pays'],
    ['cash', '现金', 'cash'],
  ] as const;
  return [
    ...names.flatMap(([key, zh, en]) => changed(whole, zh, en, whole[key], rest[key])),
    ...bothSides(whole, whole, rest),
  ];
}

type Source = Pick<BenefitSplit, 'policy' | 'version'>;
type Side = { readonly total: Money; readonly reasons: readonly Reason[] };

function changed(source: Source, zh: string, en: string, before: Money, after: Money): Reason[] {
  if (before === after) return [];
  const amount = subtractMoney(after, before);
  const [was, is] = [formatMoney(before), formatMoney(after)];
  return [
    refundReason(
      source,
      amount,
      `退费：${zh}原为 ${was} 元，退后为 ${is} 元`,
      `Refund: ${en} was ${was}, is ${is}`,
    ),
  ];
}

function bothSides(source: Source, whole: Side, rest: Side | undefined): Reason[] {
  return [
    refundReason(source, whole.total, '原来的分解', 'The split before the refund', whole.reasons),
    refundReason(
      source,
      rest?.total ?? zeroMoney,
      '退后余下部分的分解',
      'The split of what is left',
      rest?.reasons ?? [],
    ),
  ];
}

function refundReason(
  { policy, version }: Source,
  amount: Money,
  zh: string,
  en: string,
  parts?: readonly Reason[],
): Reason {
  return { step: 'refund', policy, version, amount, zh, en, ...(parts === undefined ? {} : { parts }) };
}
