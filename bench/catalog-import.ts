import { once } from 'node:events';
import { createWriteStream, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nationalList } from '#catalog/starter';
import { agencyCatalogTools } from '#main';
import { type CommitTimes, openCommitSides } from './commit.ts';
import { drugRows } from './generate-agency.ts';
import type { BenchContext, BenchOutput } from './measure.ts';
import { run } from './processes.ts';
import { median, percentile } from './statistics.ts';
import { zipFile } from './zip-file.ts';

const { importAgencyTables } = await agencyCatalogTools();

const SEED = 20_260_401;
/** The budget in seconds is for a province's table; of a greater one only the ratio counts. */
const PROVINCE_ROWS = 250_000;
const ROUNDS = 3;
const COLUMNS = 92;
/** Before each import, as many as it will leave time for: a machine that slows down for a minute slows both. */
const REST_SALES = 500;
/** Not counted. */
const WARM_SALES = 80;
/**
 * Sales are made during so many imports. The slowest hundredth of one import's sales is four of them, and chance: drawn
 * from the same machine, four imports gave 0.88 to 1.52 times the bare transaction.
 */
const SALE_IMPORTS = 16;
/** A great table takes long enough by itself. */
const GREAT_SALE_IMPORTS = 4;
/** Between two sales. */
const CUSTOMER_MS = 2;

interface Download {
  /** As the agency hands it out. */
  readonly zip: string;
  /** What is in the zip. */
  readonly text: string;
}

interface Round {
  readonly oursS: number;
  readonly theirsS: number;
  readonly peakMb: number;
  readonly fileMb: number;
}

/**
 * `guitai catalog import` of a generated 1301 zip, from the order to the file that is on the disk with all its
 * indexes, in turn with the `sqlite3` shell that only takes the unzipped text into one bare table.
 */
export async function* measures(context: BenchContext): AsyncIterable<BenchOutput> {
  const { rows, folder } = context;
  await run('sqlite3', ['--version']);
  const download = await generatedDownload(context);
  yield {
    note: `${rows} rows of 1301: ${megabytes(download.text)} MB of text, ${megabytes(download.zip)} MB zipped`,
  };
  const rounds: Round[] = [];
  for (let round = 0; round < (rows > PROVINCE_ROWS ? 1 : ROUNDS); round += 1) {
    const ours = await importOurs(join(folder, 'agency-import'), download.zip);
    const theirsS = await importTheirs(join(folder, 'sqlite-import.db'), download.text);
    rounds.push({ ...ours, theirsS });
  }
  yield* sellingMeanwhile(context, download.zip);
  const of = (pick: (round: Round) => number) => median(rounds.map(pick));
  yield {
    name: `catalog-import@${rows}`,
    value: of(({ oursS }) => oursS),
    unit: 's',
    ...(rows > PROVINCE_ROWS ? {} : { budget: { most: 20 } }),
  };
  yield {
    name: `catalog-import-beside-sqlite@${rows}`,
    value: of(({ oursS, theirsS }) => oursS / theirsS),
    unit: 'x',
    budget: { most: 6 },
  };
  yield { name: `sqlite-import@${rows}`, value: of(({ theirsS }) => theirsS), unit: 's' };
  yield { name: `catalog-import-memory@${rows}`, value: of(({ peakMb }) => peakMb), unit: 'MB' };
  yield { name: `catalog-import-file@${rows}`, value: of(({ fileMb }) => fileMb), unit: 'MB' };
}

function generatedDownload({ folder, rows, once: make }: BenchContext): Promise<Download> {
  return make('agency-download', async () => {
    const text = join(folder, '1301.txt');
    await writeDrugs(text, rows);
    const zip = join(folder, '1301_20250801.txt.zip');
    await zipFile(zip, '1301_20250801.txt', text);
    return { zip, text };
  });
}

/** The same rows in every run of a size. */
export async function writeDrugs(path: string, rows: number): Promise<void> {
  const stream = createWriteStream(path);
  for (const row of drugRows(rows, nationalList(), SEED)) {
    if (!stream.write(`${row.join('\t')}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

/**
 * Sales committed while another import runs. None waits for it: beside a bare transaction at the same moment they
 * cost what they cost beside one when nothing is imported.
 */
async function* sellingMeanwhile({ folder, rows }: BenchContext, zip: string): AsyncIterable<BenchOutput> {
  const sides = openCommitSides(join(folder, 'import-commit'));
  const sellInto = async (sales: CommitTimes[]) => {
    sales.push(await sides.sell());
    await delay(CUSTOMER_MS);
  };
  const warm: CommitTimes[] = [];
  const meanwhile: CommitTimes[] = [];
  const atRest: CommitTimes[] = [];
  while (warm.length < WARM_SALES) await sellInto(warm);
  const imports = rows > PROVINCE_ROWS ? GREAT_SALE_IMPORTS : SALE_IMPORTS;
  for (let round = 1; round <= imports; round += 1) {
    while (atRest.length < REST_SALES * round) await sellInto(atRest);
    await importOurs(join(folder, 'agency-import'), zip, () => sellInto(meanwhile));
  }
  sides.close();
  const name = 'commit-during-import';
  for (const [suffix, share] of [
    ['', 0.5],
    ['-p99', 0.99],
  ] as const) {
    const [during, rest] = [timesOf(meanwhile, share), timesOf(atRest, share)];
    const value = during.ours / during.theirs / (rest.ours / rest.theirs);
    yield { name: `${name}${suffix}@${rows}`, value, unit: 'x', budget: { most: 1.3 } };
    yield {
      name: `${name}${suffix}-beside-plain@${rows}`,
      value: during.ours / during.theirs,
      unit: 'x',
      // The commit's own budget holds for the slowest of a hundred; the median at rest is the measure `commit`.
      ...(suffix === '' ? {} : { budget: { most: 1.3 } }),
    };
    yield { name: `${name}${suffix}-ours@${rows}`, value: during.ours, unit: 'ms' };
    yield { name: `${name}${suffix}-plain@${rows}`, value: during.theirs, unit: 'ms' };
  }
  yield {
    note: `${meanwhile.length} sales were committed during ${imports} imports, ${atRest.length} between them`,
  };
}

function timesOf(sales: readonly CommitTimes[], share: number): { ours: number; theirs: number } {
  const of = (side: 'ours' | 'theirs') =>
    percentile(
      sales.map((sale) => sale[side].intent + sale[side].outcome),
      share,
    );
  return { ours: of('ours'), theirs: of('theirs') };
}

/** With `meanwhile` again and again until the version is there. */
async function importOurs(
  folder: string,
  zip: string,
  meanwhile?: () => Promise<void>,
): Promise<Omit<Round, 'theirsS'>> {
  const startMs = performance.now();
  let done = false;
  const building = importAgencyTables(folder, [{ table: '1301', file: zip, scope: 'full' }]);
  const ended = building.finally(() => {
    done = true;
  });
  while (meanwhile !== undefined && !done) await meanwhile();
  await ended;
  const built = await building;
  const oursS = (performance.now() - startMs) / 1000;
  if (!built.ok) throw new Error(`the generated table was not imported: ${built.error.fault.code}`);
  const { peakBytes, file } = built.value;
  const fileMb = statSync(file).size / 1_048_576;
  rmSync(folder, { recursive: true, force: true });
  return { oursS, peakMb: peakBytes / 1_048_576, fileMb };
}

/** As quick as the shell can be: no journal, no sync, no index, nothing checked. */
async function importTheirs(file: string, text: string): Promise<number> {
  const columns = Array.from({ length: COLUMNS }, (_, at) => `c${at + 1} TEXT`);
  const startMs = performance.now();
  await run('sqlite3', [
    file,
    'PRAGMA journal_mode = OFF',
    'PRAGMA synchronous = OFF',
    `CREATE TABLE t (${columns.join()})`,
    '.mode tabs',
    `.import ${text} t`,
  ]);
  const seconds = (performance.now() - startMs) / 1000;
  const count = Number(await run('sqlite3', [file, 'SELECT count(*) FROM t']));
  rmSync(file);
  if (count === 0) throw new Error('sqlite3 imported nothing');
  return seconds;
}

function megabytes(file: string): number {
  return Math.round(statSync(file).size / 1_048_576);
}
