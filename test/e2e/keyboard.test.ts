import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Cashier } from './cashier.ts';
import { RealShop } from './real-shop.ts';

let shop: RealShop;
let cashier: Cashier;

beforeAll(async () => {
  shop = await RealShop.open();
  cashier = new Cashier(shop);
  await shop.signIn();
}, 90_000);
afterAll(() => shop.close());

/** A test that failed in a dialog must not leave the next one in it. */
beforeEach(async () => {
  if ((await shop.page.locator('dialog[open]').count()) === 0) return;
  await shop.page.reload();
  await cashier.sees('scan').waitFor();
});

interface Stop {
  /** Place among what Tab can reach in the open dialog; -1 = something of the dialog that only scrolls. */
  readonly place: number;
  readonly where: 'dialog' | 'nowhere' | 'outside';
  readonly visible: boolean;
}

/** Runs in the page: numbers what can be reached, in the order in which it is written. */
function numberStops(): number {
  const dialog = document.querySelector('dialog[open]');
  const all = dialog?.querySelectorAll<HTMLElement>('button, input, [tabindex="0"]') ?? [];
  const stops = [...all].filter(
    (element) =>
      !element.matches(':disabled') &&
      !element.matches('input[type="radio"]:not(:checked)') &&
      element.getClientRects().length > 0,
  );
  for (const [place, element] of stops.entries()) element.dataset['stop'] = String(place);
  return stops.length;
}

/** Runs in the page. */
function stopNow(): Stop {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || focused === document.body)
    return { place: -1, where: 'nowhere', visible: true };
  const inside = focused.closest('dialog[open]') !== null;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
  return {
    place: Number(focused.dataset['stop'] ?? -1),
    where: inside ? 'dialog' : 'outside',
    visible: (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none',
  };
}

const focused = () => shop.page.evaluate(stopNow);

/**
 * Tab goes through all that the dialog has, in the order in which it is read, and round again; Shift+Tab goes back;
 * nothing behind the dialog is ever reached, and the focus is always seen.
 */
async function walk(testId: string): Promise<void> {
  await cashier.sees(testId).waitFor();
  // What is fetched is there before it is counted.
  await shop.page.waitForLoadState('networkidle');
  const count = await shop.page.evaluate(numberStops);
  const first = await focused();
  expect([testId, first.where]).toEqual([testId, 'dialog']);
  const seen: number[] = [];
  for (let presses = 0; presses < 2 * count + 4; presses += 1) {
    await shop.page.keyboard.press('Tab');
    const stop = await focused();
    expect([testId, stop.where, stop.visible]).toEqual([
      testId,
      expect.not.stringContaining('outside'),
      true,
    ]);
    if (stop.place >= 0) seen.push(stop.place);
  }
  const round = Array.from({ length: count }, (_, place) => place);
  const start = seen.indexOf(0);
  expect([testId, seen.slice(start, start + count)]).toEqual([testId, round]);
  const last = await focused();
  await shop.page.keyboard.press('Shift+Tab');
  const before = await focused();
  expect([testId, before.place]).not.toEqual([testId, last.place]);
}

/** Escape closes it, and the next thing that is typed lands in the scan box. */
async function escapeFrom(testId: string): Promise<void> {
  await shop.page.keyboard.press('Escape');
  await cashier.sees(testId).waitFor({ state: 'detached' });
  await expectScanBox();
}

async function expectScanBox(): Promise<void> {
  await expect
    .poll(() => shop.page.evaluate(() => document.activeElement?.getAttribute('data-testid')))
    .toBe('scan');
}

async function openFromMenu(entry: string): Promise<void> {
  await shop.page.keyboard.press('F1');
  const key = await cashier.sees(`menu-${entry}`).locator('kbd').innerText();
  await shop.page.keyboard.press(key.toLowerCase());
}

describe('every dialog by keyboard alone', () => {
  const fromMenu: readonly (readonly [string, string])[] = [
    ['queue', 'queue-dialog'],
    ['doctor', 'doctor-dialog'],
    ['devices', 'devices-dialog'],
    ['acting', 'acting-dialog'],
    ['change-pin', 'change-pin-dialog'],
    ['unblock', 'second-dialog'],
    ['drawer', 'drawer-dialog'],
    ['keys', 'keys-dialog'],
    ['split-report', 'split-report-dialog'],
    ['mapping', 'mapping-dialog'],
  ];
  test.each(fromMenu)(
    '%s opens by its key in the menu, has no trap, and Escape gives the scan box back',
    async (entry, dialog) => {
      await openFromMenu(entry);
      await walk(dialog);
      await escapeFrom(dialog);
    },
  );

  test('the menu itself names a key for each of its entries, all of them different', async () => {
    await shop.page.keyboard.press('F1');
    await walk('menu-dialog');
    const keys = await cashier.sees('menu-dialog').locator('.menu kbd').allInnerTexts();
    expect(keys.every((key) => /^[1-9A-Z]$/.test(key))).toBe(true);
    expect(new Set(keys).size).toBe(keys.length);
    await escapeFrom('menu-dialog');
  });

  test('what only tells something is closed by Enter too', async () => {
    for (const [entry, dialog] of [
      ['devices', 'devices-dialog'],
      ['doctor', 'doctor-dialog'],
      ['split-report', 'split-report-dialog'],
    ] as const) {
      await openFromMenu(entry);
      await cashier.sees(dialog).waitFor();
      await shop.page.keyboard.press('Enter');
      await cashier.sees(dialog).waitFor({ state: 'detached' });
      await expectScanBox();
    }
  });

  test('Enter on a button that Tab reached presses that button, not the marked row', async () => {
    await cashier.scan();
    await shop.page.keyboard.press('Insert');
    await cashier.sees('equivalent-asked').waitFor();
    await shop.page.getByTestId('equivalents-dialog-close').focus();
    await shop.page.keyboard.press('Enter');
    await cashier.sees('equivalents-dialog').waitFor({ state: 'detached' });
    expect((await shop.view()).sale.lines).toMatchObject([{ product: { shopCode: '100001' } }]);
    await cashier.clear();
  });
});

describe('dialogs of the sale by keyboard alone', () => {
  test('quantity: F2, a figure, Enter', async () => {
    await cashier.scan();
    await cashier.press('F2');
    await walk('quantity-dialog');
    await escapeFrom('quantity-dialog');
    await cashier.press('F2');
    await cashier.sees('quantity').waitFor();
    await shop.page.keyboard.type('3', { delay: 60 });
    await cashier.press('Enter');
    await cashier.sees('quantity-dialog').waitFor({ state: 'detached' });
    expect((await shop.view()).sale.lines[0]?.quantity).toBe('3');
    await expectScanBox();
    await cashier.clear();
  });

  test('herbal pieces: F2 twice, doses, Enter, grams, Enter; the next piece proposes the same doses', async () => {
    await shop.page.getByTestId('scan').pressSequentially('danggui', { delay: 45 });
    await cashier.sees('answers').waitFor();
    await cashier.press('Enter');
    await cashier.sees('line-1').waitFor();
    await cashier.press('F2');
    await cashier.sees('quantity').waitFor();
    await cashier.press('F2');
    await walk('quantity-dialog');
    await shop.page.getByTestId('doses').focus();
    await shop.page.keyboard.type('7', { delay: 60 });
    await cashier.press('Enter');
    await shop.page.keyboard.type('10', { delay: 60 });
    await cashier.press('Enter');
    await cashier.sees('line-doses-1').waitFor();
    expect((await shop.view()).sale.lines[0]).toMatchObject({
      quantity: '70',
      amount: '12.95',
      herbalDoses: { doses: '7', gramsPerDose: '10' },
    });
    await shop.page.getByTestId('scan').pressSequentially('huangqi', { delay: 45 });
    await cashier.sees('answers').waitFor();
    await cashier.press('Enter');
    await cashier.sees('line-2').waitFor();
    await cashier.press('F2');
    await cashier.sees('doses-grams').waitFor();
    await shop.page.keyboard.type('15', { delay: 60 });
    await cashier.press('Enter');
    await cashier.sees('line-doses-2').waitFor();
    expect((await shop.view()).sale.lines[1]).toMatchObject({ quantity: '105' });
    await cashier.clear();
  });

  test('what is alike: Insert, arrows, Enter takes its place, A adds it; out of a search Enter adds it', async () => {
    await cashier.scan();
    await cashier.press('F2');
    await cashier.sees('quantity').waitFor();
    await shop.page.keyboard.type('2', { delay: 60 });
    await cashier.press('Enter');
    await cashier.sees('quantity-dialog').waitFor({ state: 'detached' });
    await cashier.press('Insert');
    await cashier.sees('equivalent-asked').waitFor();
    await walk('equivalents-dialog');
    await escapeFrom('equivalents-dialog');
    await cashier.press('Insert');
    await cashier.sees('equivalent-100002').waitFor();
    expect(await shop.text('equivalent-100002')).toContain('−2.16');
    await cashier.press('Enter');
    await cashier.sees('equivalents-dialog').waitFor({ state: 'detached' });
    expect((await shop.view()).sale.lines).toMatchObject([
      { quantity: '2', amount: '15.28', product: { shopCode: '100002' } },
    ]);
    await expectScanBox();
    await cashier.press('Insert');
    await cashier.sees('equivalent-100001').waitFor();
    await cashier.press('a');
    await cashier.sees('line-2').waitFor();
    expect((await shop.view()).sale.lines).toHaveLength(2);
    await shop.page.getByTestId('scan').pressSequentially('tbkwfsp', { delay: 45 });
    await cashier.sees('answers').waitFor();
    await cashier.press('Insert');
    await cashier.sees('equivalent-asked').waitFor();
    await cashier.press('Enter');
    await cashier.sees('line-3').waitFor();
    expect((await shop.view()).sale.lines).toHaveLength(3);
    await cashier.clear();
  });

  test('emptying the basket: F10 asks, Escape keeps it, Enter empties it', async () => {
    await cashier.scan();
    await cashier.press('F10');
    await walk('clear-dialog');
    await escapeFrom('clear-dialog');
    expect((await shop.view()).sale.lines).toHaveLength(1);
    await cashier.clear();
    await expectScanBox();
  });

  test('held sales: F6 shows them, Enter recalls', async () => {
    await cashier.scan();
    await cashier.press('F4');
    await cashier.sees('pending').waitFor();
    await cashier.press('F6');
    await walk('pending-dialog');
    await escapeFrom('pending-dialog');
    await cashier.press('F6');
    await cashier.sees('pending-dialog').waitFor();
    await cashier.press('Enter');
    await cashier.sees('line-1').waitFor();
    await expectScanBox();
    await cashier.clear();
  });

  test('payment: F9, Escape goes back to the sum, Enter settles; then slip and cancellation by F11', async () => {
    await cashier.upToPay('A', '测试甲');
    await walk('pay-dialog');
    await escapeFrom('pay-dialog');
    await cashier.openPayDialog();
    await cashier.press('Enter');
    const saleNumber = await cashier.finish();
    await cashier.press('F11');
    await cashier.sees('sales-dialog').getByText(saleNumber).waitFor();
    await walk('sales-dialog');
    await escapeFrom('sales-dialog');
    await cashier.press('F11');
    await cashier.sees('sales-dialog').getByText(saleNumber).waitFor();
    await cashier.press('v');
    await walk('slip-dialog');
    await cashier.press('Enter');
    await cashier.sees('sales-dialog').getByText(saleNumber).waitFor();
    await cashier.press('c');
    await walk('second-dialog');
    await cashier.press('Escape');
    await cashier.sees('sales-dialog').waitFor();
    await escapeFrom('sales-dialog');
    await shop.pull();
  });
});
