import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import type { Picture } from './palette-png.ts';

/**
 * Pictures are compared as seen from some steps away: the mean colour of each window of this many pixels. Half a pixel
 * of another drawing of letters vanishes in it, a sign that is not there or not in its place does not.
 */
const WINDOW = 8;
/** From one window to the next: they overlap, so that nothing falls between two of them. */
const STEP = 4;
/** Letters drawn a quarter of a pixel bolder give 0.13, a row of small grey letters that is gone 0.2. */
const THRESHOLD = 0.15;
/** Windows that may differ all the same. */
const TOLERATED = 3;

export interface Difference {
  readonly same: boolean;
  /** How many windows differ. */
  readonly windows: number;
  /** Where, in red, as PNG. */
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
  const windows = pixelmatch(a.data, b.data, diff.data, width, height, {
    threshold: THRESHOLD,
    includeAA: true,
  });
  return { same: windows <= TOLERATED, windows, picture: PNG.sync.write(diff) };
}

function shrink({ width, height, data }: Picture): Picture {
  const [columns, rows] = [width, height].map((size) => Math.floor((size - WINDOW) / STEP) + 1) as [
    number,
    number,
  ];
  const sums = [0, 1, 2].map((channel) => sumsOf(data, width, height, channel));
  const small = new Uint8Array(columns * rows * 4).fill(255);
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      const top = y * STEP * (width + 1) + x * STEP;
      const bottom = top + WINDOW * (width + 1);
      for (const [channel, sum] of sums.entries()) {
        const [a = 0, b = 0, c = 0, d = 0] = [sum[top], sum[top + WINDOW], sum[bottom], sum[bottom + WINDOW]];
        small[(y * columns + x) * 4 + channel] = Math.round((d - c - b + a) / (WINDOW * WINDOW));
      }
    }
  }
  return { width: columns, height: rows, data: small };
}

/** Of each point, the sum of all that lies above and left of it: the sum of any window is four look-ups. */
function sumsOf(data: Uint8Array, width: number, height: number, channel: number): Uint32Array {
  const sums = new Uint32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      row += data[(y * width + x) * 4 + channel] ?? 0;
      sums[(y + 1) * (width + 1) + x + 1] = (sums[y * (width + 1) + x + 1] ?? 0) + row;
    }
  }
  return sums;
}
