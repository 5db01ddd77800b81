import { z } from 'zod';
import { formatMoney, type Money } from '#core/money';

/** What JSON can hold, as `JSON.parse` gives it. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/**
 * JSON text of a domain value; whole numbers in bigint become tagged text: 1230n is written `"1230n"`. The same
 * text as `JSON.stringify` with a replacer gives, written out by hand because a replacer costs ten times as much.
 */
export function encode(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'bigint':
      return `"${digits(value)}n"`;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      return Number.isFinite(value) ? `${value}` : 'null';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? encodeList(value) : encodeObject(value as Record<string, unknown>);
    default:
      return 'null';
  }
}

function encodeList(list: readonly unknown[]): string {
  let text = '';
  for (const item of list) text += text === '' ? encode(item) : `,${encode(item)}`;
  return `[${text}]`;
}

function encodeObject(object: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const key of Object.keys(object)) {
    const part = object[key];
    if (part === undefined) continue;
    text += text === '' ? named(key) + encode(part) : `,${named(key)}${encode(part)}`;
  }
  return `{${text}}`;
}

const MOST_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** Of a safe integer the digits come out of a number just as exactly, and much faster. */
function digits(value: bigint): string {
  return value >= 0n && value <= MOST_SAFE ? `${Number(value)}` : value.toString();
}

/** Names of fields come again and again: `"name":` is put together once. */
const names = new Map<string, string>();
const NAMES_KEPT = 2_000;

function named(key: string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  const text = `${quoted(key)}:`;
  if (names.size < NAMES_KEPT) names.set(key, text);
  return text;
}

/** What JSON writes with a backslash; half of a surrogate pair is among it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the signs that JSON escapes
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A text as JSON writes it. */
export function quoted(text: string): string {
  return escaped.test(text) ? JSON.stringify(text) : `"${text}"`;
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
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'bigint':
      return `"${formatMoney(value as Money)}"`;
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(',')}]`;
      return canonicalObject(value as Record<string, unknown>);
    default:
      return JSON.stringify(value);
  }
}

function canonicalObject(object: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const key of Object.keys(object).sort()) {
    const part = object[key];
    if (part === undefined) continue;
    text += text === '' ? named(key) + canonical(part) : `,${named(key)}${canonical(part)}`;
  }
  return `{${text}}`;
}
