import { afterEach, beforeEach, expect, test } from 'vitest';
import { starterProducts } from '#catalog/starter';
import type { Product } from '#core/domain/product';
import { price, quantity } from '#core/money';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

/** 阿莫西林胶囊, class 甲, 9.80 yuan for 24 capsules: 9.80 ÷ 24 = 0.408333…, cut at 10⁻⁶ yuan. */
const AMOXICILLIN = '100001';
const BARCODE = '6909901000017';

function breakable(product: Product): Product {
  const units = { unitsPerPack: quantity('24'), smallestUnit: '粒' };
  if (product.shopCode === AMOXICILLIN) return { ...product, ...units };
  // Named by the shop itself: that price counts as it is.
  return product.shopCode === '100002' ? { ...product, ...units, smallestUnitPrice: price('0.55') } : product;
}

let shop: Shop;
beforeEach(async () => {
  shop = await openShop({ products: starterProducts().map(breakable) });
});
afterEach(() => shop.end());

const lines = () => shop.till.view().sale.lines;

async function done(verb: Promise<{ ok: boolean; error?: { code: string } }>): Promise<void> {
  const answer = await verb;
  expect(answer.ok ? '' : answer.error?.code).toBe('');
}

test('a broken pack is sold by the capsule: unit price cut at 10⁻⁶, line rounded half up once, and the agency agrees to the fen', async () => {
  await shop.insert('A');
  await done(shop.till.scan(BARCODE));
  expect(lines()).toMatchObject([{ unit: 'pack', quantity: '1', amount: '9.80' }]);
  await done(shop.till.setQuantity(1, '10', 'smallest'));
  expect(lines()).toMatchObject([
    { unit: 'smallest', quantity: '10', amount: '4.08', product: { packUnit: '粒', price: '0.408333' } },
  ]);
  await done(shop.till.quote());
  const { sale } = shop.till.view();
  expect(sale.split).toMatchObject({ source: 'agency', total: '4.08', account: '4.08', cash: '0.00' });
  await done(shop.till.pay({ mode: 'insured', tenders: [], expectedCash: '0.00' }));
  await shop.until('the slip is out', (view) => view.sale.state === 'done' && view.printer.owed === 0);
  // The simulated agency refuses a line that is not its count times its price, half up to the fen.
  expect(shop.agency.control.violations()).toEqual([]);
  expect(shop.agency.control.chargesOf(sale.saleNumber).standing).toHaveLength(1);
  expect(shop.store.sale(sale.saleId)?.lines[0]?.brokenPack).toEqual({
    unitsPerPack: quantity('24'),
    packPrice: price('9.80'),
  });
  const slip = shop.printer.slips().at(-1)?.text ?? '';
  expect(slip).toMatch(/10粒 × 0\.408333\s+4\.08/);
});

test('back to whole packs the pack price counts again, and all capsules of a pack never cost more than the pack', async () => {
  await done(shop.till.addProduct(AMOXICILLIN, '24', 'smallest'));
  expect(lines()[0]).toMatchObject({ unit: 'smallest', amount: '9.80' });
  await done(shop.till.setQuantity(1, '2', 'pack'));
  expect(lines()[0]).toMatchObject({ unit: 'pack', amount: '19.60', product: { price: '9.80' } });
  // Without a unit the line keeps its own.
  await done(shop.till.setQuantity(1, '3', 'smallest'));
  await done(shop.till.setQuantity(1, '5'));
  expect(lines()[0]).toMatchObject({ unit: 'smallest', quantity: '5', amount: '2.04' });
});

test('packs and capsules of one product are two lines, and the shop’s own price of a unit counts as it is', async () => {
  await done(shop.till.scan(BARCODE));
  await done(shop.till.addProduct(AMOXICILLIN, '6', 'smallest'));
  await done(shop.till.scan(BARCODE));
  expect(lines()).toMatchObject([
    { unit: 'pack', quantity: '2', amount: '19.60' },
    { unit: 'smallest', quantity: '6', amount: '2.45' },
  ]);
  await done(shop.till.addProduct('100002', '3', 'smallest'));
  expect(lines()[2]).toMatchObject({ amount: '1.65', product: { price: '0.55' } });
});

test('a product whose list says nothing of its units is sold whole', async () => {
  await done(shop.till.addProduct('100003'));
  const refused = await shop.till.setQuantity(1, '2', 'smallest');
  expect(refused).toMatchObject({ ok: false, error: { code: 'sale-pack-whole' } });
  expect(lines()).toMatchObject([{ unit: 'pack', quantity: '1' }]);
});
