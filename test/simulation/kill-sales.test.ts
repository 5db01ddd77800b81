import { expect, test } from 'vitest';
import { pcscdAvailable } from '#simulators/pcscd';
import { ShopProgram } from '../e2e/shop-program.ts';
import { KilledSales } from './kill-sales.ts';
import { killedShop } from './killed-shop.ts';
import { runLength } from './seeded.ts';

const available = pcscdAvailable();
const { cases, seed } = runLength('KILL_SALES', 20);

test.skipIf(!available.ok)(
  `the selling program killed ${cases} times at any moment: nothing told is lost, nothing charged twice`,
  { timeout: 120_000 + cases * 30_000 },
  async () => {
    process.stdout.write(`kill sales: ${cases} kills, seed ${seed}\n`);
    const shop = await ShopProgram.start(killedShop);
    try {
      await shop.openShift();
      await shop.killProgram();
      const say = (line: string) => process.stdout.write(`kill sales: ${line}\n`);
      const report = await new KilledSales(shop, seed, say).run(cases);
      const { broken, moments, refusals, ...counts } = report;
      const when = JSON.stringify(Object.fromEntries(moments));
      process.stdout.write(`kill sales: ${JSON.stringify(counts)}, killed at ${when}\n`);
      process.stdout.write(`kill sales: refused ${JSON.stringify(Object.fromEntries(refusals))}\n`);
      expect(broken, `seed ${seed}`).toEqual([]);
      expect(counts.told).toBeGreaterThan(cases / 2);
    } finally {
      await shop.close();
    }
  },
);
