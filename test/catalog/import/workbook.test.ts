import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readAnyList } from '#catalog/import/read-list';
import { unpackWorkbook } from '#catalog/import/workbook-parts';
import type { Product } from '#core/domain/product';
import { price } from '#core/money';
import { cells, headers, wholeProduct } from './whole-list.ts';
import { type CellText, type SheetText, workbook } from './workbook-file.ts';

async function read(bytes: Uint8Array) {
  const products: Product[] = [];
  return { report: await readAnyList(bytes, (product) => products.push(product)), products };
}

/** The whole list with cells changed by header. */
function sheet(change: Readonly<Record<string, CellText>> = {}, more: Partial<SheetText> = {}): SheetText {
  const row: CellText[] = headers.map((header, at) => change[header] ?? cells[at] ?? '');
  return { name: '商品', rows: [headers, row], ...more };
}

describe('a workbook', () => {
  test('gives every column of the list', async () => {
    const { report, products } = await read(workbook(sheet()));
    expect(report).toMatchObject({ rowsRead: 1, products: 1, errors: [] });
    expect(report.encoding).toBe(undefined);
    expect(products).toEqual([wholeProduct]);
  });

  test('gives numbers and days as the spreadsheet shows them, never as an exponent', async () => {
    const change = {
      条码: { number: '6909901000017' },
      本位码: { number: '8.6990100000010E13' },
      零售价: { number: '12.500000000000002' },
      先行自付比例: { number: '0.1' },
      拆零价: { number: '1.0400000000000000001' },
      库存: { number: '7.5' },
      带量采购开始日期: { day: 46023 },
      带量采购价: { formula: 'K2-0.7', value: '11.800000000000001' },
    };
    expect((await read(workbook(sheet(change)))).products).toEqual([wholeProduct]);
    const small = await read(workbook(sheet({ 零售价: { number: '1.0E-5' }, 拆零价: '0.000001' })));
    expect(small.products[0]?.price).toBe(price('0.00001'));
  });

  test('refuses a code whose digits the spreadsheet has lost already', async () => {
    const { report } = await read(workbook(sheet({ 追溯码前缀: { number: '8.1990011234567891E19' } })));
    expect(report.errors).toMatchObject([
      { line: 2, column: '追溯码前缀', zh: expect.stringContaining('科学计数') },
    ]);
  });

  test('is read from the first visible sheet with a table, past titles and empty sheets', async () => {
    const title = sheet({}, { rows: [['示例药店商品表'], [], ...sheet().rows], merged: ['A1:E1'] });
    const hidden: SheetText = { name: '旧价', state: 'hidden', rows: [headers, headers] };
    const { report, products } = await read(workbook({ name: '空', rows: [] }, hidden, title));
    expect(report.fault).toBe(undefined);
    expect(products).toEqual([wholeProduct]);
  });

  test('names rows by their number in the sheet, gaps included', async () => {
    const bad = sheet({ 店内码: 'A2', 零售价: '免费' }).rows[1] ?? [];
    const { report } = await read(workbook({ name: 'S', rows: [...sheet().rows, [], [], bad] }));
    expect(report.errors).toMatchObject([{ line: 5, column: '零售价' }]);
  });
});

describe('a workbook is refused', () => {
  test.each<[string, SheetText, number, string]>([
    [
      'with merged cells among the goods',
      { name: 'S', rows: [...sheet().rows, cells.with(0, 'A2')], merged: ['G2:G3'] },
      2,
      '合并',
    ],
    ['with a formula that failed', sheet({ 医保支付上限: { failed: '#N/A' } }), 2, '公式'],
  ])('row by row %s', async (_, bad, line, zh) => {
    const { report, products } = await read(workbook(bad));
    expect(report.fault?.code).toBe('catalog-source-rows');
    expect(report.errors).toMatchObject([{ line, zh: expect.stringContaining(zh) }]);
    expect(products).toEqual([]);
  });

  test('when its header is merged', async () => {
    const { report } = await read(workbook(sheet({}, { merged: ['K1:L1'] })));
    expect(report).toMatchObject({
      fault: { code: 'catalog-source-columns' },
      errors: [{ line: 1, zh: expect.stringContaining('合并') }],
    });
  });

  const compound = new Uint8Array(1024);
  compound.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  const locked = compound.slice();
  locked.set(Buffer.from('EncryptedPackage', 'utf16le'), 600);
  const cut = workbook(sheet()).slice(0, 900);

  test.each([
    ['behind a password', locked, 'catalog-source-locked'],
    ['of the old form', compound, 'catalog-source-old-workbook'],
    ['that is cut', cut, 'catalog-source-workbook'],
    ['that is another zip', zipSync({ 'readme.txt': new Uint8Array([1]) }), 'catalog-source-workbook'],
    [
      'with a formula that was never reckoned',
      workbook(sheet({ 医保支付上限: { formula: 'K2*2' } })),
      'catalog-source-workbook',
    ],
    [
      'with cells far to the right',
      workbook(
        sheet(
          {},
          { rows: [headers, Array.from({ length: 800 }, (_, at) => (at === 799 ? 'x' : undefined))] },
        ),
      ),
      'catalog-source-workbook',
    ],
    ['with hidden sheets only', workbook(sheet({}, { state: 'hidden' })), 'catalog-source-empty'],
    ['without a table', workbook({ name: 'S', rows: [['说明'], ['两', '格']] }), 'catalog-source-empty'],
  ])('%s', async (_, bytes, code) => {
    const { report, products } = await read(bytes);
    expect([report.fault?.code, products]).toEqual([code, []]);
  });

  test('that says it is small and unpacks to much more: no more is unpacked than it says', async () => {
    const bomb = workbook({ name: 'S', rows: [['x'.repeat(4_000_000)]] });
    const bytes = Buffer.from(bomb.buffer, bomb.byteOffset, bomb.length);
    // Wherever the size of the sheet is stated, it becomes a hundred bytes.
    for (let at = bytes.length - 4; at > 0; at -= 1) {
      const stated = bytes.readUInt32LE(at);
      if (stated > 4_000_000 && stated < 4_001_000) bytes.writeUInt32LE(100, at);
    }
    const unpacked = unpackWorkbook(bomb);
    expect(unpacked.ok && unpacked.value.sheets[0]?.xml?.length).toBe(100);
    expect((await read(bomb)).report.fault).not.toBe(undefined);
  });
});
