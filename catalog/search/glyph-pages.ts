import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { glyphLayout } from '#core/ports/search-index';
import { packageFolder } from '../package-folder.ts';
import { keysOf } from './keys.ts';

/** Where the build (`tools/copy-assets.js`) leaves the pages: a list of texts in JSON. */
export function builtGlyphPages(): string {
  return join(packageFolder(), 'dist', 'catalog', 'data', 'glyph-pages.json');
}

let known: readonly string[] | undefined;

/** The pages of `glyphLayout`, as every catalogue file holds them; made here when the build left none. */
export function glyphPages(): readonly string[] {
  known ??= existsSync(builtGlyphPages())
    ? JSON.parse(readFileSync(builtGlyphPages(), 'utf8'))
    : makeGlyphPages();
  return known ?? [];
}

/** What the dictionaries know of every hanzi. Takes two seconds, far longer than all else of a small list. */
export function makeGlyphPages(): readonly string[] {
  const { first, last, perPage } = glyphLayout;
  const pages: string[] = [];
  for (let page = first; page <= last; page += perPage) {
    const lines = Array.from({ length: perPage }, (_, at) => {
      const { plain, spoken } = keysOf(String.fromCodePoint(page + at));
      return spoken === '' ? '' : `${plain} ${spoken}`;
    });
    pages.push(lines.join('\n'));
  }
  return pages;
}
