import { CharstringRun } from './charstring.ts';
import type { FontBytes, Outline, Outlines, Subroutines } from './font-bytes.ts';

/** A list of byte strings in a CFF table, read one by one. */
export class CffIndex implements Subroutines {
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

const CHARSTRINGS = 17;
const PRIVATE = 18;
const SUBROUTINES = 19;
const FONT_DICTS = 1236;
const FONT_SELECT = 1237;

/** Outlines of a CFF table (思源黑体, Noto Sans CJK): Type 2 charstrings, of plain and of CID fonts. */
export class CffOutlines implements Outlines {
  readonly #bytes: FontBytes;
  readonly #glyphs: CffIndex;
  readonly #global: CffIndex;
  readonly #table: number;
  readonly #top: ReadonlyMap<number, readonly number[]>;
  readonly #local = new Map<number, CffIndex | undefined>();

  constructor(bytes: FontBytes, table: number) {
    this.#bytes = bytes;
    this.#table = table;
    const names = new CffIndex(bytes, table + bytes.u8(table + 2));
    const tops = new CffIndex(bytes, names.end);
    const strings = new CffIndex(bytes, tops.end);
    this.#global = new CffIndex(bytes, strings.end);
    this.#top = dictionary(tops.entry(0)?.bytes ?? new Uint8Array());
    this.#glyphs = new CffIndex(bytes, table + (this.#top.get(CHARSTRINGS)?.[0] ?? 0));
  }

  outline(glyph: number): Outline | undefined {
    const charstring = this.#glyphs.entry(glyph)?.bytes;
    if (charstring === undefined) return undefined;
    const run = new CharstringRun(this.#global, this.#localOf(glyph));
    run.run(charstring);
    return run.outline;
  }

  #localOf(glyph: number): CffIndex | undefined {
    const fonts = this.#top.get(FONT_DICTS)?.[0];
    const font = fonts === undefined ? -1 : this.#fontOf(glyph);
    if (!this.#local.has(font)) {
      const dict =
        fonts === undefined
          ? this.#top
          : dictionary(new CffIndex(this.#bytes, this.#table + fonts).entry(font)?.bytes ?? new Uint8Array());
      this.#local.set(font, this.#subroutines(dict));
    }
    return this.#local.get(font);
  }

  #subroutines(dict: ReadonlyMap<number, readonly number[]>): CffIndex | undefined {
    const [size, offset] = dict.get(PRIVATE) ?? [];
    if (size === undefined || offset === undefined) return undefined;
    const at = this.#table + offset;
    const subroutines = dictionary(this.#bytes.bytes(at, size)).get(SUBROUTINES)?.[0];
    return subroutines === undefined ? undefined : new CffIndex(this.#bytes, at + subroutines);
  }

  /** Which font of a CID collection a glyph belongs to. */
  #fontOf(glyph: number): number {
    const at = this.#table + (this.#top.get(FONT_SELECT)?.[0] ?? 0);
    if (this.#bytes.u8(at) === 0) return this.#bytes.u8(at + 1 + glyph);
    let low = 0;
    let high = this.#bytes.u16(at + 1) - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#bytes.u16(at + 3 + middle * 3) <= glyph) low = middle;
      else high = middle - 1;
    }
    return this.#bytes.u8(at + 3 + low * 3 + 2);
  }
}

/** Operands by operator; two-byte operators count from 1200. Real numbers are of no use here and read as zero. */
function dictionary(bytes: Uint8Array): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, readonly number[]>();
  let operands: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    const next = (ahead: number): number => bytes[at + ahead] ?? 0;
    if (byte <= 21) {
      found.set(byte === 12 ? 1200 + next(1) : byte, operands);
      operands = [];
      at += byte === 12 ? 2 : 1;
    } else if (byte === 28) {
      operands.push(((next(1) << 24) | (next(2) << 16)) >> 16);
      at += 3;
    } else if (byte === 29) {
      operands.push((next(1) << 24) | (next(2) << 16) | (next(3) << 8) | next(4));
      at += 5;
    } else if (byte === 30) {
      at += 1;
      while (at < bytes.length && ((bytes[at] ?? 0) & 0x0f) !== 0x0f && (bytes[at] ?? 0) >> 4 !== 0x0f)
        at += 1;
      operands.push(0);
      at += 1;
    } else if (byte <= 246) {
      operands.push(byte - 139);
      at += 1;
    } else {
      operands.push(byte <= 250 ? (byte - 247) * 256 + next(1) + 108 : -(byte - 251) * 256 - next(1) - 108);
      at += 2;
    }
  }
  return found;
}
