import type { Clock } from './clock.ts';

/** A clock that moves only when told to: for tests, simulations and replays. */
export class ManualClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  #order = 0;
  readonly #timers = new Map<number, { dueMs: number; run: () => void }>();

  constructor(wallMs: number) {
    this.#wallMs = wallMs;
  }

  nowMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(delayMs: number, run: () => void): () => void {
    this.#order += 1;
    const id = this.#order;
    this.#timers.set(id, { dueMs: this.#monotonicMs + Math.max(0, delayMs), run });
    return () => {
      this.#timers.delete(id);
    };
  }

  /** Sets the wall clock only, as an operator or a time server does; timers are not touched. */
  setWall(wallMs: number): void {
    this.#wallMs = wallMs;
  }

  /** Moves both clocks on and runs the timers that fall due, in order; lets promises settle in between. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.#monotonicMs + byMs;
    for (;;) {
      const next = this.#nextDue(endMs);
      if (next === undefined) break;
      this.#moveTo(next.dueMs);
      this.#timers.delete(next.id);
      next.run();
      await settle();
    }
    this.#moveTo(endMs);
    await settle();
  }

  #moveTo(monotonicMs: number): void {
    const stepMs = Math.max(0, monotonicMs - this.#monotonicMs);
    this.#monotonicMs += stepMs;
    this.#wallMs += stepMs;
  }

  #nextDue(endMs: number): { id: number; dueMs: number; run: () => void } | undefined {
    let best: { id: number; dueMs: number; run: () => void } | undefined;
    for (const [id, timer] of this.#timers) {
      if (timer.dueMs > endMs) continue;
      if (best === undefined || timer.dueMs < best.dueMs) best = { id, ...timer };
    }
    return best;
  }
}

/** Lets pending promise callbacks and already queued I/O callbacks run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}
