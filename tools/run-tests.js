// Runs types, lint and every test, and ends with the line "N passed, N failed[, N skipped]".
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (command, args) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status ?? 1;

const only = process.argv.slice(2);
let failedOutside = 0;
if (only.length === 0 && run('bash', ['tools/check.sh', '--no-architecture']) !== 0) {
  console.log('types, lint or format: failed');
  failedOutside += 1;
}

const folder = mkdtempSync(join(tmpdir(), 'guitai-tests-'));
const resultFile = join(folder, 'result.json');
const status = run('npx', [
  '--no-install',
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${resultFile}`,
  ...only,
]);
const counts = existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, 'utf8')) : undefined;
rmSync(folder, { recursive: true, force: true });

const passed = counts?.numPassedTests ?? 0;
// A file that cannot be loaded has no tests of its own but must not pass unseen.
const brokenFiles = (counts?.testResults ?? []).filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
).length;
let failed = (counts?.numFailedTests ?? 0) + brokenFiles + failedOutside;
if (failed === 0 && (status !== 0 || passed === 0)) failed = 1;
const skipped = (counts?.numPendingTests ?? 0) + (counts?.numTodoTests ?? 0);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;
