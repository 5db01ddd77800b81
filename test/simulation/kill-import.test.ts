import { expect, test } from 'vitest';
import { type Kill, KilledImports } from './kill-import.ts';
import { runLength, seededRandom } from './seeded.ts';

const { cases, seed } = runLength('KILL_IMPORT', 5);
const rows = Number(process.env['GUITAI_KILL_IMPORT_ROWS'] ?? 4000);

test.skipIf(process.platform !== 'linux')(
  `an import of ${rows} rows killed ${cases} times at any moment leaves the version before selling, and the next one succeeds`,
  { timeout: 120_000 + cases * 60_000 },
  async () => {
    process.stdout.write(`kill import: ${cases} kills, ${rows} rows, seed ${seed}\n`);
    const imports = new KilledImports(seededRandom(seed));
    const kills: Kill[] = [];
    const hits = () => kills.filter(({ ended }) => ended !== 'done').length;
    try {
      await imports.prepare(rows);
      while (hits() < cases) {
        if (kills.length > 4 * cases) throw new Error('hardly any import was killed before its end');
        const kill = await imports.kill();
        if (cases > 10)
          process.stdout.write(`kill import: ${kill.victim} after ${kill.afterMs} ms: ${kill.ended}\n`);
        kills.push(kill);
      }
      await imports.finish();
    } finally {
      imports.remove();
    }
    process.stdout.write(`kill import: ${hits()} killed, ${kills.length - hits()} were done before\n`);
    expect(hits(), `seed ${seed}`).toBe(cases);
  },
);
