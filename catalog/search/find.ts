import type { SearchIndex, SpokenTerm } from '#core/ports/search-index';
import { placeOf } from './fits.ts';
import { forgivenTerms } from './forgive.ts';
import { mixedTerms } from './mixed.ts';
import { hasHanzi, LONGEST_KEY, normalise } from './normalise.ts';
import { elementsOf } from './syllables.ts';

/** Of longer input only the beginning is read. */
const LONGEST_INPUT = 4 * LONGEST_KEY;
const MOST_WORDS = 4;
/** Documents among which further words choose. */
const MOST_CANDIDATES = 200;
/** Of these so many are read at once: mostly the first have answers enough. */
const BATCH = 40;
const MOST_WAYS = 8;

/**
 * Documents that fit what was typed into the one box, best first, at most `limit`: codes, names, makers,
 * specifications, several words; typing errors are forgiven when nothing else fills the list. Any text is
 * safe; the same text finds the same.
 */
export function findDocuments(index: SearchIndex, text: string, limit: number): readonly number[] {
  const typed = text.slice(0, LONGEST_INPUT);
  const found = new Set(limit < 1 ? [] : findWord(index, typed, limit));
  const words = typed.split(/\s+/u).filter((word) => normalise(word) !== '');
  if (words.length > 1 && found.size < limit) {
    for (const id of findWords(index, words.slice(0, MOST_WORDS), limit)) found.add(id);
  }
  // Syllables may stand apart (amo xilni); hanzi that do are words, and run together they would only mislead.
  const isOne = words.length < 2 || (found.size === 0 && !hasHanzi(typed));
  if (found.size < limit && isOne) {
    const foundExactly = found.size > 0;
    addTerms(index, found, forgivenTerms(index, plainText(index, typed), foundExactly), limit);
  }
  return [...found].slice(0, Math.max(0, limit));
}

/** A code as scanned or typed: full-width signs made plain; empty when it cannot be a code. */
export function plainCode(text: string): string {
  const plain = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/^\s*国药准字\s*/u, '')
    .trim();
  return /^[\x21-\x7e]{1,64}$/.test(plain) ? plain : '';
}

function plainText(index: SearchIndex, text: string): string {
  const characters = [...normalise(text)].map((character) =>
    hasHanzi(character) ? (index.glyph(character)?.plain ?? character) : character,
  );
  return characters.join('').slice(0, LONGEST_KEY);
}

/** What the text as a whole finds exactly: a code, a name however typed, another fact. */
function findWord(index: SearchIndex, text: string, limit: number): readonly number[] {
  const code = plainCode(text);
  const query = plainText(index, text);
  const found = new Set<number>();
  const add = (ids: readonly number[]) => {
    for (const id of ids) if (found.size < limit) found.add(id);
  };
  if (code !== '') add(index.byCode(code));
  const codesFirst = /^\d/.test(query);
  if (codesFirst && code !== '') add(index.byCodePrefix(code, limit));
  if (query !== '') addTerms(index, found, exactTerms(index, query), limit);
  if (!codesFirst && code !== '' && found.size < limit) add(index.byCodePrefix(code, limit));
  return [...found];
}

function* exactTerms(index: SearchIndex, query: string): Generator<readonly number[]> {
  const classes: number[][] = [[], [], [], []];
  for (const { term, exactness } of index.terms(hasHanzi(query) ? 'name' : 'pinyin', query)) {
    classes[exactness]?.push(term);
  }
  yield* classes;
  yield* mixedTerms(index, query);
}

function addTerms(
  index: SearchIndex,
  found: Set<number>,
  groups: Iterable<readonly number[]>,
  limit: number,
): void {
  if (found.size >= limit) return;
  for (const terms of groups) {
    if (terms.length === 0) continue;
    for (const id of index.best([...new Set(terms)], found, limit - found.size)) found.add(id);
    if (found.size >= limit) return;
  }
}

/** Several words must all fit: the rarest gives the candidates, the others choose among them. */
function findWords(index: SearchIndex, words: readonly string[], limit: number): readonly number[] {
  const found = words.map((word) => ({ word, ids: findWord(index, word, MOST_CANDIDATES) }));
  const byCount = found.toSorted((a, b) => a.ids.length - b.ids.length || b.word.length - a.word.length);
  const rarest = byCount.find(({ ids }) => ids.length > 0) ?? byCount[0];
  const candidates = rarest?.ids ?? [];
  const others = byCount
    .filter((other) => other !== rarest)
    .map(({ word, ids }) => ({ known: new Set(ids), says: sayer(index, word) }));
  const fitting: number[] = [];
  for (let from = 0; from < candidates.length && fitting.length < limit; from += BATCH) {
    const batch = candidates.slice(from, from + BATCH);
    const spoken = index.spokenOf(batch);
    const fits = (id: number) =>
      others.every(({ known, says }) => known.has(id) || (spoken.get(id) ?? []).some(says));
    fitting.push(...batch.filter(fits));
  }
  return fitting.slice(0, limit);
}

/** Whether a term holds the word, written or as it sounds; each is asked once. */
function sayer(index: SearchIndex, word: string): (term: SpokenTerm) => boolean {
  const query = plainText(index, word);
  const ways = elementsOf(query, MOST_WAYS);
  const known = new Map<number, boolean>();
  return (spoken) => {
    const before = known.get(spoken.term);
    if (before !== undefined) return before;
    const says = spoken.plain.includes(query) || ways.some((way) => placeOf(way, spoken) !== undefined);
    known.set(spoken.term, says);
    return says;
  };
}
