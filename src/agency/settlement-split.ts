import { businessDay } from '#core/business-time';
import type { Cancellation, Settlement } from '#core/domain/settlement';
import type { LineSplit, Split } from '#core/domain/split';
import { addMoney, type Ratio, sumMoney, zeroMoney } from '#core/money';
import type { CancellationAnswer } from './messages/cancellation.ts';
import {
  type AnsweredFund,
  type AnsweredLine,
  fundTotalOf,
  type SettlementAnswer,
} from './messages/settlement-answer.ts';
import type { AskedSettlement } from './messages/settlement-asked.ts';
import { lineReasons, saleReasons } from './reasons.ts';
import { type BrokenRelation, describeBroken, isFundRow, type RelationRules } from './relations.ts';

/**
 * The answer in our words. Amounts are passed on as answered, also when `broken` says that they do not add
 * up: a disputed settlement shows what the agency booked, not what we would have liked.
 */
export function toSettlement(
  answer: SettlementAnswer,
  asked: AskedSettlement,
  broken: readonly BrokenRelation[],
  rules: RelationRules,
  nowMs: number,
): Settlement {
  return {
    visitId: answer.visitId,
    ...(answer.settlementId === undefined ? {} : { settlementId: answer.settlementId }),
    personNumber: asked.personNumber,
    ...(answer.settledAtMs === undefined ? {} : { settledAtMs: answer.settledAtMs }),
    split: splitOf(answer, asked, rules, businessDay(answer.settledAtMs ?? nowMs)),
    clearingOffice: answer.clearingOffice === '' ? asked.insuredRegion : answer.clearingOffice,
    clearingType: answer.clearingType === '' ? '41' : answer.clearingType,
    brokenRelations: broken.map(describeBroken),
  };
}

/** Amounts as answered, negative or zero, the fund total without the account. */
export function toCancellation(answer: CancellationAnswer, rules: RelationRules): Cancellation {
  return {
    visitId: answer.visitId,
    settlementId: answer.settlementId,
    total: answer.total,
    fundTotal: fundTotalOf(answer, rules.accountInsideFund),
    account: answer.account,
    ...(answer.mutualAid === zeroMoney ? {} : { familyAccount: answer.mutualAid }),
    ...(answer.balanceAfter === undefined ? {} : { balanceAfter: answer.balanceAfter }),
  };
}

function splitOf(
  answer: SettlementAnswer,
  asked: AskedSettlement,
  rules: RelationRules,
  version: string,
): Split {
  const funds = answer.funds.filter((row) => isFundRow(row.code, rules) && row.amount !== 0n).map(named);
  return {
    total: answer.total,
    outOfScope: answer.outOfScope,
    overCeiling: answer.overCeiling,
    firstSelfPay: answer.firstSelfPay,
    inScope: answer.inScope,
    deductible: answer.deductible,
    funds: funds.map((row) => ({ fund: row.code, nameZh: row.nameZh, amount: row.amount })),
    fundTotal: fundTotalOf(answer, rules.accountInsideFund),
    own: rules.accountInsideFund ? sumMoney([answer.account, answer.mutualAid, answer.cash]) : answer.own,
    account: answer.account,
    ...(answer.mutualAid === zeroMoney ? {} : { familyAccount: answer.mutualAid }),
    cash: answer.cash,
    ...(answer.balanceAfter === undefined
      ? {}
      : {
          balanceBefore: addMoney(answer.balanceAfter, answer.account),
          balanceAfter: answer.balanceAfter,
        }),
    lines: linesOf(answer, asked, version),
    reasons: saleReasons(answer, funds, version),
    source: 'agency',
  };
}

/** Lines in the order asked; an answered line that nobody asked for is only in `brokenRelations`. */
function linesOf(answer: SettlementAnswer, asked: AskedSettlement, version: string): LineSplit[] {
  const byId = new Map<string, AnsweredLine>(answer.lines.map((line) => [line.lineId, line]));
  return asked.lines.flatMap((question) => {
    const line = byId.get(question.lineId);
    return line === undefined ? [] : [lineSplit(line, question.lineNumber, version)];
  });
}

function lineSplit(line: AnsweredLine, lineNumber: number, version: string): LineSplit {
  return {
    lineNumber,
    total: line.total,
    outOfScope: line.outOfScope,
    overCeiling: line.overCeiling,
    firstSelfPay: line.firstSelfPay,
    inScope: line.inScope,
    // Class C carries the share 1, but it is own pay as a whole, not first self-pay.
    firstSelfPayRatio:
      line.insuranceClass === 'C' ? (0n as Ratio) : (line.firstSelfPayRatio ?? (0n as Ratio)),
    reasons: lineReasons(line, version),
  };
}

function named(row: AnsweredFund): AnsweredFund {
  return row.nameZh === '' ? { ...row, nameZh: FUND_NAMES.get(row.code) ?? `基金 ${row.code}` } : row;
}

/** Names for answers without them (code list fund_pay_type). */
const FUND_NAMES: ReadonlyMap<string, string> = new Map([
  ['310100', '职工基本医疗保险统筹基金'],
  ['320100', '公务员医疗补助基金'],
  ['330100', '大额医疗费用补助基金'],
  ['370100', '企业补充医疗保险基金'],
  ['390100', '城乡居民基本医疗保险基金'],
  ['390200', '城乡居民大病医疗保险基金'],
  ['610100', '医疗救助基金'],
]);
