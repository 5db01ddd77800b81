import { describe, expect, test } from 'vitest';
import { type Catalog, createCatalog } from '#catalog/catalog';
import type { Product } from '#core/domain/product';
import { quantity } from '#core/money';
import { openCatalogVersion } from '#store/catalog/open';
import { product } from '../src/benefits/lines.ts';
import { catalogFile, openedCatalog } from './catalog-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

function withCatalog<T>(products: Partial<Product>[], use: (catalog: Catalog) => T): T {
  const list = products.map((change, index) => product({ shopCode: `S${index}`, ...change }));
  const catalog = openedCatalog(temporaryFolder(), list);
  try {
    return use(catalog);
  } finally {
    catalog.close();
  }
}

const shelf: Partial<Product>[] = [
  {
    genericName: '阿莫西林胶囊',
    form: '胶囊剂',
    specification: '0.25g×24粒',
    maker: '样本制药一厂',
    stock: quantity('3'),
  },
  { genericName: '阿莫西林克拉维酸钾片', maker: '示例药业', wubi: 'BASD', pinyin: 'AMXLKLWSJP' },
  { genericName: '氯雷他定片', approvalNumber: '国药准字H20990123', standardCode: '86900000000017' },
  { genericName: '连花清瘟胶囊', tracePrefix: '8123456' },
  { genericName: '马来酸氯苯那敏片', aliases: '扑尔敏、氯苯吡胺' },
  { genericName: '烯丙雌醇片' },
  { genericName: '布洛芬缓释胶囊', tradeName: '示芬' },
  { genericName: '罗红霉素片' },
  { genericName: '朱砂安神丸' },
  { genericName: '乾坤宁片' },
  { genericName: '人干扰素α1b注射液' },
];

function first(text: string, limit = 10): string | undefined {
  return withCatalog(shelf, (catalog) => catalog.search(text, limit)[0]?.genericName);
}

describe('one box finds', () => {
  test.each([
    ['hanzi and initials together', '阿莫xl', '阿莫西林胶囊'],
    ['a syllable among initials', 'amoxl', '阿莫西林胶囊'],
    ['initials before hanzi', 'lhq瘟', '连花清瘟胶囊'],
    ['syllables apart', 'amo xi', '阿莫西林胶囊'],
    ['initials and a form', 'amxl 片', '阿莫西林克拉维酸钾片'],
    ['a name and a maker', '阿莫西林 示例', '阿莫西林克拉维酸钾片'],
    ['a name and a maker by initials', '阿莫西林 ybzy', '阿莫西林胶囊'],
    ['a name and a specification', 'amxl 24粒', '阿莫西林胶囊'],
    ['a maker', '样本制药', '阿莫西林胶囊'],
    ['a maker by initials', 'slyy', '阿莫西林克拉维酸钾片'],
    ['a specification', '0.25g×24', '阿莫西林胶囊'],
    ['wubi of the list', 'basd', '阿莫西林克拉维酸钾片'],
    ['initials of the list', 'amxlklwsjp', '阿莫西林克拉维酸钾片'],
    ['an approval number', '国药准字H20990123', '氯雷他定片'],
    ['an approval number without its words', 'h2099012', '氯雷他定片'],
    ['a 本位码', '86900000000017', '氯雷他定片'],
    ['a trace code', '81234567890123456789', '连花清瘟胶囊'],
    ['the beginning of a trace code', '8123456', '连花清瘟胶囊'],
    ['another name', '扑尔敏', '马来酸氯苯那敏片'],
    ['another name by initials', 'lbba', '马来酸氯苯那敏片'],
    ['a trade name', '示芬', '布洛芬缓释胶囊'],
    ['traditional hanzi', '連花清瘟膠囊', '连花清瘟胶囊'],
    ['a variant hanzi', '硃砂安神', '朱砂安神丸'],
    ['a list that has the unsimplified hanzi', '乾坤宁', '乾坤宁片'],
    ['its other form', '干坤宁', '乾坤宁片'],
    ['letters without the Greek one', 'rgrs1b', '人干扰素α1b注射液'],
    ['letters with the Greek one', '干扰素α1b', '人干扰素α1b注射液'],
  ])('%s', (_, text, name) => {
    expect(first(text)).toBe(name);
  });

  test.each([
    ['another hanzi of the same sound', '啊莫西林', '阿莫西林胶囊'],
    ['hanzi of nearly the same sound', '洛红霉素', '罗红霉素片'],
    ['a wrong hanzi', '阿莫东林胶囊', '阿莫西林胶囊'],
    ['a missing hanzi', '阿莫林胶囊', '阿莫西林胶囊'],
    ['a hanzi too many', '阿莫西西林胶', '阿莫西林胶囊'],
    ['swapped hanzi', '阿西莫林', '阿莫西林胶囊'],
    ['n for l', 'nuohongmeisu', '罗红霉素片'],
    ['l for n, n for l', 'buluofenhuansijiaolang', '布洛芬缓释胶囊'],
    ['z for zh', 'zusaansen', '朱砂安神丸'],
    ['in for ing', 'lianhuaqinwen', '连花清瘟胶囊'],
    ['ing for in', 'amoxiling', '阿莫西林胶囊'],
    ['a wrong letter', 'luohongmeesu', '罗红霉素片'],
    ['a missing letter', 'luohogmeisu', '罗红霉素片'],
    ['a letter too many', 'luohonngmeisu', '罗红霉素片'],
    ['swapped letters', 'luohnogmeisu', '罗红霉素片'],
    ['a wrong first letter', 'kuohongmeisu', '罗红霉素片'],
    ['a wrong initial', 'lhqqj', '连花清瘟胶囊'],
    ['swapped initials', 'lqhwjn', '连花清瘟胶囊'],
  ])('%s in spite of it', (_, text, name) => {
    expect(first(text)).toBe(name);
  });

  test('what was typed right before what was meant otherwise, and guesses only where room is left', () => {
    const goods = [{ genericName: '罗红霉素片' }, { genericName: '诺红霉素片' }];
    withCatalog(goods, (catalog) => {
      const found = (text: string, limit: number) =>
        catalog.search(text, limit).map(({ genericName }) => genericName);
      expect(found('nuohongmeisu', 10)).toEqual(['诺红霉素片', '罗红霉素片']);
      expect(found('nuohongmeisu', 1)).toEqual(['诺红霉素片']);
    });
  });

  test('no code for another one that is a digit off', () => {
    const goods = [{ genericName: '甲片', barcode: '6909901000017' }];
    withCatalog(goods, (catalog) => {
      expect(catalog.search('6909901000017', 10)).toHaveLength(1);
      expect(catalog.search('6909901000018', 10)).toEqual([]);
    });
  });

  test('a scanned trace code is the products of its pack', () => {
    withCatalog(shelf, (catalog) => {
      expect(catalog.findByCode('81234567890123456789')).toMatchObject({
        ok: true,
        value: [{ genericName: '连花清瘟胶囊' }],
      });
      expect(catalog.findByCode('81234577890123456789').ok).toBe(false);
      expect(catalog.findByCode('86900000000017')).toMatchObject({ ok: true });
    });
  });
});

describe('what fits equally well', () => {
  const packs = [
    { genericName: '布洛芬片', stock: quantity('5') },
    { genericName: '布洛芬片', stock: quantity('90') },
    { genericName: '布洛芬片', stock: quantity('0') },
    { genericName: '布洛芬片', stock: quantity('7') },
    { genericName: '布洛芬片', stock: quantity('0') },
    { genericName: '布洛芬', stock: quantity('0') },
  ];

  function order(
    text: string,
    sold: ReadonlyMap<string, number>,
    list: Partial<Product>[] = packs,
  ): string[] {
    const file = catalogFile(
      temporaryFolder(),
      list.map((change, index) => product({ shopCode: `S${index}`, ...change })),
    );
    const store = openCatalogVersion(file);
    if (!store.ok) throw new Error(store.error.detail);
    store.value.rankBySales(sold);
    const catalog = createCatalog(store.value);
    const codes = catalog.search(text, 10).map(({ shopCode }) => shopCode);
    catalog.close();
    return codes;
  }

  test('comes in stock first, then by what sells, then by stock; a better fit goes before all', () => {
    const sold = new Map([
      ['S0', 2],
      ['S3', 40],
      ['S4', 300],
    ]);
    expect(order('布洛芬', new Map())).toEqual(['S5', 'S1', 'S3', 'S0', 'S2', 'S4']);
    expect(order('布洛芬', sold)).toEqual(['S5', 'S3', 'S0', 'S1', 'S4', 'S2']);
    expect(order('blf', sold)).toEqual(['S5', 'S3', 'S0', 'S1', 'S4', 'S2']);
  });

  test('what sells most is first under a letter that thousands of names begin with, however little is there', () => {
    const many = Array.from({ length: 700 }, (_, n) => ({
      genericName: `复方${String.fromCharCode(0x4e00 + n)}示片`,
      stock: quantity(String(1000 + n)),
    }));
    const goods = [...many, { genericName: '复方丹参片', stock: quantity('1') }];
    expect(order('ff', new Map([['S700', 9]]), goods)[0]).toBe('S700');
    expect(order('f', new Map([['S700', 9]]), goods)[0]).toBe('S700');
    expect(order('复方', new Map([['S700', 9]]), goods)[0]).toBe('S700');
    expect(order('ff', new Map([['GONE', 9]]), goods)[0]).toBe('S699');
  });
});
