import { afterAll, beforeAll, expect, test } from 'vitest';
import { playBatch } from '../../src/main/world/batch.ts';
import { type Ground, openGround } from '../../src/main/world/ground.ts';

const sales = Number(process.env['GUITAI_WORLD_SALES'] ?? 2000);
// The same worlds every time, so that a change is what makes them fail; `npm run sim` looks for new ones.
const seed = Number(process.env['GUITAI_WORLD_SEED'] ?? 20_000);
const SALES_PER_WORLD = 60;

let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
});
afterAll(() => ground.close());

test(`${sales} sales in worlds of power cuts, lost replies, full disks and pulled cards: every promise is kept`, {
  timeout: 120_000 + sales * 500,
}, async () => {
  process.stdout.write(`worlds: GUITAI_WORLD_SEED=${seed} GUITAI_WORLD_SALES=${sales}\n`);
  let done = 0;
  let cuts = 0;
  for (let first = seed; done < sales; first += 10) {
    const report = await playBatch(ground, { firstSeed: first, seeds: 10, sales: SALES_PER_WORLD }, true);
    done += report.sales;
    cuts += report.crashes;
    expect(report.failures.map(({ story, ...failure }) => `${JSON.stringify(failure)}\n${story}`)).toEqual(
      [],
    );
  }
  process.stdout.write(`worlds: ${done} sales, ${cuts} power cuts\n`);
});

test('the same seed takes the same course twice (P10)', { timeout: 120_000 }, async () => {
  const batch = { firstSeed: 12, seeds: 2, sales: 15 };
  const first = await playBatch(ground, batch, false);
  const again = await playBatch(ground, batch, false);
  expect(again.digests).toEqual(first.digests);
  expect(again.sales).toBe(first.sales);
  expect(new Set(first.digests).size).toBe(2);
});
