import type { PersonTag } from '#core/domain/holder';
import { type Fault, fault } from '#core/fault';
import type { InstitutionKind, InstitutionLevel, PersonGroup, Policy, VisitKind } from '#core/policy';
import { err, ok, type Result } from '#core/result';
import { holds, validTags } from './conditions.ts';

/** What decides which document holds for a person at an institution on a day. */
export interface PolicyQuestion {
  /** Insured region (参保地), six digits. */
  readonly region: string;
  /** Code list insutype: 310 employees, 380 rural cooperative, 390 residents. */
  readonly scheme: string;
  /** Code list psn_type, for example `1101`; its leading digits name the person group. */
  readonly personType: string;
  /** Whole years. */
  readonly age: number;
  readonly tags?: readonly PersonTag[];
  /** Business day, `yyyy-MM-dd`. */
  readonly day: string;
  /** Absent = a purchase in a pharmacy. */
  readonly visitKind?: VisitKind;
  readonly institution: { readonly level: InstitutionLevel; readonly kind: InstitutionKind };
}

/** Versions as people count them: 2026-10 comes after 2026-9. */
const versions = new Intl.Collator('en', { numeric: true });

/**
 * The one document that applies: a document for the region goes before `*`, then the latest beginning,
 * then the greatest version. `policy-not-applicable` when there is none, never a benefit of zero.
 */
export function choosePolicy(documents: readonly Policy[], question: PolicyQuestion): Result<Policy, Fault> {
  const fitting = documents.filter((policy) => applies(policy, question));
  const [best] = fitting.sort((a, b) => byPrecedence(a, b, question.region));
  if (best !== undefined) return ok(best);
  const { region, scheme, personType, day, visitKind = 'pharmacy', institution } = question;
  const place = `${visitKind}, ${institution.level} ${institution.kind}`;
  return err(
    fault('policy-not-applicable', `${place}, ${region}, ${scheme}, person type ${personType}, ${day}`),
  );
}

/** The document of this id, of several versions the latest; `policy-not-applicable` when there is none. */
export function policyById(documents: readonly Policy[], id: string): Result<Policy, Fault> {
  const found = documents.filter((policy) => policy.id === id);
  const [best] = found.sort((a, b) => byPrecedence(a, b, '*'));
  return best === undefined ? err(fault('policy-not-applicable', `no document named ${id}`)) : ok(best);
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
  const { region, scheme, personType, age, tags = [], day, visitKind = 'pharmacy', institution } = question;
  if (!policy.schemes.includes(scheme) || !policy.visitKinds.includes(visitKind)) return false;
  if (day < policy.validFrom || (policy.validTo !== undefined && day > policy.validTo)) return false;
  if (!policy.regions.includes(region) && !policy.regions.includes('*')) return false;
  const group = groupOf(policy, personType);
  if (group === undefined) return false;
  return holds(policy.when, {
    visitKind,
    level: institution.level,
    kind: institution.kind,
    group: group.id,
    age,
    tags: validTags(tags, day),
    // How often a person was in hospital decides about entries, never about the document.
    stays: 0,
    day,
  });
}

function byPrecedence(a: Policy, b: Policy, region: string): number {
  const own = Number(b.regions.includes(region)) - Number(a.regions.includes(region));
  if (own !== 0) return own;
  if (a.validFrom !== b.validFrom) return a.validFrom < b.validFrom ? 1 : -1;
  return versions.compare(b.version, a.version);
}
