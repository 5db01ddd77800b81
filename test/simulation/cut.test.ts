import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CutPlan, type CutReport, PowerCuts, prepareCuts } from './cut.ts';
import { runLength } from './seeded.ts';

const { cases, seed } = runLength('CUT', 200);

/** Of a till with a worse setting of SQLite: a few are enough. */
const WEAK_CUTS = 60;
const weak = { cuts: WEAK_CUTS, cutsPerLife: 15 };
const WEAK_TIMEOUT_MS = 240_000;

let parts: Awaited<ReturnType<typeof prepareCuts>>;

describe.skipIf(process.platform !== 'linux')('a power cut', () => {
  beforeAll(async () => {
    parts = await prepareCuts();
  });

  afterAll(() => rmSync(parts.writer, { force: true }));

  async function cut(plan: CutPlan): Promise<CutReport> {
    const cuts = new PowerCuts(plan, parts);
    try {
      return await cuts.run((line) => process.stdout.write(`cut: ${line}\n`));
    } finally {
      cuts.remove();
    }
  }

  test(`at ${cases} moments of a selling till, with unsynced writes kept, dropped or torn: nothing that was told is lost`, {
    timeout: 60_000 + cases * 500,
  }, async () => {
    const { broken, ...counts } = await cut({ cuts: cases, seed });
    process.stdout.write(`cut: seed ${seed}, ${JSON.stringify(counts)}\n`);
    expect(broken, `seed ${seed}`).toEqual([]);
    expect(counts.kept).toBe(cases);
  });

  test('loses sales that were told when SQLite syncs only now and then (NORMAL), and this is seen', {
    timeout: WEAK_TIMEOUT_MS,
  }, async () => {
    const { lost, damaged, half, broken } = await cut({ ...weak, seed, synchronous: 'NORMAL' });
    process.stdout.write(`cut: NORMAL, seed ${seed}: ${lost} of ${WEAK_CUTS} lost\n`);
    expect(lost, `seed ${seed}`).toBeGreaterThan(WEAK_CUTS / 4);
    expect([damaged, half], broken.join('\n')).toEqual([0, 0]);
  });

  test('loses sales or corrupts the records when SQLite never syncs (OFF), and this is seen', {
    timeout: WEAK_TIMEOUT_MS,
  }, async () => {
    const { lost, damaged } = await cut({ ...weak, seed, synchronous: 'OFF' });
    process.stdout.write(`cut: OFF, seed ${seed}: ${lost} of ${WEAK_CUTS} lost, ${damaged} damaged\n`);
    // How many of them are damaged rather than lost is up to where the cuts fall.
    expect(lost + damaged, `seed ${seed}`).toBeGreaterThan(WEAK_CUTS / 4);
  });
});
