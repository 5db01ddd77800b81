import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeTrainingCard } from '#simulators/cards/training-cards';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

const CARD = 'Slot 00 00';
const SECOND = 'Slot 00 02';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop({ pin: 'pad', toml: '[offline]\nenabled = true\nbasis = "test"\n' });
});

afterEach(async () => {
  await shop.end();
});

async function cutWithKnownHolder(): Promise<void> {
  await shop.insert('A');
  shop.pull();
  await shop.agency.control.cut();
  await shop.insert('A');
  await shop.until('offline', ({ connectivity }) => connectivity.state === 'offline');
  await shop.till.scan('6909901000017');
  await shop.till.quote();
}

function press(digits: string): void {
  for (const digit of digits) shop.pinPad.press(digit as `${number}`);
  shop.pinPad.press('enter');
}

/** Waits for something at the agency, of which the till tells nothing. */
async function arrives(holds: () => boolean): Promise<void> {
  for (const endMs = Date.now() + 5_000; !holds() && Date.now() < endMs; )
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
}

const pay = { mode: 'offline', tenders: [], acceptOfflineRisk: true } as const;

describe('a PIN on the pad', () => {
  test('is asked for with the amount, and the sale goes through', async () => {
    await cutWithKnownHolder();
    const paying = shop.till.pay(pay);
    await shop.until('the pad asks', ({ pin }) => pin.waiting && shop.pinPad.asking);
    expect(shop.pinPad.amount).toBe('9.80');
    expect(shop.till.customer().hint).toBe('enter-pin');
    press('123456');
    const paid = await paying;
    expect(paid.ok ? '' : paid.error.code).toBe('');
    expect(shop.till.view().pin.waiting).toBe(false);
  });

  test('typed on the keyboard is refused where only the pad may take it', async () => {
    await cutWithKnownHolder();
    const refused = await shop.till.pay({ ...pay, pin: '123456' });
    expect(refused.ok ? '' : refused.error.code).toBe('pin-not-by-keyboard');
    expect(shop.till.view().sale.state).toBe('confirming');
  });

  test('cancelled by the cashier leaves the basket and nothing deducted', async () => {
    await cutWithKnownHolder();
    const paying = shop.till.pay(pay);
    await shop.until('the pad asks', ({ pin }) => pin.waiting && shop.pinPad.asking);
    await shop.till.cancelPinEntry();
    const refused = await paying;
    expect(refused.ok ? '' : refused.error.code).toBe('pin-pad-cancelled');
    expect(shop.till.view().sale).toMatchObject({ state: 'confirming', lines: [{ lineNumber: 1 }] });
    expect(shop.store.uploads(['queued'])).toHaveLength(0);
  });

  test('with the pad gone says so, and the next try with the pad back works', async () => {
    await cutWithKnownHolder();
    shop.pinPad.setTrouble('pin-pad-missing');
    const refused = await shop.till.pay(pay);
    expect(refused.ok ? '' : refused.error.code).toBe('pin-pad-missing');
    expect(shop.till.devices().find(({ kind }) => kind === 'pin-pad')).toMatchObject({
      state: 'fault',
      fault: { code: 'pin-pad-missing' },
      faults: 1,
    });
    shop.pinPad.setTrouble(undefined);
    await shop.till.quote();
    const paying = shop.till.pay(pay);
    await shop.until('the pad asks', ({ pin }) => pin.waiting && shop.pinPad.asking);
    press('123456');
    expect((await paying).ok).toBe(true);
    expect(shop.till.devices().find(({ kind }) => kind === 'pin-pad')).toMatchObject({
      state: 'ready',
      lastFault: { code: 'pin-pad-missing' },
    });
  });
});

describe('a card that comes or goes while the sale commits', () => {
  test('pulled while the PIN is asked for: the sale stops, the basket stays, nothing is deducted', async () => {
    await cutWithKnownHolder();
    const paying = shop.till.pay(pay);
    await shop.until('the pad asks', ({ pin }) => pin.waiting && shop.pinPad.asking);
    shop.pull();
    const refused = await paying;
    expect(refused.ok ? '' : refused.error.code).toBe('card-removed');
    const { sale, holder, pin } = shop.till.view();
    expect(sale).toMatchObject({ state: 'selling', lines: [{ lineNumber: 1 }] });
    expect(holder.state).toBe('none');
    expect(pin.waiting).toBe(false);
    expect(shop.store.uploads(['queued'])).toHaveLength(0);
  });

  test('swapped while the PIN is asked for: the other card is never charged, and then read as itself', async () => {
    await cutWithKnownHolder();
    const paying = shop.till.pay(pay);
    await shop.until('the pad asks', ({ pin }) => pin.waiting && shop.pinPad.asking);
    shop.reader.swap(CARD, makeTrainingCard('employee'));
    const refused = await paying;
    expect(refused.ok ? '' : refused.error.code).toMatch(/card-removed|card-swapped/);
    const view = await shop.until('the other card is read', ({ holder }) => holder.name === '李培训');
    expect(view.sale).toMatchObject({ state: 'selling', lines: [{ lineNumber: 1 }] });
    expect(shop.store.uploads(['queued'])).toHaveLength(0);
    expect(shop.store.sale(view.sale.saleId)?.holder).toBeUndefined();
  });

  test('another card in a second reader stops the sale, and its holder takes the place', async () => {
    await cutWithKnownHolder();
    const paying = shop.till.pay(pay);
    await shop.until('the pad asks', ({ pin }) => pin.waiting && shop.pinPad.asking);
    shop.reader.insert(SECOND, makeTrainingCard('employee'));
    const refused = await paying;
    expect(refused.ok ? '' : refused.error.code).toBe('card-swapped');
    const view = await shop.until('the other card is read', ({ holder }) => holder.name === '李培训');
    expect(view.sale).toMatchObject({ state: 'selling', lines: [{ lineNumber: 1 }] });
    expect(shop.store.uploads(['queued'])).toHaveLength(0);
  });

  test('a card put into a second reader after the quote voids it; pulling the first one then changes nothing', async () => {
    await shop.insert('A');
    await shop.till.scan('6909901000017');
    await shop.till.quote();
    shop.reader.insert(SECOND, makeTrainingCard('employee'));
    const view = await shop.until('the other card is read', ({ holder }) => holder.name === '李培训');
    expect(view.sale.state).toBe('selling');
    shop.pull();
    expect(shop.till.view().holder).toMatchObject({ state: 'identified', name: '李培训' });
  });

  test('a card put in while the agency settles the sale of another is in no way part of it', async () => {
    await shop.insert('A');
    await shop.till.scan('6909901000017');
    await shop.till.quote();
    await shop.agency.control.setFault({ kind: 'delay', transaction: '2102', count: 1, delayMs: 900 });
    const paying = shop.till.pay({ mode: 'insured', tenders: [] });
    await arrives(() => shop.agency.control.settlements().length === 1);
    shop.reader.swap(CARD, makeTrainingCard('employee'));
    const paid = await paying;
    expect(paid.ok ? '' : paid.error.code).toBe('');
    const { sale } = await shop.until('done', (view) => view.sale.state === 'done');
    expect(shop.store.sale(sale.saleId)?.holder?.name).toBe('测试甲');
    await shop.until('the other card is read', ({ holder }) => holder.name === '李培训');
  });
});
