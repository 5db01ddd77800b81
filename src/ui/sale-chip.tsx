import type { QueueRow, SaleSummary } from '#server/api-types';
import { first, SECOND, second } from './language.ts';
import { texts } from './texts.ts';

const WORDS = {
  open: texts.stateOpen,
  held: texts.stateHeld,
  committing: texts.stateCommitting,
  unknown: texts.stateUnknown,
  suspense: texts.stateSuspense,
  disputed: texts.stateDisputed,
  done: texts.stateDone,
  queued: texts.stateQueued,
  rejected: texts.stateRejected,
  refused: texts.stateRefused,
  abandoned: texts.stateAbandoned,
  cancelled: texts.stateCancelled,
  sending: texts.stateSending,
  accepted: texts.stateAccepted,
  adjusted: texts.stateAdjusted,
  ambiguous: texts.stateAmbiguous,
  carried: texts.stateCarried,
} as const;

const TONES: Partial<Record<keyof typeof WORDS, string>> = {
  unknown: 'unknown',
  suspense: 'unknown',
  ambiguous: 'unknown',
  disputed: 'unknown',
  rejected: 'bad',
  queued: 'warn',
  carried: 'warn',
  done: 'ok',
  accepted: 'ok',
};

/** Where a sale stands, in words and colour. */
export function SaleChip({ state }: { state: SaleSummary['state'] | QueueRow['state'] }) {
  return (
    <span class={`chip ${TONES[state] ?? 'idle'}`} data-state={state}>
      {first(WORDS[state])} <small lang={SECOND}>{second(WORDS[state])}</small>
    </span>
  );
}
