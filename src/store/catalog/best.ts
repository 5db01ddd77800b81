import type Database from 'better-sqlite3';
import type { SearchIndex } from '#core/ports/search-index';
import { createPostings } from './postings.ts';
import type { Sales, Standing } from './sales.ts';

/** Reads the best documents of terms; `sales` may change between two searches. */
export function createBest(
  db: Database.Database,
  space: string,
  sales: () => Sales | undefined,
): SearchIndex['best'] {
  const postings = createPostings(db, space);
  return (terms, taken, limit) => {
    const ranked = sales();
    const found = new BestStocked(limit);
    // Terms are numbered by their best stock: a later one has nothing better than its first.
    for (const term of terms.toSorted((a, b) => a - b)) {
      const rows = postings(term, limit + taken.size);
      if (rows[0] !== undefined && rows[0].lessStock >= found.worst) break;
      for (const { lessStock, product } of rows) {
        if (!taken.has(product)) found.add({ product, lessStock, sold: ranked?.soldOf(product) ?? 0 });
      }
    }
    // What sold rises only among those in stock or among those not: whoever of them stock left out comes here.
    const all = new Map(found.list().map((standing) => [standing.product, standing]));
    for (const standing of ranked?.among(terms) ?? []) {
      if (!taken.has(standing.product)) all.set(standing.product, standing);
    }
    const order = [...all.values()].sort(byRank).slice(0, limit);
    return order.map(({ product }) => product);
  };
}

/** Keeps the best stocked of what it is given, at most `limit`. */
class BestStocked {
  worst = Number.POSITIVE_INFINITY;
  readonly #limit: number;
  #kept = new Map<number, Standing>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(standing: Standing): void {
    if (standing.lessStock >= this.worst) return;
    this.#kept.set(standing.product, standing);
    const isFull = this.#kept.size >= this.#limit;
    if (this.#kept.size >= 2 * this.#limit || (isFull && this.worst === Number.POSITIVE_INFINITY))
      this.#cut();
  }

  list(): readonly Standing[] {
    this.#cut();
    return [...this.#kept.values()];
  }

  #cut(): void {
    if (this.#kept.size < this.#limit) return;
    const order = [...this.#kept.values()].sort((a, b) => a.lessStock - b.lessStock || a.product - b.product);
    const kept = order.slice(0, this.#limit);
    this.worst = kept.at(-1)?.lessStock ?? this.worst;
    this.#kept = new Map(kept.map((standing) => [standing.product, standing]));
  }
}

/** In stock before not, then what sells more, then what there is more of, then the order of the list. */
function byRank(a: Standing, b: Standing): number {
  return (
    Number(b.lessStock < 0) - Number(a.lessStock < 0) ||
    b.sold - a.sold ||
    a.lessStock - b.lessStock ||
    a.product - b.product
  );
}
