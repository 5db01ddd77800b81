// `npm run storm` and `npm run fuzz`: the seeded tests of test/simulation at full length. A number after the
// command sets the cases, a second one the seed: npm run storm -- 200 12345
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const lengths = { storm: 500, fuzz: 100_000 };
const [name, cases, seed] = process.argv.slice(2);
if (name === undefined || !(name in lengths)) throw new Error(`one of ${Object.keys(lengths).join(', ')}`);
const upper = name.toUpperCase();
const run = spawnSync('npx', ['--no-install', 'vitest', 'run', `test/simulation/${name}.test.ts`], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
  env: {
    ...process.env,
    [`GUITAI_${upper}_CASES`]: cases ?? String(lengths[name]),
    ...(seed === undefined ? {} : { [`GUITAI_${upper}_SEED`]: seed }),
  },
});
process.exitCode = run.status ?? 1;
