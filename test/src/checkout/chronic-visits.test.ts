import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { formatMoney } from '#core/money';
import type { TrainingCardId } from '#simulators/cards/training-facts';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

const GOODS = '6909901000017';
const DIABETES = { diseaseCode: 'M01600', diseaseName: '糖尿病' };
const HYPERTENSION = { diseaseCode: 'M03900', diseaseName: '高血压' };
const manager = { number: '0102', pin: '5678' };

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ requestLifeMs: 400, answerTimeoutMs: 600 });
}, 90_000);
afterAll(() => shop?.end());
afterEach(async () => {
  await shop.agency.control.clearFaults();
  await shop.agency.control.restore();
  shop.till.forceOffline(false);
  shop.pull();
  if (shop.till.view().sale.state !== 'selling') await shop.till.nextSale();
  await shop.till.backToSelling();
  await shop.till.clearSale();
  await shop.until('nobody, and online', ({ holder, connectivity }) => {
    return holder.state === 'none' && connectivity.state === 'online';
  });
});

const sale = () => shop.till.view().sale;
const codeOf = (answer: { ok: boolean; error?: { code: string } }) => (answer.ok ? '' : answer.error?.code);

async function patient(card: TrainingCardId = 'chronic'): Promise<void> {
  await shop.insert(card);
  await shop.until('5301 is answered', ({ holder }) => holder.chronic?.state === 'known');
}

async function pay(): Promise<string> {
  const { split, mode = 'insured', saleId, consent } = sale();
  if (consent?.state === 'needed') await shop.till.confirmConsent(consent.own);
  const cash = split?.cash ?? '0.00';
  const tenders = cash === '0.00' ? [] : [{ kind: 'cash' as const, amount: cash }];
  expect(codeOf(await shop.till.pay({ mode, tenders }))).toBe('');
  return saleId;
}

test('a chosen disease is priced by its own document, told to agency, journal, row and slip, and given back', async () => {
  await patient();
  await shop.till.addProduct('G0001', '5');
  await shop.till.scan(GOODS);
  await shop.till.quote();
  const ordinary = sale().split?.fundTotal;
  expect(codeOf(await shop.till.setVisit(DIABETES.diseaseCode))).toBe('');
  // Asked anew by itself: what stood there was the price of another kind of visit.
  expect(sale()).toMatchObject({ state: 'confirming', chronic: DIABETES });
  expect(Number(sale().split?.fundTotal)).toBeGreaterThan(Number(ordinary));
  expect(shop.till.splitReport()).toMatchObject({ different: 0 });
  const rules = sale().split?.reasons.map(({ policy }) => policy);
  expect(rules).toContain('training-310-chronic');
  const saleId = await pay();
  await shop.until('the slip is out', ({ printer }) => printer.owed === 0);

  const row = shop.store.sale(saleId);
  expect(row).toMatchObject({ chronic: DIABETES, request: { chronic: DIABETES } });
  const [booked] = shop.agency.control.chargesOf(row?.saleNumber ?? '').standing;
  expect(booked).toMatchObject({ visitKind: 'chronic' });
  const events = shop.store.journalOfSale(saleId);
  const intent = events.find(({ kind }) => kind === 'settlement-intended');
  expect(JSON.parse(intent?.facts ?? '')).toMatchObject({ visitKind: 'chronic' });
  // The journal's plain part says no more about a person's health than that.
  for (const { facts } of events) expect(facts).not.toMatch(/M01600|糖尿病/);
  expect(shop.till.saleById(saleId)?.view.chronic).toEqual(DIABETES);
  expect(shop.printer.slips().at(-1)?.text).toMatch(/^门诊慢特病：糖尿病$/m);
  expect((await shop.till.verifyJournal()).ok).toBe(true);

  await shop.till.nextSale();
  expect(sale().chronic).toBeUndefined();
  expect(codeOf(await shop.till.cancelSale(saleId, manager, '顾客退回药品'))).toBe('');
  expect(shop.agency.control.chargesOf(row?.saleNumber ?? '').standing).toEqual([]);
  await shop.until('the second slip is out', ({ printer }) => printer.owed === 0);
  expect(shop.printer.slips().at(-1)?.text).toMatch(/^门诊慢特病：糖尿病$/m);
});

test('without an answer to its settlement it is settled once, as the same kind, and the day of both kinds balances', async () => {
  await patient();
  await shop.till.scan(GOODS);
  await shop.till.quote();
  await pay();
  await shop.till.nextSale();
  await shop.till.setVisit(HYPERTENSION.diseaseCode);
  await shop.till.scan(GOODS);
  await shop.till.quote();
  await shop.agency.control.setFault({ kind: 'lose-reply', transaction: '2102', count: 1 });
  const saleId = await pay();
  expect(sale().state).toBe('unknown');
  await shop.until('cleared up', () => sale().state === 'done');
  const standing = shop.agency.control.chargesOf(sale().saleNumber).standing;
  expect(standing).toMatchObject([{ visitKind: 'chronic' }]);
  expect(shop.store.sale(saleId)).toMatchObject({ state: 'done', chronic: HYPERTENSION });
  const account = standing[0]?.account ?? 0n;
  expect(sale().split?.account).toBe(formatMoney(account as Parameters<typeof formatMoney>[0]));
  const settled = shop.agency.control.settlements().filter(({ state }) => state === 'booked');
  expect(new Set(settled.map(({ clearingType }) => clearingType)).size).toBe(2);
  const balanced = await shop.till.reconcile();
  expect(balanced).toMatchObject({ ok: true, value: { differences: 0, returned: 0 } });
});

test('what the customer keeps when a line comes back is sold for the same disease', async () => {
  await patient();
  await shop.till.setVisit(DIABETES.diseaseCode);
  await shop.till.scan(GOODS);
  await shop.till.setQuantity(1, '2');
  await shop.till.quote();
  const saleId = await pay();
  await shop.till.nextSale();
  const back = [{ lineNumber: 1, quantity: '1' }];
  expect(codeOf(await shop.till.refundLines(saleId, back, manager, '顾客退回一盒'))).toBe('');
  expect(sale()).toMatchObject({ state: 'selling', chronic: DIABETES, lines: [{ quantity: '1' }] });
  await shop.till.quote();
  await pay();
  expect(shop.agency.control.chargesOf(sale().saleNumber).standing).toMatchObject([{ visitKind: 'chronic' }]);
  expect(await shop.till.reconcile()).toMatchObject({ ok: true, value: { differences: 0, returned: 0 } });
});

test('the choice stays with the basket through hold, recall and a killed program', async () => {
  await patient();
  await shop.till.setVisit(DIABETES.diseaseCode);
  await shop.till.scan(GOODS);
  const { saleId } = sale();
  await shop.till.hold();
  expect(sale().chronic).toBeUndefined();
  await shop.till.recall(saleId);
  expect(sale().chronic).toEqual(DIABETES);
  await shop.restart(() => shop.pull());
  expect(sale()).toMatchObject({ saleId, chronic: DIABETES });
  await patient();
  await shop.till.quote();
  expect(sale()).toMatchObject({ state: 'confirming', chronic: DIABETES });
  // Back to an ordinary purchase: asked anew again.
  await shop.till.setVisit(undefined);
  expect(sale().state).toBe('confirming');
  expect(sale().split?.reasons.map(({ policy }) => policy)).not.toContain('training-310-chronic');
});

test('another person’s card takes the choice away and the screen says so, also from a recalled sale', async () => {
  await patient();
  await shop.till.setVisit(DIABETES.diseaseCode);
  await shop.till.scan(GOODS);
  const { saleId } = sale();
  shop.pull();
  await shop.until('nobody', ({ holder }) => holder.state === 'none');
  // Nobody at the counter is nobody else: it is still this basket's.
  expect(sale().chronic).toEqual(DIABETES);
  await shop.till.hold();
  await shop.insert('employee');
  await shop.till.recall(saleId);
  expect(sale().chronic).toBeUndefined();
  expect(sale().fault?.code).toBe('chronic-dropped');
  await shop.till.quote();
  expect(sale()).toMatchObject({ state: 'confirming', mode: 'insured' });

  await shop.till.backToSelling();
  await shop.till.clearSale();
  shop.pull();
  await patient();
  await shop.till.setVisit(DIABETES.diseaseCode);
  await shop.till.scan(GOODS);
  shop.pull();
  await shop.insert('employee');
  expect(sale().chronic).toBeUndefined();
  expect(sale().fault?.code).toBe('chronic-dropped');
});

test('paid without insurance it is no visit of any kind', async () => {
  await patient();
  await shop.till.setVisit(DIABETES.diseaseCode);
  await shop.till.scan(GOODS);
  await shop.till.quote();
  const { saleId, total } = sale();
  await shop.till.pay({ mode: 'own-pay', tenders: [{ kind: 'cash', amount: total }] });
  expect(shop.store.sale(saleId)).toMatchObject({ state: 'done', mode: 'own-pay' });
  expect(shop.store.sale(saleId)?.chronic).toBeUndefined();
  expect(sale().chronic).toBeUndefined();
});

test('what does not count today is shown with its reason and cannot be chosen', async () => {
  await patient('second-employee');
  expect(shop.till.view().holder.chronic?.filed).toMatchObject([
    { diseaseCode: HYPERTENSION.diseaseCode, standing: 'not-begun' },
    { diseaseCode: 'M04600', standing: 'elsewhere', institution: '虚构中心医院' },
  ]);
  expect(codeOf(await shop.till.setVisit(HYPERTENSION.diseaseCode))).toBe('chronic-not-valid');
  expect(codeOf(await shop.till.setVisit('M04600'))).toBe('chronic-not-valid');
  expect(codeOf(await shop.till.setVisit(DIABETES.diseaseCode))).toBe('chronic-not-filed');
  shop.pull();
  await shop.until('nobody', ({ holder }) => holder.state === 'none');
  expect(codeOf(await shop.till.setVisit(DIABETES.diseaseCode))).toBe('holder-none');
});

test('5301 slow or unanswered: identified and sold all the same, unknown and never none, and still online', async () => {
  await shop.agency.control.setFault({ kind: 'delay', transaction: '5301', delayMs: 60_000 });
  await shop.insert('chronic');
  // Identified while the question is still out.
  expect(shop.till.view().holder).toMatchObject({ state: 'identified', chronic: { state: 'asking' } });
  await shop.till.scan(GOODS);
  await shop.till.quote();
  expect(sale().state).toBe('confirming');
  await shop.until('it is given up', ({ holder }) => holder.chronic?.state === 'unknown');
  expect(shop.till.view()).toMatchObject({
    holder: { chronic: { filed: [], fault: { code: 'chronic-unknown' } } },
    connectivity: { state: 'online' },
    sale: { state: 'confirming' },
  });
  await shop.till.backToSelling();
  expect(codeOf(await shop.till.setVisit(DIABETES.diseaseCode))).toBe('chronic-unknown');
  await shop.agency.control.clearFaults();
  await shop.till.readCard();
  await shop.until('asked again', ({ holder }) => holder.chronic?.state === 'known');
  // An answer once given stays with its age when the next question fails.
  await shop.agency.control.setFault({ kind: 'garbage', form: 'json', transaction: '5301' });
  for (let read = 0; read < 4; read += 1) {
    await shop.till.readCard();
    await shop.until('read', ({ holder }) => holder.chronic?.state === 'unknown');
    expect(shop.till.view().holder.chronic?.filed).toHaveLength(3);
    expect(shop.till.view().connectivity.state).toBe('online');
  }
});

test('out of reach of the agency it is refused with a code and the way out, and sold as an ordinary purchase online', async () => {
  await patient();
  await shop.till.setVisit(DIABETES.diseaseCode);
  await shop.till.scan(GOODS);
  shop.till.forceOffline(true);
  await shop.until('offline', ({ connectivity }) => connectivity.state === 'offline');
  const refused = await shop.till.quote();
  expect(codeOf(refused)).toBe('chronic-offline');
  expect(sale()).toMatchObject({ state: 'selling', fault: { code: 'chronic-offline' }, chronic: DIABETES });
  expect(codeOf(await shop.till.setVisit(HYPERTENSION.diseaseCode))).toBe('chronic-offline');
  expect(codeOf(await shop.till.setVisit(undefined))).toBe('');
  expect(sale().chronic).toBeUndefined();
});
