import type { Config } from '#core/config/schema';
import { type Fault, fault } from '#core/fault';
import { equalBytes } from '#core/hex';
import { Pin } from '#core/pin';
import { err, ok, type Result } from '#core/result';
import type { CardDesk, PinOutcome, PinScope } from '#drivers/card-reader/port';
import type { PinEntry, PinPadPort, PinPurpose } from '#drivers/pin-pad/port';

export interface PinDeskParts {
  readonly config: Config;
  readonly cardDesk: CardDesk;
  readonly pinPads: readonly PinPadPort[];
}

export interface PinProof {
  /** Typed on the keyboard, where that is allowed; wiped here. */
  readonly typed: Pin | undefined;
  /** Shown on the pad, `12.50`. */
  readonly amount?: string;
  /** The right must open the card's own money: the card has to see the PIN itself, in DF04. */
  readonly forPurchase: boolean;
}

/**
 * Where PINs are asked for: on the first pad that is ready, or typed where the shop's configuration says so.
 * Every PIN that came here is wiped before the call answers.
 */
export class PinDesk {
  readonly #parts: PinDeskParts;
  readonly #onChange: () => void;
  #asking: PinPadPort | undefined;

  constructor(parts: PinDeskParts, onChange: () => void) {
    this.#parts = parts;
    this.#onChange = onChange;
  }

  /** Whether a pad waits for the holder now. */
  waiting(): boolean {
    return this.#asking !== undefined;
  }

  /** Ends an entry under way; the call that waits for it answers `pin-pad-cancelled`. */
  async cancel(): Promise<void> {
    await this.#asking?.cancel();
  }

  /** A typed PIN becomes one that is never text again. Fault `pin-not-by-keyboard` where only the pad may. */
  typed(digits: string | undefined): Result<Pin | undefined, Fault> {
    if (digits === undefined || digits === '') return ok(undefined);
    if (this.#parts.config.pin.entry !== 'keyboard') return err(fault('pin-not-by-keyboard'));
    return Pin.fromAscii(Uint8Array.from(Buffer.from(digits, 'latin1')));
  }

  /** The holder proves the PIN on the card. A wrong one says in `detail` how many tries are left. */
  async prove({ typed, amount, forPurchase }: PinProof): Promise<Result<void, Fault>> {
    try {
      const scope = await this.#scope();
      if (!scope.ok) return scope;
      if (typed !== undefined) return done(await this.#verify(typed, scope.value));
      const challenge = forPurchase ? undefined : await this.#challenge();
      const entry = await this.#enter('verify', amount, challenge);
      if (!entry.ok) return entry;
      if (entry.value.kind === 'block') return done(await this.#verifyBlock(entry.value.block));
      return done(await this.#verify(entry.value.pin, scope.value));
    } finally {
      typed?.wipe();
    }
  }

  /** The holder changes the PIN: old, new, and new again on the pad; or both typed. */
  async change(
    digits: { readonly old: string; readonly replacement: string } | undefined,
  ): Promise<Result<void, Fault>> {
    const pins: Pin[] = [];
    try {
      const asked = digits === undefined ? await this.#threeEntries(pins) : this.#typedPair(digits, pins);
      if (!asked.ok) return asked;
      const changed = await this.#parts.cardDesk.changePin(asked.value.old, asked.value.replacement);
      return done(changed);
    } finally {
      for (const pin of pins) pin.wipe();
    }
  }

  #typedPair(
    digits: { readonly old: string; readonly replacement: string },
    pins: Pin[],
  ): Result<{ old: Pin; replacement: Pin }, Fault> {
    const old = this.typed(digits.old);
    if (old.ok && old.value !== undefined) pins.push(old.value);
    const replacement = this.typed(digits.replacement);
    if (replacement.ok && replacement.value !== undefined) pins.push(replacement.value);
    if (!old.ok) return old;
    if (!replacement.ok) return replacement;
    if (old.value === undefined || replacement.value === undefined) return err(fault('card-pin-malformed'));
    return ok({ old: old.value, replacement: replacement.value });
  }

  async #threeEntries(pins: Pin[]): Promise<Result<{ old: Pin; replacement: Pin }, Fault>> {
    for (const purpose of ['old', 'new', 'new-again'] as const) {
      const entry = await this.#enter(purpose);
      if (!entry.ok) return entry;
      // Without a challenge there is nothing a pad could have enciphered.
      if (entry.value.kind !== 'pin') return err(fault('pin-pad-garbled'));
      pins.push(entry.value.pin);
    }
    const [old, replacement, again] = pins;
    if (old === undefined || replacement === undefined || again === undefined)
      throw new Error('three entries give three PINs');
    if (!equalBytes(replacement.bytes(), again.bytes())) return err(fault('pin-again-differs'));
    return ok({ old, replacement });
  }

  /** A card without DF04 has its PIN in the environment; one without a PIN proves nobody. */
  async #scope(): Promise<Result<PinScope, Fault>> {
    for (const scope of ['medical', 'environment'] as const) {
      const state = await this.#parts.cardDesk.pinState(scope);
      if (!state.ok) {
        if (scope === 'medical' && state.error.code === 'card-medical-none') continue;
        return state;
      }
      if (state.value.kind === 'locked') return err(state.value.fault);
      return state.value.kind === 'none' ? err(fault('offline-pin-missing')) : ok(scope);
    }
    return err(fault('offline-pin-missing'));
  }

  /** Where the card takes an enciphered PIN, the pad makes it and the PIN never comes here. */
  async #challenge(): Promise<Uint8Array | undefined> {
    if (this.#readyPad() === undefined) return undefined;
    const challenge = await this.#parts.cardDesk.pinChallenge();
    return challenge.ok ? challenge.value : undefined;
  }

  async #enter(
    purpose: PinPurpose,
    amount?: string,
    challenge?: Uint8Array,
  ): Promise<Result<PinEntry, Fault>> {
    const { config } = this.#parts;
    const pad = this.#readyPad();
    if (pad === undefined) {
      // Where PINs are typed nothing was; where they are not, the pad is what is missing.
      const typed = config.pin.entry === 'keyboard' && purpose === 'verify';
      return err(fault(typed ? 'offline-pin-missing' : 'pin-pad-missing'));
    }
    this.#asking = pad;
    const entry = pad.enterPin({
      purpose,
      timeoutMs: config.pin.timeout_ms,
      ...(amount === undefined ? {} : { amount }),
      ...(challenge === undefined ? {} : { challenge }),
    });
    // Told only now: whoever hears of it may cancel at once.
    this.#onChange();
    try {
      return await entry;
    } finally {
      this.#asking = undefined;
      this.#onChange();
    }
  }

  #readyPad(): PinPadPort | undefined {
    return this.#parts.pinPads.find((pad) => pad.state().kind === 'ready');
  }

  async #verify(pin: Pin, scope: PinScope): Promise<Result<PinOutcome, Fault>> {
    try {
      return await this.#parts.cardDesk.verifyPin(pin, scope);
    } finally {
      pin.wipe();
    }
  }

  async #verifyBlock(block: Uint8Array): Promise<Result<PinOutcome, Fault>> {
    try {
      return await this.#parts.cardDesk.verifyPinBlock(block);
    } finally {
      block.fill(0);
    }
  }
}

function done(outcome: Result<PinOutcome, Fault>): Result<void, Fault> {
  if (!outcome.ok) return outcome;
  return outcome.value.kind === 'ok' ? ok(undefined) : err(outcome.value.fault);
}
