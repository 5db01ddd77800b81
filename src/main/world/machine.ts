/** Thrown inside a till whose machine has lost its power: nothing that it does reaches anything any more. */
export class Crashed extends Error {
  override readonly name = 'Crashed';
}

/** Where the power goes: before an effect, after it and before anybody hears of it, or in the middle of a write. */
export interface CrashPlan {
  /** Counted from 1 over the effects (writes, messages, slips, card commands) of one step. */
  readonly at: number;
  readonly how: 'before' | 'after' | 'torn';
}

/** The machine on which one run of the till lives: counts its effects, and dies where the plan says. */
export class Machine {
  #isAlive = true;
  #count = 0;
  #plan: CrashPlan | undefined;
  readonly #onDeath: (where: string, how: CrashPlan['how']) => void;

  /** `onDeath` is told at once, while the files are as the last write left them. */
  constructor(onDeath: (where: string, how: CrashPlan['how']) => void) {
    this.#onDeath = onDeath;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  plan(plan: CrashPlan | undefined): void {
    this.#count = 0;
    this.#plan = plan;
  }

  check(): void {
    if (!this.#isAlive) throw new Crashed('the power is gone');
  }

  /** How the coming effect is cut off, if it is; counts it. */
  next(): CrashPlan['how'] | undefined {
    this.check();
    this.#count += 1;
    return this.#plan?.at === this.#count ? this.#plan.how : undefined;
  }

  die(where: string, how: CrashPlan['how']): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#onDeath(where, how);
  }

  /** The program has ended in good order: nothing of it runs on. */
  end(): void {
    this.#isAlive = false;
  }
}
