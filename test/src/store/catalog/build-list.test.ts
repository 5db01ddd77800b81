import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readerModule } from '#catalog/reader';
import { ManualClock } from '#core/manual-clock';
import { price } from '#core/money';
import type { BuildProgress } from '#core/ports/agency-catalog';
import { type BuildRequest, buildCatalogVersion, proposeColumns } from '#store/catalog/build';
import { openCatalogVersion } from '#store/catalog/open';
import { cells, headers, rowWith, tsv, wholeProduct } from '../../../catalog/import/whole-list.ts';
import { workbook } from '../../../catalog/import/workbook-file.ts';
import { temporaryFolder } from '../../../catalog/temporary-folder.ts';

const clock = new ManualClock(Date.UTC(2026, 10, 21, 13, 30, 45));

function build(folder: string, bytes: Uint8Array, more: Partial<BuildRequest> = {}) {
  const source = join(temporaryFolder(), 'list');
  writeFileSync(source, bytes);
  return buildCatalogVersion({ source, folder, clock, readerModule, ...more });
}

describe('a version built from a list', () => {
  test.each([
    ['text', tsv(cells)],
    ['a workbook', workbook({ name: '商品', rows: [headers, cells] })],
  ])('of %s gives back every field of its products, and tells how far it is', async (_, bytes) => {
    const progress: BuildProgress[] = [];
    const built = await build(temporaryFolder(), bytes, { onProgress: (told) => progress.push(told) });
    const store = built.ok ? openCatalogVersion(built.value.file) : undefined;
    if (!store?.ok) throw new Error(JSON.stringify(built));
    expect(store.value.byShopCode('A1')).toEqual(wholeProduct);
    expect(store.value.byCode('6909901000017')).toEqual([wholeProduct]);
    expect([...store.value.products()]).toEqual([wholeProduct]);
    store.value.close();
    expect(progress.map(({ phase }) => phase)).toEqual(expect.arrayContaining(['reading', 'sync']));
    expect(progress.every(({ of }) => of === 'shop')).toBe(true);
  });

  test('logs what differs from the version in use, which stays as it is', async () => {
    const folder = temporaryFolder();
    const first = await build(folder, tsv(cells));
    const previous = first.ok ? first.value.version : '';
    const second = await build(folder, tsv(rowWith({ 零售价: '12.90' })), { previous });
    const store = second.ok ? openCatalogVersion(second.value.file) : undefined;
    if (!store?.ok) throw new Error(JSON.stringify(second));
    expect(store.value.priceChanges({}, 10)).toMatchObject([
      {
        shopCode: 'A1',
        oldPrice: price('12.50'),
        newPrice: price('12.90'),
        version: second.ok && second.value.version,
      },
    ]);
    store.value.close();
  });

  test('remembers confirmed columns for the next list with that header, and only after it was built', async () => {
    const folder = temporaryFolder();
    const foreign = tsv(cells);
    const bytes = (priceCell: string) =>
      new TextEncoder().encode(
        new TextDecoder().decode(foreign).replace('零售价', '卖价').replace('12.50', priceCell),
      );
    const columns = { 卖价: 'price' };
    expect((await build(folder, bytes('12.50'))).ok).toBe(false);
    expect((await build(folder, bytes('免费'), { columns })).ok).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    expect(await build(folder, bytes('12.50'), { columns })).toMatchObject({ ok: true });
    expect(await build(folder, bytes('13.50'))).toMatchObject({ ok: true });
  });
});

describe('a bad workbook changes nothing', () => {
  test.each([
    [
      'locked',
      Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), Buffer.from('EncryptedPackage', 'utf16le')]),
      'catalog-source-locked',
    ],
    ['cut', workbook({ name: 'S', rows: [headers, cells] }).slice(0, 700), 'catalog-source-workbook'],
  ])('when it is %s', async (_, bytes, code) => {
    const folder = temporaryFolder();
    const built = await build(folder, bytes);
    expect(built).toMatchObject({ ok: false, error: { fault: { code } } });
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('columns are proposed in the builder’s process, a missing file is a fault', async () => {
  const source = join(temporaryFolder(), 'list.xlsx');
  writeFileSync(
    source,
    workbook({
      name: '导出',
      rows: [
        ['货号', '卖价', '品名'],
        ['1', '2.50', '片'],
      ],
    }),
  );
  const report = await proposeColumns({ source, clock, readerModule });
  expect(report).toMatchObject({
    sheet: '导出',
    columns: [{ column: 'shop_code' }, { column: 'price', money: true }, { column: 'generic_name' }],
  });
  const missing = await proposeColumns({ source: `${source}.none`, clock, readerModule });
  expect(missing.fault?.code).toBe('catalog-source-unreadable');
});
