import { existsSync, readFileSync } from 'node:fs';
import type { FontFile } from '#receipts/glyphs/font-bytes';
import { fontGlyphs } from '#receipts/glyphs/font-glyphs';

/** Chinese characters with CFF outlines, and Latin ones with TrueType outlines: what setup puts on the machine. */
export const chineseFont = '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc';
export const latinFont = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf';

/** A font in memory; a copy of it may be damaged. */
export function fontOf(bytes: Uint8Array): FontFile {
  return {
    read: (offset, length) => {
      if (offset < 0 || length < 0 || offset + length > bytes.length) throw new RangeError('past the end');
      return bytes.subarray(offset, offset + length);
    },
  };
}

export function systemGlyphs(...paths: readonly string[]) {
  return fontGlyphs(paths.map((path) => () => (existsSync(path) ? fontOf(readFileSync(path)) : undefined)));
}
