import type { SearchKeyMaker } from '#core/ports/catalog-store';
import { glyphPages } from './glyph-pages.ts';
import { keysOf } from './keys.ts';

/** What a search index is made with. */
export const searchKeys: SearchKeyMaker = { keysOf, glyphPages };
