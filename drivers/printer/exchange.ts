import { unreachable } from '#core/assert';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { PrinterStatus } from './port.ts';
import {
  decodeStatus,
  inOrderRequest,
  isInOrderByte,
  isStatusByte,
  notReady,
  statusKinds,
  statusRequest,
} from './status.ts';

/**
 * One conversation with a printer as a pure reducer: bytes and events in, next effect out. Order of a print:
 * status (DLE EOT 1..4) → can it answer in order? (GS r 1) → slip → GS r 1 again, which is answered only when
 * the slip was worked off → status again, which decides. Until the first byte of the slip nothing has
 * happened and faults are transient; from then on only a clean end says that the slip is printed.
 */
export type Job =
  | { readonly kind: 'status' }
  | { readonly kind: 'print'; readonly bytes: Uint8Array; readonly inOrder: InOrder }
  /** Drawer or buzzer: puts nothing on paper. `now` = what does it in real time while paper or cover stop the rest. */
  | {
      readonly kind: 'signal';
      readonly bytes: Uint8Array;
      readonly now: Uint8Array | undefined;
      readonly inOrder: InOrder;
    };

/** Whether this printer answers GS r 1; `untried` asks it once. */
export type InOrder = 'untried' | 'yes' | 'no';

export type Phase = 'before' | 'trying' | 'sending' | 'confirming' | 'checking' | 'after' | 'ended';

/** How often a slow printer is asked for its state while it works off a slip, before we give up. */
export const confirmRounds = 6;

export interface Exchange {
  readonly job: Job;
  readonly phase: Phase;
  readonly answers: readonly number[];
  readonly inOrder: InOrder;
  /** Waits for the in-order answer so far. */
  readonly rounds: number;
}

export type Input =
  | { readonly kind: 'received'; readonly byte: number }
  /** The last written bytes were handed over. */
  | { readonly kind: 'sent' }
  | { readonly kind: 'lost'; readonly detail: string }
  /** The deadline of the last effect passed. */
  | { readonly kind: 'late' };

export type Wait = 'answer' | 'transfer' | 'confirm';

export type Effect =
  | { readonly kind: 'write'; readonly bytes: Uint8Array; readonly wait: Wait }
  | { readonly kind: 'wait'; readonly wait: Wait }
  | { readonly kind: 'none' }
  | { readonly kind: 'end'; readonly result: Result<PrinterStatus, Fault> };

export interface Step {
  readonly next: Exchange;
  readonly effect: Effect;
}

export function beginExchange(job: Job): Step {
  const inOrder = job.kind === 'status' ? 'no' : job.inOrder;
  return askNext({ job, phase: 'before', answers: [], inOrder, rounds: 0 });
}

export function advance(now: Exchange, input: Input): Step {
  if (now.phase === 'ended') return stay(now);
  switch (input.kind) {
    case 'lost':
      return ended(now, broken(now, input.detail));
    case 'late':
      return late(now);
    case 'sent':
      return now.phase === 'sending' ? confirm(now) : stay(now);
    case 'received':
      return received(now, input.byte);
    default:
      return unreachable(input, 'printer input');
  }
}

function received(now: Exchange, byte: number): Step {
  switch (now.phase) {
    case 'before':
    case 'after':
      if (!isStatusByte(byte)) return stay(now);
      return askNext({ ...now, answers: [...now.answers, byte] });
    case 'trying':
      return isInOrderByte(byte) ? send({ ...now, inOrder: 'yes' }) : stay(now);
    case 'confirming':
      return isInOrderByte(byte) ? askNext({ ...now, phase: 'after', answers: [] }) : stay(now);
    case 'checking':
      if (isInOrderByte(byte)) return askNext({ ...now, phase: 'after', answers: [] });
      if (!isStatusByte(byte)) return stay(now);
      return askNext({ ...now, answers: [...now.answers, byte] });
    case 'sending':
    case 'ended':
      return stay(now);
    default:
      return unreachable(now.phase, 'printer phase');
  }
}

/** The next DLE EOT question, or, after the fourth answer, what the status means for the job. */
function askNext(now: Exchange): Step {
  const kind = statusKinds[now.answers.length];
  if (kind !== undefined) {
    return { next: now, effect: { kind: 'write', bytes: statusRequest(kind), wait: 'answer' } };
  }
  const status = decodeStatus(now.answers);
  if (!status.ok) return ended(now, broken(now, 'status cannot be read'));
  if (now.job.kind === 'status') return ended(now, status);
  const why = notReady(status.value);
  // Whatever it lacks by now, a signal that was worked off is done.
  if (now.job.kind === 'signal' && now.phase === 'after') return ended(now, status);
  if (now.phase === 'after' || now.phase === 'checking') {
    if (why !== undefined) return ended(now, err(fault('printer-outcome-unknown', why.code)));
    return now.phase === 'after' ? ended(now, status) : goOnWaiting(now);
  }
  if (why !== undefined) return sendNow(now, why);
  if (now.job.kind === 'signal') return send(now);
  if (now.inOrder !== 'untried') return send(now);
  return {
    next: { ...now, phase: 'trying' },
    effect: { kind: 'write', bytes: inOrderRequest, wait: 'answer' },
  };
}

/** The printer takes no slip: a signal that needs no paper may still be given in real time. */
function sendNow(now: Exchange, why: Fault): Step {
  const inRealTime = now.job.kind === 'signal' ? now.job.now : undefined;
  if (inRealTime === undefined || why.code === 'printer-fault') return ended(now, err(why));
  return {
    // Nothing that waits in the buffer is answered before paper or cover are in order.
    next: { ...now, phase: 'sending', inOrder: 'no' },
    effect: { kind: 'write', bytes: inRealTime, wait: 'transfer' },
  };
}

function send(now: Exchange): Step {
  const bytes = now.job.kind === 'status' ? new Uint8Array() : now.job.bytes;
  return { next: { ...now, phase: 'sending' }, effect: { kind: 'write', bytes, wait: 'transfer' } };
}

function confirm(now: Exchange): Step {
  if (now.inOrder !== 'yes') return askNext({ ...now, phase: 'after', answers: [] });
  return {
    next: { ...now, phase: 'confirming' },
    effect: { kind: 'write', bytes: inOrderRequest, wait: 'confirm' },
  };
}

/** The printer is well and still busy with the slip. */
function goOnWaiting(now: Exchange): Step {
  return {
    next: { ...now, phase: 'confirming', answers: [], rounds: now.rounds + 1 },
    effect: { kind: 'wait', wait: 'confirm' },
  };
}

function late(now: Exchange): Step {
  // Paper may have run out under the slip: the in-order answer then never comes, but the state says why.
  if (now.phase === 'confirming' && now.rounds < confirmRounds) {
    return askNext({ ...now, phase: 'checking', answers: [] });
  }
  // A printer that does not know GS r is not broken: the status alone then decides.
  if (now.phase === 'trying') return send({ ...now, inOrder: 'no' });
  return ended(now, broken(now, `no answer while ${now.phase}`));
}

function broken(now: Exchange, detail: string): Result<never, Fault> {
  const begun = now.phase !== 'before' && now.phase !== 'trying';
  return err(fault(begun ? 'printer-outcome-unknown' : 'printer-unreachable', detail));
}

function ended(now: Exchange, result: Result<PrinterStatus, Fault>): Step {
  return { next: { ...now, phase: 'ended' }, effect: { kind: 'end', result } };
}

function stay(now: Exchange): Step {
  return { next: now, effect: { kind: 'none' } };
}

/** For callers that print: the status after a clean print is of no further use. */
export function printed(result: Result<PrinterStatus, Fault>): Result<void, Fault> {
  return result.ok ? ok(undefined) : result;
}
