import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Catalog } from '#catalog/catalog';
import { nationalList } from '#catalog/starter';
import { openedCatalog } from './catalog-file.ts';
import { casesOf, foundByWay, productsNamed, summary } from './search-truth.ts';
import { temporaryFolder } from './temporary-folder.ts';

const names = [...new Set(nationalList().map(({ name }) => name))];
let catalog: Catalog;

beforeAll(() => {
  catalog = openedCatalog(temporaryFolder(), productsNamed(names));
});
afterAll(() => catalog.close());

test('every name of the national list is among the ten answers by initials, full pinyin and hanzi', () => {
  expect(names.length).toBeGreaterThan(3500);
  const ways = foundByWay(catalog, names.flatMap(casesOf));
  expect(ways.map(({ way }) => way).toSorted()).toEqual(['hanzi', 'initials', 'pinyin']);
  expect(
    ways.flatMap(({ misses }) => misses),
    summary(ways),
  ).toEqual([]);
});
