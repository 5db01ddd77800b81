import type { AgencyOutcome } from '#agency/port';
import type { Clock } from '#core/clock';

export interface PaceOptions {
  /** 0 ≤ value < 1; for jitter only. */
  readonly random: () => number;
  /** After an outage the queue begins at a random moment within this time: a village has many terminals. */
  readonly uploadRandomStartMs: number;
  /** After so many uploads the agency gets a pause. */
  readonly uploadBatch: number;
  readonly uploadPauseMs: number;
}

/**
 * When and how many at once the terminal may ask of the agency in the background: a random start after an outage,
 * one careful try before many (half-open), pauses between batches, and the wait that the agency asks for itself.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #options: PaceOptions;
  #usable = true;
  /** Nothing has been answered since the link came back. */
  #careful = false;
  /** Somebody pressed the key while the agency was out of reach: the link that comes back is made use of at once. */
  #asked = false;
  #inBatch = 0;
  #startAtMs = 0;
  #pausedUntilMs = 0;
  #toldUntilMs = 0;

  constructor(clock: Clock, options: PaceOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  /** Looked at before anything is begun. */
  link(usable: boolean): void {
    if (usable === this.#usable) return;
    this.#usable = usable;
    if (!usable) return;
    this.#careful = true;
    const { random, uploadRandomStartMs } = this.#options;
    const waitMs = this.#asked ? 0 : Math.floor(random() * uploadRandomStartMs);
    this.#asked = false;
    this.#startAtMs = this.#clock.monotonicMs() + waitMs;
  }

  /** A person asks for it: no random start, but whatever the agency asked for itself still counts. */
  byHand(): void {
    this.#asked = !this.#usable;
    this.#startAtMs = 0;
    this.#pausedUntilMs = 0;
  }

  began(): void {
    this.#inBatch += 1;
    if (this.#inBatch < this.#options.uploadBatch) return;
    this.#inBatch = 0;
    this.#pausedUntilMs = this.#clock.monotonicMs() + this.#options.uploadPauseMs;
  }

  /** Every outcome teaches something, of uploads and of reversals. */
  learned(outcome: AgencyOutcome<unknown>): void {
    if (outcome.kind !== 'unknown') {
      this.#careful = false;
      return;
    }
    this.#careful = true;
    if (outcome.retryAfterMs === undefined) return;
    this.#toldUntilMs = Math.max(this.#toldUntilMs, this.#clock.monotonicMs() + outcome.retryAfterMs);
  }

  /** Milliseconds that the agency still wants to be left alone. */
  toldMs(): number {
    return Math.max(0, this.#toldUntilMs - this.#clock.monotonicMs());
  }

  /** Milliseconds until the next upload may begin. */
  waitMs(): number {
    const until = Math.max(this.#startAtMs, this.#pausedUntilMs, this.#toldUntilMs);
    return Math.max(0, until - this.#clock.monotonicMs());
  }

  /** How many uploads may run at once now. */
  atOnce(most: number): number {
    return this.#careful ? 1 : most;
  }
}
