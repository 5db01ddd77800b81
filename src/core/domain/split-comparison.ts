import { addMoney, type Money, zeroMoney } from '../money.ts';
import type { Split } from './split.ts';

/** Amounts that are compared; a line has the first four. */
export const comparedFields = [
  'outOfScope',
  'overCeiling',
  'firstSelfPay',
  'inScope',
  'deductible',
  'fundTotal',
  'account',
  'cash',
] as const;
export type ComparedField = (typeof comparedFields)[number];
const lineFields = ['outOfScope', 'overCeiling', 'firstSelfPay', 'inScope'] as const;

/** One amount that the terminal computed otherwise than the agency. */
export interface SplitDifference {
  /** Absent = the sum of the sale. */
  readonly lineNumber?: number;
  readonly field: ComparedField;
  readonly ours: Money;
  readonly agency: Money;
}

/** Answers of the agency that are compared: 2101, 2102, and the 2102 of an offline sale. */
export const comparedAnswers = ['trial', 'settlement', 'upload'] as const;

/** The terminal's own split beside an answer of the agency (2101, 2102, upload); the agency's counts. */
export interface SplitComparison {
  readonly saleId: string;
  readonly saleNumber: string;
  readonly against: (typeof comparedAnswers)[number];
  readonly businessDay: string;
  readonly atMs: number;
  /** Our policy; absent = none applied to the case, then nothing was compared. */
  readonly policy?: string;
  readonly policyVersion?: string;
  readonly catalogVersion: string;
  readonly differences: readonly SplitDifference[];
}

/**
 * Every amount in which the two differ, sums first, then line by line. Lines that only one side has are left
 * out: their amounts show in the sums. `known` are differences found before between our split and `ours`
 * (which then is the agency's own trial): so a settlement is compared with what the terminal itself computed.
 */
export function splitDifferences(
  ours: Split,
  agency: Split,
  known: readonly SplitDifference[] = [],
): readonly SplitDifference[] {
  const corrected = new Map(known.map((difference) => [keyOf(difference), difference.ours]));
  const found: SplitDifference[] = [];
  const compare = (place: Pick<SplitDifference, 'lineNumber' | 'field'>, own: Money, theirs: Money): void => {
    const mine = corrected.get(keyOf(place)) ?? own;
    if (mine !== theirs) found.push({ ...place, ours: mine, agency: theirs });
  };
  for (const field of comparedFields) compare({ field }, sumOf(ours, field), sumOf(agency, field));
  const answered = new Map(agency.lines.map((line) => [line.lineNumber, line]));
  for (const line of ours.lines) {
    const theirs = answered.get(line.lineNumber);
    if (theirs === undefined) continue;
    const { lineNumber } = line;
    for (const field of lineFields) compare({ lineNumber, field }, line[field], theirs[field]);
  }
  return found;
}

/** A relative's account (共济) is known to the agency only: to us its share is still cash. */
function sumOf(split: Split, field: ComparedField): Money {
  return field === 'cash' ? addMoney(split.cash, split.familyAccount ?? zeroMoney) : split[field];
}

function keyOf({ lineNumber, field }: Pick<SplitDifference, 'lineNumber' | 'field'>): string {
  return `${lineNumber ?? 'sum'}.${field}`;
}

/**
 * The agency's split in our own words: where both computed the same, the rule and version of our policy explain
 * the amounts (P4); where they differ, the agency's own words stand.
 */
export function explainedByOurs(agency: Split, ours: Split, differences: readonly SplitDifference[]): Split {
  const differing = new Set(differences.map(({ lineNumber }) => lineNumber));
  const own = new Map(ours.lines.map((line) => [line.lineNumber, line.reasons]));
  const lines = agency.lines.map((line) => {
    const reasons = differing.has(line.lineNumber) ? undefined : own.get(line.lineNumber);
    return reasons === undefined ? line : { ...line, reasons };
  });
  return { ...agency, lines, reasons: differing.has(undefined) ? agency.reasons : ours.reasons };
}
