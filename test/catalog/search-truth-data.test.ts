import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Catalog } from '#catalog/catalog';
import { product } from '../src/benefits/lines.ts';
import { openedCatalog } from './catalog-file.ts';
import { foundByWay, productsNamed, summary, type TruthCase } from './search-truth.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Folder with tables that are not part of this program; `npm run truth` finds it and says so here. */
const folder = process.env['GUITAI_TRUTH_DATA'];
const LEAST_SHARE = 0.99;

function rows(file: string): Record<string, string>[] {
  const path = join(folder ?? '', file);
  if (!existsSync(path)) throw new Error(`${file} is not there`);
  const [head = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const headers = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(headers.map((header, at) => [header, cells[at] ?? '']));
  });
}

function holds(catalog: Catalog, cases: readonly TruthCase[]): void {
  const ways = foundByWay(
    catalog,
    cases.filter(({ text }) => text !== ''),
  );
  catalog.close();
  console.log(summary(ways));
  for (const { way, found, cases: all } of ways) {
    expect([way, found / all >= LEAST_SHARE]).toEqual([way, true]);
  }
}

describe.skipIf(folder === undefined)('beside tables of real names', () => {
  test('every name is found by its initials, the other reading of them, full pinyin and hanzi', () => {
    const names = rows('drug_pinyin.tsv');
    const catalog = openedCatalog(temporaryFolder(), productsNamed(names.map(({ name = '' }) => name)));
    const cases = names.flatMap(
      ({ name = '', initials = '', alt_initials: other = '', full_pinyin = '' }) => [
        { way: 'initials', text: initials, name },
        { way: 'other initials', text: other, name },
        { way: 'full pinyin', text: full_pinyin, name },
        { way: 'hanzi', text: name, name },
      ],
    );
    holds(catalog, cases);
  });

  test.each([
    ['with', true],
    ['without', false],
  ])('what people made of the names by hand finds them, %s their column in the list', (_, listed) => {
    const goods = rows('products_pharmacy_sample.tsv');
    const products = goods.map((row, at) =>
      product({
        shopCode: `P${at}`,
        genericName: row['generic_name'] ?? '',
        specification: row['spec'] ?? '',
        maker: row['manufacturer'] ?? '',
        ...(listed ? { pinyin: row['pinyin_initials'] ?? '', wubi: row['wubi_initials'] ?? '' } : {}),
      }),
    );
    const cases = goods.flatMap((row) => {
      const name = row['generic_name'] ?? '';
      const byHand = { way: 'initials by hand', text: row['pinyin_initials'] ?? '', name };
      const wubi = { way: 'wubi', text: row['wubi_initials'] ?? '', name };
      return listed ? [byHand, wubi] : [byHand];
    });
    holds(openedCatalog(temporaryFolder(), products), cases);
  });
});
