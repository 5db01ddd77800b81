import type { PrinterCharset } from '#core/printer-profile';
import { firstLacking, holdsCharacter } from './charset.ts';
import { printable } from './text-columns.ts';

/** A character of 24 × 24 dots: three bytes a row, most significant bit left, 1 is black. */
export type GlyphBitmap = Uint8Array;

/** Where pictures of characters come from that the printer's font lacks: a font of this machine. */
export interface GlyphSource {
  /** Undefined when no font at hand has the character. */
  glyph(char: string): GlyphBitmap | undefined;
}

/** A row cut into what the printer's own font prints and what is drawn. */
export type RowPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'glyph'; readonly char: string; readonly bitmap: GlyphBitmap };

/** How the characters of a paper reach the printer. */
export interface CharacterPlan {
  readonly charset: PrinterCharset;
  /** Absent: the printer takes no pictures, or no font is at hand. */
  readonly glyphs?: GlyphSource;
}

/** Pieces of a row that holds a lacking character; undefined for the ordinary row without one. */
export function rowPieces(text: string, plan: CharacterPlan): RowPiece[] | undefined {
  if (firstLacking(text, plan.charset) < 0) return undefined;
  const pieces: RowPiece[] = [];
  let plain = '';
  for (const char of text) {
    const bitmap = holdsCharacter(char, plan.charset) ? undefined : plan.glyphs?.glyph(char);
    if (bitmap === undefined) {
      plain += char;
      continue;
    }
    if (plain !== '') pieces.push({ kind: 'text', text: plain });
    pieces.push({ kind: 'glyph', char, bitmap });
    plain = '';
  }
  if (plain !== '') pieces.push({ kind: 'text', text: plain });
  return pieces;
}

/** Whether the text holds a character that can be neither printed nor drawn. */
export function isUndrawable(text: string, plan: CharacterPlan): boolean {
  if (firstLacking(text, plan.charset) < 0) return false;
  for (const char of text) {
    if (!holdsCharacter(char, plan.charset) && plan.glyphs?.glyph(char) === undefined) return true;
  }
  return false;
}

/**
 * The same value with every undrawable character written as its code point, 〔U+2B4B6〕: a name is never dropped or
 * garbled without a word, and whoever reads the paper can look the character up.
 */
export function spelledOut<T>(value: T, plan: CharacterPlan): T {
  return mapTexts(value, (text) => {
    const clean = printable(text);
    if (!isUndrawable(clean, plan)) return text;
    let out = '';
    for (const char of clean) out += isUndrawable(char, plan) ? codePointOf(char) : char;
    return out;
  }) as T;
}

function codePointOf(char: string): string {
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `〔U+${code}〕`;
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one, change)]));
}
