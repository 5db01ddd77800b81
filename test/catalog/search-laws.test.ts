import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalog, createCatalog } from '#catalog/catalog';
import { starterProducts } from '#catalog/starter';
import { openCatalogVersion } from '#store/catalog/open';
import { openedCatalog } from './catalog-file.ts';
import { formatOneFile } from './format-one.ts';
import { temporaryFolder } from './temporary-folder.ts';

const starter = starterProducts();
let catalog: Catalog;

beforeAll(() => {
  catalog = openedCatalog(temporaryFolder(), starter);
});
afterAll(() => catalog.close());

function codes(text: string, limit = 10): string[] {
  return catalog.search(text, limit).map(({ shopCode }) => shopCode);
}

/** Anything that a keyboard, a scanner or a paste may give, the nasty things oftener than chance would. */
const pieces = fc.oneof(
  fc.constantFrom(
    '%',
    '_',
    '*',
    '"',
    "'",
    '--',
    ';',
    '\\',
    '\u0000',
    '\ud83d',
    '\udc8a',
    '😀',
    '\u202e',
    '\u200f',
  ),
  fc.constantFrom(
    'amxl',
    'fufang',
    '阿莫',
    '片',
    ' ',
    '6909901',
    '阿莫西林胶囊',
    'ÀÉ',
    'Ⅱ',
    'ﷺ',
    '㍿',
    '\u{20000}',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const anyText = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));

describe('whatever is typed', () => {
  test('nothing throws, no more than asked comes, nothing comes twice, and the same again is the same', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 30 }), (text, limit) => {
        const found = codes(text, limit);
        expect(found.length).toBeLessThanOrEqual(limit);
        expect(new Set(found).size).toBe(found.length);
        expect(codes(text, limit)).toEqual(found);
      }),
      { numRuns: 300 },
    );
  });

  test('fewer answers are the beginning of more', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(codes(text, 10).slice(0, 3)).toEqual(codes(text, 3));
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ['ten thousand letters', 'x'.repeat(10_000)],
    ['ten thousand hanzi', '阿'.repeat(10_000)],
    ['ten thousand words', 'a '.repeat(10_000)],
    ['ten thousand signs that unfold', 'ﷺ'.repeat(10_000)],
    ['ten thousand that are read in many ways', '重'.repeat(10_000)],
    ['letters that make a hundred thousand syllables', 'xianan'.repeat(5_000)],
    ['half characters', '\ud83d'.repeat(10_000)],
    ['marks that turn the text', `\u202eamxl\u200f`.repeat(2_000)],
  ])('%s are answered like a short text', (_, text) => {
    codes(text);
    const fromMs = performance.now();
    codes(text);
    expect(performance.now() - fromMs).toBeLessThan(250);
  });

  test('marks that nobody sees do not hide a product', () => {
    expect(codes('\u200famxljn\u202c')).toEqual(codes('amxljn'));
    expect(catalog.findByCode('\u200e100001')).toEqual(catalog.findByCode('100001'));
  });
});

test('every product is among the answers to its own name, whatever one hanzi of it is typed wrong', () => {
  const long = starter.filter(({ genericName }) => /^\p{Script=Han}{5,12}$/u.test(genericName));
  expect(long.length).toBeGreaterThan(100);
  fc.assert(
    fc.property(fc.constantFrom(...long), fc.nat(), (wanted, place) => {
      const at = place % wanted.genericName.length;
      const typed = `${wanted.genericName.slice(0, at)}龘${wanted.genericName.slice(at + 1)}`;
      expect(catalog.search(typed, 10).map(({ genericName }) => genericName)).toContain(wanted.genericName);
    }),
    { numRuns: 100 },
  );
});

test('a file of the first format is still searched, by what it has', () => {
  const folder = temporaryFolder();
  const store = openCatalogVersion(formatOneFile(folder, starter[0]));
  if (!store.ok) throw new Error(store.error.detail);
  const old = createCatalog(store.value);
  store.value.rankBySales(new Map([['100001', 3]]));
  const name = starter[0]?.genericName ?? '';
  for (const text of [name, name.slice(0, 2), 'amxljn', 'amoxi', '100001', 'amxl 胶囊']) {
    expect([text, old.search(text, 10).map(({ genericName }) => genericName)]).toEqual([text, [name]]);
  }
  for (const text of ['阿莫xl', '连花', 'amxl 片', '%', '😀']) old.search(text, 10);
  expect(old.findByCode('100001')).toMatchObject({ ok: true, value: [{ genericName: name }] });
  expect(old.findByCode('81234567890123456789').ok).toBe(false);
  expect(old.damage()).toBeUndefined();
  old.close();
  expect(new Database(formatOneFile(folder, starter[0])).pragma('user_version', { simple: true })).toBe(1);
});
