import type { BenefitCase } from '#core/domain/benefit';
import type { Policy, VisitKind } from '#core/policy';
import { holds, isWithin } from './benefit/holds.ts';

/** Kinds of visit (就诊类别) behind med_type; a sub-class begins with the digits of its class. */
const visitKinds: readonly (readonly [prefix: string, kind: VisitKind])[] = [
  ['41', 'pharmacy'],
  ['11', 'outpatient'],
  ['13', 'emergency'],
  ['14', 'chronic'],
  ['21', 'inpatient'],
];

export function visitKindOf(medType: string): VisitKind | undefined {
  return visitKinds.find(([prefix]) => medType.startsWith(prefix))?.[1];
}

/** The person group (人群) of a document by psn_type; the longest prefix that fits. */
export function groupOf(policy: Policy, personType: string): string | undefined {
  let longest = '';
  let found: string | undefined;
  for (const { id, personTypes } of policy.groups) {
    for (const prefix of personTypes) {
      if (!personType.startsWith(prefix) || prefix.length <= longest.length) continue;
      longest = prefix;
      found = id;
    }
  }
  return found;
}

/** Who is treated where and when, as far as documents ask. */
export interface Asked {
  readonly region: string;
  readonly personType: string;
  /** The visit with everything but the group, which each document names by itself. */
  readonly visit: BenefitCase;
}

/** The document that holds for a visit, with the visit as that document sees it. */
export interface Chosen {
  readonly policy: Policy;
  readonly visit: BenefitCase;
}

/**
 * The document for a visit: right scheme, kind of visit, day and conditions; the region's own before those for
 * everywhere, then the one in force most recently, then the newest version.
 */
export function choosePolicy(policies: readonly Policy[], asked: Asked): Chosen | undefined {
  const fitting = policies.flatMap((policy) => {
    const chosen = fits(policy, asked);
    return chosen === undefined ? [] : [chosen];
  });
  const isOwn = ({ policy }: Chosen): boolean => policy.regions.includes(asked.region);
  const candidates = fitting.some(isOwn) ? fitting.filter(isOwn) : fitting;
  return candidates.reduce<Chosen | undefined>(
    (best, next) => (best !== undefined && isNewer(best.policy, next.policy) ? best : next),
    undefined,
  );
}

function isNewer(a: Policy, b: Policy): boolean {
  if (a.validFrom !== b.validFrom) return a.validFrom > b.validFrom;
  return a.version.localeCompare(b.version, 'en', { numeric: true }) > 0;
}

function fits(policy: Policy, { region, personType, visit }: Asked): Chosen | undefined {
  const group = groupOf(policy, personType);
  if (group === undefined) return undefined;
  const seen = { ...visit, person: { ...visit.person, group } };
  const isRight =
    (policy.regions.includes(region) || policy.regions.includes('*')) &&
    policy.schemes.includes(visit.person.scheme) &&
    policy.visitKinds.includes(visit.visitKind) &&
    isWithin(visit.day, policy.validFrom, policy.validTo) &&
    holds(policy.when, seen);
  return isRight ? { policy, visit: seen } : undefined;
}
