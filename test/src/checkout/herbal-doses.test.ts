import { afterEach, beforeEach, expect, test } from 'vitest';
import { starterProducts } from '#catalog/starter';
import type { Product } from '#core/domain/product';
import { price, quantity } from '#core/money';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

/** 当归 at 0.185 yuan a gram. */
const ANGELICA = '100494';
/** 黄芪, here by the kilogram. */
const ASTRAGALUS = '100495';
/** 白术, here in bags of 250 g that may be opened. */
const BAGGED = '100497';
const AMOXICILLIN = '100001';

function asSold(product: Product): Product {
  if (product.shopCode === ASTRAGALUS) return { ...product, packUnit: '千克', price: price('128') };
  if (product.shopCode !== BAGGED) return product;
  return {
    ...product,
    packUnit: '袋',
    price: price('38'),
    unitsPerPack: quantity('250'),
    smallestUnit: '克',
  };
}

let shop: Shop;
beforeEach(async () => {
  shop = await openShop({ products: starterProducts().map(asSold) });
});
afterEach(() => shop.end());

const line = (place = 0) => shop.till.view().sale.lines[place];

async function dosed(shopCode: string, doses: string, grams: string): Promise<string> {
  await shop.till.addProduct(shopCode);
  const lineNumber = shop.till.view().sale.lines.at(-1)?.lineNumber ?? 0;
  const answer = await shop.till.setDoses(lineNumber, doses, grams);
  return answer.ok ? '' : answer.error.code;
}

test('seven doses of ten grams are seventy grams on the line, at the agency and on the slip', async () => {
  await shop.insert('A');
  expect(await dosed(ANGELICA, '7', '10')).toBe('');
  expect(line()).toMatchObject({
    quantity: '70',
    amount: '12.95',
    herbalDoses: { doses: '7', gramsPerDose: '10' },
    product: { byDoses: true },
  });
  await shop.till.quote();
  const cash = shop.till.view().sale.split?.cash ?? '';
  const paid = await shop.till.pay({ mode: 'insured', tenders: [{ kind: 'cash', amount: cash }] });
  expect(paid.ok ? '' : paid.error.code).toBe('');
  const { sale } = await shop.until(
    'the slip is out',
    (view) => view.sale.state === 'done' && view.printer.owed === 0,
  );
  const doses = { doses: quantity('7'), gramsPerDose: quantity('10') };
  expect(shop.store.sale(sale.saleId)).toMatchObject({
    lines: [{ herbalDoses: doses }],
    request: { lines: [{ herbalDoses: doses, quantity: quantity('70') }] },
  });
  expect(shop.agency.control.violations()).toEqual([]);
  expect(shop.printer.slips().at(-1)?.text).toContain('共 7 付，每付 10 克');
});

test('grams are weighed in the unit that the list prices: kilograms, or the grams of an opened bag', async () => {
  expect(await dosed(ASTRAGALUS, '5', '7.5')).toBe('');
  expect(line()).toMatchObject({ quantity: '0.0375', unit: 'pack', amount: '4.80' });
  expect(await dosed(BAGGED, '5', '12')).toBe('');
  expect(line(1)).toMatchObject({ quantity: '60', unit: 'smallest', amount: '9.12' });
});

test('a typed quantity ends the doses, and one pack more is a line of its own', async () => {
  expect(await dosed(ANGELICA, '7', '10')).toBe('');
  await shop.till.addProduct(ANGELICA, '30');
  expect(line(1)).toMatchObject({ quantity: '30' });
  expect(line(1)?.herbalDoses).toBeUndefined();
  await shop.till.setQuantity(1, '75');
  expect(line()).toMatchObject({ quantity: '75' });
  expect(line()?.herbalDoses).toBeUndefined();
});

test.each([
  ['half a dose', ANGELICA, '2.5', '10', 'sale-doses-invalid'],
  ['no dose', ANGELICA, '0', '10', 'sale-doses-invalid'],
  ['a dose of a kilogram and more', ANGELICA, '1', '1000.1', 'sale-doses-invalid'],
  ['no figure', ANGELICA, '七', '10', 'sale-doses-invalid'],
  ['a weight that the unit cannot say', ASTRAGALUS, '1', '0.05', 'sale-quantity-invalid'],
  ['what is no herbal piece', AMOXICILLIN, '7', '10', 'sale-doses-unfit'],
])('%s is refused with a code and the line stays as it was', async (_, shopCode, doses, grams, code) => {
  expect(await dosed(shopCode, doses, grams)).toBe(code);
  expect(line()).toMatchObject({ quantity: '1' });
  expect(line()?.herbalDoses).toBeUndefined();
});

test('the doses of a held sale are there when it is recalled after a restart', async () => {
  expect(await dosed(ANGELICA, '3', '15')).toBe('');
  const { saleId } = shop.till.view().sale;
  await shop.till.hold();
  await shop.restart();
  await shop.till.openShift('0101');
  const recalled = await shop.till.recall(saleId);
  expect(recalled.ok ? '' : recalled.error.code).toBe('');
  expect(line()).toMatchObject({ quantity: '45', herbalDoses: { doses: '3', gramsPerDose: '15' } });
});
