import type { Reason } from '#core/domain/split';
import { type Fault, fault } from '#core/fault';
import { formatMoney, type Money, minMoney, type Ratio, roundFen, wholeRatio, zeroMoney } from '#core/money';
import type { Band, StepOf } from '#core/policy';
import { firstThatHolds } from '../conditions.ts';
import { percentOf, reason } from '../explain.ts';
import { baseOf, fundOf, ownSoFar, paidThisYear, payInto, type SplitState } from '../state.ts';

type Bands = StepOf<'bands'>;

/** Shares of bands are products of two ratios, so they are kept in units of 10⁻⁸. */
const WHOLE = 100_000_000n;

/** The part of the base that a band takes, and what the fund pays of it, exactly, in 10⁻⁸ fen. */
interface Portion {
  readonly band: Band;
  readonly size: bigint;
  readonly share: bigint;
}

/** Bands and ratios (分段比例) of one layer; `policy-not-applicable` when no entry holds. */
export function applyBands(state: SplitState, step: Bands): Fault | undefined {
  const entry = firstThatHolds(step.entries, state.facts);
  if (entry === undefined) {
    const { level, group, visitKind } = state.facts;
    return fault(
      'policy-not-applicable',
      `${state.policy.id}: no ratio for ${visitKind}, ${level}, ${group}`,
    );
  }
  const range = rangeOf(state, step);
  if (step.runsOn === 'above-yearly-counted') state.aboveCountedPaid = true;
  const multiplier = firstThatHolds(step.ownMultiplier ?? [], state.facts);
  const portions = portionsOf(entry.bands, range, multiplier?.ratio ?? wholeRatio);
  let exact = 0n;
  for (const { size, share } of portions) exact += size * share;
  const byBands = roundFen(exact, WHOLE, step.rounding);
  const before = step.runsOn === 'year' ? paidThisYear(state, step.layer) : zeroMoney;
  // What a year still owes is paid with this case's cost, never beyond it.
  const amount = bounded((byBands - before) as Money, minMoney(range.pool, ownSoFar(state)));
  if (step.runsOn === 'case' || step.runsOn === 'after-deductible') {
    state.ownShare[step.layer] = { left: range.pool * WHOLE - exact, whole: range.pool * WHOLE };
  }
  if (range.pool === 0n) return undefined;
  // A ratio without bands is told by the reason itself.
  const parts = entry.bands.length === 1 ? [] : bandReasons(state, entry.rule, portions, byBands, step);
  if (multiplier !== undefined && multiplier.ratio !== wholeRatio) {
    parts.push(multiplierReason(state, multiplier, entry.bands, range, byBands, step));
  }
  const [zh, en] = words(state, step, range, byBands, before, amount, portions);
  const made = parts.length === 0 ? undefined : parts;
  payInto(state, step.layer, amount, reason(state.source, 'bands', entry.rule, amount, zh, en, made));
  return undefined;
}

interface Range {
  /** Cost of this case that the layer runs on. */
  readonly pool: Money;
  /** Positions that the bands are laid on, from below. */
  readonly from: bigint;
  readonly to: bigint;
}

function rangeOf(state: SplitState, step: Bands): Range {
  if (step.runsOn === 'above-yearly-counted') {
    return { pool: state.aboveCounted, from: 0n, to: state.aboveCounted };
  }
  const pool = baseOf(state);
  const { deductible } = state;
  if (step.runsOn === 'case') return { pool, from: deductible, to: pool };
  if (step.runsOn === 'after-deductible') return { pool, from: 0n, to: pool - deductible };
  const used = state.visit.usedThisYear;
  const hasDeductible = state.policy.steps.some((each) => each.kind === 'deductible');
  return { pool, from: hasDeductible ? used.deductible + deductible : 0n, to: used.counted + pool };
}

function portionsOf(bands: readonly Band[], range: Range, multiplier: Ratio): Portion[] {
  const found: Portion[] = [];
  for (const band of bands) {
    const from = band.from === undefined || band.from < range.from ? range.from : band.from;
    const to = band.to === undefined || band.to > range.to ? range.to : band.to;
    if (to <= from) continue;
    found.push({ band, size: to - from, share: fundShare(band, multiplier) });
  }
  return found;
}

/** Of one, in 10⁻⁸: 1 − own share × multiplier. */
function fundShare(band: Band, multiplier: Ratio): bigint {
  const own = band.ownRatio ?? wholeRatio - (band.fundRatio ?? 0n);
  return WHOLE - own * multiplier;
}

function bounded(amount: Money, most: Money): Money {
  if (amount < 0n) return zeroMoney;
  return amount < most ? amount : most;
}

/** One reason a band. Each is the rounded sum up to it less the one before, so that the bands add up. */
function bandReasons(
  state: SplitState,
  rule: string,
  portions: readonly Portion[],
  whole: Money,
  step: Bands,
): Reason[] {
  let exact = 0n;
  let told = 0n;
  return portions.map(({ band, size, share }, index) => {
    exact += size * share;
    const upTo = index === portions.length - 1 ? whole : roundFen(exact, WHOLE, step.rounding);
    const amount = (upTo - told) as Money;
    told = upTo;
    const [part, text] = [formatMoney(size as Money), formatMoney(amount)];
    const [zh, en] = placeOf(band);
    const ratio = percentOf(share, WHOLE);
    return reason(
      state.source,
      'band',
      rule,
      amount,
      `${zh}部分 ${part} 元，支付 ${ratio}，即 ${text} 元`,
      `${en}: ${part}, of which ${ratio} is paid, ${text}`,
    );
  });
}

function placeOf({ from, to }: Band): [string, string] {
  const low = from === undefined ? undefined : formatMoney(from);
  const high = to === undefined ? undefined : formatMoney(to);
  if (high !== undefined) return [`${low ?? '0.00'} 元至 ${high} 元`, `From ${low ?? '0.00'} to ${high}`];
  return low === undefined ? ['全段', 'All of it'] : [`${low} 元以上`, `Above ${low}`];
}

/** How much more the layer pays because the own share is multiplied. */
function multiplierReason(
  state: SplitState,
  { rule, ratio }: { readonly rule: string; readonly ratio: Ratio },
  bands: readonly Band[],
  range: Range,
  byBands: Money,
  step: Bands,
): Reason {
  let exact = 0n;
  for (const { size, share } of portionsOf(bands, range, wholeRatio)) exact += size * share;
  const more = (byBands - roundFen(exact, WHOLE, step.rounding)) as Money;
  const group = groupName(state);
  const [share, text] = [percentOf(ratio, wholeRatio), formatMoney(more)];
  return reason(
    state.source,
    'own-multiplier',
    rule,
    more,
    `${group.zh}各段个人负担比例按 ${share} 计算，其中多支付 ${text} 元`,
    `The own share of the ${group.en} is ${share} of the usual one: ${text} of it is paid for that`,
  );
}

function words(
  state: SplitState,
  step: Bands,
  range: Range,
  byBands: Money,
  before: Money,
  amount: Money,
  portions: readonly Portion[],
): [string, string] {
  const fund = fundOf(state, step.layer);
  const group = groupName(state);
  const now = formatMoney(amount);
  if (step.runsOn === 'year') {
    const [all, due, paid] = [range.to as Money, byBands, before].map(formatMoney);
    const [zh, en] =
      amount < byBands - before ? ['（不超过本次费用）', ', no more than this case has'] : ['', ''];
    return [
      `本年计入费用累计 ${all} 元，${fund.nameZh}分段支付累计 ${due} 元，此前已付 ${paid} 元，本次支付 ${now} 元${zh}`,
      `${all} counts in the year, of which the ${fund.nameEn} pays ${due} in bands; ${paid} was paid before, ${now} is paid now${en}`,
    ];
  }
  const less = step.runsOn !== 'above-yearly-counted' && state.deductible > 0n;
  const cost = less ? range.pool - state.deductible : range.pool;
  const counted = formatMoney(cost as Money);
  const whole = portions.find(({ size }) => size === cost);
  const ratio = whole === undefined ? undefined : percentOf(whole.share, WHOLE);
  const above = step.runsOn === 'above-yearly-counted';
  const zh = above ? '超过年度计入限额的' : less ? '报销范围内扣除起付线后' : '报销范围内';
  const en = above ? ' is above the yearly limit' : less ? ' counts above the deductible' : ' counts';
  if (cost === 0n) {
    return [
      '报销范围内费用未超过起付线，基金不支付',
      'What counts does not exceed the deductible: the fund pays nothing',
    ];
  }
  return ratio === undefined
    ? [
        `${zh} ${counted} 元，${group.zh}由${fund.nameZh}分段支付，共 ${now} 元`,
        `${counted}${en}; for the ${group.en} the ${fund.nameEn} pays in bands, ${now}`,
      ]
    : [
        `${zh} ${counted} 元，${group.zh}由${fund.nameZh}支付 ${ratio}，即 ${now} 元`,
        `${counted}${en}; for the ${group.en} the ${fund.nameEn} pays ${ratio}, ${now}`,
      ];
}

function groupName(state: SplitState): { readonly zh: string; readonly en: string } {
  const group = state.policy.groups.find(({ id }) => id === state.facts.group);
  const zh = group?.nameZh ?? '';
  // 在职人员, 退休人员, but 城乡居民, 学生.
  return { zh: /[人员民生童]$/.test(zh) ? zh : `${zh}人员`, en: group?.nameEn ?? state.facts.group };
}
