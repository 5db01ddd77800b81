import { inspect } from 'node:util';
import { type Fault, fault } from './fault.ts';
import { err, ok, type Result } from './result.ts';

const ZERO = 0x30;

/**
 * A card PIN (个人密码) on its way from pad to card: in a buffer of its own, never in a string, wiped after
 * use. It prints, logs and serialises as nothing.
 */
export class Pin {
  readonly #bytes: Uint8Array;
  #wiped = false;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /**
   * From ASCII digits, 4 to 12 of them, as a pad sends them; `ascii` is wiped. Stored as the card wants it:
   * BCD, low nibble F in the last byte when the count is odd (card reference 3). Fault `card-pin-malformed`.
   */
  static fromAscii(ascii: Uint8Array): Result<Pin, Fault> {
    const fits = ascii.length >= 4 && ascii.length <= 12;
    const areDigits = ascii.every((byte) => byte >= ZERO && byte <= ZERO + 9);
    if (!fits || !areDigits) {
      ascii.fill(0);
      return err(fault('card-pin-malformed'));
    }
    const bytes = new Uint8Array(Math.ceil(ascii.length / 2));
    for (let index = 0; index < bytes.length; index += 1) {
      const high = (ascii[2 * index] ?? ZERO) - ZERO;
      const second = ascii[2 * index + 1];
      bytes[index] = (high << 4) | (second === undefined ? 0x0f : second - ZERO);
    }
    ascii.fill(0);
    return ok(new Pin(bytes));
  }

  /** BCD bytes for the card; the caller wipes every copy that it makes. Throws after `wipe`. */
  bytes(): Uint8Array {
    if (this.#wiped) throw new Error('this PIN was wiped');
    return this.#bytes;
  }

  wipe(): void {
    this.#bytes.fill(0);
    this.#wiped = true;
  }

  toJSON(): string {
    return '[PIN]';
  }

  toString(): string {
    return '[PIN]';
  }

  [inspect.custom](): string {
    return '[PIN]';
  }
}
