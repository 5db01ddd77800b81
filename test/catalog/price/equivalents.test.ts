import { describe, expect, test } from 'vitest';
import { createCatalog } from '#catalog/catalog';
import { equivalentsOf, priceParts } from '#catalog/price/equivalents';
import type { Product } from '#core/domain/product';
import { formatMoney, price, quantity, ratio, yuan } from '#core/money';
import { temporaryFolder } from '../temporary-folder.ts';
import { goods, opened, writeVersion } from './goods.ts';

const asked = goods({
  shopCode: 'X',
  genericName: '盐酸二甲双胍片',
  form: '片剂',
  specification: '0.25g×48片',
  price: price('20'),
  ceiling: price('15'),
});

function other(shopCode: string, change: Partial<Product>): Product {
  return { ...asked, shopCode, ...change };
}

function codes(candidates: readonly Product[]): string[] {
  return equivalentsOf(asked, candidates, 10).map(({ product }) => product.shopCode);
}

describe('the same medicine', () => {
  test.each([
    ['another maker', { maker: '样本药业' }],
    ['another salt', { genericName: '二甲双胍片' }],
    ['capsules: both are ordinary oral forms', { genericName: '盐酸二甲双胍胶囊', form: '胶囊' }],
    ['the strength in milligrams', { specification: '250mg*48片' }],
    ['another pack', { specification: '0.25g×24片', price: price('9') }],
  ])('is %s', (_, change) => {
    expect(codes([other('Y', change)])).toEqual(['Y']);
  });

  test.each([
    ['another strength', { specification: '0.5g×48片' }],
    ['a sustained-release form', { genericName: '盐酸二甲双胍缓释片', form: '缓释片' }],
    ['another medicine', { genericName: '格列美脲片' }],
    ['a pack of unknown size', { specification: '0.25g' }],
    ['the product itself', { shopCode: 'X' }],
  ])('is not %s', (_, change) => {
    expect(codes([other('Y', change)])).toEqual([]);
  });

  test('is never told from the name alone where salts name the medicine', () => {
    const salt = goods({
      shopCode: 'X',
      genericName: '氯化钠注射液',
      form: '注射液',
      specification: '10ml:90mg',
    });
    const potassium = { ...salt, shopCode: 'Y', genericName: '氯化钾注射液' };
    expect(equivalentsOf(salt, [potassium], 10)).toEqual([]);
  });
});

describe('equivalents come', () => {
  test('covered ones first, then by what the holder bears, then by price, each with its saving', () => {
    const { nationalCode: _, ...uncoded } = other('own', { price: price('1') });
    const list = [
      other('same', {}),
      other('dear', {
        insuranceClass: 'A',
        firstSelfPayRatio: ratio('0'),
        ceiling: price('30'),
        price: price('30'),
      }),
      other('cheap', { price: price('12') }),
      uncoded,
    ];
    const rows = equivalentsOf(asked, list, 10).map(({ product, covered, holderPays, saving, holderSaves }) =>
      [product.shopCode, covered, ...[holderPays, saving, holderSaves].map(formatMoney)].join(' '),
    );
    expect(rows).toEqual([
      'dear true 0.00 -10.00 6.50',
      'cheap true 1.20 8.00 5.30',
      'same true 6.50 0.00 0.00',
      'own false 1.00 19.00 5.50',
    ]);
    expect(equivalentsOf(asked, list, 2)).toHaveLength(2);
  });

  test('compared by the unit when packs differ, the shop’s own count before the specification', () => {
    const half = other('half', { specification: '0.25g×24片', price: price('6') });
    expect(equivalentsOf(asked, [half], 1)[0]).toMatchObject({ price: yuan('12.00'), saving: yuan('8.00') });
    const counted = other('n', {
      specification: '0.25g',
      unitsPerPack: quantity('12'),
      smallestUnit: '片',
      price: price('4'),
    });
    expect(equivalentsOf(asked, [counted], 1)[0]).toMatchObject({ price: yuan('16.00') });
  });

  test('with what the holder bears: above the ceiling, and the first share of the rest', () => {
    expect(priceParts(asked, quantity('1'))).toEqual({ price: yuan('20.00'), holderPays: yuan('6.50') });
    expect(priceParts({ ...asked, insuranceClass: 'C' }, quantity('2')).holderPays).toBe(yuan('40.00'));
  });

  test('out of a whole catalogue by the name without its salt', () => {
    const list = [
      asked,
      other('Y', { genericName: '二甲双胍片', price: price('9') }),
      goods({ shopCode: 'Z' }),
    ];
    const catalog = createCatalog(
      opened(writeVersion({ folder: temporaryFolder(), version: 'v', importedAtMs: 0 }, list)),
    );
    expect(catalog.equivalents(asked, 5).map(({ product }) => product.shopCode)).toEqual(['Y']);
    expect(catalog.equivalents(asked, 0)).toEqual([]);
  });
});
