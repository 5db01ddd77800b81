import type Database from 'better-sqlite3';
import type { SearchIndex } from '#core/ports/search-index';
import { createPostings } from './postings.ts';
import type { Placed, Sales } from './sales.ts';

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
    const order = terms.toSorted((a, b) => a - b);
    const addBest = (term: number): boolean => {
      let isFirst = true;
      for (const { lessStock, product } of postings(term, limit + taken.size)) {
        if (lessStock >= found.worst) return !isFirst;
        isFirst = false;
        if (!taken.has(product)) found.add({ product, lessStock, term, sold: ranked?.soldOf(product) ?? 0 });
      }
      return true;
    };
    // Terms are numbered by their best stock: a later one has nothing better than its first.
    for (const term of order) {
      if (!addBest(term)) break;
    }
    // What sold rises only among those in stock or among those not: whoever of them stock left out comes here.
    const all = new Map(found.list().map((placed) => [placed.product, placed]));
    for (const placed of ranked?.among(order) ?? []) {
      if (!taken.has(placed.product)) all.set(placed.product, placed);
    }
    const best = [...all.values()].sort(byRank).slice(0, limit);
    return best.map(({ product }) => product);
  };
}

/** Keeps the best stocked of what it is given, at most `limit`. */
class BestStocked {
  worst = Number.POSITIVE_INFINITY;
  readonly #limit: number;
  #kept = new Map<number, Placed>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(placed: Placed): void {
    if (placed.lessStock >= this.worst || this.#kept.has(placed.product)) return;
    this.#kept.set(placed.product, placed);
    const isFull = this.#kept.size >= this.#limit;
    if (this.#kept.size >= 2 * this.#limit || (isFull && this.worst === Number.POSITIVE_INFINITY))
      this.#cut();
  }

  list(): readonly Placed[] {
    this.#cut();
    return [...this.#kept.values()];
  }

  #cut(): void {
    if (this.#kept.size < this.#limit) return;
    const order = [...this.#kept.values()].sort(byStock);
    const kept = order.slice(0, this.#limit);
    this.worst = kept.at(-1)?.lessStock ?? this.worst;
    this.#kept = new Map(kept.map((placed) => [placed.product, placed]));
  }
}

function byStock(a: Placed, b: Placed): number {
  return a.lessStock - b.lessStock || a.term - b.term || a.product - b.product;
}

/** In stock before not, then what sells more, then what there is more of, then the name with the lower number. */
function byRank(a: Placed, b: Placed): number {
  return Number(b.lessStock < 0) - Number(a.lessStock < 0) || b.sold - a.sold || byStock(a, b);
}
