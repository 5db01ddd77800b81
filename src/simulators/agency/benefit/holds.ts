import type { BenefitCase } from '#core/domain/benefit';
import type { Condition } from '#core/policy';

/** Whether every condition that an entry of a document names fits the visit. */
export function holds(when: Condition | undefined, visit: BenefitCase): boolean {
  if (when === undefined) return true;
  const { person, institution, usedThisYear, day } = visit;
  const tags = person.tags.filter(({ from, to }) => isWithin(day, from, to)).map(({ code }) => code);
  return [
    when.visitKinds?.includes(visit.visitKind),
    when.levels?.includes(institution.level),
    when.kinds?.includes(institution.kind),
    when.groups?.includes(person.group),
    when.ageFrom === undefined || person.age >= when.ageFrom,
    when.ageBelow === undefined || person.age < when.ageBelow,
    when.tags?.some((code) => tags.includes(code)),
    when.withoutTags?.every((code) => !tags.includes(code)),
    when.staysFrom === undefined || usedThisYear.stays >= when.staysFrom,
    when.staysBelow === undefined || usedThisYear.stays < when.staysBelow,
    isWithin(day, when.from, when.to),
  ].every((fits) => fits !== false);
}

/** The first entry that holds. */
export function firstThatHolds<E extends { readonly when?: Condition | undefined }>(
  entries: readonly E[],
  visit: BenefitCase,
): E | undefined {
  return entries.find(({ when }) => holds(when, visit));
}

/** Days as `yyyy-MM-dd` sort like text. */
export function isWithin(day: string, from: string | undefined, to: string | undefined): boolean {
  return (from === undefined || day >= from) && (to === undefined || day <= to);
}
