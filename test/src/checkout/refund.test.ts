import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { beginRests } from '#checkout/refund';
import type { TillView } from '#checkout/view';
import { systemClock } from '#core/clock';
import type { Fault } from '#core/fault';
import { fen, formatMoney, parseQuantity, type Quantity } from '#core/money';
import type { Result } from '#core/result';
import { cancelIntended, cancelRefused, ownPayCancelled } from '#store/records/cancel';
import { openRests, restNoted } from '#store/records/refund';
import { verifyAll } from '#store/verify/verify';
import { openShop, type Shop } from '../../helpers/with-shop.ts';
import { runLength } from '../../simulation/seeded.ts';

/** Class 甲 without a national code beside it: an account and a cash part. */
const INSURED = '6909901000017';
const SECOND = { number: '0102', pin: '5678' };
const REASON = '顾客退回一盒';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop({ requestLifeMs: 400, answerTimeoutMs: 600 });
});

afterEach(async () => {
  await shop.end();
});

const code = (answer: Result<unknown, Fault>) => (answer.ok ? '' : answer.error.code);
const cash = (amount: string) => (amount === '0.00' ? [] : [{ kind: 'cash' as const, amount }]);

function ledger(): Record<string, string> {
  const rows = [...shop.store.balances()].filter(([, amount]) => amount !== 0n);
  return Object.fromEntries(rows.map(([account, amount]) => [account, formatMoney(amount)]));
}

/** Quotes and pays what lies on the counter, exact; answers the sale as it is then. */
async function paid(): Promise<TillView['sale']> {
  expect(code(await shop.till.quote())).toBe('');
  const { sale } = shop.till.view();
  if (sale.consent?.state === 'needed')
    expect(code(await shop.till.confirmConsent(sale.consent.own))).toBe('');
  const mode = sale.mode ?? 'own-pay';
  expect(code(await shop.till.pay({ mode, tenders: cash(sale.split?.cash ?? '0.00') }))).toBe('');
  return (await shop.until('done', (view) => view.sale.state === 'done')).sale;
}

/** Card A anew: what was read before counts no more. */
async function again(): Promise<void> {
  shop.pull();
  await shop.until('no card', ({ holder }) => holder.state === 'none');
  await shop.insert('A');
}

/** Three packs of a class 甲 drug and two of something without a national code, on card A. */
async function insuredSale(): Promise<TillView['sale']> {
  await again();
  await shop.till.scan(INSURED);
  await shop.till.setQuantity(1, '3');
  const unmapped = shop.till.search('口罩', 10).find(({ nationalCode }) => nationalCode === undefined);
  await shop.till.addProduct(unmapped?.shopCode ?? '', '2');
  return paid();
}

/** Three packs and two of something else, paid in cash. */
async function ownPaySale(): Promise<TillView['sale']> {
  await shop.till.scan(INSURED);
  await shop.till.setQuantity(1, '3');
  await shop.till.addProduct('100008', '2');
  return paid();
}

describe('taking back single lines of an insured sale', () => {
  test('one of three packs comes back: the sale is cancelled, the rest is sold anew, and both are told of each other', async () => {
    const first = await insuredSale();
    const back = [{ lineNumber: 1, quantity: '1' }];
    const told = shop.till.refundPreview(first.saleId, back);
    expect(told).toMatchObject({ ok: true, value: { whole: false, estimate: true, goods: '9.80' } });
    expect(code(await shop.till.refundLines(first.saleId, back, SECOND, REASON))).toBe('');
    const { sale } = shop.till.view();
    expect(sale).toMatchObject({ state: 'selling', replaces: { saleNumber: first.saleNumber } });
    expect(sale.lines.map(({ lineNumber, quantity }) => [lineNumber, quantity])).toEqual([
      [1, '2'],
      [2, '2'],
    ]);
    expect(shop.agency.control.chargesOf(first.saleNumber).standing).toHaveLength(0);
    const second = await paid();
    expect(second.replaces?.back).toEqual(told.ok ? told.value.back : undefined);
    expect(second.replaces?.back).toMatchObject({ total: '9.80', cash: '0.00' });
    expect(shop.agency.control.chargesOf(second.saleNumber).standing).toHaveLength(1);
    expect(formatMoney(shop.store.balance('receivable:account'))).toBe(second.split?.account);
    expect(formatMoney(shop.store.balance('tender:cash'))).toBe(second.split?.cash);
    await shop.until('both slips are out', ({ printer }) => printer.owed === 0);
    const [refund, anew] = shop.printer.slips().slice(-2);
    expect(refund?.text).toContain('退费单');
    expect(refund?.text).toContain(REASON);
    expect(anew?.text).toMatch(new RegExp(`原流水号\\s+${first.saleNumber}`));
    const rows = shop.till.sales();
    expect(rows.find(({ saleId }) => saleId === first.saleId)).toMatchObject({
      state: 'cancelled',
      replacedBy: { saleNumber: second.saleNumber, rest: 'sold' },
    });
    expect(rows.find(({ saleId }) => saleId === second.saleId)?.replaces).toBe(first.saleNumber);
    const [begun] = shop.store.journalOfSale(second.saleId);
    expect(begun).toMatchObject({ kind: 'rest-begun', operator: '0101' });
    expect(JSON.parse(begun?.facts ?? '')).toMatchObject({ replaces: first.saleNumber });
    expect(verifyAll(shop.store.verification()).findings.map(({ en }) => en)).toEqual([]);
    expect(shop.agency.control.violations()).toEqual([]);
  });

  test('the rest is quoted for the same holder only, its goods stand fast, and what was replaced gives nothing back again', async () => {
    const first = await insuredSale();
    const back = [{ lineNumber: 2, quantity: '2' }];
    expect(code(await shop.till.refundLines(first.saleId, back, SECOND, REASON))).toBe('');
    for (const change of [
      () => shop.till.scan(INSURED),
      () => shop.till.setQuantity(1, '9'),
      () => shop.till.removeLine(1),
      () => shop.till.clearSale(),
    ])
      expect(code(await change())).toBe('refund-basket-fixed');
    shop.pull();
    await shop.until('no card', ({ holder }) => holder.state === 'none');
    expect(code(await shop.till.quote())).toBe('refund-card-needed');
    await shop.insert('B');
    expect(code(await shop.till.quote())).toBe('refund-other-holder');
    shop.pull();
    await shop.until('no card', ({ holder }) => holder.state === 'none');
    await shop.insert('A');
    const second = await paid();
    expect(second.split?.cash).toBe('0.00');
    const again = await shop.till.refundLines(
      first.saleId,
      [{ lineNumber: 1, quantity: '1' }],
      SECOND,
      REASON,
    );
    expect(again).toMatchObject({ ok: false, error: { code: 'refund-replaced', detail: second.saleNumber } });
    const beyond = [{ lineNumber: 1, quantity: '4' }];
    expect(code(await shop.till.refundLines(second.saleId, beyond, SECOND, REASON))).toBe(
      'refund-beyond-sold',
    );
    const twice = [1, 2].map(() => ({ lineNumber: 1, quantity: '2' }));
    expect(code(await shop.till.refundLines(second.saleId, twice, SECOND, REASON))).toBe(
      'refund-beyond-sold',
    );
    const gone = [{ lineNumber: 2, quantity: '1' }];
    expect(code(await shop.till.refundLines(second.saleId, gone, SECOND, REASON))).toBe('sale-line-unknown');
    expect(code(await shop.till.refundLines(second.saleId, [], SECOND, REASON))).toBe('refund-nothing');
    const alone = { number: '0101', pin: '1234' };
    const one = [{ lineNumber: 1, quantity: '1' }];
    expect(code(await shop.till.refundLines(second.saleId, one, alone, REASON))).toBe(
      'operator-second-needed',
    );
    expect(shop.store.sale(second.saleId)?.state).toBe('done');
  });

  test('asked twice at once, the sale is taken back once and has one rest', async () => {
    const first = await insuredSale();
    const ask = () => shop.till.refundLines(first.saleId, [{ lineNumber: 1, quantity: '1' }], SECOND, REASON);
    const codes = (await Promise.all([ask(), ask()])).map(code).sort();
    expect([codes[0], codes.length]).toEqual(['', 2]);
    expect(['cancel-not-possible', 'refund-replaced']).toContain(codes[1]);
    expect(shop.agency.control.messages().filter(({ infno }) => infno === '2103')).toHaveLength(1);
    expect(shop.till.sales().filter(({ replaces }) => replaces === first.saleNumber)).toHaveLength(1);
  });

  test('a customer who keeps nothing after all gives the rest up: no fund, account or cash stays with the shop', async () => {
    const first = await insuredSale();
    expect(code(await shop.till.giveUpRest())).toBe('sale-not-now');
    const back = [{ lineNumber: 1, quantity: '2' }];
    expect(code(await shop.till.refundLines(first.saleId, back, SECOND, REASON))).toBe('');
    const rest = shop.till.view().sale;
    expect(code(await shop.till.giveUpRest())).toBe('');
    expect(shop.till.view().sale.lines).toEqual([]);
    expect(shop.till.view().sale.replaces).toBeUndefined();
    expect(shop.store.sale(rest.saleId)?.state).toBe('abandoned');
    expect(shop.till.sales().find(({ saleId }) => saleId === first.saleId)?.replacedBy).toMatchObject({
      rest: 'not-sold',
    });
    expect(ledger()).toEqual({});
    await shop.restart();
    expect(shop.till.view().sale.lines).toEqual([]);
  });
});

describe('taking back single lines without insurance', () => {
  test('no message is sent, a card in the reader changes nothing, and the slip names reason and second person', async () => {
    const first = await ownPaySale();
    const sent = shop.agency.control.messages().length;
    const back = [{ lineNumber: 1, quantity: '2.5' }];
    const told = shop.till.refundPreview(first.saleId, back);
    expect(told).toMatchObject({
      ok: true,
      value: { estimate: false, back: { total: '24.50', cash: '24.50' } },
    });
    expect(code(await shop.till.refundLines(first.saleId, back, SECOND, REASON))).toBe('');
    expect(
      shop.agency.control
        .messages()
        .slice(sent)
        .map(({ infno }) => infno),
    ).toEqual([]);
    await shop.insert('A');
    const second = await paid();
    expect(second).toMatchObject({ mode: 'own-pay', replaces: { back: { account: '0.00', cash: '24.50' } } });
    expect(ledger()).toEqual({ 'tender:cash': second.total, revenue: `-${second.total}` });
    await shop.until('both slips are out', ({ printer }) => printer.owed === 0);
    const refund = shop.printer.slips().at(-2)?.text ?? '';
    expect(refund).toMatch(/复核 0102 店长乙/);
    expect(refund).toContain(REASON);
  });

  test('what was paid by phone is told apart, because it goes back that way', async () => {
    await shop.till.scan(INSURED);
    await shop.till.setQuantity(1, '2');
    await shop.till.quote();
    const mobile = { kind: 'mobile', amount: '15.00', reference: 'M-1' } as const;
    const tenders = [mobile, ...cash('4.60')];
    expect(code(await shop.till.pay({ mode: 'own-pay', tenders }))).toBe('');
    const { saleId } = (await shop.until('done', ({ sale }) => sale.state === 'done')).sale;
    const back = [{ lineNumber: 1, quantity: '1' }];
    expect(code(await shop.till.refundLines(saleId, back, SECOND, REASON))).toBe('');
    expect(shop.till.view().sale.replaces).toMatchObject({ mobile: '15.00', before: { cash: '19.60' } });
    expect((await paid()).replaces?.back?.cash).toBe('9.80');
    expect(ledger()).toEqual({ 'tender:cash': '9.80', revenue: '-9.80' });
  });

  test('everything chosen is a plain cancellation, and a busy counter is told of before anything happens', async () => {
    const first = await ownPaySale();
    const all = first.lines.map(({ lineNumber, quantity }) => ({ lineNumber, quantity }));
    await shop.till.scan(INSURED);
    expect(code(await shop.till.refundLines(first.saleId, all, SECOND, REASON))).toBe('sale-in-progress');
    expect(shop.store.sale(first.saleId)?.state).toBe('done');
    await shop.till.clearSale();
    expect(shop.till.refundPreview(first.saleId, all)).toMatchObject({ ok: true, value: { whole: true } });
    expect(code(await shop.till.refundLines(first.saleId, all, SECOND, REASON))).toBe('');
    expect(shop.till.view().sale.lines).toEqual([]);
    expect(shop.till.sales().find(({ saleId }) => saleId === first.saleId)?.replacedBy).toBeUndefined();
    expect(ledger()).toEqual({});
  });

  test('an offline sale that is not uploaded gives nothing back, and says what to do first', async () => {
    await shop.insert('A');
    shop.till.forceOffline(true);
    await shop.till.scan(INSURED);
    await shop.till.quote();
    const asked = { mode: 'offline', tenders: [], pin: '123456', acceptOfflineRisk: true } as const;
    expect(code(await shop.till.pay(asked))).toBe('');
    const { saleId } = shop.till.view().sale;
    expect(shop.store.sale(saleId)?.state).toBe('queued');
    const back = [{ lineNumber: 1, quantity: '0.5' }];
    expect(code(await shop.till.refundLines(saleId, back, SECOND, REASON))).toBe('refund-not-uploaded');
    shop.till.forceOffline(false);
    await shop.until('uploaded', () => shop.store.sale(saleId)?.state === 'done');
    expect(code(await shop.till.refundLines(saleId, back, SECOND, REASON))).toBe('');
    await again();
    expect((await paid()).replaces?.back?.total).toBe('4.90');
  });
});

describe('a program that ends in the middle', () => {
  test('after the cancellation and before the rest lies there: it lies on the counter at the next start', async () => {
    const { saleId } = await ownPaySale();
    const sale = shop.store.sale(saleId);
    if (sale === undefined) throw new Error('a paid sale is stored');
    const rest = { saleId: 'rest-1', lines: [{ lineNumber: 1, quantity: 20_000n as Quantity }] };
    const planned = { ...sale, rest };
    const step = {
      sale: planned,
      nowMs: sale.createdAtMs,
      operator: '0101',
      secondOperator: '0102',
      reason: REASON,
    };
    shop.store.commit(restNoted(ownPayCancelled(step), shop.store, planned));
    await shop.restart();
    expect(shop.till.view().sale).toMatchObject({
      state: 'selling',
      lines: [{ lineNumber: 1, quantity: '2' }],
      replaces: { saleId },
    });
    // Once more: it lies there already, and only once.
    await shop.restart();
    expect(shop.till.view().sale.replaces?.saleId).toBe(saleId);
    expect(shop.till.view().pending).toEqual([]);
    expect((await paid()).replaces?.back?.total).toBe('43.40');
    expect(verifyAll(shop.store.verification()).findings.map(({ en }) => en)).toEqual([]);
  });

  test('after the rest was laid out: it is among the held sales, or where it lay', async () => {
    const first = await ownPaySale();
    const back = [{ lineNumber: 2, quantity: '1' }];
    expect(code(await shop.till.refundLines(first.saleId, back, SECOND, REASON))).toBe('');
    const { saleId } = shop.till.view().sale;
    await shop.restart();
    expect(shop.till.view().sale).toMatchObject({ saleId, replaces: { saleNumber: first.saleNumber } });
    expect(code(await shop.till.hold())).toBe('');
    await shop.restart();
    expect(shop.till.view().pending).toMatchObject([{ saleId, state: 'held', replaces: first.saleNumber }]);
    expect(code(await shop.till.recall(saleId))).toBe('');
    expect((await paid()).saleId).toBe(saleId);
  });

  test('while nobody knows whether the cancellation took effect: the rest waits for the answer', async () => {
    const first = await insuredSale();
    await shop.agency.control.setFault({ kind: 'lose-reply', transaction: '2103', count: 1 });
    const back = [{ lineNumber: 1, quantity: '1' }];
    const asked = await shop.till.refundLines(first.saleId, back, SECOND, REASON);
    expect(asked).toMatchObject({ ok: false, error: { retry: 'ambiguous' } });
    expect(shop.till.view().pending).toMatchObject([{ saleId: first.saleId, state: 'unknown' }]);
    expect(shop.till.sales()).toHaveLength(1);
    shop.pull();
    await shop.restart();
    const { pending } = await shop.until('the rest is laid out', (view) =>
      view.pending.some(({ replaces }) => replaces === first.saleNumber),
    );
    const rest = pending.find(({ replaces }) => replaces !== undefined);
    expect(shop.agency.control.chargesOf(first.saleNumber).standing).toHaveLength(0);
    await shop.insert('A');
    expect(code(await shop.till.recall(rest?.saleId ?? ''))).toBe('');
    expect((await paid()).replaces?.back?.total).toBe('9.80');
    await shop.until('both slips are out', ({ printer }) => printer.owed === 0);
    expect(shop.printer.slips().at(-2)?.text).toContain(REASON);
  });

  test('a cancellation that the agency refused leaves the sale as it was, and no rest of it', async () => {
    const first = await insuredSale();
    const { store } = shop;
    const [sale, settled] = [store.sale(first.saleId), store.settled(first.saleId)];
    if (sale === undefined || settled === undefined) throw new Error('a settled sale is stored');
    const nowMs = sale.createdAtMs;
    const messageId = store.nextMessageId('P99010000001', nowMs);
    const planned = {
      ...sale,
      rest: { saleId: 'rest-2', lines: [{ lineNumber: 1, quantity: 10_000n as Quantity }] },
    };
    const step = { sale: planned, nowMs, operator: '0101' };
    const message = { messageId, body: '{}', preparedAtMs: nowMs };
    const why = { settledMessageId: settled.messageId, secondOperator: '0102', reason: REASON };
    store.commit(restNoted(cancelIntended({ ...step, message, ...why }), store, planned));
    expect(beginRests({ store, clock: systemClock })).toEqual([]);
    const refusal = { messageId, answer: '{}', faultCode: 'agency-refused', agencyText: '' };
    store.commit(cancelRefused({ ...step, ...refusal }));
    expect(shop.store.sale(first.saleId)?.state).toBe('done');
    await shop.restart();
    expect(openRests(shop.store)).toEqual([]);
    expect(shop.till.view().sale.lines).toEqual([]);
    const cancelled = await shop.till.cancelSale(first.saleId, SECOND, REASON);
    expect(code(cancelled)).toBe('');
    expect(shop.till.sales().find(({ saleId }) => saleId === first.saleId)?.replacedBy).toBeUndefined();
    expect(shop.till.view().pending).toEqual([]);
  });
});

describe('any sequence of line refunds', () => {
  const { cases, seed } = runLength('REFUND', 6);
  const step = fc.record({ line: fc.integer({ min: 1, max: 2 }), tenths: fc.integer({ min: 1, max: 35 }) });

  test(`never gives back more than was paid, per line and in all (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(step, { minLength: 1, maxLength: 3 }), fc.boolean(), refundAll),
      { numRuns: cases, seed },
    );
  }, 60_000);
});

const fens = (amount: string) => BigInt(amount.replace('.', ''));
const tenThousandths = (text: string) => {
  const parsed = parseQuantity(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};

/** Sells, takes back step by step from the sale that stands, and looks at every book after each. */
async function refundAll(
  insured: boolean,
  steps: readonly { line: number; tenths: number }[],
  givesUp: boolean,
): Promise<void> {
  const before = shop.store.balance('revenue');
  if (!insured) shop.pull();
  await shop.until('no card', ({ holder }) => insured || holder.state === 'none');
  let sale = insured ? await insuredSale() : await ownPaySale();
  const sold = sale;
  for (const { line, tenths } of steps) {
    const [quantity, all] = [(tenths / 10).toFixed(1), sale.lines];
    const left = tenThousandths(all.find(({ lineNumber }) => lineNumber === line)?.quantity ?? '0');
    const answer = await shop.till.refundLines(sale.saleId, [{ lineNumber: line, quantity }], SECOND, REASON);
    const allowed = left > 0n && tenThousandths(quantity) <= left;
    expect(code(answer)).toBe(allowed ? '' : left === 0n ? 'sale-line-unknown' : 'refund-beyond-sold');
    if (!allowed) continue;
    if (shop.till.view().sale.replaces === undefined) return expectStanding(before, '0.00');
    const next = await paid();
    const back = next.replaces?.back;
    expect(fens(back?.total ?? '')).toBe(fens(sale.total) - fens(next.total));
    for (const part of ['fundTotal', 'account', 'cash'] as const)
      expect(fens(back?.[part] ?? '')).toBeLessThanOrEqual(fens(next.replaces?.before[part] ?? ''));
    for (const { lineNumber, quantity: kept, amount } of next.lines) {
      const first = sold.lines.find((each) => each.lineNumber === lineNumber);
      expect(tenThousandths(kept)).toBeLessThanOrEqual(tenThousandths(first?.quantity ?? '0'));
      expect(fens(amount)).toBeLessThanOrEqual(fens(first?.amount ?? '0.00'));
    }
    expectStanding(before, next.total);
    if (insured) expect(shop.agency.control.chargesOf(sale.saleNumber).standing).toHaveLength(0);
    sale = next;
  }
  if (!givesUp) return;
  const [first] = sale.lines;
  const one = [{ lineNumber: first?.lineNumber ?? 0, quantity: '0.0001' }];
  expect(code(await shop.till.refundLines(sale.saleId, one, SECOND, REASON))).toBe('');
  expect(code(await shop.till.giveUpRest())).toBe('');
  expectStanding(before, '0.00');
}

/** The shop has kept the price of what the customer kept, and every book adds up to nothing. */
function expectStanding(before: bigint, kept: string): void {
  expect(formatMoney(fen(before - shop.store.balance('revenue')))).toBe(kept);
  expect([...shop.store.balances().values()].reduce((sum, amount) => sum + amount, 0n)).toBe(0n);
}
