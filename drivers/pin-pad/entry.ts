import { type Fault, fault } from '#core/fault';
import { Pin } from '#core/pin';
import { err, ok, type Result } from '#core/result';
import type { PadOutcome } from './messages.ts';
import type { PinEntry } from './port.ts';

export type EndOfEntry = Result<PinEntry, Fault>;

/** One entry under way at the pad; it ends once. */
export class PadEntry {
  readonly number: number;
  readonly ended: Promise<EndOfEntry>;
  /** The terminal wants it no more: whatever the pad still sends is not even deciphered. */
  cancelled = false;
  over = false;
  #resolve: (end: EndOfEntry) => void = () => undefined;
  readonly #onEnd: () => void;

  constructor(number: number, onEnd: () => void) {
    this.number = number;
    this.#onEnd = onEnd;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  end(result: EndOfEntry): void {
    if (this.over) return;
    this.over = true;
    this.#onEnd();
    this.#resolve(result);
  }

  finish(outcome: PadOutcome, decipher: (secret: Uint8Array) => Uint8Array): void {
    if (this.cancelled) {
      this.end(err(fault('pin-pad-cancelled', 'by the terminal')));
      return;
    }
    switch (outcome.kind) {
      case 'block':
        this.end(ok({ kind: 'block', block: decipher(outcome.secret) }));
        return;
      case 'digits':
        this.end(digits(decipher(outcome.secret)));
        return;
      case 'cancelled':
        this.end(err(fault('pin-pad-cancelled', 'by the holder')));
        return;
      case 'timeout':
        this.end(err(fault('pin-pad-timeout')));
        return;
      case 'busy':
        this.end(err(fault('pin-pad-busy', 'says the pad')));
        return;
      case 'tampered':
        this.end(err(fault('pin-pad-tampered')));
    }
  }
}

/** Number of digits, digits, zeros: 16 bytes, wiped here. */
function digits(plain: Uint8Array): EndOfEntry {
  const count = plain[0] ?? 0;
  const fits = count <= 12 && plain.subarray(1 + count).every((byte) => byte === 0);
  // `fromAscii` wipes the digits where they lie, so no copy is made.
  const pin = fits ? Pin.fromAscii(plain.subarray(1, 1 + count)) : undefined;
  plain.fill(0);
  if (pin === undefined || !pin.ok) return err(fault('pin-pad-garbled', 'the digits cannot be read'));
  return ok({ kind: 'pin', pin: pin.value });
}
