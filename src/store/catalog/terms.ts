import type Database from 'better-sqlite3';
import type {
  Exactness,
  KeyKind,
  SearchIndex,
  Spoken,
  SpokenTerm,
  TermMatch,
} from '#core/ports/search-index';
import { exactnessOf } from './hot-terms.ts';
import { createTermsOf } from './postings.ts';
import { hasTable, LAST, numbers } from './statements.ts';

type TermLookups = Pick<SearchIndex, 'terms' | 'spokenTerms' | 'keyFrom' | 'spokenOf'>;

/** Look-ups from prefixes to terms. Files of the first format have no table of terms: nothing is read there. */
export function createTermLookups(db: Database.Database, space: string): TermLookups {
  return {
    terms: createPrefixLookup(db, space),
    keyFrom: createKeyFrom(db, space),
    ...(hasTable(db, `${space}term`)
      ? createSpoken(db, space)
      : { spokenTerms: () => [], spokenOf: () => new Map() }),
  };
}

function createPrefixLookup(db: Database.Database, space: string): SearchIndex['terms'] {
  const hot = numbers(
    db.prepare<[string, string], TermMatch>(
      `SELECT exactness, term FROM ${space}hot WHERE kind = ? AND prefix = ? ORDER BY exactness, term`,
    ),
  );
  const range = each((kind) =>
    numbers(
      db.prepare<[string, string], { key: string; inside: number; term: number }>(
        `SELECT key, inside, term FROM ${space}${kind}_key WHERE key >= ? AND key < ?`,
      ),
    ),
  );
  return (kind, prefix) => {
    const ready = hot.all(kind, prefix);
    if (ready.length > 0) return ready;
    const best = new Map<number, Exactness>();
    for (const { key, inside, term } of range[kind].all(prefix, `${prefix}${LAST}`)) {
      const exactness = exactnessOf(key, inside, prefix);
      if (exactness < (best.get(term) ?? 4)) best.set(term, exactness);
    }
    return [...best].map(([term, exactness]) => ({ term, exactness }));
  };
}

function createKeyFrom(db: Database.Database, space: string): SearchIndex['keyFrom'] {
  const next = each((kind) =>
    db
      .prepare<[string], string>(`SELECT key FROM ${space}${kind}_key WHERE key >= ? ORDER BY key LIMIT 1`)
      .pluck(),
  );
  return (kind, from) => next[kind].get(from);
}

type TermRow = Spoken & { readonly term: number; readonly field: number };

function createSpoken(db: Database.Database, space: string): Pick<TermLookups, 'spokenTerms' | 'spokenOf'> {
  const columns = 't.term, t.field, t.plain, t.spoken';
  const byInitials = numbers(
    db.prepare<[string, string, number], TermRow>(
      `SELECT ${columns} FROM ${space}pinyin_key k JOIN ${space}term t ON t.term = k.term
       WHERE k.key >= ? AND k.key < ? LIMIT ?`,
    ),
  );
  const byTerm = numbers(
    db.prepare<[number], TermRow>(`SELECT ${columns} FROM ${space}term t WHERE t.term = ?`),
  );
  const termsOf = createTermsOf(db, space);
  return {
    spokenTerms: (initials, limit) => byInitials.all(initials, `${initials}${LAST}`, limit).map(toSpoken),
    spokenOf(ids) {
      const known = new Map<number, SpokenTerm>();
      const spoken = (term: number): SpokenTerm | undefined => {
        const row = known.has(term) ? undefined : byTerm.get(term);
        if (row !== undefined) known.set(term, toSpoken(row));
        return known.get(term);
      };
      return new Map(ids.map((id) => [id, termsOf(id).flatMap((term) => spoken(term) ?? [])] as const));
    },
  };
}

function toSpoken({ term, field, plain, spoken }: TermRow): SpokenTerm {
  return { term, isName: field !== 2, plain, spoken };
}

function each<T>(make: (kind: KeyKind) => T): Readonly<Record<KeyKind, T>> {
  return { name: make('name'), pinyin: make('pinyin') };
}
