import { z } from 'zod';
import type { AgencyFaultKind } from '#core/training';
import { breakableRelations } from './distort.ts';
import { type Infno, transactionPaths } from './paths.ts';

/** One entry for every kind of the training page: a missing one does not compile. */
const everyKind: Readonly<Record<AgencyFaultKind, true>> = {
  none: true,
  cut: true,
  delay: true,
  'lose-request': true,
  'lose-reply': true,
  'reply-twice': true,
  'late-after-reversal': true,
  garbage: true,
  'server-error': true,
  'wrong-sums': true,
  'wrong-clock': true,
};

export const faultKinds = Object.keys(everyKind) as [AgencyFaultKind, ...AgencyFaultKind[]];

const infnos = Object.keys(transactionPaths) as [Infno, ...Infno[]];

/** A fault as control asks for it. Times in ms. */
export const faultSchema = z.strictObject({
  kind: z.enum(faultKinds),
  /** Which transaction it meets; default every one, for `late-after-reversal` 2102. */
  transaction: z.enum(infnos).optional(),
  /** How many requests it meets; default until it is cleared. */
  count: z.int().min(1).max(1_000_000).optional(),
  /** `delay`: how long the answer waits (default 5000). `late-after-reversal`: how long after its 2601 (0). */
  delayMs: z.int().min(0).max(86_400_000).optional(),
  /**
   * Whether the request is processed before the fault. Defaults: `delay` true, `garbage` true,
   * `server-error` false. A `delay` with false keeps the request itself on its way.
   */
  processed: z.boolean().optional(),
  /** `garbage`: unreadable bytes, JSON that is no answer, half an answer, a connection cut inside the answer. */
  form: z.enum(['bytes', 'json', 'truncated', 'cut-off']).optional(),
  /** `wrong-sums`: which relation of section 11 breaks; default 1. */
  relation: z.enum(breakableRelations).optional(),
  /** `wrong-clock`: what is added to the answer's times; default one hour. */
  clockShiftMs: z.int().optional(),
});

export type AgencyFault = z.infer<typeof faultSchema>;

/** The faults that wait for requests, in the order they were set. */
export class FaultBoard {
  #waiting: { fault: AgencyFault; left: number }[] = [];

  add(fault: AgencyFault): void {
    this.#waiting.push({ fault, left: fault.count ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#waiting = [];
  }

  list(): AgencyFault[] {
    return this.#waiting.map(({ fault, left }) =>
      Number.isFinite(left) ? { ...fault, count: left } : fault,
    );
  }

  /** The first fault that meets this transaction; uses up one of its count. */
  take(infno: Infno): AgencyFault | undefined {
    const hit = this.#waiting.find(({ fault }) => meets(fault, infno));
    if (hit === undefined) return undefined;
    hit.left -= 1;
    if (hit.left <= 0) this.#waiting = this.#waiting.filter((each) => each !== hit);
    return hit.fault;
  }
}

function meets(fault: AgencyFault, infno: Infno): boolean {
  if (fault.kind === 'late-after-reversal') return infno === (fault.transaction ?? '2102');
  return fault.transaction === undefined || fault.transaction === infno;
}
