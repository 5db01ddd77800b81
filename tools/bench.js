// npm run bench -- [--rows N] [NAME…]: builds what is stale, then measures.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// What the set-up says goes to standard error: standard output holds the lines of the measures alone.
const setUp = spawnSync('bash', ['tools/setup.sh', 'start'], { cwd: root, stdio: ['ignore', 2, 2] });
if (setUp.status !== 0) process.exit(setUp.status ?? 1);
const { runBench } = await import('../dist/bench/run.js');
process.exit(await runBench({ args: process.argv.slice(2) }));
