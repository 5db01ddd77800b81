import { isLosslessNumber, LosslessNumber, parse, stringify } from 'lossless-json';
import { assert } from '#core/assert';
import { err, ok, type Result } from '#core/result';

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
}

/** The source text of a JSON number, or undefined for anything else. */
export function numberText(value: unknown): string | undefined {
  return isLosslessNumber(value) ? value.value : undefined;
}

/** Parses JSON keeping the source text of every number; refuses a key written twice with two values. */
export function parseJson(text: string): Result<unknown, 'not-json'> {
  try {
    return ok(parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return err('not-json');
    throw error;
  }
}

export function formatJson(value: unknown): string {
  const text = stringify(value);
  assert(text !== undefined, 'an answer is a JSON value');
  return text;
}

/** A JSON number with a fixed number of decimals, for example 1230n at 2 → 12.30. */
export function wireNumber(scaled: bigint, places: number): LosslessNumber {
  return new LosslessNumber(scaledText(scaled, places));
}

/** 1230n at 2 → `12.30`; no places → no point. */
export function scaledText(scaled: bigint, places: number): string {
  const sign = scaled < 0n ? '-' : '';
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(places + 1, '0');
  if (places === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Plain decimal text to a whole number of 10⁻places; undefined when it has more decimals than that. */
export function scaledFrom(text: string, places: number): bigint | undefined {
  const match = /^(-?)(\d{1,20})(?:\.(\d{1,20}))?$/.exec(text);
  if (match === null) return undefined;
  const decimals = match[3] ?? '';
  const kept = decimals.slice(0, places);
  if (/[1-9]/.test(decimals.slice(places))) return undefined;
  const size = BigInt(`${match[2] ?? ''}${kept.padEnd(places, '0')}`);
  return match[1] === '-' ? -size : size;
}

/** Numerator ÷ denominator, rounded half up (away from zero), in whole numbers. */
export function halfUp(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * size + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}
