import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pcscdAvailable } from '#simulators/pcscd';
import { ShopProgram } from '../e2e/shop-program.ts';
import { KilledSales } from './kill-sales.ts';
import { killedShop } from './killed-shop.ts';
import { runLength } from './seeded.ts';

const available = pcscdAvailable();
/** One bug is put back in `npm test`; `npm run kill -- bugs` puts back all, each killed at most so many times. */
const { cases, seed } = runLength('KILL_BUGS', 0);
const SAMPLE_KILLS = 20;

interface DeliberateBug {
  readonly name: string;
  readonly words: string;
}
const file = new URL('kill-bugs.json', import.meta.url);
const bugs = JSON.parse(readFileSync(file, 'utf8')) as readonly DeliberateBug[];

for (const { name, words } of cases > 0 ? bugs : bugs.slice(0, 1))
  test.skipIf(!available.ok)(
    `a program with a bug is caught by its kills: ${name} (${words})`,
    { timeout: 120_000 + Math.max(cases, SAMPLE_KILLS) * 30_000 },
    async () => {
      const preload = new URL(`put-bug-in.js?bug=${name}`, import.meta.url).href;
      const shop = await ShopProgram.start({ ...killedShop, nodeFlags: ['--import', preload] });
      try {
        await shop.openShift();
        await shop.killProgram();
        const kills = new KilledSales(shop, seed, () => undefined, { stopsAtFirst: true });
        const { broken, kills: count } = await kills.run(Math.max(cases, SAMPLE_KILLS));
        process.stdout.write(
          `kill bugs: ${name}, seed ${seed}, ${count} kills: ${broken[0] ?? 'NOT CAUGHT'}\n`,
        );
        expect(broken.length, `seed ${seed}`).toBeGreaterThan(0);
      } finally {
        await shop.close();
      }
    },
  );
