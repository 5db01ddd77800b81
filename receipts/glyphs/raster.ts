import { GLYPH_DOTS } from '../glyph-columns.ts';
import type { GlyphBitmap } from '../rare-characters.ts';
import type { Outline } from './font-bytes.ts';

const SUB_LINES = 5;
/** Share of a dot that must be covered: under a half, so that thin strokes of small print stay whole. */
const COVERED = 0.42;
/** Height of the em square over the baseline in Chinese fonts. */
const ASCENT = 0.88;

/** An outline of a font as 24 × 24 dots, by the non-zero rule; narrow characters stand in the middle. */
export function rasterGlyph(outline: Outline, unitsPerEm: number, advance: number): GlyphBitmap {
  const scale = GLYPH_DOTS / unitsPerEm;
  const left = Math.max(0, (unitsPerEm - advance) / 2);
  const edges = outline.contours.flatMap((contour) =>
    contour.map(([x, y], index): Edge => {
      const [toX, toY] = contour[(index + 1) % contour.length] ?? [x, y];
      return {
        x0: (x + left) * scale,
        y0: (ASCENT * unitsPerEm - y) * scale,
        x1: (toX + left) * scale,
        y1: (ASCENT * unitsPerEm - toY) * scale,
      };
    }),
  );
  const bitmap = new Uint8Array((GLYPH_DOTS * GLYPH_DOTS) / 8);
  for (let row = 0; row < GLYPH_DOTS; row += 1) {
    const cover = new Float64Array(GLYPH_DOTS);
    for (let sub = 0; sub < SUB_LINES; sub += 1) addLine(edges, row + (sub + 0.5) / SUB_LINES, cover);
    for (const [x, covered] of cover.entries()) {
      if (covered / SUB_LINES < COVERED) continue;
      const at = row * 3 + (x >> 3);
      bitmap[at] = (bitmap[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  return bitmap;
}

interface Edge {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Adds what the outline covers of each dot along one line. */
function addLine(edges: readonly Edge[], y: number, cover: Float64Array): void {
  const crossings: { x: number; turn: number }[] = [];
  for (const { x0, y0, x1, y1 } of edges) {
    if (y0 === y1 || y < Math.min(y0, y1) || y >= Math.max(y0, y1)) continue;
    crossings.push({ x: x0 + ((y - y0) / (y1 - y0)) * (x1 - x0), turn: y1 > y0 ? 1 : -1 });
  }
  crossings.sort((a, b) => a.x - b.x);
  let winding = 0;
  for (const [index, { x, turn }] of crossings.entries()) {
    winding += turn;
    const next = crossings[index + 1];
    if (winding !== 0 && next !== undefined) addSpan(x, next.x, cover);
  }
}

function addSpan(from: number, to: number, cover: Float64Array): void {
  const first = Math.max(0, Math.floor(from));
  const last = Math.min(GLYPH_DOTS - 1, Math.floor(to));
  for (let x = first; x <= last; x += 1) {
    cover[x] = (cover[x] ?? 0) + Math.max(0, Math.min(to, x + 1) - Math.max(from, x));
  }
}
