import type Database from 'better-sqlite3';
import type { SearchKeyMaker } from '#core/ports/catalog-store';
import { type Glyph, glyphLayout } from '#core/ports/search-index';

const { first, perPage } = glyphLayout;

/** Writes what is known of single hanzi, once in a file: the till then needs no dictionary in memory. */
export function writeGlyphs(db: Database.Database, { glyphPages }: SearchKeyMaker): void {
  if (db.prepare('SELECT 1 FROM glyph_page').get() !== undefined) return;
  const insert = db.prepare('INSERT INTO glyph_page (page, glyphs) VALUES (?, ?)');
  glyphPages().forEach((page, at) => {
    insert.run(first / perPage + at, page);
  });
}

/** Reads glyphs page by page and keeps the pages that were needed. */
export function createGlyphs(db: Database.Database): (character: string) => Glyph | undefined {
  const select = db.prepare<[number], { glyphs: string }>('SELECT glyphs FROM glyph_page WHERE page = ?');
  const pages = new Map<number, readonly string[]>();
  return (character) => {
    const code = character.codePointAt(0) ?? 0;
    const number = Math.floor(code / perPage);
    let page = pages.get(number);
    if (page === undefined) {
      page = (select.get(number)?.glyphs ?? '').split('\n');
      pages.set(number, page);
    }
    const [plain, spoken] = (page[code % perPage] ?? '').split(' ');
    return plain === undefined || spoken === undefined ? undefined : { plain, readings: spoken.split(',') };
  };
}
