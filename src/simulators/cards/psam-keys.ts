import { diversify, type KeyedAlgorithm } from './card-keys.ts';

/** A key of the module: `usage` is levels in the top three bits and kind below (card reference 4.5). */
export interface PsamKey {
  readonly usage: number;
  readonly id: number;
  /** Already diversified as far as this module holds it. */
  readonly value: Uint8Array;
}

export const FACTOR_BYTES = 8;

/** The key for one card: factors lie card first, the module diversifies from the outermost level inwards. */
export function diversifiedFor(
  algorithm: KeyedAlgorithm,
  key: PsamKey,
  factors: Uint8Array,
  levels: number,
): Uint8Array {
  let { value } = key;
  for (let level = levels; level > 0; level -= 1) {
    value = diversify(algorithm, value, factors.slice(FACTOR_BYTES * (level - 1), FACTOR_BYTES * level));
  }
  return value;
}
