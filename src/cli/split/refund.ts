import type { BenefitCase, BenefitLine, BenefitLineSplit, BenefitSplit } from '#core/domain/benefit';
import type { Reason } from '#core/domain/split';
import type { Fault } from '#core/fault';
import { formatMoney, type Money, type Quantity, roundFen, subtractMoney, zeroMoney } from '#core/money';
import { layers } from '#core/policy';
import { ok, type Result } from '#core/result';

type SplitOne = (visit: BenefitCase) => Result<BenefitSplit, Fault>;

/** How much of a line comes back: above zero, at most what was sold. */
export interface RefundLine {
  readonly lineNumber: number;
  readonly quantity: Quantity;
}

/**
 * A refund (退费): the split of what is left less the split of the whole, line by line; what comes back is
 * negative. Of a line comes back amount × quantity refunded ÷ quantity, half up; its doses come back alike. Lines
 * of which nothing is left are not in the second split.
 */
export function splitRefund(
  visit: BenefitCase,
  refund: readonly RefundLine[],
  splitOne: SplitOne,
): Result<BenefitSplit, Fault> {
  const whole = splitOne(visit);
  if (!whole.ok) return whole;
  const lines = restOf(visit.lines, refund);
  // Nothing left: nothing to split, and everything comes back.
  const rest = lines.length === 0 ? undefined : splitOne({ ...visit, lines });
  if (rest !== undefined && !rest.ok) return rest;
  return ok(difference(whole.value, rest?.value));
}

function restOf(lines: readonly BenefitLine[], refund: readonly RefundLine[]): BenefitLine[] {
  return lines.flatMap((line) => {
    const back = refund.find(({ lineNumber }) => lineNumber === line.lineNumber)?.quantity;
    if (back === undefined) return [line];
    const left = restOfLine(line, back);
    return left.quantity === 0n || left.amount === 0n ? [] : [left];
  });
}

function restOfLine(line: BenefitLine, back: Quantity): BenefitLine {
  const { amount, quantity, doses } = line;
  const left = (whole: bigint) => whole - roundFen(whole * back, quantity, 'half-up');
  return {
    ...line,
    amount: left(amount) as Money,
    quantity: (quantity - back) as Quantity,
    ...(doses === undefined ? {} : { doses: left(doses) as Quantity }),
  };
}

function difference(whole: BenefitSplit, rest: BenefitSplit | undefined): BenefitSplit {
  const less = (pick: (split: BenefitSplit) => Money) =>
    subtractMoney(rest === undefined ? zeroMoney : pick(rest), pick(whole));
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
        rest?.lines.find(({ lineNumber }) => lineNumber === line.lineNumber),
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
function whyRefund(whole: BenefitSplit, rest: BenefitSplit | undefined): Reason[] {
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
    ...names.flatMap(([key, zh, en]) => changed(whole, zh, en, whole[key], rest?.[key] ?? zeroMoney)),
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
