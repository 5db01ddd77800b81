import type { SearchIndex } from '#core/ports/search-index';
import { placeOf } from './fits.ts';
import { hasHanzi } from './normalise.ts';
import { type Element, elementsOf } from './syllables.ts';

/** Ways of taking one input apart that are tried. */
const MOST_WAYS = 16;
/** Terms that are looked at; names that begin alike come together, so few are passed over. */
const MOST_TERMS = 2000;

/**
 * Terms by input that mixes hanzi, syllables and initials (阿莫xl, amoxl): in classes, the whole name, its
 * beginning, further in, another fact. What is only initials or only hanzi has its own keys and finds nothing here.
 */
export function mixedTerms(index: SearchIndex, query: string): readonly (readonly number[])[] {
  const classes: number[][] = [[], [], [], []];
  const placed = new Set<number>();
  const asked = new Set<string>();
  let left = MOST_TERMS;
  for (const elements of elementsOf(query, MOST_WAYS)) {
    if (!isMixed(elements)) continue;
    for (const initials of initialsOf(index, elements)) {
      if (left <= 0) return classes;
      const rows = index.spokenTerms(initials, left);
      if (!asked.has(initials)) left -= rows.length;
      asked.add(initials);
      for (const row of rows) {
        const place = placed.has(row.term) ? undefined : placeOf(elements, row);
        if (place === undefined) continue;
        placed.add(row.term);
        classes[row.isName ? place : 3]?.push(row.term);
      }
    }
  }
  return classes.map((terms) => terms.sort((a, b) => a - b));
}

function isMixed(elements: readonly Element[]): boolean {
  if (elements.length < 2) return false;
  const written = elements.filter((element) => hasHanzi(element)).length;
  const letters = elements.filter((element) => /^[a-z]+$/.test(element));
  if (written > 0) return letters.length > 0;
  return letters.some((element) => element.length > 1);
}

/** First letters of the elements; a hanzi may give several. */
function initialsOf(index: SearchIndex, elements: readonly Element[]): readonly string[] {
  let ways = [''];
  for (const element of elements) {
    const letters = hasHanzi(element)
      ? new Set((index.glyph(element)?.readings ?? []).map((reading) => reading.slice(0, 1)))
      : [element.slice(0, 1)];
    ways = ways.flatMap((way) => [...letters].map((letter) => way + letter)).slice(0, 4);
  }
  return ways;
}
