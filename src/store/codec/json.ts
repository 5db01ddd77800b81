import { z } from 'zod';
import { formatMoney, type Money } from '#core/money';

/** JSON text of a domain value; whole numbers in bigint become tagged text: 1230n is written `"1230n"`. */
export function encode(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
}

/** A branded bigint written by `encode`; exact, with no way through a floating-point number. */
export function taggedInteger<T extends bigint>() {
  return z
    .string()
    .regex(/^-?\d{1,30}n$/)
    .transform((text) => BigInt(text.slice(0, -1)) as T);
}

/**
 * Canonical JSON of an event: keys sorted, money (every bigint) as yuan text, absent values left out. The
 * same facts always give the same bytes, so they can be hashed.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'bigint') return JSON.stringify(formatMoney(value as Money));
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`);
    return `{${parts.join(',')}}`;
  }
  return JSON.stringify(value);
}
