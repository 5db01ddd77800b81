import { afterEach, beforeEach, expect, test } from 'vitest';
import { starterProducts } from '#catalog/starter';
import { quantity } from '#core/money';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

const units = { unitsPerPack: quantity('24'), smallestUnit: '粒' };
let shop: Shop;
beforeEach(async () => {
  const products = starterProducts().map((product) =>
    ['100001', '100002'].includes(product.shopCode) ? { ...product, ...units } : product,
  );
  shop = await openShop({ products });
});
afterEach(() => shop.end());

const lines = () => shop.till.view().sale.lines;

test('another product takes the line’s place with as many packs, and an asked quote is void', async () => {
  await shop.till.addProduct('100001', '3');
  await shop.till.addProduct('100008');
  await shop.till.quote();
  expect(shop.till.view().sale.split).toBeDefined();
  const replaced = await shop.till.replaceProduct(1, '100003');
  expect(replaced.ok ? '' : replaced.error.code).toBe('');
  expect(lines()).toMatchObject([
    { lineNumber: 1, quantity: '3', product: { shopCode: '100003' } },
    { lineNumber: 2, product: { shopCode: '100008' } },
  ]);
  const [line] = lines();
  expect(line?.amount).toBe((Number(line?.product.price) * 3).toFixed(2));
  expect(shop.till.view().sale).toMatchObject({ state: 'selling' });
  expect(shop.till.view().sale.split).toBeUndefined();
});

test('a broken pack stays broken where the other can be, and is refused where it cannot', async () => {
  await shop.till.addProduct('100001', '7', 'smallest');
  expect((await shop.till.replaceProduct(1, '100002')).ok).toBe(true);
  expect(lines()).toMatchObject([{ unit: 'smallest', quantity: '7', product: { shopCode: '100002' } }]);
  const whole = await shop.till.replaceProduct(1, '100003');
  expect(whole).toMatchObject({ ok: false, error: { code: 'sale-pack-whole' } });
  expect(lines()).toMatchObject([{ unit: 'smallest', product: { shopCode: '100002' } }]);
});

test('doses go over to another herbal piece, but not to a pack of capsules', async () => {
  await shop.till.addProduct('100494');
  await shop.till.setDoses(1, '7', '10');
  expect((await shop.till.replaceProduct(1, '100495')).ok).toBe(true);
  expect(lines()).toMatchObject([{ quantity: '70', herbalDoses: { doses: '7', gramsPerDose: '10' } }]);
  const unfit = await shop.till.replaceProduct(1, '100001');
  expect(unfit).toMatchObject({ ok: false, error: { code: 'sale-doses-unfit' } });
});

test('a line or product that is not there, and a sale that is settled, are refused with a code', async () => {
  await shop.till.addProduct('100001');
  expect(await shop.till.replaceProduct(9, '100002')).toMatchObject({ error: { code: 'sale-line-unknown' } });
  expect(await shop.till.replaceProduct(1, 'none')).toMatchObject({
    error: { code: 'catalog-product-unknown' },
  });
  await shop.till.quote();
  const cash = shop.till.view().sale.split?.cash ?? '';
  await shop.till.pay({ mode: 'own-pay', tenders: [{ kind: 'cash', amount: cash }] });
  expect(await shop.till.replaceProduct(1, '100002')).toMatchObject({ error: { code: 'sale-not-now' } });
});
