import { defineConfig } from 'vitest/config';

// Both condition lists are needed: vitest resolves "#…" once through vite and once through its ssr
// pipeline, and each reads its own setting.
// No 'import' here: vitest hands the list to node, where a CommonJS package's require('ws') would then get
// the package's ES module instead.
const conditions = ['guitai-source', 'node'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    // pcsclite ends the process when it is loaded in a worker thread, so tests run in forked processes.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // XState reports actions that silently do nothing only under this condition.
    execArgv: ['--conditions=development'],
    reporters: process.env['CI'] ? ['default'] : ['default'],
  },
});
