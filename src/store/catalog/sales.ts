import type Database from 'better-sqlite3';
import type { Exactness, KeyKind, TermMatch } from '#core/ports/search-index';
import { HOT_TERMS } from './hot-terms.ts';
import { createTermsOf, type Posting } from './postings.ts';
import { numbers } from './statements.ts';

/** How many of the best sold documents rank a search; the rest sell too seldom to matter. */
const MOST_SOLD = 2000;

/** A document among those that fit equally well. */
export interface Standing extends Posting {
  readonly sold: number;
}

/** A standing under the first term that fits. */
export interface Placed extends Standing {
  readonly term: number;
}

export interface Sales {
  soldOf(product: number): number;
  /** Sold documents of any of the terms, which come in order, each once. */
  among(terms: readonly number[]): readonly Placed[];
  /** Terms of a prefix with those of sold documents, which a prepared list of the best hundred may lack. */
  withSold(found: readonly TermMatch[], kind: KeyKind, prefix: string): readonly TermMatch[];
}

interface SoldName {
  readonly term: number;
  readonly plain: string;
  /** Readings of each character. */
  readonly ways: readonly (readonly string[])[];
}

/** Looks up once which terms the sold documents have. */
export function createSales(db: Database.Database, space: string, sold: readonly Standing[]): Sales {
  const most = sold.toSorted((a, b) => b.sold - a.sold || a.product - b.product).slice(0, MOST_SOLD);
  const counts = new Map(most.map((standing) => [standing.product, standing.sold]));
  const { byTerm, names } = termsOf(db, space, most);
  const hot = new Map<string, readonly TermMatch[]>();
  return {
    soldOf: (product) => counts.get(product) ?? 0,
    among(terms) {
      const placed = new Map<number, Placed>();
      for (const term of byTerm.size === 0 ? [] : terms) {
        for (const standing of byTerm.get(term) ?? []) {
          if (!placed.has(standing.product)) placed.set(standing.product, { ...standing, term });
        }
      }
      return [...placed.values()];
    },
    withSold(found, kind, prefix) {
      // Only a prepared list leaves any out.
      if (found.length < HOT_TERMS) return found;
      const asked = `${kind} ${prefix}`;
      const known = hot.get(asked) ?? names.flatMap((name) => matchOf(name, kind, prefix));
      hot.set(asked, known);
      const listed = new Set(found.map(({ term }) => term));
      return [...found, ...known.filter(({ term }) => !listed.has(term))];
    },
  };
}

function termsOf(db: Database.Database, space: string, sold: readonly Standing[]) {
  const termsOfProduct = createTermsOf(db, space);
  const select = numbers(
    db.prepare<[number], { field: number; plain: string; spoken: string }>(
      `SELECT field, plain, spoken FROM ${space}term WHERE term = ?`,
    ),
  );
  const byTerm = new Map<number, Standing[]>();
  const names = new Map<number, SoldName>();
  for (const standing of sold) {
    for (const term of termsOfProduct(standing.product)) {
      const known = byTerm.get(term);
      if (known === undefined) byTerm.set(term, [standing]);
      else known.push(standing);
      const found = names.has(term) ? undefined : select.get(term);
      if (found?.field !== 0) continue;
      const ways = found.spoken.split(' ').map((readings) => readings.split(','));
      names.set(term, { term, plain: found.plain, ways });
    }
  }
  return { byTerm, names: [...names.values()] };
}

function matchOf(name: SoldName, kind: KeyKind, prefix: string): readonly TermMatch[] {
  const exactness = kind === 'name' ? writtenPlace(name.plain, prefix) : spokenPlace(name.ways, prefix);
  return exactness === undefined ? [] : [{ term: name.term, exactness }];
}

function writtenPlace(plain: string, prefix: string): Exactness | undefined {
  const at = plain.indexOf(prefix);
  if (at < 0) return undefined;
  return at > 0 ? 2 : plain === prefix ? 0 : 1;
}

/** A prefix with a prepared list is short, so it is rarely the whole name. */
function spokenPlace(ways: SoldName['ways'], prefix: string): Exactness | undefined {
  for (let from = 0; from < ways.length; from += 1) {
    if (readsInitials(ways, from, prefix) || readsOut(ways, from, prefix)) return from > 0 ? 2 : 1;
  }
  return undefined;
}

function readsInitials(ways: SoldName['ways'], from: number, prefix: string): boolean {
  if (from + prefix.length > ways.length) return false;
  for (let at = 0; at < prefix.length; at += 1) {
    if (!(ways[from + at] ?? []).some((way) => way[0] === prefix[at])) return false;
  }
  return true;
}

function readsOut(ways: SoldName['ways'], from: number, rest: string): boolean {
  if (rest === '') return true;
  return (ways[from] ?? []).some((way) =>
    rest.startsWith(way) && way !== ''
      ? readsOut(ways, from + 1, rest.slice(way.length))
      : way.startsWith(rest),
  );
}
