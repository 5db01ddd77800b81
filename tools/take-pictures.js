// Takes the reviewed pictures of the pages anew (test/pictures/reviewed): all of them, or those that are named.
// Usage: node tools/take-pictures.js [name ...]   (needs Debian's chromium and its CJK fonts)
// Look at every picture that git then shows as changed before you commit it: that is the review.
import { spawnSync } from 'node:child_process';

const names = process.argv.slice(2);
const { status } = spawnSync('npx', ['--no-install', 'vitest', 'run', 'test/pictures/pictures.test.ts'], {
  cwd: new URL('..', import.meta.url),
  env: { ...process.env, GUITAI_RENEW_PICTURES: names.length === 0 ? 'all' : names.join(',') },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
