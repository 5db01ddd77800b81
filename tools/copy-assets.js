// What the compiler does not leave in dist: data files, and tables that are made once here instead of at every use.
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
for (const folder of ['catalog/data']) {
  const from = fileURLToPath(new URL(folder, root));
  if (existsSync(from)) cpSync(from, fileURLToPath(new URL(`dist/${folder}`, root)), { recursive: true });
}

const { builtGlyphPages, makeGlyphPages } = await import(
  new URL('dist/catalog/search/glyph-pages.js', root).href
);
mkdirSync(dirname(builtGlyphPages()), { recursive: true });
writeFileSync(builtGlyphPages(), JSON.stringify(makeGlyphPages()));
