import { assert } from '#core/assert';
import { type Fault, fault } from '#core/fault';
import type { PersonGroup, Policy, VisitKind } from '#core/policy';
import { err, ok, type Result } from '#core/result';
import { validatePolicy } from './parse-policy.ts';
import { employeePharmacy } from './policies/employee-pharmacy.ts';
import { residentPharmacy } from './policies/resident-pharmacy.ts';

/** What decides which document holds for a person on a day. */
export interface PolicyQuestion {
  /** Insured region (参保地), six digits. */
  readonly region: string;
  /** Code list insutype: 310 employee, 390 resident. */
  readonly scheme: string;
  /** Code list psn_type, for example `1101`. */
  readonly personType: string;
  /** Business day, `yyyy-MM-dd`. */
  readonly day: string;
  /** Absent = a purchase in a pharmacy. */
  readonly visitKind?: VisitKind;
}

/** The documents that come with the program, checked by the same schema as a region's own. */
export function shippedPolicies(): readonly Policy[] {
  return [employeePharmacy, residentPharmacy].map((text) => {
    const checked = validatePolicy(text);
    assert(checked.ok, `the shipped policy ${text.id} passes its own schema`);
    return checked.value;
  });
}

/**
 * The one document that applies: a document for the region goes before `*`, then the latest beginning,
 * then the greatest version. `policy-not-applicable` when there is none, never a benefit of zero.
 */
export function choosePolicy(documents: readonly Policy[], question: PolicyQuestion): Result<Policy, Fault> {
  const fitting = documents.filter((policy) => applies(policy, question));
  const [best] = fitting.sort((a, b) => byPrecedence(a, b, question.region));
  if (best !== undefined) return ok(best);
  const { region, scheme, personType, day, visitKind = 'pharmacy' } = question;
  return err(
    fault('policy-not-applicable', `${visitKind}, ${region}, ${scheme}, person type ${personType}, ${day}`),
  );
}

/** The person group whose leading digits fit best; undefined when the document names none. */
export function groupOf(policy: Policy, personType: string): PersonGroup | undefined {
  let best: PersonGroup | undefined;
  let length = 0;
  for (const group of policy.groups) {
    for (const prefix of group.personTypes) {
      if (prefix.length <= length || !personType.startsWith(prefix)) continue;
      best = group;
      length = prefix.length;
    }
  }
  return best;
}

function applies(policy: Policy, question: PolicyQuestion): boolean {
  if (policy.scheme !== question.scheme) return false;
  if (!policy.visitKinds.includes(question.visitKind ?? 'pharmacy')) return false;
  if (question.day < policy.validFrom) return false;
  if (policy.validTo !== undefined && question.day > policy.validTo) return false;
  if (!policy.regions.includes(question.region) && !policy.regions.includes('*')) return false;
  return groupOf(policy, question.personType) !== undefined;
}

function byPrecedence(a: Policy, b: Policy, region: string): number {
  const own = Number(b.regions.includes(region)) - Number(a.regions.includes(region));
  if (own !== 0) return own;
  return descending(a.validFrom, b.validFrom) || descending(a.version, b.version);
}

function descending(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? 1 : -1;
}
