import { setTimeout as delay } from 'node:timers/promises';
import { assert } from '#core/assert';

/** The middle value; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  assert(upper !== undefined, 'a median needs a value');
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? upper)) / 2 : upper;
}

/** The smallest value that `share` (0 to 1) of all values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = ascending(values);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  assert(value !== undefined, 'a percentile needs a value');
  return value;
}

/** Milliseconds that `work` took. */
export function timed(work: () => void): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}

/** As at the counter between two steps: the agency answers or people talk, and the program gets ready for the next. */
export async function idleMoment(): Promise<void> {
  await delay(1);
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
