import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseColumnMap } from '#catalog/import/column-map-file';
import { columns } from '#catalog/import/columns';
import { gtinHolds } from '#catalog/import/fields';
import { reportColumns } from '#catalog/import/propose-columns';
import { readAnyList } from '#catalog/import/read-list';
import { starterFile } from '#catalog/starter';
import type { Product } from '#core/domain/product';

const folder = join(starterFile(), '../../examples');
const example = (name: string) => readFileSync(join(folder, name));

async function read(name: string, map?: Readonly<Record<string, string>>) {
  const products: Product[] = [];
  const report = await readAnyList(
    example(name),
    (product) => products.push(product),
    map === undefined ? {} : { columns: map },
  );
  return { report, products };
}

describe('an example of each form of list', () => {
  test.each(['goods.tsv', 'goods-gb18030.csv', 'goods.xlsx'])(
    '%s gives the same invented goods',
    async (name) => {
      const { report, products } = await read(name);
      expect(report).toMatchObject({ products: 4, errors: [] });
      expect(products).toEqual((await read('goods.tsv')).products);
      expect(products.every(({ approvalNumber = '2099' }) => approvalNumber.includes('2099'))).toBe(true);
    },
  );

  test('shows every column', async () => {
    const { columns: found } = await reportColumns(example('goods.tsv'));
    expect(found.map(({ column }) => column).sort()).toEqual(columns.map(({ names }) => names[0]).sort());
    expect((await read('goods.tsv')).products.every(({ barcode = '' }) => gtinHolds(barcode))).toBe(true);
  });

  test('of another program is refused alone and read with its map', async () => {
    expect((await read('other-program.csv')).report.fault?.code).toBe('catalog-source-columns');
    const map = parseColumnMap(example('other-program-columns.toml').toString('utf8'));
    const { report, products } = await read('other-program.csv', map.ok ? map.value : {});
    expect(report).toMatchObject({ products: 4, errors: [] });
    expect(products.map(({ price }) => price)).toEqual(
      (await read('goods.tsv')).products.map(({ price }) => price),
    );
  });
});

test('the page names every column with its headers', () => {
  const page = readFileSync(join(folder, '../README.md'), 'utf8');
  const missing = columns
    .flatMap(({ names }) => [`\`${names[0]}\``, ...names.slice(1)])
    .filter((name) => !page.includes(name));
  expect(missing).toEqual([]);
});
