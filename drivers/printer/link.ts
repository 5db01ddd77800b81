import type { Clock } from '#core/clock';
import type { Fault } from '#core/fault';
import { fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import {
  advance,
  beginExchange,
  type Effect,
  type Exchange,
  type InOrder,
  type Job,
  type Wait,
} from './exchange.ts';
import type { PrinterStatus } from './port.ts';

/** An open two-way line to a printer: a socket or a serial port. */
export interface ByteLink {
  /** Resolves when the bytes left this machine as far as it can tell; rejects when the line broke. */
  write(bytes: Uint8Array): Promise<void>;
  onReceived(listener: ((bytes: Uint8Array) => void) | undefined): void;
  onLost(listener: ((detail: string) => void) | undefined): void;
  /** Lets go after a clean exchange (a socket ends, a serial port may stay open). */
  release(): void;
  /** Drops the line at once after a failure. */
  destroy(): void;
}

/** Deadlines in milliseconds. */
export interface PrinterTimings {
  readonly connectMs: number;
  /** One status answer. */
  readonly answerMs: number;
  /** The whole slip handed to the line. */
  readonly transferMs: number;
  /** One of several waits for the in-order answer, between looks at the status: a long slip takes seconds. */
  readonly confirmMs: number;
}

export const usualTimings: PrinterTimings = {
  connectMs: 3_000,
  answerMs: 1_500,
  transferMs: 20_000,
  confirmMs: 3_000,
};

export interface Outcome {
  readonly result: Result<PrinterStatus, Fault>;
  readonly inOrder: InOrder;
}

/** Runs one exchange over an open link; always ends, because every wait has a deadline. Never rejects. */
export function runExchange(
  link: ByteLink,
  job: Job,
  clock: Clock,
  timings: PrinterTimings,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const first = beginExchange(job);
    let state: Exchange = first.next;
    let writes = 0;
    let cancelDeadline: () => void = () => undefined;
    const feed = (input: Parameters<typeof advance>[1]) => {
      const step = advance(state, input);
      state = step.next;
      perform(step.effect);
    };
    const perform = (effect: Effect) => {
      if (effect.kind === 'none') return;
      cancelDeadline();
      if (effect.kind === 'end') {
        link.onReceived(undefined);
        link.onLost(undefined);
        if (effect.result.ok || isKnownState(effect.result.error)) link.release();
        else link.destroy();
        resolve({ result: effect.result, inOrder: state.inOrder });
        return;
      }
      cancelDeadline = clock.after(deadlineMs(effect.wait, timings), () => feed({ kind: 'late' }));
      if (effect.kind === 'wait') return;
      writes += 1;
      const mine = writes;
      link.write(effect.bytes).then(
        () => {
          // A late "sent" of an earlier question must not pass for the slip's.
          if (mine === writes) feed({ kind: 'sent' });
        },
        (error: unknown) => feed({ kind: 'lost', detail: String(error) }),
      );
    };
    link.onReceived((bytes) => {
      for (const byte of bytes) feed({ kind: 'received', byte });
    });
    link.onLost((detail) => feed({ kind: 'lost', detail }));
    perform(first.effect);
  });
}

/** Bytes over a line whose other end answers nothing; from the first byte on a failure leaves the outcome open. */
export function handOver(
  link: ByteLink,
  bytes: Uint8Array,
  clock: Clock,
  transferMs: number,
): Promise<Result<void, Fault>> {
  if (bytes.length === 0) {
    link.release();
    return Promise.resolve(ok(undefined));
  }
  return new Promise((resolve) => {
    let isOver = false;
    const end = (problem: string | undefined) => {
      if (isOver) return;
      isOver = true;
      cancel();
      link.onLost(undefined);
      if (problem === undefined) link.release();
      else link.destroy();
      resolve(problem === undefined ? ok(undefined) : err(fault('printer-outcome-unknown', problem)));
    };
    const cancel = clock.after(transferMs, () => end('the line took no more bytes in time'));
    link.onLost((detail) => end(detail));
    link.write(bytes).then(
      () => end(undefined),
      (error: unknown) => end(String(error)),
    );
  });
}

/** The printer told us its state in full: the line itself is sound. */
function isKnownState(error: Fault): boolean {
  return error.code !== 'printer-outcome-unknown' && error.code !== 'printer-unreachable';
}

function deadlineMs(wait: Wait, timings: PrinterTimings): number {
  switch (wait) {
    case 'answer':
      return timings.answerMs;
    case 'transfer':
      return timings.transferMs;
    case 'confirm':
      return timings.confirmMs;
  }
}

/** `work`, or a transient fault when it has not ended after `deadlineMs`; `work` never rejects. */
export function withDeadline<T>(
  work: Promise<Result<T, Fault>>,
  clock: Clock,
  deadlineMs: number,
  detail: string,
): Promise<Result<T, Fault>> {
  return new Promise((resolve) => {
    const cancel = clock.after(deadlineMs, () => resolve(err(fault('printer-unreachable', detail))));
    void work.then((result) => {
      cancel();
      resolve(result);
    });
  });
}
