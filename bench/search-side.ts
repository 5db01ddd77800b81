/**
 * One side of the search measure, in a process of its own so that neither pays for the other's memory.
 * Started with `guitai FILE` or `minisearch ROWS`; answers each round of queries with its times.
 */

import { createCatalog } from '#catalog/catalog';
import { assert } from '#core/assert';
import type { Product } from '#core/domain/product';
import { openCatalogVersion } from '#store/catalog/open';
import { generatedProducts } from './generated-catalog.ts';
import { answers, type Query } from './search-queries.ts';

export interface SideReady {
  readonly buildS: number;
}

export interface SideRound {
  readonly timesMs: readonly number[];
  /** Queries among whose first results is what was meant. */
  readonly found: number;
  /** Resident memory above that of the process before it opened or built its index. */
  readonly memoryMb: number;
}

interface Side {
  readonly search: (text: string, limit: number) => readonly Product[];
  readonly ready: SideReady;
  /** Resident bytes at first. */
  readonly before: number;
}

const LIMIT = 20;

const [, , side = '', argument = ''] = process.argv;
const { search, ready, before } =
  side === 'guitai' ? openOurs(argument) : await buildMiniSearch(Number(argument));
process.on('message', ({ queries }: { readonly queries: readonly Query[] }) => {
  process.send?.(runRound(queries));
});
process.on('disconnect', () => process.exit());
process.send?.(ready);

function runRound(queries: readonly Query[]): SideRound {
  const timesMs: number[] = [];
  let found = 0;
  for (const query of queries) {
    const startMs = performance.now();
    const results = search(query.text, LIMIT);
    timesMs.push(performance.now() - startMs);
    if (results.some((product) => answers(query, product))) found += 1;
  }
  globalThis.gc?.();
  return { timesMs, found, memoryMb: (process.memoryUsage.rss() - before) / 1_048_576 };
}

function openOurs(file: string): Side {
  const before = process.memoryUsage.rss();
  const startMs = performance.now();
  const opened = openCatalogVersion(file);
  assert(opened.ok, 'the generated catalogue opens');
  const catalog = createCatalog(opened.value);
  const buildS = (performance.now() - startMs) / 1000;
  return {
    search: (text, limit) => catalog.search(text, limit),
    ready: { buildS },
    before,
  };
}

/** The products themselves are not counted: a program around MiniSearch would have them somewhere as well. */
async function buildMiniSearch(rows: number): Promise<Side> {
  const { miniSearchOver } = await import('./search-minisearch.ts');
  const products = [...generatedProducts(rows)];
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const startMs = performance.now();
  const search = miniSearchOver(products);
  return { search, ready: { buildS: (performance.now() - startMs) / 1000 }, before };
}
