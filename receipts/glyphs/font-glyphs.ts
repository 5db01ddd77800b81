import type { GlyphBitmap, GlyphSource } from '../rare-characters.ts';
import type { FontFile } from './font-bytes.ts';
import { rasterGlyph } from './raster.ts';
import { SfntFont } from './sfnt.ts';

/** Opens one font of this machine; undefined where it is not there. */
export type OpenFont = () => FontFile | undefined;

const KEPT_AT_MOST = 2_000;

/**
 * Pictures of characters from the fonts of this machine, first come first served. Fonts are opened at the first
 * rare character and never before; a font that is missing or damaged is passed over. None is shipped: Guitai draws
 * with what the shop's own system holds a licence for.
 */
export function fontGlyphs(fonts: readonly OpenFont[]): GlyphSource {
  const kept = new Map<string, GlyphBitmap | undefined>();
  let opened: SfntFont[] | undefined;
  return {
    glyph: (char) => {
      if (kept.has(char)) return kept.get(char);
      opened ??= fonts.flatMap(openOrPass);
      const bitmap = firstOf(opened, char.codePointAt(0) ?? 0);
      if (kept.size >= KEPT_AT_MOST) kept.clear();
      kept.set(char, bitmap);
      return bitmap;
    },
  };
}

function openOrPass(open: OpenFont): SfntFont[] {
  return (
    unlessDamaged(() => {
      const file = open();
      return file === undefined ? undefined : [new SfntFont(file)];
    }) ?? []
  );
}

function firstOf(fonts: readonly SfntFont[], code: number): GlyphBitmap | undefined {
  for (const font of fonts) {
    const bitmap = unlessDamaged(() => {
      const found = font.character(code);
      return found && rasterGlyph(found.outline, font.unitsPerEm, found.advance);
    });
    if (bitmap?.some((byte) => byte !== 0) === true) return bitmap;
  }
  return undefined;
}

function unlessDamaged<T>(look: () => T | undefined): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
