import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalog, createCatalog } from '#catalog/catalog';
import { keysOf } from '#catalog/search/keys';
import { starterProducts } from '#catalog/starter';
import type { Product } from '#core/domain/product';
import { quantity, yuan } from '#core/money';
import { type CatalogStore, CatalogUnreadable } from '#core/ports/catalog-store';
import type { SearchIndex } from '#core/ports/search-index';
import { openCatalogVersion } from '#store/catalog/open';
import { product } from '../src/benefits/lines.ts';
import { catalogFile, openedCatalog } from './catalog-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Forgiven typing errors ask for the most; it does not grow with the list. */
const MOST_ASKED = 250;

const starter = starterProducts();
let catalog: Catalog;

beforeAll(() => {
  catalog = openedCatalog(temporaryFolder(), starter);
});
afterAll(() => catalog.close());

function names(text: string, limit = 20): string[] {
  return [...new Set(catalog.search(text, limit).map((found) => found.genericName))];
}

describe('one search box', () => {
  test.each([
    ['initials', 'amxljn', '阿莫西林胶囊'],
    ['initials in capitals', 'AMXLJN', '阿莫西林胶囊'],
    ['initials from inside a name', 'slhjjn', '双歧杆菌三联活菌胶囊'],
    ['full pinyin', 'lianhuaqingwen', '连花清瘟胶囊'],
    ['full pinyin from inside', 'qingwenjiaonang', '连花清瘟胶囊'],
    ['hanzi from the beginning', '氯雷他', '氯雷他定片'],
    ['hanzi from inside', '雷他定', '氯雷他定片'],
    ['one character', '栓', '对乙酰氨基酚栓'],
    ['letters in a name', '维生素b6', '维生素B6片'],
    ['pinyin with letters', 'wssb6', '维生素B6片'],
    ['ü as v', 'lvleitading', '氯雷他定片'],
    ['full-width letters', 'ＡＭＸＬ', '阿莫西林胶囊'],
    ['枸 as J', 'jysbj', '枸橼酸铋钾颗粒'],
    ['枸 as G', 'gysbj', '枸橼酸铋钾颗粒'],
    ['枸 as gou', 'gouyuansuan', '枸橼酸铋钾颗粒'],
    ['参 as S', 'slbzs', '参苓白术散'],
    ['参 as C', 'clbzs', '参苓白术散'],
    ['咳 as ke', 'feirekechuan', '小儿肺热咳喘口服液'],
    ['炔 as que', 'quenuotong', '炔诺酮片'],
    ['散 as san', 'rhsj', '乳核散结片'],
    ['血 as xue', 'xuefuzhuyu', '血府逐瘀胶囊'],
  ])('finds by %s', (_, text, expected) => {
    expect(names(text)).toContain(expected);
  });

  test('finds by trade name, in hanzi and initials', () => {
    const [branded] = starter.filter((found) => found.tradeName !== undefined);
    expect(branded?.tradeName).toBe('示康阿莫');
    for (const text of ['示康阿莫', 'skam']) {
      expect(catalog.search(text, 5).map((found) => found.tradeName)).toContain('示康阿莫');
    }
  });

  test('finds by the beginning of a shop code, a barcode and a national code', () => {
    const [first] = starter;
    expect(catalog.search('100001', 5)[0]).toEqual(first);
    expect(catalog.search('69099010000', 5).length).toBeGreaterThan(0);
    expect(catalog.search('6909901000017', 5)).toEqual([first]);
    expect(catalog.search('xj01caz000', 5).map((found) => found.genericName)).toContain('阿莫西林胶囊');
  });

  test('narrows by several words', () => {
    expect(names('阿莫西林 颗粒')).toEqual(['阿莫西林颗粒']);
    expect(catalog.search('amxl 大包装', 5)).toMatchObject([{ specification: '0.25g×24粒(大包装)' }]);
    expect(catalog.search('布洛芬 缓释 样本药业', 5).every((found) => found.maker.startsWith('样本'))).toBe(
      true,
    );
    expect(catalog.search('阿莫西林 不存在', 5)).toEqual([]);
  });

  test('finds every starter product by its name, its initials and its code', () => {
    for (const wanted of starter) {
      const key = keysOf(wanted.genericName).pinyin.find(({ whole }) => whole)?.key ?? '';
      const finds = (text: string) =>
        catalog.search(text, 100).some((found) => found.shopCode === wanted.shopCode);
      expect([wanted.genericName, finds(wanted.genericName), finds(key), finds(wanted.shopCode)]).toEqual([
        wanted.genericName,
        true,
        true,
        true,
      ]);
    }
  });

  test('asks little of the index, for hostile and broad queries too: no search walks the list', () => {
    const opened = openCatalogVersion(catalogFile(temporaryFolder(), starter));
    if (!opened.ok) throw new Error(opened.error.detail);
    let asked = 0;
    const counted = createCatalog({
      ...opened.value,
      index: countedIndex(opened.value.index, () => asked++),
    });
    const queries = [
      'a',
      'f',
      'ff',
      '片',
      'amxl',
      '阿莫西林',
      '1',
      '69099',
      'jiaonang',
      '胶囊 片 散',
      'x'.repeat(10_000),
    ];
    const work = queries.map((text) => {
      asked = 0;
      counted.search(text, 20);
      return { text: text.slice(0, 10), asked };
    });
    counted.close();
    expect(work.filter((one) => one.asked > MOST_ASKED)).toEqual([]);
  });

  test.each([
    ['nothing', ''],
    ['spaces', '   \t '],
    ['wildcards', '%_*?'],
    ['quotes and SQL', `' OR 1=1 --"`],
    ['query operators', 'NEAR( AND NOT "'],
    ['emoji', '😀💊'],
    ['half a character', '\ud83d'],
    ['a zero byte', '\u0000'],
    ['ten thousand characters', '阿'.repeat(10_000)],
    ['ten thousand words', 'a '.repeat(10_000)],
  ])('takes %s without harm', (_, text) => {
    expect(Array.isArray(catalog.search(text, 20))).toBe(true);
  });

  test('gives no wildcards any meaning and no more than asked', () => {
    expect(catalog.search('%', 20)).toEqual([]);
    expect(catalog.search('a', 3)).toHaveLength(3);
    expect(catalog.search('a', 0)).toEqual([]);
    expect(catalog.search('a', -1)).toEqual([]);
    expect(catalog.search('a', 1e9).length).toBeLessThanOrEqual(100);
  });
});

describe('order of results', () => {
  function found(text: string, products: Partial<Product>[]): string[] {
    const list = products.map((change, index) => product({ shopCode: `S${index}`, ...change }));
    const own = openedCatalog(temporaryFolder(), list);
    const codes = own.search(text, 20).map((it) => it.shopCode);
    own.close();
    return codes;
  }

  test('puts the whole name before its beginning before its inside, then what is in stock', () => {
    expect(
      found('布洛芬', [
        { genericName: '小儿布洛芬', stock: quantity('90') },
        { genericName: '布洛芬片', stock: quantity('1') },
        { genericName: '布洛芬片', stock: quantity('0') },
        { genericName: '布洛芬胶囊', stock: quantity('8') },
        { genericName: '布洛芬' },
      ]),
    ).toEqual(['S4', 'S3', 'S1', 'S2', 'S0']);
  });

  test('finds a product that has a short name among 600 longer ones, in stock order', () => {
    const many = Array.from({ length: 600 }, (_, n) => ({
      genericName: `复方示例${String.fromCharCode(0x4e00 + n)}片`,
      stock: quantity(String(n % 50)),
    }));
    const codes = found('ff', [...many, { genericName: '肺风', stock: quantity('0') }]);
    expect(codes[0]).toBe('S600');
    expect(
      codes.slice(1).every((code) => Number(code.slice(1)) % 50 === 49 || Number(code.slice(1)) % 50 === 48),
    ).toBe(true);
  });
});

describe('a scanned or typed code', () => {
  test('gives the product of a barcode, a shop code, a national code', () => {
    const [first] = starter;
    for (const code of [
      '6909901000017',
      '100001',
      ' 100001\r\n',
      '１００００１',
      first?.nationalCode ?? '',
    ]) {
      expect(catalog.findByCode(code)).toEqual({ ok: true, value: [first] });
    }
    expect(catalog.findByShopCode('100001')).toEqual({ ok: true, value: first });
  });

  test('that two packs share offers both', () => {
    const counted = new Map<string, number>();
    for (const { barcode } of starter) if (barcode) counted.set(barcode, (counted.get(barcode) ?? 0) + 1);
    const [shared] = [...counted].filter(([, count]) => count === 2).map(([code]) => code);
    const result = catalog.findByCode(shared ?? '');
    expect(result.ok && result.value).toHaveLength(2);
  });

  test.each(['9999999999999', '', "' OR 1=1 --", '阿莫西林', '1'.repeat(10_000), '😀', '\u0000'])(
    'that is unknown ("%s") is a coded fault',
    (code) => {
      expect(catalog.findByCode(code)).toMatchObject({
        ok: false,
        error: { code: 'catalog-product-unknown' },
      });
    },
  );

  test('becomes a line priced half up, once, with the catalogue version', () => {
    const herb = product({ price: 185_000n as Product['price'] });
    expect(catalog.priceLine(herb, quantity('12.3'))).toEqual({
      product: herb,
      quantity: quantity('12.3'),
      amount: yuan('2.28'),
      catalogVersion: 'test',
    });
  });
});

test('a file that breaks while it is read gives a coded fault and no exception', () => {
  const broken = () => {
    throw new CatalogUnreadable('SQLITE_CORRUPT');
  };
  const store: CatalogStore = {
    version: { version: 'x', importedAtMs: 0, productCount: 1, source: 'x' },
    byCode: broken,
    byShopCode: broken,
    byIds: broken,
    rankBySales: broken,
    products: broken,
    priceChanges: broken,
    pricesSinceMs: 0,
    index: {
      terms: broken,
      spokenTerms: broken,
      spokenOf: broken,
      keyFrom: broken,
      glyph: broken,
      best: broken,
      byCode: broken,
      byCodePrefix: broken,
    },
    close: () => {},
  };
  const damaged = createCatalog(store);
  expect(damaged.findByCode('1')).toMatchObject({ ok: false, error: { code: 'catalog-damaged' } });
  expect(damaged.search('a', 5)).toEqual([]);
  expect(damaged.damage()?.code).toBe('catalog-damaged');
});

/** Tells of each look-up but those of single hanzi, which stay in memory. */
function countedIndex(index: SearchIndex, onAsk: () => void): SearchIndex {
  const lookups = Object.entries(index).map(([name, lookup]: [string, (...args: unknown[]) => unknown]) => {
    const counted = (...args: unknown[]): unknown => {
      if (name !== 'glyph') onAsk();
      return lookup(...args);
    };
    return [name, counted];
  });
  return Object.fromEntries(lookups) as SearchIndex;
}
