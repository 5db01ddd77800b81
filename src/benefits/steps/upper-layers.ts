import { formatMoney, type Money, maxMoney, minMoney, roundFen, shareOf, zeroMoney } from '#core/money';
import type { StepOf } from '#core/policy';
import { firstThatHolds } from '../conditions.ts';
import { percent, reason } from '../explain.ts';
import { fundOf, fundTotalOf, ownSoFar, payInto, type SplitState } from '../state.ts';

/** Adds to a layer by the days of the stay, at most the own part of the counted cost of the categories. */
export function applyDailyAddition(state: SplitState, step: StepOf<'daily-addition'>): void {
  const entry = firstThatHolds(step.entries, state.facts);
  if (entry === undefined) return;
  const { days } = state.visit.stay;
  const byDays = (entry.perDay * BigInt(days)) as Money;
  const own = minMoney(ownPartOf(state, step), ownSoFar(state));
  const amount = minMoney(minMoney(byDays, entry.most), own);
  if (amount === 0n) return;
  const [each, most, part, now] = [entry.perDay, entry.most, own, amount].map(formatMoney);
  const why = reason(
    state.source,
    'daily-addition',
    entry.rule,
    amount,
    `${step.nameZh}：每天 ${each} 元，住院 ${days} 天，最多 ${most} 元，不超过其个人负担 ${part} 元，加付 ${now} 元`,
    `${step.nameEn}: ${each} a day for ${days} days, at most ${most} and the own part ${part}: ${now} more is paid`,
  );
  payInto(state, step.layer, amount, why);
}

/** A layer that fills all funds together up to a share of the total, never beyond the own part (C8). */
export function applyFill(state: SplitState, step: StepOf<'fill'>): void {
  const entry = firstThatHolds(step.entries, state.facts);
  if (entry === undefined) return;
  const fund = fundOf(state, step.layer);
  const { possible, reason: because } = state.visit.oneStop;
  if (step.oneStop && !possible) {
    const [zh, en] = because === '' ? ['', ''] : [`（${because}）`, ` (${because})`];
    state.reasons.push(
      reason(
        state.source,
        'fill',
        entry.rule,
        zeroMoney,
        `本次不能一站式结算${zh}，${fund.nameZh}未支付，请凭票据到经办机构办理`,
        `One-stop settlement is not possible${en}: the ${fund.nameEn} paid nothing, claim it with this slip`,
      ),
    );
    return;
  }
  const target = shareOf(state.total, entry.share, step.rounding);
  const paid = fundTotalOf(state);
  const missing = maxMoney(zeroMoney, (target - paid) as Money);
  const amount = minMoney(missing, maxMoney(zeroMoney, ownSoFar(state)));
  state.filled = (state.filled + amount) as Money;
  const [total, share] = [formatMoney(state.total), percent(entry.share)];
  const [goal, before, now] = [target, paid, amount].map(formatMoney);
  const why = reason(
    state.source,
    'fill',
    entry.rule,
    amount,
    `总费用 ${total} 元，各项保障合计补到 ${share}，即 ${goal} 元，此前已支付 ${before} 元，${fund.nameZh}支付 ${now} 元`,
    `All payers together bear up to ${share} of ${total}, ${goal}; ${before} is paid, the ${fund.nameEn} pays ${now}`,
  );
  payInto(state, step.layer, amount, why);
}

/** The categories' counted cost × the share of the base that the layer's bands left to the patient, half up. */
function ownPartOf(state: SplitState, step: StepOf<'daily-addition'>): Money {
  const share = state.ownShare[step.layer];
  if (share === undefined || share.whole === 0n) return zeroMoney;
  let counted = 0n;
  for (const at of state.lines) if (step.categories.includes(at.line.category)) counted += at.counted;
  return roundFen(counted * share.left, share.whole, 'half-up');
}
