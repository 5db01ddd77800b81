import type { BenefitCase, BenefitLine } from '#core/domain/benefit';
import type { Reason } from '#core/domain/split';
import { type Money, type Ratio, zeroMoney } from '#core/money';
import { type Layer, layers, type Policy, type PolicyFund } from '#core/policy';
import { type Facts, factsOf } from './conditions.ts';
import type { Source } from './explain.ts';

/** A line while the steps go over it; amount = outOfScope + overCeiling + firstSelfPay + inScope at any time. */
export interface LineState {
  readonly line: BenefitLine;
  outOfScope: Money;
  overCeiling: Money;
  firstSelfPay: Money;
  firstSelfPayRatio: Ratio;
  inScope: Money;
  /** What limits left of inScope (计入费用). */
  counted: Money;
  /** Why it falls apart so. */
  readonly reasons: Reason[];
  /** What limits cut off its counted cost. */
  limits: Reason[] | undefined;
}

/** A part of what the patient bears, named at the end; parts add up to `own`. */
export interface OwnPart {
  readonly zh: string;
  readonly en: string;
  readonly amount: Money;
}

/** A split while the steps of the document run over it. */
export interface SplitState {
  readonly policy: Policy;
  readonly source: Source;
  readonly visit: BenefitCase;
  readonly facts: Facts;
  readonly lines: readonly LineState[];
  readonly total: Money;
  /** Sums of the lines. */
  outOfScope: Money;
  overCeiling: Money;
  firstSelfPay: Money;
  /** Number of the rule that says what is in scope. */
  scopeRule: string | undefined;
  /** Cost that limits cut off. */
  overLimit: Money;
  /** Base that a yearly limit on counted cost cut off; upper layers run on it. */
  aboveCounted: Money;
  aboveCountedPaid: boolean;
  deductible: Money;
  /** Cut off by yearly limits on payment. */
  overYearlyPayment: Money;
  /** Paid by layers that fill up to a share of the total. */
  filled: Money;
  readonly funds: Record<Layer, Money>;
  /** Own share of the base of a layer, exact: what its bands left ÷ the base. */
  readonly ownShare: Partial<Record<Layer, { readonly left: bigint; readonly whole: bigint }>>;
  /** Steps that formed each layer. */
  readonly formed: Partial<Record<Layer, Reason[]>>;
  institution: Money;
  /** Set by a step that shares the cost out by itself (quota payment). */
  ownParts: readonly OwnPart[] | undefined;
  account: Money;
  readonly reasons: Reason[];
}

export function newState(policy: Policy, visit: BenefitCase): SplitState {
  let total = 0n;
  for (const line of visit.lines) total += line.amount;
  return {
    policy,
    source: { policy: policy.id, version: policy.version },
    visit,
    facts: factsOf(visit),
    lines: visit.lines.map(newLine),
    total: total as Money,
    outOfScope: zeroMoney,
    overCeiling: zeroMoney,
    firstSelfPay: zeroMoney,
    scopeRule: undefined,
    overLimit: zeroMoney,
    aboveCounted: zeroMoney,
    aboveCountedPaid: false,
    deductible: zeroMoney,
    overYearlyPayment: zeroMoney,
    filled: zeroMoney,
    funds: {
      basic: zeroMoney,
      seriousIllness: zeroMoney,
      assistance: zeroMoney,
      catchAll: zeroMoney,
      supplement: zeroMoney,
    },
    ownShare: {},
    formed: {},
    institution: zeroMoney,
    ownParts: undefined,
    account: zeroMoney,
    reasons: [],
  };
}

function newLine(line: BenefitLine): LineState {
  return {
    line,
    outOfScope: zeroMoney,
    overCeiling: zeroMoney,
    firstSelfPay: zeroMoney,
    firstSelfPayRatio: 0n as Ratio,
    inScope: line.amount,
    counted: line.amount,
    reasons: [],
    limits: undefined,
  };
}

/** Takes an amount out of scope, over the ceiling or as first self-pay from what is still in scope. */
export function takeOff(
  state: SplitState,
  at: LineState,
  from: 'outOfScope' | 'overCeiling' | 'firstSelfPay',
  amount: Money,
): void {
  at[from] = (at[from] + amount) as Money;
  state[from] = (state[from] + amount) as Money;
  at.inScope = (at.inScope - amount) as Money;
  if (at.counted > at.inScope) at.counted = at.inScope;
}

/** The base of deductible and bands: the counted cost of all lines up to the yearly limit on it. */
export function baseOf(state: SplitState): Money {
  let counted = 0n;
  for (const at of state.lines) counted += at.counted;
  return (counted - state.aboveCounted) as Money;
}

export function fundTotalOf(state: SplitState): Money {
  let total = 0n;
  for (const layer of layers) total += state.funds[layer];
  return total as Money;
}

/** What the patient would bear if nothing more were paid. */
export function ownSoFar(state: SplitState): Money {
  return (state.total - fundTotalOf(state) - state.institution) as Money;
}

/** What a layer has paid this year: the basic one under this policy, the others by layer. */
export function paidThisYear(state: SplitState, layer: Layer): Money {
  const { fundPaid, byLayer } = state.visit.usedThisYear;
  return layer === 'basic' ? fundPaid : (byLayer[layer] ?? zeroMoney);
}

/** Adds to a layer and notes the step that did. */
export function payInto(state: SplitState, layer: Layer, amount: Money, why: Reason | undefined): void {
  state.funds[layer] = (state.funds[layer] + amount) as Money;
  if (why === undefined) return;
  const formed = state.formed[layer] ?? [];
  state.formed[layer] = formed;
  formed.push(why);
  state.reasons.push(why);
}

export function fundOf(state: SplitState, layer: Layer): PolicyFund {
  const fund = state.policy.funds.find((each) => each.layer === layer);
  if (fund === undefined) throw new TypeError(`the schema lets no layer ${layer} stand without a fund`);
  return fund;
}
