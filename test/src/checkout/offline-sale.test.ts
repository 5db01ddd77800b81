import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatMoney } from '#core/money';
import { cardIdOf } from '#simulators/cards/card-facts';
import { trainingFacts } from '#simulators/cards/training-facts';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop({
    toml: '[offline]\nenabled = true\nbasis = "test"\nper_sale = "30.00"\nper_card = "40.00"\nper_terminal = "60.00"\nsales_per_card = 2\n',
  });
});

afterEach(async () => {
  await shop.end();
});

/** The agency knew the holder once, then the link went away and the card was put in again. */
async function cutWithKnownHolder(id: 'A' | 'C' = 'A'): Promise<void> {
  await shop.insert(id);
  shop.pull();
  await shop.agency.control.cut();
  await shop.insert(id);
  await shop.until('offline', ({ connectivity }) => connectivity.state === 'offline');
}

const offline = { mode: 'offline', tenders: [], pin: '123456', acceptOfflineRisk: true } as const;

describe('a sale without the agency', () => {
  test('card proved by the module, holder by PIN: sold, queued, uploaded when the link is back', async () => {
    await cutWithKnownHolder();
    expect(shop.till.view().holder).toMatchObject({
      state: 'identified',
      source: 'cache',
      authenticatedBy: 'security-module',
    });
    await shop.till.scan('6909901000017');
    const quoted = await shop.till.quote();
    expect(quoted.ok ? quoted.value.sale.mode : quoted.error).toBe('offline');
    const paid = await shop.till.pay(offline);
    expect(paid.ok ? '' : paid.error.code).toBe('');
    await shop.until('queued', ({ sale, queue }) => sale.state === 'done' && queue.waiting === 1);
    const { sale, queue, holder } = shop.till.view();
    expect(queue.atRisk).toBe('9.80');
    const known = Number(holder.balance);
    expect(holder).toMatchObject({ spentOffline: '9.80', availableBalance: (known - 9.8).toFixed(2) });
    expect(shop.agency.control.settlements()).toHaveLength(0);
    expect(sale).toMatchObject({ medium: 'card', offlineSignature: 'module' });
    await shop.until('the slip is out', ({ printer }) => printer.owed === 0);
    const slip = shop.printer.slips().at(-1)?.text ?? '';
    expect(slip).toContain('脱机');
    expect(slip.replaceAll(/\s/g, '')).toContain('本机安全模块签名（不证明卡片）');

    await shop.agency.control.restore();
    await shop.till.syncNow();
    await shop.until('uploaded', ({ queue: { waiting } }) => waiting === 0, 15_000);
    const charges = shop.agency.control.chargesOf(sale.saleNumber);
    expect(charges.standing).toHaveLength(1);
    expect(formatMoney(charges.account)).toBe('9.80');
    expect(shop.store.upload(sale.saleId)?.state).toBe('accepted');
    expect(formatMoney(shop.store.balance('offline-at-risk'))).toBe('0.00');
    expect(shop.till.view().holder.spentOffline).toBeUndefined();
    expect(formatMoney(shop.store.balance('receivable:account'))).toBe('9.80');
  });

  test('money spent online is known offline at once: the same balance is never spent twice', async () => {
    await shop.insert('C');
    await shop.till.addProduct('100001', '20');
    await shop.till.quote();
    expect((await shop.till.pay({ mode: 'insured', tenders: [] })).ok).toBe(true);
    await shop.until('done', ({ sale }) => sale.state === 'done');
    expect(shop.till.view().holder.balance).toBe('72.50');
    await shop.till.nextSale();
    shop.pull();
    await shop.agency.control.cut();
    await shop.insert('C');
    await shop.until('offline', ({ connectivity }) => connectivity.state === 'offline');
    expect(shop.till.view().holder).toMatchObject({ source: 'cache', balance: '72.50' });
  });

  test('a wrong PIN sells nothing and says how many tries are left', async () => {
    await cutWithKnownHolder();
    await shop.till.scan('6909901000017');
    await shop.till.quote();
    const wrong = await shop.till.pay({ ...offline, pin: '000000' });
    expect(wrong.ok ? '' : wrong.error.code).toBe('card-pin-wrong');
    const missing = await shop.till.pay({ mode: 'offline', tenders: [], acceptOfflineRisk: true });
    expect(missing.ok ? '' : missing.error.code).toBe('offline-pin-missing');
    expect(shop.store.uploads(['queued'])).toHaveLength(0);
    // The quote still stands: the holder tries once more and is served.
    expect((await shop.till.pay(offline)).ok).toBe(true);
    expect(shop.store.uploads(['queued'])).toHaveLength(1);
  });

  test('the cashier must accept the risk, and budgets stop one fen above', async () => {
    await cutWithKnownHolder();
    await shop.till.scan('6909901000017');
    await shop.till.quote();
    const refused = await shop.till.pay({ ...offline, acceptOfflineRisk: false });
    expect(refused.ok ? '' : refused.error.code).toBe('offline-risk-not-accepted');
    await shop.till.setQuantity(1, '4');
    await shop.till.quote();
    const tooMuch = await shop.till.pay(offline);
    expect(tooMuch.ok ? '' : tooMuch.error.code).toBe('limit-offline-per-sale');
    await shop.till.setQuantity(1, '3');
    await shop.till.quote();
    expect((await shop.till.pay(offline)).ok).toBe(true);
    await shop.until('first done', ({ sale }) => sale.state === 'done');
    await shop.till.nextSale();
    await shop.till.addProduct('100001', '2');
    await shop.till.quote();
    const overCard = await shop.till.pay(offline);
    expect(overCard.ok ? '' : overCard.error.code).toBe('limit-offline-per-card');
  });

  test('the number of sales is a budget too, on screen and in the transaction', async () => {
    await cutWithKnownHolder();
    expect(shop.till.view().offline).toMatchObject({
      salesLeftOnCard: 2,
      salesLeftOnTerminal: 500,
      percent: 100,
    });
    for (const left of [1, 0]) {
      await shop.till.scan('6909901000017');
      await shop.till.quote();
      expect((await shop.till.pay(offline)).ok).toBe(true);
      await shop.until('done', ({ sale }) => sale.state === 'done');
      expect(shop.till.view().offline?.salesLeftOnCard).toBe(left);
      await shop.till.nextSale();
    }
    await shop.till.scan('6909901000017');
    await shop.till.quote();
    const third = await shop.till.pay(offline);
    expect(third.ok ? '' : third.error.code).toBe('limit-offline-sales-card');
    expect(shop.store.uploads(['queued'])).toHaveLength(2);
  });

  test('a policy that the agency has not borne out for too long deducts nothing, until an answer agrees again', async () => {
    await shop.insert('A');
    const longAgo = String(Date.now() - 31 * 24 * 3_600_000);
    const age = () => {
      for (const { id, version } of shop.till.policies())
        shop.store.setSetting(`policy-agreed:${id}@${version}`, longAgo);
    };
    age();
    shop.pull();
    await shop.agency.control.cut();
    await shop.insert('A');
    await shop.until('offline', ({ connectivity }) => connectivity.state === 'offline');
    expect(shop.till.view().offline).toMatchObject({
      allowed: false,
      fault: { code: 'offline-policy-too-old' },
      percent: 25,
    });
    await shop.till.scan('6909901000017');
    const quoted = await shop.till.quote();
    expect(quoted.ok ? '' : quoted.error.code).toBe('offline-policy-too-old');

    await shop.agency.control.restore();
    await shop.till.syncNow();
    await shop.until('online', ({ connectivity }) => connectivity.state === 'online', 15_000);
    shop.pull();
    await shop.insert('A');
    expect((await shop.till.quote()).ok).toBe(true);
    await shop.till.pay({ mode: 'insured', tenders: [] });
    await shop.until('settled', ({ sale }) => sale.state === 'done');
    shop.pull();
    await shop.till.nextSale();
    await shop.agency.control.cut();
    await shop.insert('A');
    await shop.until('offline again', ({ connectivity }) => connectivity.state === 'offline');
    expect(shop.till.view().offline).toMatchObject({ allowed: true, percent: 100 });
  });

  test('a holder whom this terminal never asked about gets nothing on credit', async () => {
    await shop.agency.control.cut();
    await shop.insert('C');
    await shop.until('offline', ({ connectivity }) => connectivity.state === 'offline');
    await shop.till.scan('6909901000017');
    const quoted = await shop.till.quote();
    expect(quoted.ok ? quoted.value.sale.mode : quoted.error.code).toBe('offline-holder-unknown');
  });

  test('without a security module nothing is deducted offline', async () => {
    shop.reader.pull('Slot 00 01');
    await cutWithKnownHolder();
    await shop.till.scan('6909901000017');
    const quoted = await shop.till.quote();
    expect(quoted.ok ? '' : quoted.error.code).toBe('offline-card-not-proved');
  });

  test('an offline sale refused at upload goes to the work-list with the reason', async () => {
    await cutWithKnownHolder();
    // Reported lost while this terminal is cut off: nothing here can know it.
    shop.agency.control.setCardStatus(cardIdOf(trainingFacts.a), 'lost', Date.now() - 60_000);
    await shop.till.scan('6909901000017');
    await shop.till.quote();
    await shop.till.pay(offline);
    await shop.agency.control.restore();
    await shop.till.syncNow();
    await shop.until('rejected', ({ queue }) => queue.rejected === 1, 15_000);
    expect(shop.till.queue()[0]).toMatchObject({ state: 'rejected' });
    expect(shop.till.queue()[0]?.agencyText).not.toBe('');
  });
});
