import { assert } from '#core/assert';
import type { BasketLine } from '#core/domain/product';
import type { FundPayment, LineSplit, Reason, Split } from '#core/domain/split';
import {
  addMoney,
  allocate,
  formatMoney,
  type Money,
  maxMoney,
  minMoney,
  shareOf,
  subtractMoney,
  sumMoney,
  zeroMoney,
} from '#core/money';
import type { PersonGroup, Policy } from '#core/policy';
import { groupOf } from './choose-policy.ts';
import { ownPayRule, reason, type Source } from './explain.ts';
import type { Purchase, UsedThisYear } from './purchase.ts';
import { capReason, deductibleReason, fundReason, ownPayWords, ownReasons } from './sale-reasons.ts';
import { outOfScope, splitLine } from './split-line.ts';

export type { Purchase, UsedThisYear } from './purchase.ts';

interface Pool {
  readonly deductible: Money;
  readonly fund: Money;
  readonly reasons: readonly Reason[];
}

/**
 * Splits a pharmacy purchase by a policy document: pure, every amount explained. The deductible comes off
 * the in-scope sum, the fund pays its ratio of the rest rounded half up once per sale, up to the yearly cap;
 * the account pays own shares, cash the rest. Meant to equal what the agency computes at upload.
 */
export function splitPurchase(purchase: Purchase): Split {
  const { policy, person, usedThisYear } = purchase;
  assert(policy.scheme === person.scheme, 'the policy is one of the person’s scheme');
  assert(usedThisYear.deductible >= 0n, 'the deductible already borne is not negative');
  assert(usedThisYear.fundPaid >= 0n, 'what the fund already paid is not negative');
  const group = groupOf(policy, person.personType);
  assert(group !== undefined, 'the policy names the person’s group');

  const source: Source = { policy: policy.id, version: policy.version };
  const lines = purchase.lines.map((line) => splitLine(line, source));
  const sums = addLines(lines);
  const pool = payFromPool(policy, group, sums.inScope, usedThisYear, source);
  const own = subtractMoney(sums.total, pool.fund);
  const account = accountShare(purchase, sums, own);
  const cash = subtractMoney(own, account);
  const funds: FundPayment[] = [{ fund: policy.fund.code, nameZh: policy.fund.nameZh, amount: pool.fund }];
  const split: Split = {
    ...sums,
    deductible: pool.deductible,
    funds: pool.fund > 0n ? funds : [],
    fundTotal: pool.fund,
    own,
    account,
    cash,
    ...balances(purchase.balance, account),
    lines,
    reasons: [...pool.reasons, ...ownReasons(purchase, account, cash, source)],
    source: 'offline',
  };
  assertAddsUp(split);
  return split;
}

/** A sale without insurance: everything is cash, and every line says so. */
export function splitOwnPay(lines: readonly BasketLine[]): Split {
  const parts = lines.map((line) => outOfScope(line, ownPayRule, ownPayWords(line)));
  const sums = addLines(parts);
  const amount = formatMoney(sums.total);
  const why = reason(
    ownPayRule,
    'cash',
    sums.total,
    `本次不使用医保，${amount} 元由个人支付`,
    `Sold without insurance: the customer pays ${amount}`,
  );
  const split: Split = {
    ...sums,
    deductible: zeroMoney,
    funds: [],
    fundTotal: zeroMoney,
    own: sums.total,
    account: zeroMoney,
    cash: sums.total,
    lines: parts,
    reasons: [why],
    source: 'own-pay',
  };
  assertAddsUp(split);
  return split;
}

/**
 * What the funds bear of each line: the sale's fund total spread by in-scope amount, largest remainder,
 * ties to the earlier line. The parts add up to `fundTotal`; line total − covered = the line's own part (F1).
 */
export function coveredByLine(split: Split): Money[] {
  if (split.lines.length === 0) return [];
  return allocate(
    split.fundTotal,
    split.lines.map((line) => line.inScope),
  );
}

function payFromPool(
  policy: Policy,
  group: PersonGroup,
  inScope: Money,
  used: UsedThisYear,
  source: Source,
): Pool {
  const left = maxMoney(zeroMoney, subtractMoney(policy.yearlyDeductible, used.deductible));
  const deductible = minMoney(left, inScope);
  const counted = subtractMoney(inScope, deductible);
  const byRatio = shareOf(counted, group.fundRatio, 'half-up');
  const room = roomUnderCap(policy, used);
  const fund = room === undefined ? byRatio : minMoney(byRatio, room);
  const reasons: Reason[] = [];
  if (deductible > 0n) reasons.push(deductibleReason(policy, used, deductible, source));
  if (byRatio > 0n) reasons.push(fundReason(policy, group, { counted, deductible, byRatio, fund }, source));
  if (fund < byRatio) reasons.push(capReason(policy, used, { byRatio, fund }, source));
  return { deductible, fund, reasons };
}

function roomUnderCap(policy: Policy, used: UsedThisYear): Money | undefined {
  if (policy.yearlyFundCap === undefined) return undefined;
  return maxMoney(zeroMoney, subtractMoney(policy.yearlyFundCap, used.fundPaid));
}

function accountShare(purchase: Purchase, sums: LineSums, own: Money): Money {
  if (!purchase.useAccount || purchase.balance === undefined) return zeroMoney;
  const { paysOutOfScope, paysOverCeiling } = purchase.policy.account;
  const barred = addMoney(
    paysOutOfScope ? zeroMoney : sums.outOfScope,
    paysOverCeiling ? zeroMoney : sums.overCeiling,
  );
  return minMoney(maxMoney(zeroMoney, purchase.balance), subtractMoney(own, barred));
}

function balances(before: Money | undefined, account: Money): Pick<Split, 'balanceBefore' | 'balanceAfter'> {
  if (before === undefined) return {};
  return { balanceBefore: before, balanceAfter: subtractMoney(before, account) };
}

type LineSums = Pick<Split, 'total' | 'outOfScope' | 'overCeiling' | 'firstSelfPay' | 'inScope'>;

function addLines(lines: readonly LineSplit[]): LineSums {
  return {
    total: sumMoney(lines.map((line) => line.total)),
    outOfScope: sumMoney(lines.map((line) => line.outOfScope)),
    overCeiling: sumMoney(lines.map((line) => line.overCeiling)),
    firstSelfPay: sumMoney(lines.map((line) => line.firstSelfPay)),
    inScope: sumMoney(lines.map((line) => line.inScope)),
  };
}

/** Relations 1–4 of interface section 11, held before anything is shown. */
function assertAddsUp(split: Split): void {
  const parts = sumMoney([split.outOfScope, split.overCeiling, split.firstSelfPay, split.inScope]);
  assert(parts === split.total, 'the four parts of a sale add up to its total');
  assert(
    sumMoney(split.funds.map((fund) => fund.amount)) === split.fundTotal,
    'funds add up to the fund total',
  );
  assert(split.total - split.fundTotal === split.own, 'own is the total less the funds');
  assert(split.account + split.cash === split.own, 'account and cash add up to own');
  assert(split.cash >= 0n, 'cash is not negative');
  assert(split.account >= 0n, 'the account share is not negative');
  assert(split.fundTotal >= 0n, 'the fund share is not negative');
}
