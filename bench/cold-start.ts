import { join } from 'node:path';
import type { BenchContext, BenchOutput } from './measure.ts';
import { packageRoot, run } from './processes.ts';
import { median } from './statistics.ts';
import { type PreparedShop, startTill, withShop } from './till-start.ts';

const STARTS = 7;

/** `guitai serve` from the start of the process until it answers, beside Node that opens a database. */
export function measures(context: BenchContext): AsyncIterable<BenchOutput> {
  return withShop(context, async function* (shop: PreparedShop) {
    const ours: number[] = [];
    const peers: number[] = [];
    // The first start makes the token and the page cache warm; every later one is a shop's morning.
    for (let start = -1; start < STARTS; start += 1) {
      const till = await startTill(shop);
      await till.stop();
      const peer = await emptyStart(shop);
      if (start < 0) continue;
      ours.push(till.readyMs);
      peers.push(peer);
    }
    const name = `cold-start@${context.rows}`;
    yield { name, value: median(ours) / 1000, unit: 's', budget: { most: 1.5 } };
    yield { name: 'cold-start-node-and-database', value: median(peers) / 1000, unit: 's' };
    const ratios = ours.map((ms, index) => ms / (peers[index] ?? ms));
    yield { name: 'cold-start-beside-node', value: median(ratios), unit: 'x' };
  });
}

async function emptyStart({ folder }: PreparedShop): Promise<number> {
  const sqlite = join(packageRoot(), 'node_modules', 'better-sqlite3');
  const file = join(folder, 'till.db');
  const script = `new (require(${JSON.stringify(sqlite)}))(${JSON.stringify(file)}).pragma('user_version')`;
  const startMs = performance.now();
  await run(process.execPath, ['-e', script]);
  return performance.now() - startMs;
}
