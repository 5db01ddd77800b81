import type { BasketRow } from './basket-check.ts';
import { halfUp } from './wire.ts';

/** What the agency's catalogue says of one national code. */
export interface CatalogEntry {
  readonly nationalCode: string;
  /** A 甲类, B 乙类, C 丙类. */
  readonly class: 'A' | 'B' | 'C';
  /** First self-pay share (先行自付比例) of class B in 10⁻⁴. */
  readonly firstSelfPayRatio: bigint;
  /** Price ceiling (医保支付上限) in 10⁻⁶ yuan; absent = none. */
  readonly ceiling?: bigint;
}

/** Parameters of one scheme (险种); amounts in fen, ratios in 10⁻⁴. */
export interface SchemePolicy {
  readonly yearlyDeductible: bigint;
  readonly activeRatio: bigint;
  readonly retiredRatio: bigint;
  readonly yearlyFundCap: bigint;
  readonly fundCode: string;
  readonly fundName: string;
  readonly accountCode: string;
  readonly accountName: string;
  /** Whether the personal account also pays what is outside the catalogue's scope. */
  readonly accountPaysOutOfScope: boolean;
}

/** The two schemes of the simulated region: 310 employees, 390 residents. */
export const defaultPolicy: Readonly<Record<string, SchemePolicy>> = {
  '310': {
    yearlyDeductible: 200_00n,
    activeRatio: 6000n,
    retiredRatio: 7000n,
    yearlyFundCap: 3000_00n,
    fundCode: '310100',
    fundName: '城镇职工基本医疗保险统筹基金',
    accountCode: '310200',
    accountName: '城镇职工基本医疗保险个人账户基金',
    accountPaysOutOfScope: false,
  },
  '390': {
    yearlyDeductible: 100_00n,
    activeRatio: 5000n,
    retiredRatio: 5000n,
    yearlyFundCap: 1000_00n,
    fundCode: '390100',
    fundName: '城乡居民基本医疗保险基金',
    accountCode: '390500',
    accountName: '居民家庭账户基金',
    accountPaysOutOfScope: false,
  },
};

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
  readonly deductible: bigint;
  readonly fund: bigint;
  readonly own: bigint;
  readonly account: bigint;
  /** From a relative's account, after the own one. */
  readonly family: bigint;
  readonly cash: bigint;
  /** Share that the fund pays, 10⁻⁴. */
  readonly ratio: bigint;
  /** What the fund could still pay this year before the purchase. */
  readonly payableLimit: bigint;
  readonly lines: readonly CutLine[];
}

/** What a person has already used of the year, and has on the account. */
export interface Standing {
  readonly deductibleUsed: bigint;
  readonly fundUsed: bigint;
  readonly balance: bigint;
  /** What a relative's account may add (账户共济). */
  readonly relativeBalance: bigint;
  readonly retired: boolean;
  readonly useAccount: boolean;
}

const WHOLE = 10_000n;

/** Cuts one line: class, ceiling (relation 13), first self-pay half up to the fen (relation 12). */
export function cutLine(row: BasketRow, entry: CatalogEntry | undefined): CutLine {
  if (entry === undefined || entry.class === 'C') {
    const memo = entry === undefined ? { memo: '医保目录无此编码，按自费处理' } : {};
    const none = { overCeiling: 0n, firstSelfPay: 0n, inScope: 0n };
    return { ...row, class: 'C', ratio: WHOLE, outOfScope: row.amount, ...none, ...memo };
  }
  const ceiling = entry.ceiling === undefined ? {} : { ceiling: entry.ceiling };
  const above = entry.ceiling === undefined ? 0n : row.unitPrice - entry.ceiling;
  const overCeiling = above > 0n ? halfUp(above * row.count, 100_000_000n) : 0n;
  const ratio = entry.class === 'B' ? entry.firstSelfPayRatio : 0n;
  const firstSelfPay = halfUp((row.amount - overCeiling) * ratio, WHOLE);
  const inScope = row.amount - overCeiling - firstSelfPay;
  return {
    ...row,
    class: entry.class,
    ...ceiling,
    ratio,
    outOfScope: 0n,
    overCeiling,
    firstSelfPay,
    inScope,
  };
}

/** Splits a purchase: deductible, fund share rounded once, yearly cap, own account, relative's account, cash. */
export function splitCharge(lines: readonly CutLine[], policy: SchemePolicy, standing: Standing): Charge {
  const sum = (pick: (line: CutLine) => bigint): bigint => lines.reduce((all, line) => all + pick(line), 0n);
  const total = sum((line) => line.amount);
  const outOfScope = sum((line) => line.outOfScope);
  const inScope = sum((line) => line.inScope);
  const deductible = least(inScope, most(policy.yearlyDeductible - standing.deductibleUsed, 0n));
  const ratio = standing.retired ? policy.retiredRatio : policy.activeRatio;
  const payableLimit = most(policy.yearlyFundCap - standing.fundUsed, 0n);
  const fund = least(halfUp((inScope - deductible) * ratio, WHOLE), payableLimit);
  const own = total - fund;
  const payable = policy.accountPaysOutOfScope ? own : own - outOfScope;
  const account = standing.useAccount ? least(payable, most(standing.balance, 0n)) : 0n;
  const family = standing.useAccount ? least(payable - account, most(standing.relativeBalance, 0n)) : 0n;
  return {
    total,
    outOfScope,
    overCeiling: sum((line) => line.overCeiling),
    firstSelfPay: sum((line) => line.firstSelfPay),
    inScope,
    deductible,
    fund,
    own,
    account,
    family,
    cash: own - account - family,
    ratio,
    payableLimit,
    lines,
  };
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
