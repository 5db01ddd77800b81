import type { Step, StepKind } from './steps.ts';

/**
 * What each kind of step works on is settled by the ones before: first what counts, then the deductible, then
 * who pays, last the account, which pays of what all others left.
 */
const stages: Readonly<Record<StepKind, number>> = {
  scope: 0,
  ceiling: 0,
  'first-self-pay': 0,
  limit: 0,
  'yearly-counted': 0,
  deductible: 1,
  bands: 2,
  'daily-addition': 2,
  'yearly-payment': 2,
  fill: 2,
  quota: 2,
  account: 3,
};

/** The first step that comes too late to have its effect; undefined when the order makes sense. */
export function stepTooLate(
  steps: readonly Step[],
): { readonly index: number; readonly message: string } | undefined {
  for (const [index, { kind }] of steps.entries()) {
    const before = steps[index - 1];
    if (before === undefined || stages[kind] > stages[before.kind]) continue;
    const again = kind === 'account' && before.kind === 'account';
    if (stages[kind] < stages[before.kind] || again) {
      return { index, message: `${kind} comes too late: behind ${before.kind} it would have no effect` };
    }
  }
  return undefined;
}
