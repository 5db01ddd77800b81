import type { Clock } from '#core/clock';

/** How far the queue is, for a bar with count, rate and time left. */
export interface UploadProgress {
  /** Sales that were waiting when this run began, and those that came since. */
  readonly total: number;
  /** Of them no longer waiting, accepted or not. */
  readonly done: number;
  readonly perMinute: number;
  /** Estimate, absent before the first one is through. */
  readonly leftMs?: number;
}

/** One run of the queue, from the first upload after a standstill to the next standstill. */
export class UploadRun {
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  #done = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAtMs = clock.monotonicMs();
  }

  finished(): void {
    this.#done += 1;
  }

  progress(waiting: number): UploadProgress {
    const done = this.#done;
    const total = done + waiting;
    const tookMs = Math.max(1, this.#clock.monotonicMs() - this.#startedAtMs);
    const perMinute = Math.round((done * 60_000) / tookMs);
    return {
      total,
      done,
      perMinute,
      ...(done === 0 ? {} : { leftMs: Math.round((waiting * tookMs) / done) }),
    };
  }
}
