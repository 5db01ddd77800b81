import { crc32, deflateSync } from 'node:zlib';

/** Colours of red, green, blue as one byte each. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Four bytes a pixel. */
  readonly data: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MOST_COLOURS = 56;

/**
 * A picture of a page as PNG with few colours: its flat parts exactly, the edges of letters nearly. A third of
 * what the browser writes.
 */
export function palettePng({ width, height, data }: Picture): Buffer {
  const palette = commonest(data);
  const nearest = new Map<number, number>();
  const raw = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const color = colorAt(data, (y * width + x) * 4);
      let place = nearest.get(color);
      if (place === undefined) {
        place = placeOf(palette, color);
        nearest.set(color, place);
      }
      raw[y * (width + 1) + 1 + x] = place;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(channels))),
    chunk('IDAT', deflateSync(raw, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The most frequent ones, then of each coarse cell that has none of them the best, bright ones first: no sign fades. */
function commonest(data: Uint8Array): number[] {
  const counts = new Map<number, number>();
  for (let at = 0; at < data.length; at += 4) {
    const color = colorAt(data, at);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const byCount = (a: [number, number], b: [number, number]) => b[1] - a[1] || a[0] - b[0];
  const ranked = [...counts].sort(byCount).map(([color]) => color);
  const bright = [...counts]
    .map(([color, count]): [number, number] => [color, count * (1 + chromaOf(color) ** 2 / 100)])
    .sort(byCount)
    .map(([color]) => color);
  const chosen = ranked.slice(0, MOST_COLOURS / 2);
  const cells = new Set(chosen.map(cellOf));
  for (const color of bright) {
    if (chosen.length === MOST_COLOURS) break;
    if (cells.has(cellOf(color))) continue;
    cells.add(cellOf(color));
    chosen.push(color);
  }
  return chosen;
}

/** How far a colour is from grey. */
function chromaOf(color: number): number {
  const parts = channels(color);
  return Math.max(...parts) - Math.min(...parts);
}

function cellOf(color: number): number {
  return color & 0xe0e0e0;
}

function placeOf(palette: readonly number[], color: number): number {
  let best = 0;
  let bestFar = Number.POSITIVE_INFINITY;
  for (const [place, candidate] of palette.entries()) {
    const [a, b] = [channels(candidate), channels(color)];
    const far = a.reduce((sum, channel, index) => sum + (channel - (b[index] ?? 0)) ** 2, 0);
    if (far < bestFar) [best, bestFar] = [place, far];
  }
  return best;
}

function colorAt(data: Uint8Array, at: number): number {
  return ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
}

function channels(color: number): number[] {
  return [color >> 16, (color >> 8) & 0xff, color & 0xff];
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([size, named, check]);
}
