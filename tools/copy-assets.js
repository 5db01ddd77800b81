// Data files that the compiler does not carry over into dist.
import { cpSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
for (const folder of ['catalog/data']) {
  const from = fileURLToPath(new URL(folder, root));
  if (existsSync(from)) cpSync(from, fileURLToPath(new URL(`dist/${folder}`, root)), { recursive: true });
}
