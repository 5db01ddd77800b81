import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { columnOfFile, columns, documentedColumn, seenColumn } from '#catalog/import/columns';
import { readList } from '#catalog/import/read-list';
import { seenHeaders } from '#catalog/import/seen-headers';
import type { Product } from '#core/domain/product';
import { cells, headers, rowWith, tsv, wholeProduct } from './whole-list.ts';

function read(bytes: Uint8Array) {
  const products: Product[] = [];
  return { report: readList(bytes, (product) => products.push(product)), products };
}

describe('every column of the list', () => {
  test.each([
    ['UTF-8', tsv(cells)],
    ['GB18030', iconv.encode(new TextDecoder().decode(tsv(cells)), 'gb18030')],
    [
      'English headers',
      new TextEncoder().encode(
        `${headers.map((header) => columns.find(({ names }) => (names as readonly string[]).includes(header))?.names[0]).join('\t')}\n${cells.join('\t')}`,
      ),
    ],
  ])('is read from %s', (_, bytes) => {
    const { report, products } = read(bytes);
    expect(report).toMatchObject({ products: 1, errors: [], warnings: [] });
    expect(products).toEqual([wholeProduct]);
  });

  test.each(['2026/1/1', '2026.01.01', '20260101', '2026年1月1日', '2026-01-01 00:00:00'])(
    'takes the day written as %s',
    (day) => {
      expect(read(tsv(rowWith({ 带量采购开始日期: day }))).products).toEqual([wholeProduct]);
    },
  );

  test('keeps the first seven digits of a whole trace code', () => {
    expect(read(tsv(rowWith({ 追溯码前缀: '81990011234567890123' }))).products).toEqual([wholeProduct]);
  });

  test('leaves out the optional ones', () => {
    const bare = rowWith({
      本位码: '',
      别名: '',
      拼音码: '',
      五笔码: '',
      追溯码前缀: '',
      拆零数量: '',
      最小单位: '',
      拆零价: '',
      带量采购价: '',
      带量采购开始日期: '',
      带量采购结束日期: '',
    });
    const {
      standardCode: _a,
      aliases: _b,
      pinyin: _c,
      wubi: _d,
      tracePrefix: _e,
      unitsPerPack: _f,
      smallestUnit: _g,
      smallestUnitPrice: _h,
      procured: _i,
      ...rest
    } = wholeProduct;
    expect(read(tsv(bare)).products).toEqual([rest]);
  });
});

describe('a bad cell of the further columns is named and nothing is imported', () => {
  test.each<[column: string, change: Record<string, string>, reason: string]>([
    ['本位码', { 本位码: '86990100000011' }, '校验位'],
    ['本位码', { 本位码: '8699010000001' }, '14 位'],
    ['本位码', { 本位码: '8.69901E+13' }, '科学计数'],
    ['追溯码前缀', { 追溯码前缀: '819900' }, '前 7 位'],
    ['拆零数量', { 拆零数量: '0' }, '大于 0'],
    ['拆零数量', { 拆零数量: '十二' }, '大于 0'],
    ['最小单位', { 最小单位: '' }, '要么都填'],
    ['拆零数量', { 拆零数量: '', 拆零价: '' }, '要么都填'],
    ['拆零价', { 拆零数量: '', 最小单位: '' }, '拆零数量'],
    ['拆零价', { 拆零价: '-1' }, '大于 0'],
    ['带量采购开始日期', { 带量采购开始日期: '' }, '开始日期'],
    ['带量采购开始日期', { 带量采购开始日期: '2026-02-30' }, '应为日期'],
    ['带量采购结束日期', { 带量采购结束日期: '2025-12-31' }, '早于'],
    ['带量采购价', { 带量采购价: '' }, '价格'],
    ['带量采购价', { 带量采购价: '免费' }, '大于 0'],
  ])('%s in %o', (column, change, reason) => {
    const { report, products } = read(tsv(cells, rowWith({ 店内码: 'A2', ...change })));
    expect(report.fault?.code).toBe('catalog-source-rows');
    expect(report.errors).toMatchObject([{ line: 3, column, zh: expect.stringContaining(reason) }]);
    expect(products).toHaveLength(1);
  });

  test('a pack that costs more in pieces, and a wrong barcode digit, only warn', () => {
    const { report } = read(tsv(rowWith({ 拆零价: '1.05', 条码: '6909901000018' })));
    expect(report).toMatchObject({ errorCount: 0, warnings: [{ column: '条码' }, { column: '拆零价' }] });
  });
});

describe('names of columns', () => {
  test('are known once each: documented ones, and those of other programs', () => {
    const documented = columns.flatMap(({ names }) => [...names]);
    expect(new Set(documented).size).toBe(documented.length);
    const seen = Object.values(seenHeaders).flatMap((names) => names.split(' '));
    expect(seen.filter((name, at) => seen.indexOf(name) !== at)).toEqual([]);
    expect(seen.filter((name) => documentedColumn(name) !== undefined)).toEqual([]);
    expect(seen.length).toBeGreaterThan(250);
    for (const { id, names } of columns)
      expect([columnOfFile(names[0]), documentedColumn(names[1])]).toEqual([id, id]);
  });

  test('are known with blanks, brackets and full-width letters in them', () => {
    expect(documentedColumn(' 零 售 价 ')).toBe('price');
    expect(seenColumn('零售价格（元）')).toBe('price');
    expect(seenColumn('ＥＡＮ１３')).toBe('barcode');
    expect(seenColumn('医保支付上線')).toBe(undefined);
  });
});
