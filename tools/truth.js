// npm run truth [-- FOLDER]: every real name in the tables of a folder beside this one (../shared/data) has to
// be among the ten answers of a search. The tables are not part of this program; without them nothing is checked.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(process.argv[2] ?? join(root, '..', 'shared', 'data'));
const missing = ['drug_pinyin.tsv', 'products_pharmacy_sample.tsv'].filter(
  (file) => !existsSync(join(folder, file)),
);
if (missing.length > 0) {
  console.log(
    `Skipped: ${missing.join(' and ')} not found beside this folder. Give the folder that has them.`,
  );
  process.exit(process.argv[2] === undefined ? 0 : 2);
}
const test = [
  '--no-install',
  'vitest',
  'run',
  'test/catalog/search-truth-data.test.ts',
  '--disable-console-intercept',
];
const run = spawnSync('npx', test, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, GUITAI_TRUTH_DATA: folder },
});
process.exitCode = run.status ?? 1;
