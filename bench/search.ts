import Database from 'better-sqlite3';
import { createCatalog } from '#catalog/catalog';
import { assert } from '#core/assert';
import type { Product } from '#core/domain/product';
import { oneUnit } from '#core/money';
import { openCatalogVersion } from '#store/catalog/open';
import { seededDraw } from './generate-products.ts';
import { generatedCatalog, generatedProducts } from './generated-catalog.ts';
import type { BenchContext, BenchOutput } from './measure.ts';
import { Helper } from './processes.ts';
import { mixedQueries, type Query, type QueryKind } from './search-queries.ts';
import type { SideReady, SideRound } from './search-side.ts';
import { median, percentile } from './statistics.ts';

const OWN_QUERIES = 2000;
const OWN_ROUNDS = 5;
const SHARED_QUERIES = 200;
const SHARED_ROUNDS = 3;
const SCANS = 4000;
const SCAN_ROUNDS = 5;
const PEER_HEAP_MB = 8192;

/** Search and scan in a generated catalogue, beside MiniSearch and beside the bare SELECT of a barcode. */
export async function* measures(context: BenchContext): AsyncIterable<BenchOutput> {
  const { file, importS } = await generatedCatalog(context);
  const products = [...generatedProducts(context.rows)];
  yield* scans(file, products, context.rows);
  yield { name: `catalogue-import@${context.rows}`, value: importS, unit: 's' };
  const ours = new Helper('search-side', ['guitai', file], ['--expose-gc']);
  try {
    await ours.ready<SideReady>();
    const before = await ours.ask<SideRound>({ queries: mixedQueries(products, OWN_QUERIES) });
    assert(before.timesMs.length === OWN_QUERIES, 'every query was timed');
    yield* ownSearch(ours, mixedQueries(products, OWN_QUERIES), context.rows);
    yield* besideMiniSearch(ours, importS, mixedQueries(products, SHARED_QUERIES), context.rows);
  } finally {
    await ours.end();
  }
}

async function* ownSearch(ours: Helper, queries: readonly Query[], rows: number): AsyncIterable<BenchOutput> {
  const rounds: SideRound[] = [];
  for (let round = 0; round < OWN_ROUNDS; round += 1) rounds.push(await ours.ask<SideRound>({ queries }));
  const p99 = median(rounds.map(({ timesMs }) => percentile(timesMs, 0.99)));
  yield { name: `search-p99@${rows}`, value: p99, unit: 'ms', budget: { most: 5 } };
  const kinds: readonly QueryKind[] = ['initials', 'pinyin', 'hanzi', 'code'];
  for (const kind of kinds) {
    const ofKind = rounds.map(({ timesMs }) => timesMs.filter((_, at) => queries[at]?.kind === kind));
    const value = median(ofKind.map((times) => percentile(times, 0.99)));
    yield { name: `search-${kind}-p99@${rows}`, value, unit: 'ms' };
  }
}

async function* besideMiniSearch(
  ours: Helper,
  importS: number,
  queries: readonly Query[],
  rows: number,
): AsyncIterable<BenchOutput> {
  const execArgv = [`--max-old-space-size=${PEER_HEAP_MB}`, '--expose-gc'];
  const peer = new Helper('search-side', ['minisearch', String(rows)], execArgv);
  try {
    const built = await peer.ready<SideReady>();
    const rounds: { ours: SideRound; theirs: SideRound }[] = [];
    for (let round = 0; round < SHARED_ROUNDS; round += 1) {
      const own = await ours.ask<SideRound>({ queries });
      rounds.push({ ours: own, theirs: await peer.ask<SideRound>({ queries }) });
    }
    const p99 = (round: SideRound) => percentile(round.timesMs, 0.99);
    const name = 'search-beside-minisearch';
    const below = { most: 1 };
    const times = median(rounds.map((round) => p99(round.ours) / p99(round.theirs)));
    yield { name: `${name}-p99@${rows}`, value: times, unit: 'x', budget: below };
    yield { name: `${name}-build@${rows}`, value: importS / built.buildS, unit: 'x', budget: below };
    const last = rounds.at(-1);
    assert(last !== undefined, 'a round was run');
    const memory = Math.max(last.ours.memoryMb, 1) / last.theirs.memoryMb;
    yield { name: `${name}-memory@${rows}`, value: memory, unit: 'x', budget: below };
    const share = (round: SideRound) => round.found / queries.length;
    const found = { least: share(last.theirs) };
    yield { name: `search-found@${rows}`, value: share(last.ours), unit: 'share', budget: found };
    yield {
      name: `minisearch-p99@${rows}`,
      value: median(rounds.map((round) => p99(round.theirs))),
      unit: 'ms',
    };
    yield { name: `minisearch-build@${rows}`, value: built.buildS, unit: 's' };
    yield { name: `minisearch-memory@${rows}`, value: last.theirs.memoryMb, unit: 'MB' };
  } finally {
    await peer.end();
  }
}

/** A scanner's barcode to the priced line, in turn with the prepared SELECT that it cannot do without. */
async function* scans(file: string, products: readonly Product[], rows: number): AsyncIterable<BenchOutput> {
  const opened = openCatalogVersion(file);
  assert(opened.ok, 'the generated catalogue opens');
  const catalog = createCatalog(opened.value);
  const raw = new Database(file, { readonly: true });
  const select = raw.prepare('SELECT * FROM product WHERE barcode = ?');
  const rounds: { ours: number[]; theirs: number[] }[] = [];
  for (let round = -1; round < SCAN_ROUNDS; round += 1) {
    const times = { ours: [] as number[], theirs: [] as number[] };
    for (const barcode of barcodes(products, round)) {
      const startMs = performance.now();
      const found = catalog.findByCode(barcode);
      const [product] = found.ok ? found.value : [];
      assert(product !== undefined, 'a barcode of the list is found');
      catalog.priceLine(product, oneUnit);
      const pricedMs = performance.now();
      select.all(barcode);
      times.ours.push(pricedMs - startMs);
      times.theirs.push(performance.now() - pricedMs);
    }
    if (round >= 0) rounds.push(times);
  }
  raw.close();
  catalog.close();
  const p99 = median(rounds.map(({ ours }) => percentile(ours, 0.99)));
  yield { name: `scan-p99@${rows}`, value: p99, unit: 'ms', budget: { most: 2 } };
  const ratio = median(rounds.map(({ ours, theirs }) => median(ours) / median(theirs)));
  yield { name: `scan-beside-select@${rows}`, value: ratio, unit: 'x', budget: { most: 5 } };
  yield { name: `scan-median@${rows}`, value: median(rounds.map(({ ours }) => median(ours))), unit: 'ms' };
  yield {
    name: `select-median@${rows}`,
    value: median(rounds.map(({ theirs }) => median(theirs))),
    unit: 'ms',
  };
}

/** Other products in every round: a counter rarely sells the same pack twice in a row. */
function barcodes(products: readonly Product[], round: number): readonly string[] {
  const draw = seededDraw(100 + round);
  const found: string[] = [];
  while (found.length < SCANS) {
    const barcode = products[draw(products.length)]?.barcode;
    if (barcode !== undefined) found.push(barcode);
  }
  return found;
}
