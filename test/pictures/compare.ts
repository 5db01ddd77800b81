import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import type { Picture } from './palette-png.ts';

/** Pictures are compared as seen from some steps away: each block of this many pixels is one mean colour. */
const BLOCK = 4;
/** How far two blocks may lie apart: the edges of letters are drawn otherwise on another machine. */
const THRESHOLD = 0.12;
/** Blocks that may differ, of ten thousand. */
const TOLERATED_PER_10_000 = 6;

export interface Difference {
  readonly same: boolean;
  readonly blocks: number;
  readonly allowed: number;
  /** The blocks that differ, in red, as PNG. */
  readonly picture: Buffer;
}

export function readPng(file: Uint8Array): Picture {
  const { width, height, data } = PNG.sync.read(Buffer.from(file));
  return { width, height, data };
}

/** Whether two pictures of one size show the same, whatever the drawing of letters. */
export function comparePictures(reviewed: Picture, taken: Picture): Difference {
  if (reviewed.width !== taken.width || reviewed.height !== taken.height) {
    throw new Error(`${taken.width}×${taken.height} instead of ${reviewed.width}×${reviewed.height}`);
  }
  const [a, b] = [shrink(reviewed), shrink(taken)];
  const { width, height } = a;
  const diff = new PNG({ width, height });
  const blocks = pixelmatch(a.data, b.data, diff.data, width, height, {
    threshold: THRESHOLD,
    includeAA: true,
  });
  const allowed = Math.floor((width * height * TOLERATED_PER_10_000) / 10_000);
  return { same: blocks <= allowed, blocks, allowed, picture: PNG.sync.write(diff) };
}

function shrink({ width, height, data }: Picture): Picture {
  const [columns, rows] = [Math.floor(width / BLOCK), Math.floor(height / BLOCK)];
  const small = new Uint8Array(columns * rows * 4);
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1)
      small.set(mean(data, width, x * BLOCK, y * BLOCK), (y * columns + x) * 4);
  }
  return { width: columns, height: rows, data: small };
}

function mean(data: Uint8Array, width: number, left: number, top: number): number[] {
  const sum = [0, 0, 0];
  for (let y = top; y < top + BLOCK; y += 1) {
    for (let x = left; x < left + BLOCK; x += 1) {
      const at = (y * width + x) * 4;
      for (let channel = 0; channel < 3; channel += 1)
        sum[channel] = (sum[channel] ?? 0) + (data[at + channel] ?? 0);
    }
  }
  return [...sum.map((value) => Math.round(value / (BLOCK * BLOCK))), 255];
}
