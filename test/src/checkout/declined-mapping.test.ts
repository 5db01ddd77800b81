import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

/** 阿莫西林胶囊, class 甲 in the shop's list and at the agency; 100002 is another covered product. */
const DECLINED = '100001';

let shop: Shop;
let code: string | undefined;
beforeAll(async () => {
  shop = await openShop({ download: true });
  await shop.till.downloadCatalog();
  const endMs = systemClock.monotonicMs() + 60_000;
  while (shop.till.catalogState().version === undefined || shop.till.catalogState().phase !== 'idle') {
    if (systemClock.monotonicMs() > endMs) throw new Error(JSON.stringify(shop.till.catalogState()));
    await new Promise<void>((resolve) => {
      systemClock.after(10, resolve);
    });
  }
  await shop.till.matchItems();
  code = shop.store.mapping(DECLINED)?.nationalCode;
}, 90_000);
afterAll(() => shop.end());
afterEach(async () => {
  shop.pull();
  await shop.till.nextSale();
  await shop.till.clearSale();
  await shop.till.decideMapping(DECLINED, code);
});

const lines = () => shop.till.view().sale.lines;

async function decline(): Promise<void> {
  const declined = await shop.till.decideMapping(DECLINED, undefined);
  expect(declined).toMatchObject({ ok: true, value: { state: 'declined', by: '0101' } });
}

test('a declined code of the shop’s own list counts no more: its line is own pay with the reason, the others stay covered', async () => {
  await decline();
  await shop.insert('A');
  await shop.till.scan('6909901000017');
  await shop.till.addProduct('100002');
  expect(lines()[0]?.product).toMatchObject({
    shopCode: DECLINED,
    insuranceClass: 'C',
    firstSelfPayRatio: '1',
    remark: '国家编码对照已被否定，未对应，按自费结算',
  });
  expect(lines()[0]?.product.nationalCode).toBeUndefined();
  expect(lines()[0]?.product.ceiling).toBeUndefined();
  await shop.till.quote();
  const { sale } = shop.till.view();
  const [own, covered] = sale.lines;
  expect(own?.split).toMatchObject({ outOfScope: own?.amount, inScope: '0.00' });
  expect(own?.split?.reasons.map(({ zh }) => zh).join()).toContain('没有国家医保编码');
  expect(covered?.split?.outOfScope).toBe('0.00');
  await shop.till.confirmConsent(own?.amount ?? '');
  const paid = await shop.till.pay({
    mode: 'insured',
    tenders: [{ kind: 'cash', amount: sale.split?.cash ?? '' }],
  });
  expect(paid.ok ? '' : paid.error.code).toBe('');
  await shop.until('the slip is out', (view) => view.sale.state === 'done' && view.printer.owed === 0);
  // The agency was never asked about it.
  expect(shop.store.sale(sale.saleId)?.request?.lines.map(({ shopCode }) => shopCode)).toEqual(['100002']);
  expect(shop.agency.control.violations()).toEqual([]);
  expect(shop.printer.slips().at(-1)?.text).toMatch(/阿莫西林胶囊.*自费/);
});

test('declined while it is in the basket, the line is own pay at once and the asked quote is void', async () => {
  await shop.insert('A');
  await shop.till.addProduct(DECLINED, '2');
  await shop.till.quote();
  expect(lines()[0]?.product.nationalCode).toBeDefined();
  await decline();
  expect(lines()).toMatchObject([{ quantity: '2', product: { insuranceClass: 'C' } }]);
  expect(lines()[0]?.product.nationalCode).toBeUndefined();
  expect(shop.till.view().sale.state).toBe('selling');
  await shop.till.quote();
  expect(shop.till.view().sale).toMatchObject({ mode: 'own-pay', split: { account: '0.00' } });
});

test('the same item is covered again by the code that a person confirms instead, and survives a restart and a new match', async () => {
  const other = shop.store.mapping('100002')?.nationalCode;
  await decline();
  expect((await shop.till.matchItems()).ok).toBe(true);
  await shop.restart();
  await shop.till.openShift('0101');
  expect(shop.store.mapping(DECLINED)?.state).toBe('declined');
  await shop.till.addProduct(DECLINED);
  expect(lines()[0]?.product.nationalCode).toBeUndefined();
  const confirmed = await shop.till.decideMapping(DECLINED, other);
  expect(confirmed).toMatchObject({ ok: true, value: { state: 'confirmed', basis: 'person' } });
  expect(lines()[0]?.product).toMatchObject({ nationalCode: other });
  expect(lines()[0]?.product.insuranceClass).not.toBe('C');
});

test('a declined item is no covered equivalent of another', async () => {
  const [row] = equivalents('100003');
  const chosen = row?.product.shopCode ?? '';
  expect(row?.covered).toBe(true);
  await shop.till.decideMapping(chosen, undefined);
  const now = equivalents('100003').find(({ product }) => product.shopCode === chosen);
  expect(now).toMatchObject({ covered: false, holderPays: now?.price });
  await shop.till.decideMapping(chosen, shop.store.mapping(chosen)?.nationalCode);
});

function equivalents(shopCode: string) {
  const found = shop.till.equivalents(shopCode);
  return found.ok ? found.value.rows : [];
}
