import type { BenefitCase, BenefitLine } from '#core/domain/benefit';
import type { Policy, StepOf } from '#core/policy';
import { dealOut, divide, least, most, total } from './exact.ts';
import { firstThatHolds } from './holds.ts';

/** What one line costs whom before any fund pays, fen; `counted` is what limits leave of `inScope`. */
export interface LineCost {
  readonly line: BenefitLine;
  readonly outOfScope: bigint;
  readonly overCeiling: bigint;
  readonly firstSelfPay: bigint;
  readonly firstSelfPayRatio: bigint;
  readonly inScope: bigint;
  readonly counted: bigint;
}

/** The costs of all lines; undefined when a line lacks the doses (帖) that a limit asks for. */
export function lineCosts(policy: Policy, visit: BenefitCase): LineCost[] | undefined {
  let costs = visit.lines.map((line) => cut(line, policy));
  for (const step of policy.steps) {
    if (step.kind !== 'limit') continue;
    const limited = limit(costs, step, visit);
    if (limited === undefined) return undefined;
    costs = limited;
  }
  return costs;
}

function cut(line: BenefitLine, policy: Policy): LineCost {
  const isOut = stepsOf(policy, 'scope').some(
    ({ notCovered, prescriptionFor }) =>
      !line.mapped ||
      line.insuranceClass === 'C' ||
      notCovered?.includes(line.category) ||
      (prescriptionFor?.includes(line.category) && !line.prescription),
  );
  if (isOut) {
    const nothing = { overCeiling: 0n, firstSelfPay: 0n, firstSelfPayRatio: 0n, inScope: 0n, counted: 0n };
    return { line, outOfScope: line.amount, ...nothing };
  }
  const overCeiling = total(stepsOf(policy, 'ceiling').map((step) => aboveCeiling(line, step)));
  const selfPay = line.insuranceClass === 'B' ? stepsOf(policy, 'first-self-pay').at(0) : undefined;
  const firstSelfPayRatio = selfPay === undefined ? 0n : line.firstSelfPayRatio;
  const firstSelfPay = divide((line.amount - overCeiling) * firstSelfPayRatio, 10_000n, selfPay?.rounding);
  const inScope = line.amount - overCeiling - firstSelfPay;
  return { line, outOfScope: 0n, overCeiling, firstSelfPay, firstSelfPayRatio, inScope, counted: inScope };
}

/** Prices have six decimals and quantities four: ten, of which a fen has two. */
function aboveCeiling(line: BenefitLine, { rounding }: StepOf<'ceiling'>): bigint {
  if (line.ceiling === undefined) return 0n;
  const charged = line.unitPrice === undefined ? line.amount * 10n ** 8n : line.unitPrice * line.quantity;
  const above = most(0n, charged - line.ceiling * line.quantity);
  return least(line.amount, divide(above, 10n ** 8n, rounding));
}

function limit(
  costs: readonly LineCost[],
  step: StepOf<'limit'>,
  visit: BenefitCase,
): LineCost[] | undefined {
  const entry = firstThatHolds(step.entries, visit);
  if (entry === undefined) return [...costs];
  const isMeant = ({ line }: LineCost): boolean => step.categories.includes(line.category);
  if (step.per === 'line' || step.per === 'dose') {
    const isPerDose = step.per === 'dose';
    if (isPerDose && costs.some((cost) => isMeant(cost) && cost.line.doses === undefined)) return undefined;
    const allowed = ({ doses }: BenefitLine): bigint =>
      isPerDose ? divide(entry.amount * (doses ?? 0n), 10_000n) : entry.amount;
    return costs.map((cost) =>
      isMeant(cost) ? { ...cost, counted: least(cost.counted, allowed(cost.line)) } : cost,
    );
  }
  const before = total(step.categories.map((category) => visit.thisVisit.counted[category] ?? 0n));
  const room = most(0n, entry.amount - before);
  const pool = costs.map((cost) => (isMeant(cost) ? cost.counted : 0n));
  const excess = most(0n, total(pool) - room);
  const cuts = dealOut(excess, pool);
  return costs.map((cost, place) => ({ ...cost, counted: cost.counted - (cuts[place] ?? 0n) }));
}

/** Steps of one kind, in the document's order. */
export function stepsOf<K extends Policy['steps'][number]['kind']>(policy: Policy, kind: K): StepOf<K>[] {
  return policy.steps.filter((step): step is StepOf<K> => step.kind === kind);
}
