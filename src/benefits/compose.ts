import type { BenefitLineSplit, BenefitSplit } from '#core/domain/benefit';
import type { Reason } from '#core/domain/split';
import { formatMoney, type Money, subtractMoney, zeroMoney } from '#core/money';
import { layers } from '#core/policy';
import { reason } from './explain.ts';
import { ownReason } from './own-part.ts';
import { spreadInto } from './spread.ts';
import { baseOf, fundOf, fundTotalOf, type LineState, type SplitState } from './state.ts';

/** The finished split of a state over which all steps of the document went. */
export function compose(state: SplitState): BenefitSplit {
  const fundTotal = fundTotalOf(state);
  const own = (state.total - fundTotal - state.institution) as Money;
  const cash = subtractMoney(own, state.account);
  const lines = composeLines(state, fundTotal);
  return {
    policy: state.source.policy,
    version: state.source.version,
    total: state.total,
    outOfScope: state.outOfScope,
    overCeiling: state.overCeiling,
    firstSelfPay: state.firstSelfPay,
    inScope: (state.total - state.outOfScope - state.overCeiling - state.firstSelfPay) as Money,
    counted: baseOf(state),
    deductible: state.deductible,
    funds: state.funds,
    fundTotal,
    institution: state.institution,
    own,
    account: state.account,
    cash,
    lines,
    reasons: saleReasons(state, own, cash),
  };
}

function composeLines(state: SplitState, fundTotal: Money): BenefitLineSplit[] {
  const inScope = state.lines.map((at) => at.inScope);
  const totals = state.lines.map(({ line }) => line.amount);
  const covered = spreadInto(fundTotal, inScope, totals);
  const rest = totals.map((total, index) => subtractMoney(total, covered[index] ?? zeroMoney));
  const institution = spreadInto(state.institution, inScope, rest);
  return state.lines.map((at, index) => {
    const paid = covered[index] ?? zeroMoney;
    const borne = institution[index] ?? zeroMoney;
    const { line } = at;
    return {
      lineNumber: line.lineNumber,
      total: line.amount,
      outOfScope: at.outOfScope,
      overCeiling: at.overCeiling,
      firstSelfPay: at.firstSelfPay,
      inScope: at.inScope,
      firstSelfPayRatio: at.firstSelfPayRatio,
      covered: paid,
      own: (line.amount - paid - borne) as Money,
      reasons: lineReasons(state, at, borne),
    };
  });
}

/** A line's reasons add up to its amount; what limits cut off and the institution bears are parts of the last. */
function lineReasons(state: SplitState, at: LineState, borne: Money): readonly Reason[] {
  const parts = borne > 0n ? [...(at.limits ?? []), borneReason(state, borne)] : at.limits;
  if (at.inScope > 0n) {
    const text = formatMoney(at.inScope);
    const isA = at.line.insuranceClass === 'A';
    const zh = `${isA ? '甲类，' : '乙类，'}${text} 元纳入报销范围`;
    const en = `${isA ? 'Class A: ' : 'Class B: '}${text} counts for insurance`;
    at.reasons.push(reason(state.source, 'in-scope', state.scopeRule, at.inScope, zh, en, parts));
    return at.reasons;
  }
  const last = at.reasons.at(-1);
  if (last !== undefined && parts !== undefined) at.reasons[at.reasons.length - 1] = { ...last, parts };
  return at.reasons;
}

function borneReason({ source }: SplitState, borne: Money): Reason {
  const text = formatMoney(borne);
  const zh = `医疗机构承担部分分摊到本项 ${text} 元`;
  return reason(source, 'institution', undefined, borne, zh, `The institution bears ${text} of this item`);
}

function saleReasons(state: SplitState, own: Money, cash: Money): readonly Reason[] {
  const { reasons, source } = state;
  // The account pays of the own part, so the own part is explained before it.
  const account = reasons.at(-1)?.step === 'account' ? reasons.pop() : undefined;
  for (const layer of layers) {
    const formed = state.formed[layer];
    if (formed === undefined || formed.length < 2) continue;
    const amount = state.funds[layer];
    const text = formatMoney(amount);
    const fund = fundOf(state, layer);
    reasons.push(
      reason(
        source,
        'fund',
        undefined,
        amount,
        `${fund.nameZh}本次合计支付 ${text} 元`,
        `The ${fund.nameEn} pays ${text} altogether`,
        formed.map(({ parts: _, ...why }) => why),
      ),
    );
  }
  const fundTotal = (state.total - own - state.institution) as Money;
  if (fundTotal > 0n && state.lines.length > 1) reasons.push(coveredReason(state, fundTotal));
  if (own > 0n) reasons.push(ownReason(state, own));
  if (account !== undefined) reasons.push(account);
  if (cash > 0n) reasons.push(cashReason(state, cash));
  return reasons;
}

/** How the lines come to their covered parts: the rule is the program's own, the same for all of them. */
function coveredReason({ source }: SplitState, fundTotal: Money): Reason {
  const text = formatMoney(fundTotal);
  return reason(
    source,
    'covered',
    undefined,
    fundTotal,
    `医保支付 ${text} 元按各项纳入报销范围的金额分摊到各项，尾差按最大余数`,
    `The ${text} paid by insurance is spread over the items by what of them is in scope, by largest remainder`,
  );
}

function cashReason(state: SplitState, cash: Money): Reason {
  const now = formatMoney(cash);
  const { use, balance } = state.visit.account;
  const [zh, en] = !use
    ? ['（本次未使用个人账户）', ' (the personal account is not used)']
    : balance === undefined
      ? ['（账户余额未知）', ' (the balance is not known)']
      : ['（个人账户不能支付或余额不足的部分）', ' (what the account may not pay or does not hold)'];
  return reason(
    state.source,
    'cash',
    undefined,
    cash,
    `其余 ${now} 元现金支付${zh}`,
    `The other ${now} in cash${en}`,
  );
}
