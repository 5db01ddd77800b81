import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
}, 90_000);
afterAll(() => shop.end());
afterEach(async () => {
  shop.pull();
  await shop.till.nextSale();
  await shop.till.clearSale();
  await shop.until('nobody', ({ holder }) => holder.state === 'none');
});

const consent = () => shop.till.view().sale.consent;
const codeOf = (answer: { ok: boolean; error?: { code: string } }) => (answer.ok ? '' : answer.error?.code);

/** One covered line and one without a national code, told to the holder of card A. */
async function quoteMixed(packs = '1'): Promise<void> {
  await shop.insert('A');
  await shop.till.scan('6909901000017');
  const unmapped = shop.till.search('口罩', 10).find((product) => product.nationalCode === undefined);
  await shop.till.addProduct(unmapped?.shopCode ?? '', packs);
  await shop.till.quote();
}

async function payInsured() {
  const { split, mode = 'insured' } = shop.till.view().sale;
  const cash = split?.cash ?? '0.00';
  return shop.till.pay({ mode, tenders: cash === '0.00' ? [] : [{ kind: 'cash', amount: cash }] });
}

test('without the holder\u2019s consent nothing is charged; with it time, operator, lines, amount and way stay with the sale', async () => {
  await quoteMixed();
  expect(consent()).toMatchObject({ state: 'needed', must: 'ask', printed: false });
  expect(codeOf(await payInsured())).toBe('consent-missing');
  expect(shop.till.view().sale.state).toBe('confirming');
  expect(codeOf(await shop.till.confirmConsent('0.01'))).toBe('sale-quote-changed');
  const { own = '', lines } = consent() ?? {};
  expect(codeOf(await shop.till.confirmConsent(own))).toBe('');
  const { saleId } = shop.till.view().sale;
  expect(codeOf(await payInsured())).toBe('');
  const given = { state: 'given', own, lines, how: 'screen', operator: '0101' };
  expect(consent()).toMatchObject(given);
  expect(shop.till.saleById(saleId)).toMatchObject({ view: { consent: given }, summary: { consent: given } });
  const journal = shop.store.journalOfSale(saleId);
  const [event, ...more] = journal.filter(({ kind }) => kind === 'own-pay-consent');
  expect(more).toEqual([]);
  expect(event).toMatchObject({ saleId, operator: '0101' });
  const told = lines?.map((line) => `${line.lineNumber}: ${line.own}`).join(', ');
  expect(JSON.parse(event?.facts ?? '')).toMatchObject({ how: 'screen', own, lines: told });
  const verified = await shop.till.verifyJournal();
  expect(verified.ok && verified.value.sound).toBe(true);
});

test('a basket, quantity or holder that changed after the consent needs a new one; the same again does not', async () => {
  await quoteMixed();
  const own = consent()?.own ?? '';
  await shop.till.confirmConsent(own);
  await shop.till.backToSelling();
  await shop.till.quote();
  expect(consent()?.state).toBe('given');
  await shop.till.hold();
  const [held] = shop.till.view().pending;
  await shop.till.recall(held?.saleId ?? '');
  await shop.till.quote();
  expect(consent()?.state).toBe('given');
  await shop.till.setQuantity(1, '2');
  await shop.till.quote();
  expect(consent()?.state).toBe('needed');
  expect(codeOf(await payInsured())).toBe('consent-missing');
  await shop.till.setQuantity(1, '1');
  await shop.till.quote();
  expect(consent()?.state).toBe('given');
  shop.pull();
  await shop.until('nobody', ({ holder }) => holder.state === 'none');
  await shop.insert('B');
  await shop.till.quote();
  expect(consent()?.state).not.toBe('given');
});

test('what nobody has agreed to any more is not kept: an own-pay sale of the same basket carries no consent', async () => {
  await quoteMixed();
  await shop.till.confirmConsent(consent()?.own ?? '');
  const { saleId, total } = shop.till.view().sale;
  const paid = await shop.till.pay({ mode: 'own-pay', tenders: [{ kind: 'cash', amount: total }] });
  expect(codeOf(paid)).toBe('');
  expect(shop.till.saleById(saleId)?.view.consent).toBeUndefined();
});

test('a sale without own-pay lines, and one without insurance, are never asked', async () => {
  await shop.insert('A');
  await shop.till.scan('6909901000017');
  await shop.till.quote();
  expect(consent()).toBeUndefined();
  expect(codeOf(await shop.till.confirmConsent('0.00'))).toBe('sale-not-now');
  await shop.till.clearSale();
  shop.pull();
  await shop.until('nobody', ({ holder }) => holder.state === 'none');
  const unmapped = shop.till.search('口罩', 10).find((product) => product.nationalCode === undefined);
  await shop.till.addProduct(unmapped?.shopCode ?? '');
  await shop.till.quote();
  expect(consent()).toBeUndefined();
});

test('another program sells own-pay lines to an insured holder only with the consent that it has', async () => {
  await shop.insert('A');
  const unmapped = shop.till.search('口罩', 10).find((product) => product.nationalCode === undefined);
  const lines = ['6909901000017', unmapped?.shopCode ?? ''].map((code) => ({ code, quantity: '1' }));
  const basket = { reference: 'r-1', lines, pay: 'account' } as const;
  expect(codeOf(await shop.till.sellBasket(basket))).toBe('consent-missing');
  expect(shop.till.view().sale.lines).toEqual([]);
  const sold = await shop.till.sellBasket({ ...basket, ownPayConsent: true });
  expect(sold.ok && sold.value.view.consent).toMatchObject({ state: 'given', how: 'program' });
});

test('where the shop asks for paper, a consent that was not printed for this basket is refused', async () => {
  await shop.end();
  shop = await openShop({ toml: '[checkout]\nown_pay_consent = "print"' });
  await quoteMixed();
  const own = consent()?.own ?? '';
  expect(codeOf(await shop.till.confirmConsent(own))).toBe('consent-not-printed');
  await shop.till.printPaper({ kind: 'consent' });
  expect(consent()).toMatchObject({ state: 'needed', must: 'print', printed: true });
  await shop.till.setQuantity(2, '2');
  await shop.till.quote();
  expect(codeOf(await shop.till.confirmConsent(consent()?.own ?? ''))).toBe('consent-not-printed');
  await shop.till.printPaper({ kind: 'consent' });
  expect(codeOf(await shop.till.confirmConsent(consent()?.own ?? ''))).toBe('');
  expect(consent()).toMatchObject({ state: 'given', how: 'printed' });
  expect(codeOf(await payInsured())).toBe('');
});
