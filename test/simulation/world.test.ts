import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { playBatch } from '../../src/main/world/batch.ts';
import { openGround } from '../../src/main/world/ground.ts';
import { World } from '../../src/main/world/world.ts';

const sales = Number(process.env['GUITAI_WORLD_SALES'] ?? 2000);
// The same worlds every time, so that a change is what makes them fail; `npm run sim` looks for new ones.
const seed = Number(process.env['GUITAI_WORLD_SEED'] ?? 20_000);

const program = fileURLToPath(new URL('../../bin/guitai.js', import.meta.url));

test(`${sales} sales in worlds of power cuts, lost replies, full disks and pulled cards: every promise is kept`, {
  timeout: 120_000 + sales * 500,
}, async () => {
  // The command that ships, as `npm run sim` calls it: built code plays a third faster than what tests load.
  const length = ['--seed', String(seed), '--total', String(sales), '--jobs', '1'];
  const child = spawn(process.execPath, [program, 'simulate', 'world', ...length], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  const [code] = await once(child, 'close');
  const [, played = '0'] = /^(\d+) sales in \d+ worlds from seed \d+/m.exec(told) ?? [];
  process.stdout.write(`worlds: GUITAI_WORLD_SEED=${seed} GUITAI_WORLD_SALES=${sales}, ${played} sales\n`);
  expect(told).toContain('every promise kept');
  expect(code).toBe(0);
  expect(Number(played)).toBeGreaterThanOrEqual(sales);
});

test('the same seed takes the same course twice (P10)', { timeout: 120_000 }, async () => {
  const ground = await openGround();
  try {
    const batch = { firstSeed: 12, seeds: 2, sales: 15 };
    const first = await playBatch(ground, batch, false);
    const again = await playBatch(ground, batch, false);
    expect(again.digests).toEqual(first.digests);
    expect(again.sales).toBe(first.sales);
    expect(new Set(first.digests).size).toBe(2);
  } finally {
    ground.close();
  }
});

test('a power cut that is planned for a start hits nothing once the machine has started', async () => {
  const ground = await openGround();
  const world = new World({ ground, seed: 12, bugged: {} });
  try {
    await world.open();
    world.run().machine.die('the next effect', 'before');
    const late = 1_000;
    await world.boot({ at: late, how: 'before' });
    const hits = Array.from({ length: 2 * late }, () => world.run().machine.next());
    expect(hits.filter((how) => how !== undefined)).toEqual([]);
  } finally {
    world.close();
    ground.close();
  }
});

test('a fault of the simulator itself tells the seed of its world', async () => {
  const ground = await openGround();
  try {
    // Worlds keep their disks in a folder.
    const groundless = { ...ground, folder: import.meta.filename };
    const played = playBatch(groundless, { firstSeed: 12, seeds: 2, sales: 15 }, false);
    await expect(played).rejects.toThrow('seed 12 --sales 15: the simulator itself is wrong');
  } finally {
    ground.close();
  }
});
