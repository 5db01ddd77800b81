import { CffOutlines } from './cff.ts';
import { FontBytes, type FontFile, type Outline, type Outlines } from './font-bytes.ts';
import { TrueTypeOutlines } from './truetype.ts';

const COLLECTION = 0x74746366;
const FULL_NAME = 4;
const WINDOWS = 3;

/** One font of an OpenType file or collection: TrueType outlines (simsun, 文泉驿) or CFF ones (思源, Noto). */
export class SfntFont {
  readonly unitsPerEm: number;
  readonly #bytes: FontBytes;
  readonly #tables: ReadonlyMap<string, number>;
  readonly #outlines: Outlines;
  readonly #metrics: number;
  readonly #cmap: { readonly at: number; readonly format: number };

  /** Throws a RangeError for a file that is no such font. */
  constructor(file: FontFile) {
    this.#bytes = new FontBytes(file);
    this.#tables = tablesOf(this.#bytes, fontOffset(this.#bytes));
    const head = this.#table('head');
    this.unitsPerEm = this.#bytes.u16(head + 18);
    this.#metrics = this.#bytes.u16(this.#table('hhea') + 34);
    this.#cmap = characterMap(this.#bytes, this.#table('cmap'));
    const cff = this.#tables.get('CFF ');
    this.#outlines =
      cff === undefined
        ? new TrueTypeOutlines(this.#bytes, {
            glyphs: this.#table('glyf'),
            places: this.#table('loca'),
            hasLongPlaces: this.#bytes.i16(head + 50) === 1,
            count: this.#bytes.u16(this.#table('maxp') + 4),
          })
        : new CffOutlines(this.#bytes, cff);
    if (this.unitsPerEm < 16) throw new RangeError('no em square');
  }

  /** Outline and advance width of a character; undefined when the font has none. */
  character(code: number): { readonly outline: Outline; readonly advance: number } | undefined {
    const glyph = this.#glyphOf(code);
    if (glyph === 0) return undefined;
    const outline = this.#outlines.outline(glyph);
    if (outline === undefined || outline.contours.length === 0) return undefined;
    const entry = Math.min(glyph, this.#metrics - 1);
    return { outline, advance: this.#bytes.u16(this.#table('hmtx') + entry * 4) };
  }

  #table(tag: string): number {
    const at = this.#tables.get(tag);
    if (at === undefined) throw new RangeError(`no table ${tag}`);
    return at;
  }

  #glyphOf(code: number): number {
    const { at, format } = this.#cmap;
    return format === 12 ? segmentGlyph(this.#bytes, at, code) : shortGlyph(this.#bytes, at, code);
  }
}

/** Of a collection the one for simplified Chinese: shapes of shared code points differ by country. */
function fontOffset(bytes: FontBytes): number {
  if (bytes.u32(0) !== COLLECTION) return 0;
  const offsets = Array.from({ length: Math.min(64, bytes.u32(8)) }, (_, index) => bytes.u32(12 + index * 4));
  return offsets.find((at) => / SC\b/.test(fullName(bytes, at))) ?? offsets[0] ?? 0;
}

function tablesOf(bytes: FontBytes, font: number): ReadonlyMap<string, number> {
  const tables = new Map<string, number>();
  const count = bytes.u16(font + 4);
  for (let index = 0; index < count; index += 1) {
    const at = font + 12 + index * 16;
    tables.set(String.fromCharCode(...bytes.bytes(at, 4)), bytes.u32(at + 8));
  }
  return tables;
}

function fullName(bytes: FontBytes, font: number): string {
  const table = tablesOf(bytes, font).get('name');
  if (table === undefined) return '';
  const strings = table + bytes.u16(table + 4);
  for (let index = 0; index < bytes.u16(table + 2); index += 1) {
    const at = table + 6 + index * 12;
    if (bytes.u16(at) !== WINDOWS || bytes.u16(at + 6) !== FULL_NAME) continue;
    const text = bytes.bytes(strings + bytes.u16(at + 10), bytes.u16(at + 8));
    return new TextDecoder('utf-16be').decode(text);
  }
  return '';
}

/** The map with all planes where there is one (format 12), else the one of the first plane (format 4). */
function characterMap(bytes: FontBytes, table: number): { readonly at: number; readonly format: number } {
  let short: number | undefined;
  for (let index = 0; index < bytes.u16(table + 2); index += 1) {
    const at = table + bytes.u32(table + 4 + index * 8 + 4);
    const format = bytes.u16(at);
    if (format === 12) return { at, format };
    if (format === 4) short ??= at;
  }
  if (short === undefined) throw new RangeError('no character map');
  return { at: short, format: 4 };
}

function segmentGlyph(bytes: FontBytes, at: number, code: number): number {
  let low = 0;
  let high = bytes.u32(at + 12) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const group = bytes.view(at + 16 + middle * 12, 12);
    if (code < group.getUint32(0)) high = middle - 1;
    else if (code > group.getUint32(4)) low = middle + 1;
    else return group.getUint32(8) + code - group.getUint32(0);
  }
  return 0;
}

function shortGlyph(bytes: FontBytes, at: number, code: number): number {
  if (code > 0xffff) return 0;
  const doubled = bytes.u16(at + 6);
  for (let segment = 0; segment < doubled; segment += 2) {
    if (code > bytes.u16(at + 14 + segment)) continue;
    const start = bytes.u16(at + 16 + doubled + segment);
    if (code < start) return 0;
    const delta = bytes.u16(at + 16 + 2 * doubled + segment);
    const rangeAt = at + 16 + 3 * doubled + segment;
    const range = bytes.u16(rangeAt);
    if (range === 0) return (code + delta) & 0xffff;
    const glyph = bytes.u16(rangeAt + range + 2 * (code - start));
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  }
  return 0;
}
