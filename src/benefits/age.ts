import type { Holder } from '#core/domain/holder';

/** Whole years of the holder on the day (`yyyy-MM-dd`): by the date of birth, else the agency's own age (`50.5`). */
export function ageOfHolder(holder: Pick<Holder, 'birthDate' | 'age'>, day: string): number {
  if (holder.birthDate !== undefined) return ageOn(holder.birthDate, day);
  const years = Number.parseInt(holder.age, 10);
  return Number.isNaN(years) ? 0 : years;
}

/** Whole years from one day to another, both `yyyy-MM-dd`; a birthday counts from its own day on. */
export function ageOn(birthDate: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return Math.max(0, day.slice(5) < birthDate.slice(5) ? years - 1 : years);
}
