/** Time is injected everywhere: no part of Guitai reads the machine's clock or starts a timer by itself. */
export interface Clock {
  /** Wall clock, milliseconds since 1970-01-01 UTC. May jump back. */
  nowMs(): number;
  /** Monotonic milliseconds since an arbitrary start; never goes back while the process lives. */
  monotonicMs(): number;
  /** Calls `run` once after `delayMs`; the answer cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs` of the given clock. */
export function delay(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}
