import type { BenefitCase } from '#core/domain/benefit';
import { type InstitutionLevel, institutionLevels, type Policy, type StepOf } from '#core/policy';
import { least, most } from './exact.ts';
import { firstThatHolds } from './holds.ts';

/** The counted cost as deductible and bands see it, fen. */
export interface Base {
  /** Inside the yearly limit on counted cost. */
  readonly base: bigint;
  /** What that limit cut off: the upper layers' part. */
  readonly above: bigint;
  readonly deductible: bigint;
}

export function baseOf(policy: Policy, visit: BenefitCase, counted: bigint): Base {
  let base = counted;
  let above = 0n;
  let deductible = 0n;
  for (const step of policy.steps) {
    if (step.kind === 'yearly-counted') {
      const entry = firstThatHolds(step.entries, visit);
      if (entry === undefined) continue;
      const room = most(0n, entry.amount - visit.usedThisYear.counted);
      above += most(0n, base - room);
      base = least(base, room);
    }
    if (step.kind === 'deductible') deductible += least(deductibleOf(step, visit), base - deductible);
  }
  return { base, above, deductible: least(deductible, base) };
}

function deductibleOf(step: StepOf<'deductible'>, visit: BenefitCase): bigint {
  const { usedThisYear, thisMonth } = visit;
  if (step.per === 'stay') return stayDeductible(step, visit);
  const amount = firstThatHolds(step.entries, visit)?.amount ?? 0n;
  if (step.per === 'yearly') return most(0n, amount - usedThisYear.deductible);
  if (step.timesAMonth !== undefined && thisMonth.deductibles >= step.timesAMonth) return 0n;
  if (step.yearlyMost === undefined) return amount;
  return least(amount, most(0n, step.yearlyMost - usedThisYear.deductible));
}

function stayDeductible(step: StepOf<'deductible'>, visit: BenefitCase): bigint {
  const { stays, highestLevel = visit.institution.level } = visit.usedThisYear;
  if (stays === 0 || step.later === 'entries') return firstThatHolds(step.entries, visit)?.amount ?? 0n;
  if (step.later === 'none') return 0n;
  const { level } = visit.institution;
  if (rank(level) <= rank(highestLevel)) return 0n;
  return most(0n, firstStay(step, visit, level) - firstStay(step, visit, highestLevel));
}

function firstStay(step: StepOf<'deductible'>, visit: BenefitCase, level: InstitutionLevel): bigint {
  const asFirst = {
    ...visit,
    institution: { ...visit.institution, level },
    usedThisYear: { ...visit.usedThisYear, stays: 0 },
  };
  return firstThatHolds(step.entries, asFirst)?.amount ?? 0n;
}

function rank(level: InstitutionLevel): number {
  return institutionLevels.indexOf(level);
}
