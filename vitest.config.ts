import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Both condition lists are needed: vitest resolves "#…" once through vite and once through its ssr
// pipeline, and each reads its own setting.
// No 'import' here: vitest hands the list to node, where a CommonJS package's require('ws') would then get
// the package's ES module instead.
const conditions = ['guitai-source', 'node'];

/**
 * Folders whose files leave nothing behind in their process: no variables of the environment, no replaced
 * modules, no native devices. One process reads the program once for all of them, which is a third of their time.
 */
const shared = [
  'architecture',
  'catalog',
  'receipts',
  'src/agency',
  'src/benefits',
  'src/checkout',
  'src/core',
  'src/rules',
  'src/server',
  'src/simulators/agency',
  'src/store',
  'src/sync',
  'state-machines',
].flatMap((place) => [`test/${place}/**/*.test.ts`, `test/${place}.test.ts`]);

/** The same of folders whose other files load a native reader or replace a module. */
const alsoShared = [
  'contract/*-fake',
  'drivers/card-reader/application/*',
  'drivers/card-reader/{desk-filter,frames,messages,tracker,verb-examples,verbs}',
  'drivers/customer-display/*',
  'drivers/pin-pad/*',
  'drivers/printer/{exchange,file,parse-address,status,tcp}',
  'drivers/scanner/split-bytes',
  'drivers/security-module/commands',
  'src/simulators/cards/{any-bytes,application-files,byte-examples,card-keys,deviant-cards,psam,purse,training-cards,virtual-card}',
  'src/simulators/{pin-pad,printer}/*',
  'src/ui/{amounts,design-language,memo,texts,wedge}',
].map((files) => `test/${files}.test.ts`);

/** Files that only reckon, in processes of their own: no device, browser or port that has moments to miss. */
const reckoned = ['test/simulation/world*.test.ts', 'test/simulation/cut*.test.ts'];

/** Whole programs first: they wait most and take longest. Files that share a process come one after another. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ project, moduleId }: TestSpecification) => {
      if (project.name === 'shared') return 3;
      if (moduleId.includes('/test/simulation/')) return 0;
      return moduleId.includes('/test/e2e/') ? 1 : 2;
    };
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // pcsclite ends the process when it is loaded in a worker thread, so tests run in forked processes.
    pool: 'forks',
    // As many as the smallest machine has cores: a third one made card service and browser miss their moments.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // XState reports actions that silently do nothing only under this condition.
    execArgv: ['--conditions=development'],
    reporters: process.env['CI'] ? ['default'] : ['default'],
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'shared', include: [...shared, ...alsoShared], isolate: false } },
      { extends: true, test: { name: 'reckoned', include: reckoned } },
      {
        extends: true,
        test: {
          name: 'apart',
          include: ['test/**/*.test.ts'],
          exclude: [...shared, ...alsoShared, ...reckoned],
        },
      },
    ],
  },
});
