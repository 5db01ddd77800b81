import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Makes one file of a program of this folder, to be run in a process of its own; answers where it lies. */
export async function bundleProgram(name: string): Promise<string> {
  const outDir = join(root, 'dist/test');
  const conditions = ['guitai-source', 'node'];
  const file = `${name}-${process.pid}.js`;
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    build: {
      ssr: join(root, `test/simulation/${name}.ts`),
      outDir,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { output: { entryFileNames: file, codeSplitting: false } },
    },
  });
  return join(outDir, file);
}
