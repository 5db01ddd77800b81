import type { FontBytes } from './font-bytes.ts';

/** A list of byte strings in a CFF table, read one by one. */
export class CffIndex {
  readonly count: number;
  /** First byte after the list. */
  readonly end: number;
  readonly #bytes: FontBytes;
  readonly #at: number;
  readonly #offsetSize: number;

  constructor(bytes: FontBytes, at: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.count = bytes.u16(at);
    this.#offsetSize = this.count === 0 ? 1 : bytes.u8(at + 2);
    this.end = this.count === 0 ? at + 2 : this.#data() + this.#offset(this.count);
  }

  /** Undefined where there is no such entry. */
  entry(index: number): { readonly at: number; readonly bytes: Uint8Array } | undefined {
    if (index < 0 || index >= this.count) return undefined;
    const from = this.#offset(index);
    const at = this.#data() + from;
    return { at, bytes: this.#bytes.bytes(at, this.#offset(index + 1) - from) };
  }

  #data(): number {
    return this.#at + 3 + (this.count + 1) * this.#offsetSize - 1;
  }

  #offset(index: number): number {
    const bytes = this.#bytes.bytes(this.#at + 3 + index * this.#offsetSize, this.#offsetSize);
    return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  }
}
