/** A key with its place: `inside` 0 where the name begins, 1 further in. */
export interface PlacedKey {
  readonly key: string;
  readonly inside: 0 | 1;
  readonly term: number;
}

export interface HotTerm {
  readonly prefix: string;
  readonly exactness: number;
  readonly term: number;
}

/** A prefix with more keys than this is answered from a prepared list; fewer are read as they come. */
export const HOT_KEYS = 256;
/** Terms prepared for a hot prefix: as many as a search may ask for. */
export const HOT_TERMS = 100;

/** How well a key fits a prefix: 0 the whole name, 1 its beginning, 2 further in. */
export function exactnessOf(key: string, inside: number, prefix: string): number {
  if (inside !== 0) return 2;
  return key === prefix ? 0 : 1;
}

/** Keys must come in order. Gives the best terms of every prefix that more than `HOT_KEYS` keys share. */
export function* hotTerms(keys: readonly PlacedKey[]): Generator<HotTerm> {
  const open: { from: number; to: number; length: number }[] = [{ from: 0, to: keys.length, length: 0 }];
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    if (range.length > 0) yield* bestOf(keys, range);
    let from = range.from;
    while (from < range.to) {
      const prefix = prefixAt(keys, from, range.length + 1);
      let to = from + 1;
      while (to < range.to && prefixAt(keys, to, range.length + 1) === prefix) to += 1;
      if (prefix.length > range.length && to - from > HOT_KEYS)
        open.push({ from, to, length: prefix.length });
      from = to;
    }
  }
}

function* bestOf(keys: readonly PlacedKey[], range: { from: number; to: number; length: number }) {
  const prefix = prefixAt(keys, range.from, range.length);
  const best = new Map<number, number>();
  for (let at = range.from; at < range.to; at += 1) {
    const place = keys[at];
    if (place === undefined) continue;
    const exactness = exactnessOf(place.key, place.inside, prefix);
    if (exactness < (best.get(place.term) ?? 3)) best.set(place.term, exactness);
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
