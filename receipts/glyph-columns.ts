import type { GlyphBitmap } from './rare-characters.ts';

/** A Chinese character is a square of so many dots in every printer that we know. */
export const GLYPH_DOTS = 24;

/** Rows of dots as columns of dots: what printers take in line. */
export function glyphColumns(bitmap: GlyphBitmap): Uint8Array {
  const columns = new Uint8Array(GLYPH_DOTS * 3);
  for (let y = 0; y < GLYPH_DOTS; y += 1) {
    for (let x = 0; x < GLYPH_DOTS; x += 1) {
      const isBlack = ((bitmap[y * 3 + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1;
      const at = x * 3 + (y >> 3);
      if (isBlack === 1) columns[at] = (columns[at] ?? 0) | (0x80 >> (y & 7));
    }
  }
  return columns;
}
