import type Database from 'better-sqlite3';
import type { CatalogReader } from '#core/ports/catalog-store';
import type { Glyph } from '#core/ports/search-index';

/** The unified ideographs and their first extension: every hanzi of GB18030-2022 that names use. */
const [FIRST, LAST] = [0x3400, 0x9fff];
const PAGE = 256;

type KeysOf = CatalogReader['keysOf'];
const made = new WeakMap<KeysOf, readonly string[]>();

/** Writes what is known of single hanzi, once in a file: the till then needs no dictionary in memory. */
export function writeGlyphs(db: Database.Database, keysOf: KeysOf): void {
  if (db.prepare('SELECT 1 FROM glyph_page').get() !== undefined) return;
  const insert = db.prepare('INSERT INTO glyph_page (page, glyphs) VALUES (?, ?)');
  pagesOf(keysOf).forEach((page, at) => {
    insert.run(FIRST / PAGE + at, page);
  });
}

function pagesOf(keysOf: KeysOf): readonly string[] {
  const known = made.get(keysOf);
  if (known !== undefined) return known;
  const pages: string[] = [];
  for (let page = FIRST; page <= LAST; page += PAGE) {
    const lines = Array.from({ length: PAGE }, (_, at) => {
      const { plain, spoken } = keysOf(String.fromCodePoint(page + at));
      return spoken === '' ? '' : `${plain} ${spoken}`;
    });
    pages.push(lines.join('\n'));
  }
  made.set(keysOf, pages);
  return pages;
}

/** Reads glyphs page by page and keeps the pages that were needed. */
export function createGlyphs(db: Database.Database): (character: string) => Glyph | undefined {
  const select = db.prepare<[number], { glyphs: string }>('SELECT glyphs FROM glyph_page WHERE page = ?');
  const pages = new Map<number, readonly string[]>();
  return (character) => {
    const code = character.codePointAt(0) ?? 0;
    const number = Math.floor(code / PAGE);
    let page = pages.get(number);
    if (page === undefined) {
      page = (select.get(number)?.glyphs ?? '').split('\n');
      pages.set(number, page);
    }
    const [plain, spoken] = (page[code % PAGE] ?? '').split(' ');
    return plain === undefined || spoken === undefined ? undefined : { plain, readings: spoken.split(',') };
  };
}
