// `npm run storm`, `npm run fuzz`, `npm run difference`, `npm run cut`, `npm run week`, `node tools/long-run.js slips`
// and `npm run kill -- sales` (or
// nothing), `-- import` or `-- bugs`: the seeded tests at full length.
// A number after the command sets the cases, a second one the seed: npm run storm -- 200 12345
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const lengths = {
  storm: 500,
  fuzz: 100_000,
  difference: 10_000,
  'kill-sales': 300,
  'kill-import': 50,
  'kill-bugs': 40,
  cut: 5_000,
  week: 5_000,
  slips: 1_000,
};
const files = {
  difference: 'test/src/benefits/agreement.test.ts',
  slips: 'test/simulation/printer-faults.test.ts',
};
const [command, ...rest] = process.argv.slice(2);
const isNamed = rest[0] !== undefined && !/^\d+$/.test(rest[0]);
const name = command === 'kill' ? `kill-${isNamed ? rest.shift() : 'sales'}` : command;
const [cases, seed] = rest;
if (name === undefined || !(name in lengths)) throw new Error(`one of ${Object.keys(lengths).join(', ')}`);
const upper = name.toUpperCase().replace('-', '_');
const file = files[name] ?? `test/simulation/${name}.test.ts`;
const run = spawnSync('npx', ['--no-install', 'vitest', 'run', file], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
  env: {
    // A province's table; `npm test` kills the import of a small one.
    GUITAI_KILL_IMPORT_ROWS: '250000',
    ...process.env,
    [`GUITAI_${upper}_CASES`]: cases ?? String(lengths[name]),
    ...(seed === undefined ? {} : { [`GUITAI_${upper}_SEED`]: seed }),
  },
});
process.exitCode = run.status ?? 1;
