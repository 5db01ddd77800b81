import type { Clock } from '#core/clock';

/** As long as this a quote at the counter keeps other money of the same person waiting, ms. */
const HOLD_MS = 120_000;
/** As long as this a question waits for money of the same person that is on its way, ms. */
const QUIET_MS = 3_000;

interface Held {
  readonly personNumber: string;
  readonly sinceMs: number;
  /** Money of the person began to move, or was answered, since the agency was asked who pays. */
  isDisturbed: boolean;
  keptWaiting: boolean;
}

/**
 * Money of one insured person (参保人) moves in one conversation of this till at a time. A reversal, an upload or a
 * cancellation between the trial of a sale (2101) and its settlement (2102) changes deductible, limits and balance: the
 * settlement would come with other sums than the customer was told and paid.
 */
export class PersonTurns {
  readonly #clock: Clock;
  readonly #onTheWay = new Map<string, Set<Promise<unknown>>>();
  #held: Held | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Money of this person is on its way until `work` has ended; answers what it answers. */
  async during<T>(personNumber: string, work: () => Promise<T>): Promise<T> {
    this.#moved(personNumber);
    const going = work();
    const all = this.#onTheWay.get(personNumber) ?? new Set();
    this.#onTheWay.set(personNumber, all.add(going));
    try {
      return await going;
    } finally {
      all.delete(going);
      if (all.size === 0) this.#onTheWay.delete(personNumber);
      this.#moved(personNumber);
    }
  }

  /**
   * The counter is about to ask who pays for this person's basket: what would run by itself waits from now on. Resolves
   * when what is on its way was answered, or when the customer would wait too long for it.
   */
  async hold(personNumber: string): Promise<void> {
    const keptWaiting = this.#held?.keptWaiting ?? false;
    const held = { personNumber, sinceMs: this.#clock.monotonicMs(), isDisturbed: false, keptWaiting };
    this.#held = held;
    const going = this.#onTheWay.get(personNumber);
    if (going === undefined) return;
    await this.#answered([...going]);
    held.isDisturbed = false;
  }

  /** The counter has paid, or given its quote up. Answers whether something was kept waiting for it. */
  release(): boolean {
    const waited = this.#held?.keptWaiting ?? false;
    this.#held = undefined;
    return waited;
  }

  /** Whether the person's money has moved since the counter asked: its quote is no longer what would be settled. */
  isDisturbed(personNumber: string): boolean {
    return this.#held?.personNumber === personNumber && this.#held.isDisturbed;
  }

  /** Whether money of this person that would move by itself has to wait for the counter. */
  mustWait(personNumber: () => string | undefined): boolean {
    const held = this.#held;
    // A quote that nobody takes up must not keep a reversal waiting for ever.
    if (held === undefined || this.#clock.monotonicMs() >= held.sinceMs + HOLD_MS) return false;
    if (personNumber() !== held.personNumber) return false;
    held.keptWaiting = true;
    return true;
  }

  #moved(personNumber: string): void {
    if (this.#held?.personNumber === personNumber) this.#held.isDisturbed = true;
  }

  #answered(going: readonly Promise<unknown>[]): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(QUIET_MS, resolve);
      void Promise.allSettled(going).then(() => {
        cancel();
        resolve();
      });
    });
  }
}
