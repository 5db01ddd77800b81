import { join } from 'node:path';
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
import { exactKinds, mixedQueries, type Query, typoQueries } from './search-queries.ts';
import type { SideName, SideReady, SideRound } from './search-side.ts';
import { median, percentile } from './statistics.ts';

const OWN_QUERIES = 2000;
const OWN_ROUNDS = 5;
const OWN_TYPOS = 500;
const SHARED_QUERIES = 200;
const SHARED_TYPOS = 60;
const SHARED_ROUNDS = 3;
const SCANS = 4000;
const SCAN_ROUNDS = 5;
const PEER_HEAP_MB = 12_288;
/** Size for which the budgets are set. */
const BUDGET_ROWS = 250_000;
const peers = ['sqlite', 'minisearch', 'flexsearch'] as const;

/** Search and scan in a generated catalogue, beside search programs and beside the bare SELECT of a barcode. */
export async function* measures(context: BenchContext): AsyncIterable<BenchOutput> {
  const { file, importS } = await generatedCatalog(context);
  const products = [...generatedProducts(context.rows)];
  yield* scans(file, products, context.rows);
  yield { name: `catalogue-import@${context.rows}`, value: importS, unit: 's' };
  const ours = new Helper('search-side', ['guitai', String(context.rows), file], ['--expose-gc']);
  try {
    await ours.ready<SideReady>();
    const before = await ours.ask<SideRound>({ queries: mixedQueries(products, OWN_QUERIES) });
    assert(before.timesMs.length === OWN_QUERIES, 'every query was timed');
    yield* ownSearch(ours, products, context.rows);
    const typos = typoQueries(products, SHARED_TYPOS);
    const queries = [...mixedQueries(products, SHARED_QUERIES), ...typos];
    for (const peer of peers) {
      const scratch = join(context.folder, `${peer}.db`);
      yield* besidePeer(ours, { peer, importS, queries, rows: context.rows, scratch });
    }
  } finally {
    await ours.end();
  }
}

async function* ownSearch(
  ours: Helper,
  products: readonly Product[],
  rows: number,
): AsyncIterable<BenchOutput> {
  const queries = mixedQueries(products, OWN_QUERIES);
  const rounds: SideRound[] = [];
  for (let round = 0; round < OWN_ROUNDS; round += 1) rounds.push(await ours.ask<SideRound>({ queries }));
  const p99 = median(rounds.map(({ timesMs }) => percentile(timesMs, 0.99)));
  yield { name: `search-p99@${rows}`, value: p99, unit: 'ms', budget: { most: 5 } };
  for (const kind of exactKinds) {
    const ofKind = rounds.map(({ timesMs }) => timesMs.filter((_, at) => queries[at]?.kind === kind));
    const value = median(ofKind.map((times) => percentile(times, 0.99)));
    yield { name: `search-${kind}-p99@${rows}`, value, unit: 'ms' };
  }
  const typos = await ours.ask<SideRound>({ queries: typoQueries(products, OWN_TYPOS) });
  yield { name: `search-typo-p99@${rows}`, value: percentile(typos.timesMs, 0.99), unit: 'ms' };
  const typosFound = typos.found.filter(Boolean).length / typos.found.length;
  yield { name: `search-typo-found@${rows}`, value: typosFound, unit: 'share' };
  yield { name: `search-memory@${rows}`, value: typos.memoryMb, unit: 'MB' };
}

interface Peering {
  readonly peer: Exclude<SideName, 'guitai'>;
  readonly importS: number;
  readonly queries: readonly Query[];
  readonly rows: number;
  readonly scratch: string;
}

interface Round {
  readonly ours: SideRound;
  readonly theirs: SideRound;
}

async function* besidePeer(ours: Helper, peering: Peering): AsyncIterable<BenchOutput> {
  const { peer, rows, queries, scratch } = peering;
  const execArgv = [`--max-old-space-size=${PEER_HEAP_MB}`, '--expose-gc'];
  const theirs = new Helper('search-side', [peer, String(rows), scratch], execArgv);
  try {
    const built = await theirs.ready<SideReady>();
    const rounds: Round[] = [];
    for (let round = 0; round < SHARED_ROUNDS; round += 1) {
      const own = await ours.ask<SideRound>({ queries });
      rounds.push({ ours: own, theirs: await theirs.ask<SideRound>({ queries }) });
    }
    yield* compared(peering, built.buildS, rounds);
  } catch (error) {
    // Beyond the size of the budgets a peer may not fit into memory; at that size it has to be measured.
    if (rows <= BUDGET_ROWS) throw error;
    yield { note: `${peer} did not come through at ${rows} rows: ${String(error)}` };
  } finally {
    await theirs.end();
  }
}

/** Which figures have to be below the peer's (design section 8); the others are printed. */
const held: Readonly<Record<Peering['peer'], readonly string[]>> = {
  minisearch: ['p99', 'build', 'memory'],
  flexsearch: ['build', 'memory'],
  sqlite: [],
};

function* compared(
  { peer, importS, queries, rows }: Peering,
  buildS: number,
  rounds: readonly Round[],
): Iterable<BenchOutput> {
  const last = rounds.at(-1);
  assert(last !== undefined, 'a round was run');
  const isExact = (at: number) => queries[at]?.kind !== 'typo';
  const p99 = ({ timesMs }: SideRound) =>
    percentile(
      timesMs.filter((_, at) => isExact(at)),
      0.99,
    );
  const figures = [
    ['p99', median(rounds.map((round) => p99(round.ours) / p99(round.theirs)))],
    ['build', importS / buildS],
    ['memory', Math.max(last.ours.memoryMb, 1) / last.theirs.memoryMb],
  ] as const;
  for (const [figure, value] of figures) {
    const budget = held[peer].includes(figure) ? { budget: { most: 1 } } : {};
    yield { name: `search-beside-${peer}-${figure}@${rows}`, value, unit: 'x', ...budget };
  }
  const share = ({ found }: SideRound, exact: boolean) => {
    const asked = found.filter((_, at) => isExact(at) === exact);
    return asked.filter(Boolean).length / asked.length;
  };
  const least = peer === 'sqlite' ? {} : { budget: { least: share(last.theirs, true) } };
  yield {
    name: `search-found-beside-${peer}@${rows}`,
    value: share(last.ours, true),
    unit: 'share',
    ...least,
  };
  yield { name: `${peer}-found@${rows}`, value: share(last.theirs, true), unit: 'share' };
  yield { name: `${peer}-typo-found@${rows}`, value: share(last.theirs, false), unit: 'share' };
  yield { name: `${peer}-p99@${rows}`, value: median(rounds.map(({ theirs }) => p99(theirs))), unit: 'ms' };
  yield { name: `${peer}-build@${rows}`, value: buildS, unit: 's' };
  yield { name: `${peer}-memory@${rows}`, value: last.theirs.memoryMb, unit: 'MB' };
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
