import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatMoney } from '#core/money';
import { cardIdOf } from '#simulators/cards/card-facts';
import { trainingFacts } from '#simulators/cards/training-facts';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});

afterEach(async () => {
  await shop.end();
});

async function sellAmoxicillin(): Promise<void> {
  const scanned = await shop.till.scan('6909901000017');
  expect(scanned.ok ? '' : scanned.error.code).toBe('');
}

describe('a sale at the agency', () => {
  test('card, scans, trial, payment from the account and slip agree to the fen everywhere', async () => {
    await shop.insert('A');
    expect(shop.till.view().holder).toMatchObject({ state: 'identified', name: '测试甲', balance: '500.00' });
    await sellAmoxicillin();
    await sellAmoxicillin();
    await shop.till.addProduct('100008', '1');
    const quoted = await shop.till.quote();
    expect(quoted.ok ? quoted.value.sale.state : quoted.error).toBe('confirming');
    const split = shop.till.view().sale.split;
    expect(split).toMatchObject({
      total: '36.40',
      firstSelfPay: '0.84',
      deductible: '35.56',
      account: '36.40',
      cash: '0.00',
    });
    const paid = await shop.till.pay({ mode: 'insured', tenders: [], expectedCash: '0.00' });
    expect(paid.ok ? paid.value.sale.state : paid.error).toMatch(/delivering|done/);
    const view = await shop.until(
      'the slip is out',
      ({ sale, printer }) => sale.state === 'done' && printer.owed === 0,
    );

    const charges = shop.agency.control.chargesOf(view.sale.saleNumber);
    expect(charges.standing).toHaveLength(1);
    expect(formatMoney(charges.account)).toBe('36.40');
    expect(formatMoney(shop.store.balance('receivable:account'))).toBe('36.40');
    expect(formatMoney(shop.store.balance('revenue'))).toBe('-36.40');
    const slip = shop.printer.slips().at(-1)?.text ?? '';
    expect(slip).toContain('36.40');
    expect(slip).toContain(view.sale.saleNumber);
    expect(slip).toContain('463.60');
    expect(view.sale.split?.balanceAfter).toBe('463.60');
    expect(shop.agency.control.violations()).toEqual([]);
  });

  test('a line without a national code is paid in cash beside the insured lines, and change is given', async () => {
    await shop.insert('A');
    await sellAmoxicillin();
    const unmapped = shop.till.search('口罩', 10).find((product) => product.nationalCode === undefined);
    expect(unmapped).toBeDefined();
    await shop.till.addProduct(unmapped?.shopCode ?? '');
    // The customer is not shown a class that pays nothing here.
    expect(shop.till.customer().lines.map((line) => line.unmapped)).toEqual([false, true]);
    await shop.till.quote();
    const { split } = shop.till.view().sale;
    expect(split?.cash).toBe(unmapped?.price);
    const short = await shop.till.pay({ mode: 'insured', tenders: [] });
    expect(short.ok ? '' : short.error.code).toBe('consent-missing');
    await shop.till.confirmConsent(unmapped?.price ?? '');
    const less = await shop.till.pay({ mode: 'insured', tenders: [] });
    expect(less.ok ? '' : less.error.code).toBe('tender-too-small');
    const paid = await shop.till.pay({ mode: 'insured', tenders: [{ kind: 'cash', amount: '100.00' }] });
    expect(paid.ok ? '' : paid.error.code).toBe('');
    const view = await shop.until('done', ({ sale }) => sale.state === 'done');
    expect(view.sale.split?.total).toBe(view.sale.total);
    expect(Number(view.sale.changeDue)).toBeCloseTo(100 - Number(split?.cash), 5);
    let sum = 0n;
    for (const amount of shop.store.balances().values()) sum += amount;
    expect(sum).toBe(0n);
  });

  test('a done sale is given back whole by two people, never by one', async () => {
    await shop.insert('A');
    await sellAmoxicillin();
    await shop.till.quote();
    await shop.till.pay({ mode: 'insured', tenders: [] });
    const { sale } = await shop.until('done', (view) => view.sale.state === 'done');
    const alone = await shop.till.cancelSale(sale.saleId, { number: '0101', pin: '1234' }, '顾客退货');
    expect(alone.ok ? '' : alone.error.code).toBe('operator-second-needed');
    const wrong = await shop.till.cancelSale(sale.saleId, { number: '0102', pin: '0000' }, '顾客退货');
    expect(wrong.ok ? '' : wrong.error.code).toBe('operator-unknown');
    const cancelled = await shop.till.cancelSale(sale.saleId, { number: '0102', pin: '5678' }, '顾客退货');
    expect(cancelled.ok ? '' : cancelled.error.code).toBe('');
    expect(shop.agency.control.chargesOf(sale.saleNumber).standing).toHaveLength(0);
    expect(formatMoney(shop.store.balance('receivable:account'))).toBe('0.00');
    await shop.until('the cancellation slip is out', (view) => view.printer.owed === 0);
    expect(shop.printer.slips().at(-1)?.text).toContain('退费单');
  });

  test('cancelled twice at once, a sale is given back once and the second call is refused', async () => {
    await shop.insert('A');
    await sellAmoxicillin();
    await shop.till.quote();
    await shop.till.pay({ mode: 'insured', tenders: [] });
    const { sale } = await shop.until('done', (view) => view.sale.state === 'done');
    const cancel = () => shop.till.cancelSale(sale.saleId, { number: '0102', pin: '5678' }, '顾客退货');
    const codes = (await Promise.all([cancel(), cancel()])).map((done) => (done.ok ? '' : done.error.code));
    expect(codes.sort()).toEqual(['', 'cancel-not-possible']);
    expect(shop.agency.control.messages().filter(({ infno }) => infno === '2103')).toHaveLength(1);
  });

  test('without a card everything is own pay and no message is sent', async () => {
    await sellAmoxicillin();
    await shop.till.quote();
    expect(shop.till.view().sale.mode).toBe('own-pay');
    const paid = await shop.till.pay({ mode: 'own-pay', tenders: [{ kind: 'cash', amount: '10.00' }] });
    expect(paid.ok ? '' : paid.error.code).toBe('');
    const view = await shop.until('done', ({ sale }) => sale.state === 'done');
    expect(view.sale.changeDue).toBe('0.20');
    expect(shop.agency.control.settlements()).toHaveLength(0);
  });

  test('one call sells a whole basket, and the same reference never sells it twice', async () => {
    await shop.insert('A');
    const request = {
      reference: 'register-1',
      lines: [{ code: '6909901000017', quantity: '2' }],
      pay: 'account',
    } as const;
    const first = await shop.till.sellBasket(request);
    const again = await shop.till.sellBasket(request);
    expect(first.ok && again.ok && first.value.summary.saleId === again.value.summary.saleId).toBe(true);
    expect(shop.agency.control.settlements()).toHaveLength(1);
    const other = await shop.till.sellBasket({
      ...request,
      lines: [{ code: '6909901000017', quantity: '3' }],
    });
    expect(other.ok ? '' : other.error.code).toBe('sale-reference-reused');
  });

  test('a basket that a killed program left unpaid is sold by its own reference, once, and by no other', async () => {
    await shop.insert('A');
    const request = {
      reference: 'register-2',
      lines: [{ code: '6909901000017', quantity: '2' }],
      pay: 'account',
    } as const;
    await shop.agency.control.setFault({ kind: 'delay', transaction: '2101', count: 1, delayMs: 1_000 });
    const lost = shop.till.sellBasket(request).catch(() => undefined);
    await shop.restart();
    await lost;
    shop.pull();
    await shop.insert('A');
    expect(shop.till.view().sale.lines).toHaveLength(1);
    const other = await shop.till.sellBasket({ ...request, reference: 'register-3' });
    expect(other.ok ? '' : other.error.code).toBe('sale-in-progress');
    const again = await shop.till.sellBasket(request);
    expect(again.ok ? again.value.summary.state : again.error.code).toBe('done');
    expect(shop.agency.control.settlements()).toHaveLength(1);
    expect(shop.till.sales()).toHaveLength(1);
  });

  test.each(['by hand', 'by another order'] as const)(
    'an order that was not sold is sold under its own reference, though its emptied basket was sold %s meanwhile',
    async (how) => {
      await shop.insert('A');
      const lines = [{ code: '6909901000017', quantity: '2' }];
      const request = { reference: 'register-5', lines, pay: 'account' } as const;
      await shop.agency.control.setFault({ kind: 'garbage', transaction: '2101', count: 1 });
      const failed = await shop.till.sellBasket(request);
      expect(failed.ok ? '' : failed.error.code).toBe('agency-trial-unanswered');
      if (how === 'by hand') {
        await sellAmoxicillin();
        await shop.till.quote();
        await shop.till.pay({ mode: 'own-pay', tenders: [{ kind: 'cash', amount: '10.00' }] });
        await shop.until('done', ({ sale }) => sale.state === 'done');
      } else await shop.till.sellBasket({ reference: 'register-6', lines, pay: 'cash' });
      const meanwhile = shop.till.sales().map(({ saleId }) => saleId);
      expect(meanwhile).toHaveLength(1);
      const again = await shop.till.sellBasket(request);
      expect(again.ok ? again.value.summary.state : again.error.code).toBe('done');
      expect(shop.till.sales()).toHaveLength(2);
      expect(shop.agency.control.settlements()).toHaveLength(1);
      expect(meanwhile).not.toContain(again.ok ? again.value.summary.saleId : '');
    },
  );

  test('a quote asked while the card is being read waits for its holder instead of selling without one', async () => {
    await sellAmoxicillin();
    const inserted = shop.insert('C');
    const quoted = await shop.till.quote();
    await inserted;
    expect(quoted.ok ? quoted.value.sale.mode : quoted.error.code).toBe('insured');
  });

  test('a basket to be paid from the account is not sold for cash when its holder is lost while the card is read again', async () => {
    await shop.insert('A');
    shop.agency.control.setCardStatus(cardIdOf(trainingFacts.a), 'lost', Date.now() - 60_000);
    const again = shop.till.readCard();
    const lines = [{ code: '6909901000017', quantity: '1' }];
    const sold = await shop.till.sellBasket({ reference: 'register-4', lines, pay: 'account' });
    await again;
    expect(sold.ok ? sold.value.summary.state : sold.error.code).toBe('card-reported-lost');
    expect(shop.till.view().sale).toMatchObject({ state: 'selling', lines: [] });
    expect(shop.till.sales()).toEqual([]);
  });

  test('an open basket comes back after a restart', async () => {
    await sellAmoxicillin();
    const before = shop.till.view().sale;
    await shop.restart();
    expect(shop.till.view().sale).toMatchObject({ saleNumber: before.saleNumber, lines: before.lines });
  });

  test('a recalled basket comes back after a restart, although an emptied one began after it', async () => {
    await sellAmoxicillin();
    const before = shop.till.view().sale;
    await shop.till.hold();
    await sellAmoxicillin();
    await shop.till.clearSale();
    await shop.till.recall(before.saleId);
    await shop.restart();
    expect(shop.till.view().sale).toMatchObject({ saleId: before.saleId, lines: before.lines });
    expect(shop.till.view().pending).toEqual([]);
  });

  test('an emptied basket is no sale in the list and keeps its number', async () => {
    await sellAmoxicillin();
    const { saleNumber } = shop.till.view().sale;
    await shop.till.clearSale();
    expect(shop.till.sales()).toEqual([]);
    await sellAmoxicillin();
    expect(shop.till.view().sale.saleNumber).toBe(saleNumber);
  });

  test('held sales wait aside and are recalled', async () => {
    await sellAmoxicillin();
    const { saleId } = shop.till.view().sale;
    await shop.till.hold();
    expect(shop.till.view().sale.lines).toHaveLength(0);
    expect(shop.till.view().pending[0]).toMatchObject({ saleId, state: 'held' });
    await shop.till.recall(saleId);
    expect(shop.till.view().sale.lines).toHaveLength(1);
  });
});
