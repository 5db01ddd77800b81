import type { BenefitCase } from '#core/domain/benefit';
import type { PersonTag } from '#core/domain/holder';
import type { Condition, InstitutionKind, InstitutionLevel, VisitKind } from '#core/policy';

/** What conditions of a document ask about. */
export interface Facts {
  readonly visitKind: VisitKind;
  readonly level: InstitutionLevel;
  readonly kind: InstitutionKind;
  /** Id of a person group of the document. */
  readonly group: string;
  /** Whole years. */
  readonly age: number;
  /** Codes of the special identities that are valid on the day. */
  readonly tags: readonly string[];
  /** Earlier stays of the year. */
  readonly stays: number;
  /** `yyyy-MM-dd`. */
  readonly day: string;
}

export function factsOf(visit: BenefitCase): Facts {
  const { visitKind, institution, person, usedThisYear, day } = visit;
  return {
    visitKind,
    level: institution.level,
    kind: institution.kind,
    group: person.group,
    age: person.age,
    tags: validTags(person.tags, day),
    stays: usedThisYear.stays,
    day,
  };
}

/** Codes of the tags that hold on the day, first and last day included; a tag without days always does. */
export function validTags(tags: readonly PersonTag[], day: string): string[] {
  return tags
    .filter(({ from, to }) => (from === undefined || from <= day) && (to === undefined || day <= to))
    .map(({ code }) => code);
}

/** Whether every condition that is named holds; none named = always. */
export function holds(when: Condition | undefined, facts: Facts): boolean {
  return (
    when === undefined || (placeHolds(when, facts) && personHolds(when, facts) && timeHolds(when, facts))
  );
}

/** The first entry whose condition holds. */
export function firstThatHolds<Entry extends { readonly when?: Condition | undefined }>(
  entries: readonly Entry[],
  facts: Facts,
): Entry | undefined {
  for (const entry of entries) if (holds(entry.when, facts)) return entry;
  return undefined;
}

function placeHolds(when: Condition, facts: Facts): boolean {
  if (when.visitKinds !== undefined && !when.visitKinds.includes(facts.visitKind)) return false;
  if (when.levels !== undefined && !when.levels.includes(facts.level)) return false;
  return when.kinds === undefined || when.kinds.includes(facts.kind);
}

function personHolds(when: Condition, facts: Facts): boolean {
  if (when.groups !== undefined && !when.groups.includes(facts.group)) return false;
  if (when.ageFrom !== undefined && facts.age < when.ageFrom) return false;
  if (when.ageBelow !== undefined && facts.age >= when.ageBelow) return false;
  if (when.tags !== undefined && !when.tags.some((tag) => facts.tags.includes(tag))) return false;
  return when.withoutTags === undefined || !when.withoutTags.some((tag) => facts.tags.includes(tag));
}

function timeHolds(when: Condition, facts: Facts): boolean {
  if (when.staysFrom !== undefined && facts.stays < when.staysFrom) return false;
  if (when.staysBelow !== undefined && facts.stays >= when.staysBelow) return false;
  if (when.from !== undefined && facts.day < when.from) return false;
  return when.to === undefined || facts.day <= when.to;
}
