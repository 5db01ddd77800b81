import type { Money } from '../money.ts';

/** One amount that the terminal computed otherwise than the agency. */
export interface SplitDifference {
  /** Absent = the sum of the sale. */
  readonly lineNumber?: number;
  readonly field:
    | 'outOfScope'
    | 'overCeiling'
    | 'firstSelfPay'
    | 'inScope'
    | 'deductible'
    | 'fundTotal'
    | 'account'
    | 'cash';
  readonly ours: Money;
  readonly agency: Money;
}

/** The terminal's own split beside an answer of the agency (2101, 2102, upload); the agency's counts. */
export interface SplitComparison {
  readonly saleId: string;
  readonly saleNumber: string;
  readonly against: 'trial' | 'settlement' | 'upload';
  readonly businessDay: string;
  readonly atMs: number;
  /** Our policy; absent = none applied to the case, then nothing was compared. */
  readonly policy?: string;
  readonly policyVersion?: string;
  readonly catalogVersion: string;
  readonly differences: readonly SplitDifference[];
}
