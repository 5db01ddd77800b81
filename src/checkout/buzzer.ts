import type { CheckoutParts } from './parts.ts';

/** Sounds closer together than this are one. */
const APART_MS = 1_500;

/**
 * The buzzer (蜂鸣器) for a cashier who looks at goods and not at the screen: a scan that was refused, a card
 * that was refused, an outcome that is not known. Silent unless the shop names a device; never waited for.
 */
export class Buzzer {
  readonly #parts: Pick<CheckoutParts, 'config' | 'clock' | 'printer'>;
  #lastMs = Number.NEGATIVE_INFINITY;
  #troubled = false;

  constructor(parts: Pick<CheckoutParts, 'config' | 'clock' | 'printer'>) {
    this.#parts = parts;
  }

  /** Told after every change of the counter; sounds once when trouble begins. */
  watch(state: { readonly outcomeUnknown: boolean; readonly holderRefused: boolean }): void {
    const troubled = state.outcomeUnknown || state.holderRefused;
    if (troubled && !this.#troubled) this.sound();
    this.#troubled = troubled;
  }

  sound(): void {
    const { config, clock, printer } = this.#parts;
    if (config.buzzer.device !== 'printer' || printer === undefined) return;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#lastMs < APART_MS) return;
    this.#lastMs = nowMs;
    void printer.beep();
  }
}
