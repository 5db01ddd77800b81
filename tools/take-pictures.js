// Takes the reviewed pictures anew, of the pages (test/pictures/reviewed) and of the slips (test/golden/slips): all of
// them, or those that are named, as till-split or settlement-48.
// Usage: node tools/take-pictures.js [name ...]   (needs Debian's chromium and its CJK fonts)
// Look at every picture that git then shows as changed before you commit it: that is the review.
import { spawnSync } from 'node:child_process';

const names = process.argv.slice(2);
const { status } = spawnSync(
  'npx',
  ['--no-install', 'vitest', 'run', 'test/pictures/pictures.test.ts', 'test/pictures/slips.test.ts'],
  {
    cwd: new URL('..', import.meta.url),
    env: { ...process.env, GUITAI_RENEW_PICTURES: names.length === 0 ? 'all' : names.join(',') },
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;
