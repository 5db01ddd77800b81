import type { Clock } from '#core/clock';

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
  handle: NodeJS.Timeout;
}

/**
 * Time that runs as on any machine, so that real sockets can be waited for, and now and then leaps ahead: days pass in
 * a moment, and what fell due meanwhile runs at once.
 */
export class JumpClock implements Clock {
  #aheadMs: number;
  #order = 0;
  readonly #timers = new Map<number, Timer>();

  constructor(startMs: number) {
    this.#aheadMs = startMs - performance.now();
  }

  nowMs(): number {
    return Math.floor(this.monotonicMs());
  }

  monotonicMs(): number {
    return performance.now() + this.#aheadMs;
  }

  after(delayMs: number, run: () => void): () => void {
    this.#order += 1;
    const id = this.#order;
    const timer = { dueMs: this.monotonicMs() + Math.max(0, delayMs), run, handle: this.#arm(id, delayMs) };
    this.#timers.set(id, timer);
    return () => {
      clearTimeout(this.#timers.get(id)?.handle);
      this.#timers.delete(id);
    };
  }

  leap(byMs: number): void {
    this.#aheadMs += byMs;
    for (const [id, timer] of this.#timers) {
      clearTimeout(timer.handle);
      timer.handle = this.#arm(id, timer.dueMs - this.monotonicMs());
    }
  }

  #arm(id: number, delayMs: number): NodeJS.Timeout {
    return setTimeout(
      () => {
        const timer = this.#timers.get(id);
        this.#timers.delete(id);
        timer?.run();
      },
      Math.max(0, delayMs),
    );
  }
}
