import { assert } from '#core/assert';
import type { BenefitCase, BenefitLine, BenefitLineSplit, BenefitSplit } from '#core/domain/benefit';
import type { PersonTag } from '#core/domain/holder';
import type { BasketLine } from '#core/domain/product';
import type { FundPayment, LineSplit, Split } from '#core/domain/split';
import type { Fault } from '#core/fault';
import {
  formatMoney,
  type Money,
  type Quantity,
  subtractMoney,
  sumMoney,
  type UnitPrice,
  wholeRatio,
  zeroMoney,
} from '#core/money';
import { layers, type Policy, type VisitKind } from '#core/policy';
import { ok, type Result } from '#core/result';
import { groupOf } from './choose-policy.ts';
import { ownPayRule, reason } from './explain.ts';
import { splitCase } from './split-case.ts';
import { spreadInto } from './spread.ts';

/** A sale at the counter and all that a document may ask about it. */
export interface SaleInput {
  /** Chosen by `choosePolicy` for this person: it names the group of the person type. */
  readonly policy: Policy;
  readonly lines: readonly BasketLine[];
  readonly person: {
    /** Code insutype. */
    readonly scheme: string;
    /** Code psn_type. */
    readonly personType: string;
    /** Whole years (`ageOfHolder`). */
    readonly age: number;
    readonly tags: readonly PersonTag[];
  };
  readonly institution: BenefitCase['institution'];
  /** Absent = a purchase in a pharmacy. */
  readonly visitKind?: VisitKind;
  /** Business day, `yyyy-MM-dd`. */
  readonly day: string;
  /** What is known that the person has used of the calendar year; absent parts are zero. */
  readonly used: {
    readonly deductible: Money;
    readonly fundPaid: Money;
    readonly counted?: Money;
    readonly visits?: number;
    readonly deductiblesThisMonth?: number;
  };
  /** Balance of the personal account (个人账户); absent = not known, then the account pays nothing. */
  readonly balance?: Money;
  readonly useAccount: boolean;
  /** Whether a line is sold on a prescription; absent = every line is. */
  readonly prescription?: (line: BasketLine) => boolean;
}

/** The sale as the benefit engine sees it. */
function caseOfSale(input: SaleInput): BenefitCase {
  const { policy, person, institution, visitKind = 'pharmacy', day, used, balance, useAccount } = input;
  const group = groupOf(policy, person.personType);
  assert(group !== undefined, 'the policy names the person’s group');
  return {
    visitKind,
    institution,
    person: { scheme: person.scheme, group: group.id, age: person.age, tags: person.tags },
    day,
    usedThisYear: {
      deductible: used.deductible,
      counted: used.counted ?? zeroMoney,
      fundPaid: used.fundPaid,
      byLayer: {},
      stays: 0,
      visits: used.visits ?? 0,
    },
    thisMonth: { deductibles: used.deductiblesThisMonth ?? 0 },
    thisVisit: { counted: {} },
    stay: { days: 0 },
    oneStop: { possible: true, reason: '' },
    lines: input.lines.map((line) => benefitLine(line, input.prescription?.(line) ?? true)),
    account: balance === undefined ? { use: useAccount } : { balance, use: useAccount },
  };
}

/**
 * The offline split of a sale by a policy document: pure, every amount explained; meant to equal what the
 * agency computes at upload. Faults as `splitCase`.
 */
export function splitSale(input: SaleInput): Result<Split, Fault> {
  const split = splitCase(input.policy, caseOfSale(input));
  return split.ok ? ok(saleSplit(split.value, input.policy, input.balance)) : split;
}

/** A sale without insurance: everything is cash, and every line says so. */
export function splitOwnPay(lines: readonly BasketLine[]): Split {
  const total = sumMoney(lines.map((line) => line.amount));
  const amount = formatMoney(total);
  const zh = `本次不使用医保，${amount} 元由个人支付`;
  const en = `Sold without insurance: the customer pays ${amount}`;
  return {
    total,
    outOfScope: total,
    overCeiling: zeroMoney,
    firstSelfPay: zeroMoney,
    inScope: zeroMoney,
    deductible: zeroMoney,
    funds: [],
    fundTotal: zeroMoney,
    own: total,
    account: zeroMoney,
    cash: total,
    lines: lines.map(ownPayLine),
    reasons: [reason(ownPayRule, 'cash', undefined, total, zh, en)],
    source: 'own-pay',
  };
}

/**
 * What the funds bear of each line: the sale's fund total spread by in-scope amount, largest remainder, ties
 * to the earlier line, no line above its total. The parts add up to `fundTotal`; total − covered = the line's
 * own part where no institution bears a share (F1).
 */
export function coveredByLine(split: Split): Money[] {
  const inScope = split.lines.map((line) => line.inScope);
  return spreadInto(
    split.fundTotal,
    inScope,
    split.lines.map((line) => line.total),
  );
}

function benefitLine(line: BasketLine, prescription: boolean): BenefitLine {
  const { product } = line;
  const seen: Omit<BenefitLine, 'ceiling' | 'doses'> & { ceiling?: UnitPrice; doses?: Quantity } = {
    lineNumber: line.lineNumber,
    category: product.category,
    insuranceClass: product.insuranceClass,
    mapped: product.nationalCode !== undefined,
    amount: line.amount,
    quantity: line.quantity,
    unitPrice: product.price,
    firstSelfPayRatio: product.firstSelfPayRatio,
    prescription,
  };
  if (product.ceiling !== undefined) seen.ceiling = product.ceiling;
  if (line.herbalDoses !== undefined) seen.doses = line.herbalDoses.doses;
  return seen;
}

/** Optional keys are set one by one: spreading them would take a good part of the whole split. */
function saleSplit(split: BenefitSplit, policy: Policy, balance: Money | undefined): Split {
  const sale: Split & { institution?: Money; balanceBefore?: Money; balanceAfter?: Money } = {
    total: split.total,
    outOfScope: split.outOfScope,
    overCeiling: split.overCeiling,
    firstSelfPay: split.firstSelfPay,
    inScope: split.inScope,
    deductible: split.deductible,
    funds: fundPayments(split, policy),
    fundTotal: split.fundTotal,
    own: split.own,
    account: split.account,
    cash: split.cash,
    lines: split.lines.map(saleLine),
    reasons: split.reasons,
    source: 'offline',
  };
  if (split.institution > 0n) sale.institution = split.institution;
  if (balance !== undefined) {
    sale.balanceBefore = balance;
    sale.balanceAfter = subtractMoney(balance, split.account);
  }
  return sale;
}

function fundPayments(split: BenefitSplit, policy: Policy): FundPayment[] {
  const paid: FundPayment[] = [];
  for (const layer of layers) {
    const amount = split.funds[layer];
    const fund = policy.funds.find((each) => each.layer === layer);
    if (amount > 0n && fund !== undefined) paid.push({ fund: fund.code, nameZh: fund.nameZh, amount });
  }
  return paid;
}

function saleLine(line: BenefitLineSplit): LineSplit {
  return {
    lineNumber: line.lineNumber,
    total: line.total,
    outOfScope: line.outOfScope,
    overCeiling: line.overCeiling,
    firstSelfPay: line.firstSelfPay,
    inScope: line.inScope,
    firstSelfPayRatio: line.firstSelfPayRatio,
    reasons: line.reasons,
  };
}

/** A line that the customer pays whole; its first self-pay ratio is 1 as the interface writes class 03. */
function ownPayLine(line: BasketLine): LineSplit {
  const { amount } = line;
  const text = formatMoney(amount);
  const zh = `不使用医保，${text} 元全部由个人负担`;
  const en = `Without insurance: all ${text} is paid by the customer`;
  return {
    lineNumber: line.lineNumber,
    total: amount,
    outOfScope: amount,
    overCeiling: zeroMoney,
    firstSelfPay: zeroMoney,
    inScope: zeroMoney,
    firstSelfPayRatio: wholeRatio,
    reasons: [reason(ownPayRule, 'own-pay', undefined, amount, zh, en)],
  };
}
