/** `name`: pieces of the written name; `pinyin`: initials, full pinyin and whatever else is typed in letters. */
export type KeyKind = 'name' | 'pinyin';

/** How well a term fits: 0 the whole name, 1 its beginning, 2 further in, 3 another fact (maker, specification). */
export type Exactness = 0 | 1 | 2 | 3;

/** A term is one distinct text under which documents are found; a lower number is better stocked. */
export interface TermMatch {
  readonly term: number;
  readonly exactness: Exactness;
}

/** How a term is written and read. */
export interface Spoken {
  /** Cleaned, simplified text: what is compared. */
  readonly plain: string;
  /** A word per character of `plain`: its readings apart by `,`; letters and digits stand for themselves. */
  readonly spoken: string;
}

export interface SpokenTerm extends Spoken {
  readonly term: number;
  /** Whether it is a name (and not a maker or a specification). */
  readonly isName: boolean;
}

/**
 * How a file holds what is known of hanzi: pages of `perPage` lines, from code point `first` to `last` (the
 * unified ideographs and their first extension: every hanzi of GB18030-2022 that names use). A line is `plain`,
 * a space and the readings apart by `,`; an empty line is a hanzi of which nothing is known.
 */
export const glyphLayout = { first: 0x3400, last: 0x9fff, perPage: 256 } as const;

/** What is known about one hanzi. */
export interface Glyph {
  /** The simplified, usual form; the hanzi itself when it is that. */
  readonly plain: string;
  readonly readings: readonly string[];
}

/**
 * Look-ups in the search index of one table of documents (products, items of the agency), read-only. What is
 * asked is clean text made by `catalog/search`. Look-ups throw `CatalogUnreadable` when the file is damaged.
 * A file of the first format knows no glyphs and no spoken terms.
 */
export interface SearchIndex {
  /** Terms with a key that begins with `prefix`; of prefixes that very many keys share only the best hundred. */
  terms(kind: KeyKind, prefix: string): readonly TermMatch[];
  /** Terms whose initials begin with `initials` from some syllable on, at most `limit`. */
  spokenTerms(initials: string, limit: number): readonly SpokenTerm[];
  /** The first key that does not come before `from`. */
  keyFrom(kind: KeyKind, from: string): string | undefined;
  glyph(character: string): Glyph | undefined;
  /** Documents of any of the terms, best first, none that is `taken`, at most `limit`. */
  best(terms: readonly number[], taken: ReadonlySet<number>, limit: number): readonly number[];
  /** Documents with a code that is `code`, in stock first. */
  byCode(code: string): readonly number[];
  /** Documents with a code that begins with `prefix`, in stock first, at most `limit`. */
  byCodePrefix(prefix: string, limit: number): readonly number[];
  /** Everything under which the documents are found, for further words of a search. */
  spokenOf(ids: readonly number[]): ReadonlyMap<number, readonly SpokenTerm[]>;
}

/** `findDocuments` of `catalog/search/find`, for stores that search what they hold and are given it. */
export type FindDocuments = (index: SearchIndex, text: string, limit: number) => readonly number[];
