import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

const GOODS = '6909901000017';
const MINUTE_MS = 60_000;
/** The till's clock; each test begins half a minute before midnight in Shanghai. */
const wall = { aheadMs: 0 };
let shop: Shop;
let [yesterday, today] = ['', ''];

beforeAll(async () => {
  shop = await openShop({ wall });
}, 90_000);
afterAll(() => shop.end());
beforeEach(async () => {
  await shop.till.nextSale();
  await shop.till.clearSale();
  const nextMidnightMs = Math.ceil((nowMs() + 8 * 60 * MINUTE_MS) / DAY_MS) * DAY_MS - 8 * 60 * MINUTE_MS;
  wall.aheadMs += nextMidnightMs - MINUTE_MS / 2 - nowMs();
  yesterday = shop.till.view().shift.businessDay;
});

const DAY_MS = 1_440 * MINUTE_MS;
const nowMs = () => Date.now() + wall.aheadMs;
const sale = () => shop.store.sale(shop.till.view().sale.saleId);
const codeOf = (answer: { ok: boolean; error?: { code: string } }) => (answer.ok ? '' : answer.error?.code);

function pastMidnight(): void {
  wall.aheadMs += MINUTE_MS;
  today = shop.till.view().shift.businessDay;
  expect(today).not.toBe(yesterday);
}

const pay = () =>
  shop.till.pay({ mode: 'own-pay', tenders: [{ kind: 'cash', amount: shop.till.view().sale.total }] });

/** Row, list and journal name the same day. */
function expectSoldToday(): void {
  const { saleId = '', businessDay, state } = sale() ?? {};
  expect({ state, businessDay }).toEqual({ state: 'done', businessDay: today });
  expect(shop.till.sales(today).map((row) => row.saleId)).toContain(saleId);
  expect(shop.till.sales(yesterday).map((row) => row.saleId)).not.toContain(saleId);
  expect(shop.store.journalOfSale(saleId).map((entry) => entry.businessDay)).toContain(today);
}

test('a basket that was left overnight is sold on the day on which it is paid', async () => {
  await shop.till.scan(GOODS);
  expect(sale()?.businessDay).toBe(yesterday);
  pastMidnight();
  await shop.till.quote();
  expect(codeOf(await pay())).toBe('');
  expectSoldToday();
});

test('a sum that was told before midnight is told again after it: nothing is booked on yesterday', async () => {
  await shop.till.scan(GOODS);
  await shop.till.quote();
  pastMidnight();
  expect(codeOf(await pay())).toBe('sale-day-changed');
  expect(shop.till.view().sale).toMatchObject({ state: 'selling', total: '9.80' });
  await shop.till.quote();
  expect(codeOf(await pay())).toBe('');
  expectSoldToday();
});

test('a held sale that is recalled on the next day, and a basket emptied the evening before, are sold today too', async () => {
  await shop.till.scan(GOODS);
  await shop.till.hold();
  const [held] = shop.till.view().pending;
  await shop.till.scan(GOODS);
  await shop.till.clearSale();
  pastMidnight();
  await shop.till.scan(GOODS);
  await shop.till.quote();
  expect(codeOf(await pay())).toBe('');
  expectSoldToday();
  await shop.till.nextSale();
  await shop.till.recall(held?.saleId ?? '');
  await shop.till.quote();
  expect(codeOf(await pay())).toBe('');
  expectSoldToday();
  const verified = await shop.till.verifyJournal();
  expect(verified.ok && verified.value.findings).toEqual([]);
});
