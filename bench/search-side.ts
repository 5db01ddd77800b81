/**
 * One side of the search measure, in a process of its own so that neither pays for the other's memory.
 * Started with the side's name, the number of rows and a file: the catalogue of ours, scratch of SQLite alone.
 * Answers each round of queries with its times.
 */

import { createCatalog } from '#catalog/catalog';
import { assert } from '#core/assert';
import type { Product } from '#core/domain/product';
import { openCatalogVersion } from '#store/catalog/open';
import { generatedProducts } from './generated-catalog.ts';
import { answers, type Query } from './search-queries.ts';

export type SideName = 'guitai' | 'minisearch' | 'flexsearch' | 'sqlite';

export interface SideReady {
  readonly buildS: number;
}

export interface SideRound {
  readonly timesMs: readonly number[];
  /** For each query, whether what was meant is among the results. */
  readonly found: readonly boolean[];
  /** Resident memory above that of the process before it opened or built its index. */
  readonly memoryMb: number;
}

type Search = (text: string, limit: number, forgiving: boolean) => readonly Product[];

interface Side {
  readonly search: Search;
  readonly ready: SideReady;
  /** Resident bytes at first. */
  readonly before: number;
}

/** As many answers as a keystroke gets. */
const LIMIT = 10;

const [, , name = '', rows = '', file = ''] = process.argv;
const { search, ready, before } = name === 'guitai' ? openOurs(file) : await buildPeer(name, Number(rows));
process.on('message', ({ queries }: { readonly queries: readonly Query[] }) => {
  process.send?.(runRound(queries));
});
process.on('disconnect', () => process.exit());
process.send?.(ready);

function runRound(queries: readonly Query[]): SideRound {
  const timesMs: number[] = [];
  const found: boolean[] = [];
  for (const query of queries) {
    const startMs = performance.now();
    const results = search(query.text, LIMIT, query.kind === 'typo');
    timesMs.push(performance.now() - startMs);
    found.push(results.some((product) => answers(query, product)));
  }
  globalThis.gc?.();
  return { timesMs, found, memoryMb: (process.memoryUsage.rss() - before) / 1_048_576 };
}

function openOurs(catalogFile: string): Side {
  const rssBefore = process.memoryUsage.rss();
  const startMs = performance.now();
  const opened = openCatalogVersion(catalogFile);
  assert(opened.ok, 'the generated catalogue opens');
  const catalog = createCatalog(opened.value);
  const buildS = (performance.now() - startMs) / 1000;
  return { search: (text, limit) => catalog.search(text, limit), ready: { buildS }, before: rssBefore };
}

/** The products themselves are not counted: a program around a peer would have them somewhere as well. */
async function buildPeer(peer: string, count: number): Promise<Side> {
  const over = await builderOf(peer);
  const products = [...generatedProducts(count)];
  globalThis.gc?.();
  const rssBefore = process.memoryUsage.rss();
  const startMs = performance.now();
  const found = over(products);
  return { search: found, ready: { buildS: (performance.now() - startMs) / 1000 }, before: rssBefore };
}

async function builderOf(peer: string): Promise<(products: readonly Product[]) => Search> {
  if (peer === 'minisearch') return (await import('./search-minisearch.ts')).miniSearchOver;
  if (peer === 'flexsearch') return (await import('./search-flexsearch.ts')).flexSearchOver;
  assert(peer === 'sqlite', 'a peer has a name');
  const { sqliteOver } = await import('./search-sqlite.ts');
  return (products) => sqliteOver(file, products);
}
