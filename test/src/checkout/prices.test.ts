import { afterAll, beforeAll, expect, test } from 'vitest';
import { starterProducts } from '#catalog/starter';
import { businessDay } from '#core/business-time';
import { formatUnitPrice } from '#core/money';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

const listed = new Map(starterProducts().map((product) => [product.shopCode, product]));
let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.end());

test('the till answers for the prices of a day in pieces that make up the whole list', () => {
  const { till } = shop;
  const codes: string[] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const piece = till.dayPrices(undefined, after, 200);
    if (!piece.ok) throw new Error(piece.error.code);
    expect(piece.value.day).toBe(businessDay(Date.now()));
    expect(piece.value.rows.length).toBeLessThanOrEqual(200);
    codes.push(...piece.value.rows.map(({ shopCode }) => shopCode));
    after = piece.value.next;
  }
  expect(codes).toEqual(starterProducts().map(({ shopCode }) => shopCode));
  expect(till.dayPrices('2999-01-01', 0, 1)).toMatchObject({
    ok: false,
    error: { code: 'catalog-prices-unknown' },
  });
});

test('a first list has an empty log, and a day that is none is refused', () => {
  const { till } = shop;
  expect(till.priceLog({}, 10)).toEqual({ ok: true, value: [] });
  expect(till.priceLog({ from: '2026-02-31' }, 10)).toMatchObject({
    ok: false,
    error: { code: 'request-invalid' },
  });
});

test('equivalents are told with what the holder bears, never the product itself', () => {
  const { till } = shop;
  const found = [...listed.values()]
    .slice(0, 150)
    .map((product) => ({ product, found: till.equivalents(product.shopCode) }));
  const some = found.filter(({ found }) => found.ok && found.value.rows.length > 0);
  expect(some.length).toBeGreaterThan(20);
  for (const { product, found } of some) {
    if (!found.ok) continue;
    const { asked, rows } = found.value;
    expect(asked).toMatchObject({ product: { shopCode: product.shopCode }, price: asked.product.price });
    expect(rows.map((row) => row.product.shopCode)).not.toContain(product.shopCode);
    for (const row of rows) {
      expect(row.product.price).toBe(
        formatUnitPrice(listed.get(row.product.shopCode)?.price ?? product.price),
      );
      expect(Number(row.holderPays)).toBeLessThanOrEqual(Number(row.price));
      expect(Number(row.saving)).toBeCloseTo(Number(asked.price) - Number(row.price), 6);
    }
  }
  expect(till.equivalents('none')).toMatchObject({ ok: false, error: { code: 'catalog-product-unknown' } });
});
