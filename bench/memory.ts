import { readFileSync } from 'node:fs';
import type { BenchContext, BenchOutput } from './measure.ts';
import { run } from './processes.ts';
import { median } from './statistics.ts';
import { type PreparedShop, startTill, withShop } from './till-start.ts';

const STARTS = 3;
/** What the till itself loads at its start, for the peer. */
const libraries = [
  '@fastify/cookie',
  '@fastify/static',
  '@fastify/websocket',
  'better-sqlite3',
  'decimal.js',
  'fastify',
  'iconv-lite',
  'lossless-json',
  'pino',
  'smol-toml',
  'xstate',
  'zod',
];

/** Resident memory of a till that is ready to sell, beside Node with the same libraries loaded. */
export async function* measures(context: BenchContext): AsyncIterable<BenchOutput> {
  if (process.platform !== 'linux') {
    yield { note: 'resident memory is read from /proc: measured on Linux only' };
    return;
  }
  yield* withShop(context, async function* (shop: PreparedShop) {
    const ours: number[] = [];
    for (let start = 0; start < STARTS; start += 1) {
      const till = await startTill(shop);
      ours.push(residentMb(till.pid));
      await till.stop();
    }
    const name = `memory-ready@${context.rows}`;
    yield { name, value: median(ours), unit: 'MB', budget: { most: 150 } };
    yield { name: 'memory-libraries-alone', value: await librariesAlone(), unit: 'MB' };
  });
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

async function librariesAlone(): Promise<number> {
  const loads = libraries.map((name) => `await import(${JSON.stringify(name)})`);
  const script = `${loads.join(';')}; console.log(process.memoryUsage.rss() / 1048576)`;
  return Number(await run(process.execPath, ['--input-type=module', '-e', script]));
}
