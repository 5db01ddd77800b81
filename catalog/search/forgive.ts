import type { KeyKind, SearchIndex } from '#core/ports/search-index';
import { hasHanzi } from './normalise.ts';

/** Steps into the index that one forgiving search may take; each is one look-up by key. */
const MOST_STEPS = 1000;
/** The same where something was found exactly: then a mistake is unlikely, and the time is better saved. */
const FEW_STEPS = 150;
/** Beginnings of keys that are read once found. */
const MOST_BEGINNINGS = 48;
/** Slips of the tongue (n for l, zh for z, in for ing) that are forgiven in one input. */
const MOST_SLIPS = 4;
const LAST = '\u{10FFFF}';

/** A beginning of keys that the input may have meant: `errors` typed wrong, `slips` heard wrong. */
interface Meant {
  readonly beginning: string;
  readonly errors: number;
  readonly slips: number;
}

/**
 * Terms that the input may have meant if it holds typing errors, in groups, likeliest first: other hanzi of
 * the same sound, letters of nearly the same sound, then one wrong, missing, extra or swapped character.
 */
export function* forgivenTerms(
  index: SearchIndex,
  query: string,
  foundExactly: boolean,
): Generator<readonly number[]> {
  // Digits are codes and strengths: one wrong is another thing.
  if (/\d{3}/.test(query)) return;
  const steps = foundExactly ? FEW_STEPS : MOST_STEPS;
  const length = [...query].length;
  if (hasHanzi(query)) {
    if (length < 2) return;
    const sounds = soundsOf(index, query);
    yield sounds.flatMap((sound) => index.terms('pinyin', sound).map(({ term }) => term));
    for (const sound of sounds)
      yield* terms(index, 'pinyin', walk(new Walker(index, 'pinyin', sound, steps), 0, MOST_SLIPS));
    if (length > 2) yield* terms(index, 'name', walk(new Walker(index, 'name', query, steps), 1, 0));
    return;
  }
  if (length < 3) return;
  // Both at once would be many times the steps, for inputs that are hardly legible.
  yield* terms(index, 'pinyin', walk(new Walker(index, 'pinyin', query, steps), 0, MOST_SLIPS));
  yield* terms(index, 'pinyin', walk(new Walker(index, 'pinyin', query, steps), 1, 0));
}

/** How hanzi sound, written on in full pinyin; at most four ways. */
function soundsOf(index: SearchIndex, query: string): readonly string[] {
  let ways = [''];
  for (const character of query) {
    const readings = hasHanzi(character) ? (index.glyph(character)?.readings ?? []) : [character];
    ways = ways.flatMap((way) => readings.map((reading) => way + reading)).slice(0, 4);
  }
  return ways;
}

function* terms(index: SearchIndex, kind: KeyKind, meant: readonly Meant[]): Generator<readonly number[]> {
  const groups = new Map<number, number[]>();
  for (const { beginning, errors, slips } of meant.slice(0, MOST_BEGINNINGS)) {
    for (const { term, exactness } of index.terms(kind, beginning)) {
      // What the input begins is likelier meant than what holds it.
      const rank = errors * 1000 + slips * 10 + exactness;
      const group = groups.get(rank) ?? [];
      group.push(term);
      groups.set(rank, group);
    }
  }
  for (const [, group] of [...groups].sort(([a], [b]) => a - b)) yield group;
}

/**
 * Walks the keys letter by letter beside the input, turning aside where keys go on otherwise: only what is in
 * the index costs a step, so it is the same work at any size.
 */
function walk(walker: Walker, errors: number, slips: number): readonly Meant[] {
  walker.step('', 0, errors, slips);
  return walker.meant(errors, slips);
}

class Walker {
  readonly #index: SearchIndex;
  readonly #kind: KeyKind;
  readonly #typed: readonly string[];
  readonly #seen = new Set<string>();
  readonly #found = new Map<string, { errors: number; slips: number }>();
  readonly #exists = new Map<string, boolean>([['', true]]);
  #stepsLeft: number;

  constructor(index: SearchIndex, kind: KeyKind, typed: string, steps: number) {
    this.#index = index;
    this.#kind = kind;
    this.#typed = [...typed];
    this.#stepsLeft = steps;
  }

  /** `beginning` has come out of the input's first `at` characters; so much may still be forgiven. */
  step(beginning: string, at: number, errors: number, slips: number): void {
    const state = `${beginning} ${at} ${errors} ${slips}`;
    if (this.#seen.has(state) || !this.#isKey(beginning)) return;
    this.#seen.add(state);
    const typed = this.#typed[at];
    if (typed === undefined) {
      this.#note(beginning, errors, slips);
      return;
    }
    this.step(beginning + typed, at + 1, errors, slips);
    if (slips > 0) this.#slip(beginning, typed, at, errors, slips - 1);
    if (errors > 0) this.#err(beginning, typed, at, errors - 1, slips);
  }

  /** Best first: fewer errors, fewer slips, then in the order of the alphabet. The input itself is no error. */
  meant(errors: number, slips: number): readonly Meant[] {
    return [...this.#found]
      .map(([beginning, left]) => ({
        beginning,
        errors: errors - left.errors,
        slips: slips - left.slips,
      }))
      .filter((found) => found.errors + found.slips > 0)
      .sort((a, b) => a.errors - b.errors || a.slips - b.slips || (a.beginning < b.beginning ? -1 : 1));
  }

  #slip(beginning: string, typed: string, at: number, errors: number, slips: number): void {
    const before = beginning.slice(-1);
    if (typed === 'n') this.step(`${beginning}l`, at + 1, errors, slips);
    if (typed === 'l') this.step(`${beginning}n`, at + 1, errors, slips);
    if (/[zcs]/.test(before)) {
      if (typed === 'h') this.step(beginning, at + 1, errors, slips);
      else this.step(`${beginning}h`, at, errors, slips);
    }
    if (before === 'n') {
      if (typed === 'g') this.step(beginning, at + 1, errors, slips);
      else this.step(`${beginning}g`, at, errors, slips);
    }
  }

  #err(beginning: string, typed: string, at: number, errors: number, slips: number): void {
    const next = this.#typed[at + 1];
    // Too much by one.
    this.step(beginning, at + 1, errors, slips);
    if (next !== undefined && next !== typed) this.step(beginning + next + typed, at + 2, errors, slips);
    // Written names have keys from each hanzi on: what comes before the first needs no guess.
    if (beginning === '' && this.#kind === 'name') return;
    for (const other of this.#continuations(beginning)) {
      if (other !== typed) this.step(beginning + other, at + 1, errors, slips);
      this.step(beginning + other, at, errors, slips);
    }
  }

  #isKey(beginning: string): boolean {
    const known = this.#exists.get(beginning);
    if (known !== undefined) return known;
    if (this.#stepsLeft <= 0) return false;
    this.#stepsLeft -= 1;
    const is = this.#index.keyFrom(this.#kind, beginning)?.startsWith(beginning) ?? false;
    this.#exists.set(beginning, is);
    return is;
  }

  *#continuations(beginning: string): Generator<string> {
    for (let from = beginning; this.#stepsLeft > 0; ) {
      this.#stepsLeft -= 1;
      const key = this.#index.keyFrom(this.#kind, from);
      if (key === undefined || !key.startsWith(beginning)) return;
      const [other] = key.slice(beginning.length);
      if (other === undefined) {
        from = `${beginning}\u0001`;
        continue;
      }
      this.#exists.set(beginning + other, true);
      from = beginning + other + LAST;
      yield other;
    }
  }

  #note(beginning: string, errors: number, slips: number): void {
    const known = this.#found.get(beginning);
    if (known === undefined || errors * 100 + slips > known.errors * 100 + known.slips) {
      this.#found.set(beginning, { errors, slips });
    }
  }
}
