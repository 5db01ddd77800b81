import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { concatBytes } from '#core/hex';

/** Keys and secured payloads of PROTOCOL.md sections 2 and 3. */
export type Direction = 'terminal' | 'pad';

const MARK: Readonly<Record<Direction, number>> = { terminal: 0x54, pad: 0x50 };
const MAC_BYTES = 16;

export interface SessionKeys {
  readonly cipherKey: Uint8Array;
  readonly macKey: Uint8Array;
}

export function deriveKeys(
  transportKey: Uint8Array,
  terminalRandom: Uint8Array,
  padRandom: Uint8Array,
): SessionKeys {
  const derive = (use: number) =>
    hmac(transportKey, concatBytes(Uint8Array.of(use), terminalRandom, padRandom));
  const cipher = derive(1);
  // A copy: `slice` of a Buffer would be wiped along with it.
  const cipherKey = Uint8Array.from(cipher.subarray(0, 16));
  cipher.fill(0);
  return { cipherKey, macKey: derive(2) };
}

/** First three bytes of the transport key over zeros: tells whether both sides hold the same key. */
export function keyCheckValue(transportKey: Uint8Array): Uint8Array {
  const cipher = createCipheriv('sm4-ecb', transportKey, null);
  cipher.setAutoPadding(false);
  return Uint8Array.from(cipher.update(new Uint8Array(16)).subarray(0, 3));
}

export function mac(keys: SessionKeys, ...parts: readonly Uint8Array[]): Uint8Array {
  return hmac(keys.macKey, concatBytes(...parts)).slice(0, MAC_BYTES);
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A body whose counter and MAC are right. */
export interface OpenedBody {
  readonly counter: number;
  readonly body: Uint8Array;
}

/** One session's secured payloads as seen by the terminal: a payload is accepted once and in its turn only. */
export class SecureChannel {
  readonly #keys: SessionKeys;
  #sent = 0;
  #received = 0;

  constructor(keys: SessionKeys) {
    this.#keys = keys;
  }

  seal(command: number, body: Uint8Array): Uint8Array {
    this.#sent += 1;
    const counter = counterBytes(this.#sent);
    return concatBytes(counter, body, this.#mac('terminal', counter, command, body));
  }

  /** Undefined for a payload that is too short, repeated, out of turn, or not genuine. */
  open(command: number, payload: Uint8Array): OpenedBody | undefined {
    if (payload.length < 4 + MAC_BYTES) return undefined;
    const counter = payload.subarray(0, 4);
    const body = payload.subarray(4, payload.length - MAC_BYTES);
    const expected = this.#mac('pad', counter, command, body);
    if (!sameBytes(expected, payload.subarray(payload.length - MAC_BYTES))) return undefined;
    const count = Buffer.from(counter).readUInt32BE();
    if (count !== this.#received + 1) return undefined;
    this.#received = count;
    return { counter: count, body };
  }

  /** Deciphers the pad's secret of the payload with this counter; the caller wipes the answer. */
  decipher(secret: Uint8Array, counter: number): Uint8Array {
    const initial = concatBytes(
      Uint8Array.of(MARK.pad),
      new Uint8Array(7),
      counterBytes(counter),
      new Uint8Array(4),
    );
    return createDecipheriv('sm4-ctr', this.#keys.cipherKey, initial).update(secret);
  }

  wipe(): void {
    this.#keys.cipherKey.fill(0);
    this.#keys.macKey.fill(0);
  }

  #mac(direction: Direction, counter: Uint8Array, command: number, body: Uint8Array): Uint8Array {
    return mac(this.#keys, Uint8Array.of(MARK[direction]), counter, Uint8Array.of(command), body);
  }
}

function counterBytes(counter: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(counter);
  return bytes;
}

function hmac(key: Uint8Array, data: Uint8Array): Uint8Array {
  return createHmac('sm3', key).update(data).digest();
}
