import { formatMoney, type Money, maxMoney, minMoney, zeroMoney } from '#core/money';
import { institutionLevels, type StepOf } from '#core/policy';
import { firstThatHolds } from '../conditions.ts';
import { reason } from '../explain.ts';
import { baseOf, type SplitState } from '../state.ts';
import { levelEn, levelZh } from '../words.ts';

type Deductible = StepOf<'deductible'>;

/** What this case would bear if its base were large enough, and why. */
interface Due {
  readonly amount: Money;
  readonly rule: string;
  readonly zh: string;
  readonly en: string;
}

/** Deductible (起付线): borne by the patient from the lowest part of the base. */
export function applyDeductible(state: SplitState, step: Deductible): void {
  const due = dueOf(state, step);
  if (due === undefined) return;
  const room = maxMoney(zeroMoney, (baseOf(state) - state.deductible) as Money);
  const amount = minMoney(due.amount, room);
  state.deductible = (state.deductible + amount) as Money;
  if (room === 0n) return;
  const text = formatMoney(amount);
  const [zh, en] =
    amount === 0n
      ? ['本次不再收取', 'nothing is due this time']
      : [`本次计入 ${text} 元，起付线以内由个人负担`, `${text} this time, which the patient bears`];
  state.reasons.push(
    reason(state.source, 'deductible', due.rule, amount, `${due.zh}，${zh}`, `${due.en}; ${en}`),
  );
}

function dueOf(state: SplitState, step: Deductible): Due | undefined {
  if (step.per === 'stay') return stayDue(state, step);
  const entry = firstThatHolds(step.entries, state.facts);
  if (entry === undefined || entry.amount === 0n) return undefined;
  return step.per === 'yearly' ? yearlyDue(state, entry) : visitDue(state, step, entry);
}

function yearlyDue(state: SplitState, { amount, rule }: { amount: Money; rule: string }): Due {
  const borne = state.visit.usedThisYear.deductible;
  const [whole, before] = [amount, borne].map(formatMoney);
  return {
    amount: maxMoney(zeroMoney, (amount - borne) as Money),
    rule,
    zh: `本年起付线 ${whole} 元，此前已计 ${before} 元`,
    en: `Deductible of the year ${whole}, ${before} borne before`,
  };
}

function visitDue(
  state: SplitState,
  step: Deductible,
  { amount, rule }: { amount: Money; rule: string },
): Due {
  const { timesAMonth, yearlyMost } = step;
  const whole = formatMoney(amount);
  const [zh, en] = [`每次起付线 ${whole} 元`, `Deductible ${whole} a visit`];
  const times = state.visit.thisMonth.deductibles;
  if (timesAMonth !== undefined && times >= timesAMonth) {
    return {
      amount: zeroMoney,
      rule,
      zh: `${zh}，每月最多收取 ${timesAMonth} 次，本月已收取 ${times} 次`,
      en: `${en}, at most ${timesAMonth} a month, ${times} borne this month`,
    };
  }
  if (yearlyMost === undefined) return { amount, rule, zh, en };
  const borne = state.visit.usedThisYear.deductible;
  const [most, before] = [yearlyMost, borne].map(formatMoney);
  return {
    amount: minMoney(amount, maxMoney(zeroMoney, (yearlyMost - borne) as Money)),
    rule,
    zh: `${zh}，全年累计最多 ${most} 元，此前已计 ${before} 元`,
    en: `${en}, at most ${most} a year, ${before} borne before`,
  };
}

function stayDue(state: SplitState, step: Deductible): Due | undefined {
  const { stays } = state.facts;
  if (stays >= 1 && step.later === 'difference') return differenceDue(state, step);
  const entry = firstThatHolds(step.entries, state.facts);
  if (entry === undefined || entry.amount === 0n) return undefined;
  const { rule, amount } = entry;
  const whole = formatMoney(amount);
  const [zh, en] = [`本年第 ${stays + 1} 次住院`, `Stay ${stays + 1} of the year`];
  return stays >= 1 && step.later === 'none'
    ? {
        amount: zeroMoney,
        rule,
        zh: `${zh}，只有首次住院收取起付线 ${whole} 元`,
        en: `${en}; only the first bears ${whole}`,
      }
    : { amount, rule, zh: `${zh}起付线 ${whole} 元`, en: `${en}, deductible ${whole}` };
}

/** A later stay bears only what this level asks for above the highest level of the stays before. */
function differenceDue(state: SplitState, step: Deductible): Due | undefined {
  const { facts } = state;
  const level = facts.level;
  const before = state.visit.usedThisYear.highestLevel ?? level;
  const here = firstThatHolds(step.entries, { ...facts, stays: 0 });
  if (here === undefined || here.amount === 0n) return undefined;
  const { rule } = here;
  const [zh, en] = [`本年第 ${facts.stays + 1} 次住院`, `Stay ${facts.stays + 1} of the year`];
  if (institutionLevels.indexOf(level) <= institutionLevels.indexOf(before)) {
    return {
      amount: zeroMoney,
      rule,
      zh: `${zh}，医疗机构等级不高于此前住院，不再收取起付线`,
      en: `${en} at no higher level than before: no further deductible`,
    };
  }
  const there = firstThatHolds(step.entries, { ...facts, stays: 0, level: before })?.amount ?? zeroMoney;
  const [hereText, thereText] = [here.amount, there].map(formatMoney);
  return {
    amount: maxMoney(zeroMoney, (here.amount - there) as Money),
    rule,
    zh: `${zh}，${levelZh[level]}起付线 ${hereText} 元，此前住过${levelZh[before]}（${thereText} 元），只补差额`,
    en: `${en}: ${levelEn[level]} ${hereText}, ${levelEn[before]} before ${thereText}, only the difference`,
  };
}
