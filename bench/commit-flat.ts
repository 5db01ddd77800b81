import { join } from 'node:path';
import { systemClock } from '#core/clock';
import { openTillStore, recordsFile } from '#store/open';
import type { SqliteStore } from '#store/sqlite-store';
import { sellBare } from './commit.ts';
import { fillRecords } from './fill-records.ts';
import type { BenchContext, BenchOutput } from './measure.ts';
import { median } from './statistics.ts';

/** Four sales for each row of the list: 1,000,000 at the usual size. */
const SALES_PER_ROW = 4;
const ROUNDS = 9;
const SALES = 30;

/** The same sale in empty records and in records of a million sales, turn about. */
export async function* measures({ folder, rows }: BenchContext): AsyncIterable<BenchOutput> {
  const past = rows * SALES_PER_ROW;
  const empty = openIn(join(folder, 'flat-empty'));
  openIn(join(folder, 'flat-full')).close();
  const startMs = performance.now();
  fillRecords(join(folder, 'flat-full', recordsFile), past);
  yield { note: `${past} past sales written in ${Math.round((performance.now() - startMs) / 1000)} s` };
  const full = openIn(join(folder, 'flat-full'));
  const ratios: { readonly intent: number; readonly outcome: number }[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const [a, b] = round % 2 === 0 ? [empty, full] : [full, empty];
    const [first, second] = [await sellMany(a), await sellMany(b)];
    const [atZero, atFull] = a === empty ? [first, second] : [second, first];
    if (round >= 0)
      ratios.push({ intent: atFull.intent / atZero.intent, outcome: atFull.outcome / atZero.outcome });
  }
  empty.close();
  full.close();
  for (const step of ['intent', 'outcome'] as const) {
    const value = median(ratios.map((ratio) => ratio[step]));
    yield { name: `commit-${step}-flat@${past}`, value, unit: 'x', budget: { most: 1.3 } };
  }
}

function openIn(folder: string): SqliteStore {
  const sealKey = new Uint8Array(32).fill(1);
  const opened = openTillStore({ folder, terminal: '01', clock: systemClock, sealKey });
  if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail ?? ''}`);
  return opened.value;
}

async function sellMany(store: SqliteStore): Promise<{ readonly intent: number; readonly outcome: number }> {
  const times: { readonly intent: number; readonly outcome: number }[] = [];
  while (times.length < SALES) times.push(await sellBare(store));
  return {
    intent: median(times.map(({ intent }) => intent)),
    outcome: median(times.map(({ outcome }) => outcome)),
  };
}
