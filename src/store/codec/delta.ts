import { encode, type Json, quoted } from './json.ts';

/**
 * What turns one value into another, as JSON text: `[set, within, gone]`, empty ends left out. `set` holds what is
 * new or replaced, by key (of a list: by index), `within` the deltas of objects and lists that changed inside,
 * `gone` the keys that are no more. Undefined = the two are equal. Values are written as `encode` writes them.
 */
export function delta(from: object, to: object): string | undefined {
  if (from === to) return undefined;
  const old = from as Readonly<Record<string, unknown>>;
  const next = to as Readonly<Record<string, unknown>>;
  if (Array.isArray(old) && Array.isArray(next) && comparable(old, next)) return deltaOfLists(old, next);
  const [keys, before] = [Object.keys(next), Object.keys(old)];
  const found = { set: '', within: '' };
  // Mostly both have the same fields in the same order, and all of them are filled: then none is gone.
  let mayBeGone = !sameTexts(keys, before);
  for (const key of keys) {
    const is = next[key];
    if (is === old[key]) continue;
    if (is === undefined) mayBeGone = true;
    else note(found, key, field(old, key), is);
  }
  return written(found, mayBeGone ? goneFrom(old, next, before) : '');
}

/** Lists of the same length: their places need no names. */
function deltaOfLists(old: readonly unknown[], next: readonly unknown[]): string | undefined {
  const found = { set: '', within: '' };
  for (let index = 0; index < next.length; index += 1) {
    const [was, is] = [old[index], next[index]];
    if (is !== was) note(found, `${index}`, was, is);
  }
  return written(found);
}

function note(found: { set: string; within: string }, key: string, was: unknown, is: unknown): void {
  if (!isWhole(was) || !isWhole(is) || !comparable(was, is)) {
    found.set += `,${quoted(key)}:${encode(is)}`;
    return;
  }
  const inside = delta(was, is);
  if (inside !== undefined) found.within += `,${quoted(key)}:${inside}`;
}

function written(
  { set, within }: { readonly set: string; readonly within: string },
  gone = '',
): string | undefined {
  if (gone !== '') return `[{${set.slice(1)}},{${within.slice(1)}},[${gone.slice(1)}]]`;
  if (within !== '') return `[{${set.slice(1)}},{${within.slice(1)}}]`;
  return set === '' ? undefined : `[{${set.slice(1)}}]`;
}

function goneFrom(
  old: Readonly<Record<string, unknown>>,
  next: Readonly<Record<string, unknown>>,
  before: readonly string[],
): string {
  let gone = '';
  for (const key of before) {
    if (old[key] !== undefined && field(next, key) === undefined) gone += `,${quoted(key)}`;
  }
  return gone;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

/** A field of its own: `valueOf` and the like, which every object has, are none. */
function field(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Objects, and lists of the same length, are looked into; anything else is replaced as a whole. */
function comparable(was: object, is: object): boolean {
  if (Array.isArray(was)) return Array.isArray(is) && was.length === is.length && !is.includes(undefined);
  return !Array.isArray(is);
}

function isWhole(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The value to which a delta (parsed) leads from another. Throws `SyntaxError` when it is no delta of that value. */
export function applied(from: Json | undefined, change: Json | undefined): Json {
  if (typeof from !== 'object' || from === null || !Array.isArray(change)) throw misfit();
  const [set = {}, within = {}, gone = []] = change as readonly Json[];
  if (!isObject(set) || !isObject(within) || !Array.isArray(gone)) throw misfit();
  const entries = new Map<string, Json | undefined>(Object.entries(from));
  for (const [key, value] of Object.entries(set)) entries.set(key, value);
  for (const [key, inside] of Object.entries(within)) entries.set(key, applied(entries.get(key), inside));
  for (const key of gone as readonly Json[]) {
    if (typeof key !== 'string' || !entries.delete(key)) throw misfit();
  }
  return Array.isArray(from)
    ? [...entries.values()].map((item) => item ?? null)
    : Object.fromEntries(entries);
}

function isObject(value: Json): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function misfit(): SyntaxError {
  return new SyntaxError('a stored change does not fit what it changes');
}
