import type { Exactness } from '#core/ports/search-index';

/** A distinct key with its places in order: `term * 4 + inside`. */
export interface PlacedKey {
  readonly key: string;
  readonly places: readonly number[];
}

export interface HotTerm {
  readonly prefix: string;
  readonly exactness: Exactness;
  readonly term: number;
}

/** A prefix with more places than this is answered from a prepared list; fewer are read as they come. */
const HOT_KEYS = 256;
/** Terms prepared for a hot prefix: as many as a search may ask for. */
export const HOT_TERMS = 100;

/** How well a key fits a prefix; `inside` as in the tables. */
export function exactnessOf(key: string, inside: number, prefix: string): Exactness {
  if (inside >= 2) return 3;
  if (inside === 1) return 2;
  return key === prefix ? 0 : 1;
}

/** Keys must come in order. Gives the best terms of every prefix that more than `HOT_KEYS` places share. */
export function* hotTerms(keys: readonly PlacedKey[]): Generator<HotTerm> {
  const before = new Float64Array(keys.length + 1);
  keys.forEach(({ places }, at) => {
    before[at + 1] = (before[at] ?? 0) + places.length;
  });
  const placesIn = (from: number, to: number) => (before[to] ?? 0) - (before[from] ?? 0);
  const open: { from: number; to: number; length: number }[] = [{ from: 0, to: keys.length, length: 0 }];
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    if (range.length > 0) yield* bestOf(keys, range);
    let from = range.from;
    while (from < range.to) {
      const prefix = prefixAt(keys, from, range.length + 1);
      let to = from + 1;
      while (to < range.to && prefixAt(keys, to, range.length + 1) === prefix) to += 1;
      if (prefix.length > range.length && placesIn(from, to) > HOT_KEYS)
        open.push({ from, to, length: prefix.length });
      from = to;
    }
  }
}

function* bestOf(keys: readonly PlacedKey[], range: { from: number; to: number; length: number }) {
  const prefix = prefixAt(keys, range.from, range.length);
  const best = new Map<number, Exactness>();
  for (let at = range.from; at < range.to; at += 1) {
    const { key = '', places = [] } = keys[at] ?? {};
    for (const place of places) {
      const term = Math.floor(place / 4);
      const exactness = exactnessOf(key, place % 4, prefix);
      if (exactness < (best.get(term) ?? 4)) best.set(term, exactness);
    }
  }
  const order = [...best].sort(([a, exactA], [b, exactB]) => exactA - exactB || a - b);
  for (const [term, exactness] of order.slice(0, HOT_TERMS)) yield { prefix, exactness, term };
}

/** Cut between characters, never inside a surrogate pair, as the text comes from a keyboard. */
function prefixAt(keys: readonly PlacedKey[], at: number, length: number): string {
  const key = keys[at]?.key ?? '';
  const last = key.charCodeAt(length - 1);
  return key.slice(0, last >= 0xd800 && last <= 0xdbff ? length + 1 : length);
}
