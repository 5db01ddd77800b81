import { type Fault, fault } from '#core/fault';
import { formatMoney, type Money, minMoney, roundFen, shareOf, zeroMoney } from '#core/money';
import type { StepOf } from '#core/policy';
import { holds } from '../conditions.ts';
import { percent, reason } from '../explain.ts';
import { fundOf, type OwnPart, ownSoFar, payInto, type SplitState } from '../state.ts';

type Quota = StepOf<'quota'>;

/** Quota payment per disease (按病种定额), on the whole cost; `policy-not-applicable` without a quota. */
export function applyQuota(state: SplitState, step: Quota): Fault | undefined {
  const { quota } = state.visit;
  if (quota === undefined)
    return fault('policy-not-applicable', `${state.policy.id}: the case names no quota`);
  const cost = ownSoFar(state);
  const within = minMoney(cost, quota.amount);
  const over = (cost - within) as Money;
  const basic = shareOf(within, step.basicRatio, step.rounding);
  const rest = (within - basic) as Money;
  const assisted = holds(step.assisted, state.facts);
  const own = assisted ? minMoney(rest, shareOf(within, step.assistedOwn, step.rounding)) : rest;
  payBasic(state, step, quota, within, basic);
  if (assisted) payAssistance(state, step, own, (rest - own) as Money);
  const patientOver = step.overrun === 'half-patient' ? roundFen(over, 2n, step.rounding) : zeroMoney;
  state.institution = (state.institution + over - patientOver) as Money;
  const parts: OwnPart[] = [{ zh: '定额内个人负担', en: 'within the quota', amount: own }];
  if (patientOver > 0n)
    parts.push({ zh: '超定额个人负担一半', en: 'half of what is above the quota', amount: patientOver });
  state.ownParts = parts;
  if (over > 0n) tellOverrun(state, step, over);
  return undefined;
}

function payBasic(
  state: SplitState,
  step: Quota,
  quota: { readonly disease: string; readonly amount: Money },
  within: Money,
  basic: Money,
): void {
  const fund = fundOf(state, 'basic');
  const [most, b, now] = [quota.amount, within, basic].map(formatMoney);
  const [total, ratio] = [formatMoney(state.total), percent(step.basicRatio)];
  const why = reason(
    state.source,
    'quota',
    step.rule,
    basic,
    `病种${quota.disease}定额 ${most} 元，实际费用 ${total} 元，按 ${b} 元计算，${fund.nameZh}支付 ${ratio}，即 ${now} 元`,
    `Quota of ${quota.disease} ${most}, cost ${total}: of ${b} the ${fund.nameEn} pays ${ratio}, ${now}`,
  );
  payInto(state, 'basic', basic, why);
}

function payAssistance(state: SplitState, step: Quota, own: Money, amount: Money): void {
  const fund = fundOf(state, 'assistance');
  const [part, now] = [own, amount].map(formatMoney);
  const share = percent(step.assistedOwn);
  const why = reason(
    state.source,
    'quota',
    step.rule,
    amount,
    `救助对象个人只负担 ${share}，即 ${part} 元，其余 ${now} 元由${fund.nameZh}支付`,
    `A person under assistance bears only ${share}, ${part}; the ${fund.nameEn} pays the other ${now}`,
  );
  payInto(state, 'assistance', amount, why);
}

function tellOverrun(state: SplitState, step: Quota, over: Money): void {
  const borne = state.institution;
  const [all, ours] = [over, borne].map(formatMoney);
  const [zh, en] =
    step.overrun === 'institution'
      ? ['由医疗机构承担', 'is borne by the institution']
      : [
          `由医疗机构承担 ${ours} 元，其余由个人负担`,
          `: the institution bears ${ours}, the patient the rest`,
        ];
  state.reasons.push(
    reason(
      state.source,
      'institution',
      step.rule,
      borne,
      `超过定额的 ${all} 元${zh}`,
      `The ${all} above the quota ${en}`,
    ),
  );
}
