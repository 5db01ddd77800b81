import { formatMoney, type Money, maxMoney, minMoney, zeroMoney } from '#core/money';
import type { StepOf } from '#core/policy';
import { firstThatHolds } from '../conditions.ts';
import { reason } from '../explain.ts';
import { baseOf, fundOf, paidThisYear, type SplitState } from '../state.ts';

/** Yearly limit on the cost that counts (按费用封顶): what is above it leaves the base; upper layers run on it. */
export function applyYearlyCounted(state: SplitState, step: StepOf<'yearly-counted'>): void {
  const entry = firstThatHolds(step.entries, state.facts);
  if (entry === undefined) return;
  const used = state.visit.usedThisYear.counted;
  const base = baseOf(state);
  const room = maxMoney(zeroMoney, (entry.amount - used) as Money);
  if (base <= room) return;
  const cut = (base - room) as Money;
  state.aboveCounted = (state.aboveCounted + cut) as Money;
  const [most, before, now, over] = [entry.amount, used, room, cut].map(formatMoney);
  const upper = state.policy.steps.some(
    (each) => each.kind === 'bands' && each.runsOn === 'above-yearly-counted',
  );
  const [zh, en] = upper
    ? ['转由上一层保障按规定支付', 'goes to the upper layer']
    : ['由个人负担', 'is paid by the patient'];
  state.reasons.push(
    reason(
      state.source,
      'yearly-counted',
      entry.rule,
      cut,
      `本年计入费用限额 ${most} 元，此前已计 ${before} 元，本次只能计入 ${now} 元，其余 ${over} 元${zh}`,
      `At most ${most} of cost counts in a year, ${before} did before: ${now} counts now, the other ${over} ${en}`,
    ),
  );
}

/** Yearly limit on what a layer pays (按支付封顶). */
export function applyYearlyPayment(state: SplitState, step: StepOf<'yearly-payment'>): void {
  const entry = firstThatHolds(step.entries, state.facts);
  if (entry === undefined) return;
  const { layer } = step;
  const used = paidThisYear(state, layer);
  const paid = minMoney(state.funds[layer], maxMoney(zeroMoney, (entry.amount - used) as Money));
  const lost = (state.funds[layer] - paid) as Money;
  if (lost === 0n) return;
  state.funds[layer] = paid;
  state.overYearlyPayment = (state.overYearlyPayment + lost) as Money;
  const fund = fundOf(state, layer);
  const [most, before, now, over] = [entry.amount, used, paid, lost].map(formatMoney);
  const why = reason(
    state.source,
    'yearly-payment',
    entry.rule,
    lost,
    `${fund.nameZh}本年支付限额 ${most} 元，此前已付 ${before} 元，本次只能支付 ${now} 元，其余 ${over} 元由个人负担`,
    `The ${fund.nameEn} pays at most ${most} a year and has paid ${before}: ${now} now, the other ${over} is paid by the patient`,
  );
  state.reasons.push(why);
  const formed = state.formed[layer] ?? [];
  state.formed[layer] = [...formed, why];
}
