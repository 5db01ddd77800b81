import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.end());

function lastPaper(): string {
  return shop.printer.slips().at(-1)?.text ?? '';
}

test('a consent is printed for a quoted sale with lines of the holder alone, as the preview shows it, and settles nothing', async () => {
  expect(await shop.till.printPaper({ kind: 'consent' })).toMatchObject({ error: { code: 'sale-not-now' } });
  await shop.insert('A');
  await shop.till.scan('6909901000017');
  const unmapped = shop.till.search('口罩', 10).find((product) => product.nationalCode === undefined);
  await shop.till.addProduct(unmapped?.shopCode ?? '');
  await shop.till.quote();
  const preview = shop.till.paperPreview({ kind: 'consent' });
  const printed = await shop.till.printPaper({ kind: 'consent' });
  expect(printed.ok ? '' : printed.error.code).toBe('');
  expect(lastPaper()).toContain('自费项目知情同意书');
  expect(lastPaper()).toContain(shop.till.view().sale.saleNumber);
  expect(lastPaper()).toContain('姓名 测**');
  const { split } = shop.till.view().sale;
  const own = Number(split?.total) - Number(split?.inScope);
  expect(lastPaper()).toMatch(new RegExp(`由本人负担合计 +${own.toFixed(2)}`));
  const squeezed = (text: string) => text.replaceAll(/\s/g, '').replaceAll(/时间.{18}/g, '');
  expect(preview.ok ? squeezed(preview.value.text) : '').toBe(squeezed(lastPaper()));
  expect(shop.store.slips(['owed', 'printed'])).toEqual([]);
  await shop.till.clearSale();
  shop.pull();
});

test('a refused card prints its refusal with code, sentence and next step; without one there is nothing to print', async () => {
  expect(await shop.till.printPaper({ kind: 'refusal' })).toMatchObject({ error: { code: 'sale-not-now' } });
  await shop.insert('lost');
  const { fault } = shop.till.view().holder;
  const printed = await shop.till.printPaper({ kind: 'refusal' });
  expect(printed.ok ? '' : printed.error.code).toBe('');
  const text = lastPaper().replaceAll(/\s/g, '');
  expect(text).toContain(fault?.code);
  expect(text).toContain(fault?.nextZh.replaceAll(/\s/g, ''));
  shop.pull();
});

test('the day summary adds up to the ledger of the day, and a price label shows the price in force', async () => {
  await shop.till.scan('6909901000017');
  await shop.till.quote();
  const { total } = shop.till.view().sale;
  await shop.till.pay({ mode: 'own-pay', tenders: [{ kind: 'cash', amount: '100.00' }] });
  await shop.until('done', ({ sale, printer }) => sale.state === 'done' && printer.owed === 0);
  await shop.till.printPaper({ kind: 'day-summary' });
  expect(lastPaper()).toMatch(new RegExp(`自费销售 1笔 +${total}`));
  expect(lastPaper()).toMatch(new RegExp(`当日合计 +${total}`));
  expect(lastPaper()).toMatch(new RegExp(`现金 +${total}`));
  const product = shop.till.search('阿莫西林', 1)[0] ?? expect.unreachable('a product');
  await shop.till.printPaper({ kind: 'price-label', shopCode: product.shopCode });
  expect(lastPaper()).toContain(`${product.price}元/`);
  expect(await shop.till.printPaper({ kind: 'price-label', shopCode: 'none' })).toMatchObject({
    error: { code: 'catalog-product-unknown' },
  });
});

test('the day summary is printed after the shift is closed too, under the name of whoever asks; papers of a sale are not', async () => {
  await shop.till.closeShift();
  const printed = await shop.till.printPaper({ kind: 'day-summary' }, '0102');
  expect(printed.ok ? '' : printed.error.code).toBe('');
  expect(lastPaper()).toMatch(/经办 0102 /);
  expect(await shop.till.printPaper({ kind: 'consent' })).toMatchObject({
    error: { code: 'shift-not-open' },
  });
});
