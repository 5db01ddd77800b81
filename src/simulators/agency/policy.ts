import type { BenefitCase, BenefitLine } from '#core/domain/benefit';
import { fen, type Quantity, type Ratio, type UnitPrice } from '#core/money';
import type { ItemCategory, Layer, Policy } from '#core/policy';
import type { BasketRow } from './basket-check.ts';
import { type AgencyLineSums, type AgencySplit, agencySplit } from './benefit/agency-split.ts';
import { least, most } from './benefit/exact.ts';
import type { PayerRow } from './records.ts';

/** What the agency's catalogue says of one national code. */
export interface CatalogEntry {
  readonly nationalCode: string;
  /** A 甲类, B 乙类, C 丙类. */
  readonly class: 'A' | 'B' | 'C';
  /** First self-pay share (先行自付比例) of class B in 10⁻⁴. */
  readonly firstSelfPayRatio: bigint;
  /** Price ceiling (医保支付上限) in 10⁻⁶ yuan; absent = none. */
  readonly ceiling?: bigint;
  /** What limits count it as; absent = by the first letter of the code. */
  readonly category?: ItemCategory;
}

/** One line as the agency cut it (费用明细切割): total = outOfScope + overCeiling + firstSelfPay + inScope. */
export interface CutLine extends BasketRow {
  readonly class: 'A' | 'B' | 'C';
  readonly ceiling?: bigint;
  readonly ratio: bigint;
  readonly outOfScope: bigint;
  readonly overCeiling: bigint;
  readonly firstSelfPay: bigint;
  readonly inScope: bigint;
  readonly memo?: string;
}

/** A purchase as the policy splits it, all in fen. */
export interface Charge {
  readonly total: bigint;
  readonly outOfScope: bigint;
  readonly overCeiling: bigint;
  readonly firstSelfPay: bigint;
  readonly inScope: bigint;
  readonly counted: bigint;
  readonly deductible: bigint;
  /** All funds together. */
  readonly fund: bigint;
  /** One row per fund: the basic one always, the others when they pay. */
  readonly payers: readonly PayerRow[];
  /** What yearly limits left each layer to pay before the purchase. */
  readonly limits: Readonly<Partial<Record<Layer, bigint>>>;
  readonly institution: bigint;
  readonly own: bigint;
  readonly account: bigint;
  /** From a relative's account, after the own one. */
  readonly family: bigint;
  readonly cash: bigint;
  /** Share that the basic fund pays, 10⁻⁴. */
  readonly ratio: bigint;
  readonly lines: readonly CutLine[];
}

const WHOLE = 10_000n;
const categories: Readonly<Record<string, ItemCategory>> = { T: 'herbal', C: 'material', S: 'service' };

/** A row of the basket as the benefit sees it; line numbers are places in the basket, from 1. */
export function benefitLine(row: BasketRow, place: number, entry: CatalogEntry | undefined): BenefitLine {
  const { unitPrice, count, amount, nationalCode } = row;
  return {
    lineNumber: place + 1,
    category: entry?.category ?? categories[nationalCode.slice(0, 1).toUpperCase()] ?? 'drug',
    insuranceClass: entry?.class ?? 'C',
    mapped: entry !== undefined,
    amount: fen(amount),
    quantity: count as Quantity,
    unitPrice: unitPrice as UnitPrice,
    ...(entry?.ceiling === undefined ? {} : { ceiling: entry.ceiling as UnitPrice }),
    firstSelfPayRatio: (entry?.class === 'B' ? entry.firstSelfPayRatio : 0n) as Ratio,
    // The message has no word on prescriptions that regions fill: what is sold on one is not told apart.
    prescription: true,
  };
}

/** Splits a purchase by its document; the relative's account pays after the own one. The refusals are the split's. */
export function chargeOf(
  policy: Policy,
  visit: BenefitCase,
  rows: readonly BasketRow[],
  catalog: ReadonlyMap<string, CatalogEntry>,
  relativeBalance: bigint,
): Charge | Exclude<AgencySplit, { kind: 'split' }>['kind'] {
  const split = agencySplit(policy, visit);
  if (split.kind !== 'split') return split.kind;
  const { sums, payable } = split;
  const family = visit.account.use ? least(payable - sums.account, most(relativeBalance, 0n)) : 0n;
  return {
    ...sums,
    fund: sums.fundTotal,
    payers: policy.funds
      .map(({ layer, code, nameZh }) => ({ layer, code, nameZh, amount: sums.funds[layer] }))
      .filter(({ layer, amount }) => layer === 'basic' || amount !== 0n),
    limits: split.limits,
    family,
    cash: sums.cash - family,
    ratio: split.basicRatio,
    lines: rows.map((row, place) => cutLine(row, catalog.get(row.nationalCode), sums.lines[place])),
  };
}

function cutLine(row: BasketRow, entry: CatalogEntry | undefined, line: AgencyLineSums | undefined): CutLine {
  const { outOfScope = 0n, overCeiling = 0n, firstSelfPay = 0n, inScope = 0n } = line ?? {};
  const sums = { outOfScope, overCeiling, firstSelfPay, inScope };
  if (entry === undefined)
    return { ...row, class: 'C', ratio: WHOLE, ...sums, memo: '医保目录无此编码，按自费处理' };
  if (entry.class === 'C') return { ...row, class: 'C', ratio: WHOLE, ...sums };
  if (outOfScope !== 0n)
    return { ...row, class: 'C', ratio: WHOLE, ...sums, memo: '待遇政策不予支付，按自费处理' };
  const ceiling = entry.ceiling === undefined ? {} : { ceiling: entry.ceiling };
  return { ...row, class: entry.class, ...ceiling, ratio: line?.firstSelfPayRatio ?? 0n, ...sums };
}
