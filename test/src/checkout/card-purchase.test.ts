import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatMoney } from '#core/money';
import type { CardLike } from '#drivers/card-reader/port';
import { cardIdOf } from '#simulators/cards/card-facts';
import { makeTrainingCard } from '#simulators/cards/training-cards';
import { trainingFacts } from '#simulators/cards/training-facts';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

const DEBIT = [0xb0, 0x2c];

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});

afterEach(async () => {
  await shop.end();
});

const offline = { mode: 'offline', tenders: [], pin: '123456', acceptOfflineRisk: true } as const;

/** The agency knew the holder once; then the link went away and the same card was put in again. */
async function cutWithCard(card: CardLike): Promise<void> {
  await shop.insert(card);
  shop.pull();
  await shop.agency.control.cut();
  await shop.insert(card);
  await shop.until('offline', ({ connectivity }) => connectivity.state === 'offline');
}

async function scanAndPay(): Promise<string> {
  await shop.till.scan('6909901000017');
  const quoted = await shop.till.quote();
  expect(quoted.ok ? quoted.value.sale.mode : quoted.error.code).toBe('offline');
  const paid = await shop.till.pay(offline);
  return paid.ok ? paid.value.sale.state : paid.error.code;
}

/** A card that is pulled in the middle of DEBIT: `deducts` says whether the card got as far as deducting. */
function tornAtDebit(card: CardLike, deducts: boolean, pull: () => void): CardLike {
  let torn = false;
  return {
    atr: card.atr,
    powerOn: () => card.powerOn(),
    powerOff: () => card.powerOff(),
    reset: () => card.reset(),
    transmit(apdu) {
      if (torn || apdu[0] !== DEBIT[0] || apdu[1] !== DEBIT[1]) return card.transmit(apdu);
      torn = true;
      if (deducts) card.transmit(apdu);
      pull();
      return undefined;
    },
  };
}

describe('a card that settles by itself', () => {
  test('signs the sale, the slip shows its TAC, and the agency accepts it at upload', async () => {
    await cutWithCard(makeTrainingCard('offline-card'));
    expect(shop.till.view()).toMatchObject({
      holder: { cardUse: 'offline', authenticatedBy: 'security-module' },
      offline: { allowed: true, signature: 'card', blacklistAgeHours: 0 },
    });
    expect(await scanAndPay()).toMatch(/delivering|done/);
    const { sale } = await shop.until('done', (view) => view.sale.state === 'done');
    expect(sale.offlineSignature).toBe('card');
    await shop.until('the slip is out', ({ printer }) => printer.owed === 0);
    const row = shop.store.sale(sale.saleId);
    const proof = row?.offlineProof;
    expect(row?.cardPurchase).toBeUndefined();
    expect(proof?.signature.kind).toBe('card-tac');
    expect(proof?.terminal?.keyId).toBe(shop.keyStore.current()?.keyId);
    const tac = proof?.signature.kind === 'card-tac' ? proof.signature.tac : 'none';
    const slip = (shop.printer.slips().at(-1)?.text ?? '').replaceAll(/\s/g, '');
    expect(slip).toContain(`卡片签名TAC${tac}`);
    expect(slip).toContain('990100000001');

    await shop.agency.control.restore();
    await shop.till.syncNow();
    await shop.until('uploaded', ({ queue: { waiting } }) => waiting === 0, 15_000);
    expect(shop.till.queue()[0]?.agencyText).toBeUndefined();
    expect(shop.store.upload(sale.saleId)?.state).toBe('accepted');
    expect(formatMoney(shop.agency.control.chargesOf(sale.saleNumber).account)).toBe('9.80');
  });

  test('with less money on it than the account part refuses, and nothing is deducted', async () => {
    await shop.end();
    shop = await openShop({
      toml: '[offline]\nenabled = true\nbasis = "test"\nper_sale = "500.00"\nper_card = "900.00"\n',
    });
    const holder = shop.agency.control
      .persons()
      .find(({ card }) => card?.cardId === cardIdOf(trainingFacts.offlineCard));
    shop.agency.control.setBalance(holder?.personNumber ?? '', 900_00n);
    await cutWithCard(makeTrainingCard('offline-card'));
    await shop.till.addProduct('100001', '60');
    const quoted = await shop.till.quote();
    expect(Number(quoted.ok ? quoted.value.sale.split?.account : 0)).toBeGreaterThan(300);
    const short = await shop.till.pay(offline);
    expect(short.ok ? '' : short.error.code).toBe('card-balance-short');
    expect(shop.till.view().sale).toMatchObject({ state: 'selling', lines: [{ quantity: '60' }] });
    expect(formatMoney(shop.store.offlineAtRisk().amount)).toBe('0.00');
    expect(shop.store.journal(1, 100).some(({ kind }) => kind === 'offline-intended')).toBe(false);
    await shop.till.setQuantity(1, '30');
    await shop.till.quote();
    const paid = await shop.till.pay(offline);
    expect(paid.ok ? '' : paid.error.code).toBe('');
  });
});

describe('a card pulled while it deducts', () => {
  test('leaves the sale unknown; the same card tells that it deducted, and the sale is finished once', async () => {
    const card = makeTrainingCard('offline-card');
    await cutWithCard(tornAtDebit(card, true, () => shop.pull()));
    expect(await scanAndPay()).toBe('unknown');
    const { saleId, saleNumber } = shop.till.view().sale;
    expect(shop.till.view().pending[0]).toMatchObject({
      saleId,
      state: 'unknown',
      fault: { code: 'card-purchase-unknown' },
    });
    expect(shop.till.view().pending[0]?.progressZh).toContain('同一张卡');
    const given = await shop.till.giveUp(saleId);
    expect(given.ok ? '' : given.error.code).toBe('offline-card-needed');

    // The next customer is served meanwhile.
    await shop.till.nextSale();
    await shop.till.scan('6909901000017');
    await shop.till.quote();
    const cash = await shop.till.pay({ mode: 'own-pay', tenders: [{ kind: 'cash', amount: '9.80' }] });
    expect(cash.ok ? '' : cash.error.code).toBe('');
    await shop.until('sold for cash', ({ sale }) => sale.state === 'done');
    await shop.till.nextSale();

    await shop.insert(card);
    await shop.until('cleared up', () => shop.store.sale(saleId)?.state === 'queued');
    await shop.until('the slip is out', ({ printer }) => printer.owed === 0);
    expect(formatMoney(shop.store.offlineAtRisk().amount)).toBe('9.80');
    await shop.agency.control.restore();
    await shop.till.syncNow();
    await shop.until('uploaded', ({ queue: { waiting } }) => waiting === 0, 15_000);
    expect(shop.store.upload(saleId)?.state).toBe('accepted');
    expect(shop.agency.control.chargesOf(saleNumber).standing).toHaveLength(1);
    expect(formatMoney(shop.store.balance('suspense'))).toBe('0.00');
  });

  test('tells that nothing was deducted, also after a restart: the basket is held and sold again', async () => {
    const card = makeTrainingCard('offline-card');
    await cutWithCard(tornAtDebit(card, false, () => shop.pull()));
    expect(await scanAndPay()).toBe('unknown');
    const { saleId } = shop.till.view().sale;
    await shop.restart();
    await shop.insert(card);
    await shop.until('cleared up', () => shop.store.sale(saleId)?.state === 'held');
    expect(formatMoney(shop.store.offlineAtRisk().amount)).toBe('0.00');
    expect(formatMoney(shop.store.balance('suspense'))).toBe('0.00');
    expect(shop.till.view().pending[0]).toMatchObject({ saleId, state: 'held' });
  });

  test('sells nothing else offline before it has told', async () => {
    const card = makeTrainingCard('offline-card');
    const silent: CardLike = {
      ...tornAtDebit(card, true, () => shop.pull()),
      atr: card.atr,
    };
    const mute = {
      ...silent,
      transmit: (apdu: Uint8Array) =>
        apdu[0] === 0xb0 && apdu[1] === 0x2e ? Uint8Array.of(0x6f, 0x00) : silent.transmit(apdu),
    };
    await cutWithCard(mute);
    expect(await scanAndPay()).toBe('unknown');
    await shop.till.nextSale();
    await shop.insert(mute);
    await shop.till.scan('6909901000017');
    const quoted = await shop.till.quote();
    expect(quoted.ok ? quoted.value.sale.mode : quoted.error.code).toBe('offline-card-torn');
  });
});
