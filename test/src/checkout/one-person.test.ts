import { afterEach, beforeEach, expect, test } from 'vitest';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

/** 80 packs of 9.80: above the deductible of 200, so that what was bought before changes who pays what. */
const MUCH = { code: '6909901000017', quantity: '80' };
const second = { number: '0102', pin: '5678' };

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
  await shop.insert('A');
});
afterEach(() => shop.end());

async function quoted(): Promise<string> {
  await shop.till.addProduct('100001', MUCH.quantity);
  const asked = await shop.till.quote();
  expect(asked.ok ? '' : asked.error.code).toBe('');
  return shop.till.view().sale.saleId;
}

async function paid(): Promise<string> {
  const cash = shop.till.view().sale.split?.cash ?? '0.00';
  const answer = await shop.till.pay({ mode: 'insured', tenders: [{ kind: 'cash', amount: cash }] });
  return answer.ok ? answer.value.sale.state : answer.error.code;
}

test('the person’s earlier sale is cancelled while the next one stands quoted: it is asked anew, never disputed', async () => {
  const first = await quoted();
  expect(await paid()).toBe('done');
  await shop.till.nextSale();
  const next = await quoted();
  const before = shop.till.view().sale.split?.cash;
  const cancelled = await shop.till.cancelSale(first, second, '顾客退货');
  expect(cancelled.ok ? '' : cancelled.error.code).toBe('');
  expect(await paid()).toBe('sale-quote-changed');
  expect(shop.agency.control.chargesOf(shop.store.sale(next)?.saleNumber ?? '').records).toEqual([]);
  const { sale } = shop.till.view();
  expect(sale.state).toBe('confirming');
  expect(sale.split?.cash).not.toBe(before);
  expect(await paid()).toBe('done');
  expect(shop.store.sale(next)?.state).toBe('done');
});

test('what a cancellation gives back is on the holder’s panel at once, and can be spent', async () => {
  const first = await quoted();
  expect(await paid()).toBe('done');
  expect(shop.till.view().holder.balance).toBe('66.40');
  await shop.till.nextSale();
  await shop.till.cancelSale(first, second, '顾客退货');
  expect(shop.till.view().holder.balance).toBe('500.00');
  await quoted();
  expect(shop.till.view().sale.split).toMatchObject({ account: '433.60', cash: '0.00' });
  expect(await paid()).toBe('done');
});

test('an order of another program is paid by the sums that hold when it is paid', async () => {
  const first = await quoted();
  expect(await paid()).toBe('done');
  await shop.agency.control.setFault({ kind: 'delay', transaction: '2101', count: 1, delayMs: 300 });
  const order = { reference: 'order-1', lines: [MUCH], pay: 'account' } as const;
  const sold = shop.till.sellBasket(order);
  await shop.until('the trial is asked', ({ sale }) => sale.state === 'quoting');
  const cancelled = await shop.till.cancelSale(first, second, '顾客退货');
  expect(cancelled.ok ? '' : cancelled.error.code).toBe('');
  const receipt = await sold;
  expect(receipt.ok ? receipt.value.summary.state : receipt.error.code).toBe('done');
  // With its deductible: the earlier sale that had used it up is gone.
  expect(shop.agency.control.chargesOf(shop.till.view().sale.saleNumber).account).toBe(433_60n);
});
