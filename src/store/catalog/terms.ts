import type Database from 'better-sqlite3';
import { exactnessOf } from './hot-terms.ts';
import type { KeyKind } from './index-schema.ts';

interface KeyRow {
  readonly key: string;
  readonly inside: bigint;
  readonly term: bigint;
}

interface Posting {
  readonly less_stock: bigint;
  readonly product: bigint;
}

/** Rows of `product` under a prefix, best first, at most `limit`. */
export type Lookup = (kind: KeyKind, prefix: string, limit: number) => unknown[];

/**
 * From a prefix to products: by exactness (whole name, its beginning, further in), then by stock. Terms are
 * numbered by their best stock, so reading stops at the first term that cannot give a better product.
 */
export function createLookup(db: Database.Database): Lookup {
  const hot = db.prepare<[string, string], { exactness: bigint; term: bigint }>(
    'SELECT exactness, term FROM hot WHERE kind = ? AND prefix = ? ORDER BY exactness, term',
  );
  const range = {
    name: db.prepare<[string, string], KeyRow>(rangeOf('name')),
    pinyin: db.prepare<[string, string], KeyRow>(rangeOf('pinyin')),
  };
  const postings = db.prepare<[bigint, number], Posting>(
    'SELECT less_stock, product FROM posting WHERE term = ? ORDER BY less_stock, product LIMIT ?',
  );
  const products = db.prepare<[string], { id: bigint }>(
    'SELECT * FROM product WHERE id IN (SELECT value FROM json_each(?))',
  );

  function termsOf(kind: KeyKind, prefix: string): bigint[][] {
    const classes: bigint[][] = [[], [], []];
    const ready = hot.all(kind, prefix);
    if (ready.length > 0) {
      for (const { exactness, term } of ready) classes[Number(exactness)]?.push(term);
      return classes;
    }
    const best = new Map<bigint, number>();
    for (const { key, inside, term } of range[kind].all(prefix, `${prefix}\u{10FFFF}`)) {
      const exactness = exactnessOf(key, Number(inside), prefix);
      if (exactness < (best.get(term) ?? 3)) best.set(term, exactness);
    }
    for (const [term, exactness] of best) classes[exactness]?.push(term);
    for (const terms of classes) terms.sort((a, b) => Number(a - b));
    return classes;
  }

  function bestProducts(terms: readonly bigint[], taken: ReadonlySet<bigint>, limit: number): bigint[] {
    let best: Posting[] = [];
    for (const term of terms) {
      const rows = postings.all(term, limit + taken.size);
      const worst = best[limit - 1];
      const [first] = rows;
      if (worst !== undefined && first !== undefined && first.less_stock >= worst.less_stock) break;
      best = merged(
        best,
        rows.filter((row) => !taken.has(row.product)),
      ).slice(0, limit);
    }
    return best.map((row) => row.product);
  }

  return (kind, prefix, limit) => {
    const taken = new Set<bigint>();
    for (const terms of termsOf(kind, prefix)) {
      if (taken.size >= limit) break;
      for (const id of bestProducts(terms, taken, limit - taken.size)) taken.add(id);
    }
    const rows = new Map(products.all(`[${[...taken].join()}]`).map((row) => [row.id, row]));
    return [...taken].map((id) => rows.get(id));
  };
}

function rangeOf(kind: KeyKind): string {
  return `SELECT key, inside, term FROM ${kind}_key WHERE key >= ? AND key < ?`;
}

/** Best stocked first, each product once (it may stand under its generic and its trade name). */
function merged(a: readonly Posting[], b: readonly Posting[]): Posting[] {
  const all = new Map([...a, ...b].map((row) => [row.product, row]));
  return [...all.values()].sort(
    (x, y) => Number(x.less_stock - y.less_stock) || Number(x.product - y.product),
  );
}
