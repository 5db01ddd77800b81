import type { BenefitCase, BenefitLineSplit, BenefitSplit } from '#core/domain/benefit';
import { fen, type Ratio } from '#core/money';
import type { Layer, Policy } from '#core/policy';
import { baseOf } from './base.ts';
import { type LineCost, lineCosts, stepsOf } from './costs.ts';
import { dealOutInto, least, most, total } from './exact.ts';
import { holds } from './holds.ts';
import { type Payments, paymentsOf } from './payments.ts';

export type AgencyLineSums = Omit<BenefitLineSplit, 'reasons'>;
export type AgencySums = Omit<BenefitSplit, 'reasons' | 'lines'> & {
  readonly lines: readonly AgencyLineSums[];
};

/** What the agency makes of a visit. */
export type AgencySplit =
  | {
      readonly kind: 'split';
      readonly sums: AgencySums;
      /** The most that accounts, own and relative's, may pay, fen. */
      readonly payable: bigint;
      /** Share of the basic layer in its lowest band, 10⁻⁴. */
      readonly basicRatio: bigint;
      /** What yearly limits left each layer to pay before this visit, fen. */
      readonly limits: Readonly<Partial<Record<Layer, bigint>>>;
    }
  /** The document has no rule for the visit. */
  | { readonly kind: 'policy-not-applicable' }
  /** The visit lacks what the document needs: doses (帖) of herbal medicine. */
  | { readonly kind: 'case-invalid' };

/**
 * The simulated agency's own reading of a policy document: every amount computed for itself, in whole fen and
 * exact fractions, with no more words than the wire needs. It shares the documents with the terminal's engine and
 * nothing else, so that a difference between the two means something.
 */
export function agencySplit(policy: Policy, visit: BenefitCase): AgencySplit {
  if (!isMeant(policy, visit)) return { kind: 'policy-not-applicable' };
  const costs = lineCosts(policy, visit);
  if (costs === undefined) return { kind: 'case-invalid' };
  const sum = (of: (cost: LineCost) => bigint): bigint => total(costs.map(of));
  const base = baseOf(
    policy,
    visit,
    sum((cost) => cost.counted),
  );
  const payments = paymentsOf(policy, visit, costs, base);
  if (payments === undefined) return { kind: 'policy-not-applicable' };
  const whole = sum(({ line }) => line.amount);
  const outOfScope = sum((cost) => cost.outOfScope);
  const overCeiling = sum((cost) => cost.overCeiling);
  const fundTotal = total(Object.values(payments.byLayer));
  const own = whole - fundTotal - payments.institution;
  const payable = payableByAccount(policy, own, outOfScope, overCeiling);
  const { balance, use } = visit.account;
  const account = use ? least(most(0n, balance ?? 0n), payable) : 0n;
  return {
    kind: 'split',
    sums: {
      policy: policy.id,
      version: policy.version,
      total: fen(whole),
      outOfScope: fen(outOfScope),
      overCeiling: fen(overCeiling),
      firstSelfPay: fen(sum((cost) => cost.firstSelfPay)),
      inScope: fen(sum((cost) => cost.inScope)),
      counted: fen(base.base),
      deductible: fen(base.deductible),
      funds: moneyByLayer(payments.byLayer),
      fundTotal: fen(fundTotal),
      institution: fen(payments.institution),
      own: fen(own),
      account: fen(account),
      cash: fen(own - account),
      lines: lineSums(costs, fundTotal, payments.institution),
    },
    payable,
    basicRatio: (payments.rates.basic?.[0]?.share ?? 0n) / 10_000n,
    limits: payments.limits,
  };
}

function isMeant(policy: Policy, { visitKind, person, ...visit }: BenefitCase): boolean {
  return (
    policy.visitKinds.includes(visitKind) &&
    policy.schemes.includes(person.scheme) &&
    policy.groups.some(({ id }) => id === person.group) &&
    holds(policy.when, { visitKind, person, ...visit })
  );
}

/** Class C goods and prices above the ceiling are barred where the document says so. */
function payableByAccount(policy: Policy, own: bigint, outOfScope: bigint, overCeiling: bigint): bigint {
  const rule = stepsOf(policy, 'account').at(-1);
  if (rule === undefined) return 0n;
  const barred = (rule.paysOutOfScope ? 0n : outOfScope) + (rule.paysOverCeiling ? 0n : overCeiling);
  return most(0n, own - barred);
}

function lineSums(costs: readonly LineCost[], fundTotal: bigint, institution: bigint): AgencyLineSums[] {
  const weights = costs.map(({ inScope }) => inScope);
  const amounts = costs.map(({ line }) => line.amount);
  const covered = dealOutInto(amounts, fundTotal, weights);
  const left = amounts.map((amount, place) => amount - (covered[place] ?? 0n));
  const borne = dealOutInto(left, institution, weights);
  return costs.map((cost, place) => ({
    lineNumber: cost.line.lineNumber,
    total: cost.line.amount,
    outOfScope: fen(cost.outOfScope),
    overCeiling: fen(cost.overCeiling),
    firstSelfPay: fen(cost.firstSelfPay),
    firstSelfPayRatio: cost.firstSelfPayRatio as Ratio,
    inScope: fen(cost.inScope),
    covered: fen(covered[place] ?? 0n),
    own: fen((left[place] ?? 0n) - (borne[place] ?? 0n)),
  }));
}

function moneyByLayer(byLayer: Payments['byLayer']): AgencySums['funds'] {
  const { basic, seriousIllness, assistance, catchAll, supplement } = byLayer;
  return {
    basic: fen(basic),
    seriousIllness: fen(seriousIllness),
    assistance: fen(assistance),
    catchAll: fen(catchAll),
    supplement: fen(supplement),
  };
}
