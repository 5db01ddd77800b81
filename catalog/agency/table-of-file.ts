import { type AgencyTable, agencyTables } from '#core/domain/agency-catalog';

/** The table that a file's name tells (`1301_20250911.txt.zip`), when it tells exactly one. */
export function tableOfFile(fileName: string): AgencyTable | undefined {
  const numbers = [...fileName.matchAll(/(?<!\d)13\d\d(?!\d)/g)].map(([number]) => number);
  const [number, ...others] = new Set(numbers);
  if (others.length > 0) return undefined;
  return agencyTables.find(({ id }) => id === number)?.id;
}
