/**
 * transient: may be repeated by itself. ambiguous: the effect may have happened, so it is cleared up first.
 * permanent: repeating the same thing gives the same answer.
 */
export type RetryClass = 'transient' | 'ambiguous' | 'permanent';

export interface FaultSpec {
  readonly retry: RetryClass;
  readonly zh: string;
  readonly en: string;
  readonly nextZh: string;
  readonly nextEn: string;
}

/** Checks a table of faults while keeping its codes as literal types. */
export function defineFaults<const T extends Record<string, FaultSpec>>(table: T): T {
  return table;
}
