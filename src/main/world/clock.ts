import type { Clock } from '#core/clock';

/** How much of a wait is lived through timer by timer. */
const WATCHED_MS = 6_000;

interface Timer {
  readonly dueMs: number;
  /** Of the world outside: it runs on time whatever the till's machine does. */
  readonly isOutside: boolean;
  readonly run: () => void;
}

/**
 * Time of a world. True time is the agency's; the till's wall clock may stand wrong. Nothing moves by itself:
 * `advance` runs what falls due in between, `leap` is a machine that sleeps or is switched off.
 */
export class WorldClock {
  #trueMs: number;
  #skewMs = 0;
  #monotonicMs = 0;
  #order = 0;
  readonly #timers = new Map<number, Timer>();

  constructor(startMs: number) {
    this.#trueMs = startMs;
  }

  /** Clock of everybody outside the till. */
  readonly outside: Clock = {
    nowMs: () => this.#trueMs,
    monotonicMs: () => this.#monotonicMs,
    after: (delayMs, run) => this.#after(delayMs, true, run),
  };

  /** Clock of one run of the till's program; its timers end with it. */
  process(isAlive: () => boolean): Clock {
    return {
      nowMs: () => this.tillMs(),
      monotonicMs: () => this.#monotonicMs,
      after: (delayMs, run) =>
        this.#after(delayMs, false, () => {
          if (isAlive()) run();
        }),
    };
  }

  trueMs(): number {
    return this.#trueMs;
  }

  tillMs(): number {
    return this.#trueMs + this.#skewMs;
  }

  /** Somebody, or a time server, sets the till's clock. */
  setTillWrong(byMs: number): void {
    this.#skewMs = byMs;
  }

  setTillRight(): void {
    this.#skewMs = 0;
  }

  /** Milliseconds until the next timer, or undefined when none runs. */
  nextInMs(): number | undefined {
    const next = this.#next(Number.POSITIVE_INFINITY);
    return next === undefined ? undefined : Math.max(0, next.timer.dueMs - this.#monotonicMs);
  }

  async advance(byMs: number): Promise<void> {
    const endMs = this.#monotonicMs + byMs;
    for (;;) {
      const next = this.#next(endMs);
      if (next === undefined) break;
      this.#moveTo(next.timer.dueMs);
      this.#timers.delete(next.id);
      next.timer.run();
      await settle();
    }
    this.#moveTo(endMs);
  }

  /** The till's machine sleeps: what fell due in it meanwhile runs late, once, at the next `advance`. */
  leap(byMs: number): void {
    const endMs = this.#monotonicMs + byMs;
    for (;;) {
      const next = this.#next(endMs, true);
      if (next === undefined) break;
      this.#moveTo(next.timer.dueMs);
      this.#timers.delete(next.id);
      next.timer.run();
    }
    this.#moveTo(endMs);
  }

  /**
   * Waits as on a machine that is busy with other things: what falls due on the way runs late, then the last
   * seconds run as they should. A till looks at its open work every two seconds; a world need not.
   */
  async wait(ms: number): Promise<void> {
    const watchedMs = Math.min(ms, WATCHED_MS);
    this.leap(ms - watchedMs);
    await this.advance(watchedMs);
  }

  #after(delayMs: number, isOutside: boolean, run: () => void): () => void {
    this.#order += 1;
    const id = this.#order;
    this.#timers.set(id, { dueMs: this.#monotonicMs + Math.max(0, Math.ceil(delayMs)), isOutside, run });
    return () => {
      this.#timers.delete(id);
    };
  }

  #moveTo(monotonicMs: number): void {
    const stepMs = Math.max(0, monotonicMs - this.#monotonicMs);
    this.#monotonicMs += stepMs;
    this.#trueMs += stepMs;
  }

  #next(endMs: number, onlyOutside = false): { readonly id: number; readonly timer: Timer } | undefined {
    let best: { readonly id: number; readonly timer: Timer } | undefined;
    for (const [id, timer] of this.#timers)
      if (timer.dueMs <= endMs && (timer.isOutside || !onlyOutside))
        if (best === undefined || timer.dueMs < best.timer.dueMs) best = { id, timer };
    return best;
  }
}

/** Lets every promise callback run that can run without a clock. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
