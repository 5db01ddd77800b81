#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const entry = new URL('../dist/src/cli/main.js', import.meta.url);
if (!existsSync(fileURLToPath(entry))) {
  process.stderr.write('程序还没有构建，请运行 npm start / Guitai is not built yet: run npm start\n');
  process.exit(1);
}
await import(entry.href);
