import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { formatMoney, subtractMoney, zeroMoney } from '#core/money';
import type { TrainingCardId } from '#simulators/cards/training-facts';
import { type TextKey, texts } from '../../src/ui/texts.ts';
import { foreignTexts, namesIn, type Tongue } from '../helpers/one-language.ts';
import { Cashier, GOODS } from './cashier.ts';
import { RealShop } from './real-shop.ts';

/** Classes 甲, 乙 and 丙. */
const SCANS = ['6909901000017', '6909902000023', '6909904000083'];
const SEARCHED = 'amxl';
/** What stands on a key and how the keyboard calls it. */
const NAMED: Readonly<Record<string, string>> = { Ins: 'Insert', '↵': 'Enter', Esc: 'Escape' };
const PERSON = '99010000000000000000000001';

let shop: RealShop;
let cashier: Cashier;

beforeAll(async () => {
  shop = await RealShop.open();
  cashier = new Cashier(shop);
  await shop.openShift();
}, 90_000);
afterAll(() => shop?.close());

/** Digits of an amount wherever it is shown. */
function amount(text: string): string {
  return /-?\d[\d,]*\.\d{2}/.exec(text)?.[0].replace(/,/g, '') ?? '';
}

function slipsOf(saleNumber: string): number {
  return shop.printer.slips().filter(({ text }) => text.includes(saleNumber)).length;
}

const balance = () => shop.agency.control.account(PERSON)?.balance ?? zeroMoney;
const charges = (saleNumber: string) => shop.agency.control.chargesOf(saleNumber);

describe.each(['zh', 'en'] as const)('by keyboard alone, in %s', (tongue: Tongue) => {
  const press = (name: string) => shop.page.keyboard.press(name);
  /** As fast as a person, not as a scanner. */
  const type = (text: string) => shop.page.keyboard.type(text, { delay: 60 });

  /** The words in the page's own language, large. */
  const says = (k: TextKey, within = 'body') =>
    shop.page
      .locator(within)
      .getByText(texts[k][tongue], { exact: true })
      .and(shop.page.locator(':not([lang])'))
      .first()
      .waitFor();

  /** Presses the key that the page names for it, as somebody does who knows nothing but what stands there. */
  async function key(k: TextKey, within = 'nav.keys'): Promise<void> {
    const button = shop.page
      .locator(`${within} button:enabled`)
      .filter({ has: shop.page.getByText(texts[k][tongue], { exact: true }) })
      .first();
    const shown = await button.locator('kbd').innerText();
    await press(NAMED[shown] ?? (shown.length === 1 ? shown.toLowerCase() : shown));
  }

  async function menu(k: TextKey): Promise<void> {
    await key('keyMenu');
    await says('menuTitle', 'dialog');
    await key(k, 'dialog');
  }

  /** Nothing of what stands there now is in the other language, but for names. */
  async function inOneLanguage(): Promise<void> {
    const told = await Promise.all([
      shop.view(),
      shop.api('GET', '/api/sales'),
      shop.api('GET', `/api/search?q=${SEARCHED}`),
    ]);
    const names = [...namesIn(told), '收银员甲', '店长乙'];
    expect(await foreignTexts(shop.page, tongue, names)).toEqual([]);
  }

  async function signIn(place = 0, pin = '1234'): Promise<void> {
    await says('signInTitle');
    await inOneLanguage();
    for (let step = 0; step < place; step += 1) await press('ArrowDown');
    await type(pin);
    await press('Enter');
  }

  async function scanAll(codes: readonly string[]): Promise<void> {
    for (const [index, code] of codes.entries()) await cashier.scan(code, index + 1);
  }

  async function quoted(id: TrainingCardId, name: string, codes: readonly string[] = [GOODS]): Promise<void> {
    await cashier.insert(id, name);
    await scanAll(codes);
    await key('keyQuote');
    await cashier.sees('split-account').waitFor();
  }

  async function payDialog(): Promise<void> {
    await key('keyPay');
    await says('payTitle', 'dialog');
  }

  beforeAll(async () => {
    await shop.page.context().clearCookies();
    await shop.page.goto(`${shop.url}/${tongue === 'en' ? '?lang=en' : ''}`);
    await signIn();
    await cashier.sees('scan').waitFor();
  }, 60_000);
  afterEach(async () => {
    await shop.agency.control.clearFaults();
    await shop.agency.control.restore();
    shop.printer.setPaperOut(false);
    await cashier.clear();
    await shop.pull();
  });

  test('ordinary sale: screen, agency and slip agree to the fen', async () => {
    await inOneLanguage();
    await quoted('A', '测试甲', SCANS);
    await inOneLanguage();
    await payDialog();
    await inOneLanguage();
    await press('Enter');
    await says('done');
    await inOneLanguage();
    const { sale } = await shop.until(
      'the slip is out',
      ({ sale: { state }, printer }) => state === 'done' && printer.owed === 0,
    );
    const onScreen = amount(await shop.text('account-paid'));
    expect(charges(sale.saleNumber).standing).toHaveLength(1);
    expect(onScreen).toBe(formatMoney(charges(sale.saleNumber).account));
    expect(sale.split?.account).toBe(onScreen);
    expect(amount(await shop.text('balance-after'))).toBe(formatMoney(balance()));
    const slip = shop.printer.slips().at(-1)?.text ?? '';
    expect(slip).toMatch(new RegExp(`个人账户支付\\s+${onScreen}`));
    expect(slip).toContain(sale.saleNumber);
    expect(shop.agency.control.violations()).toEqual([]);
    await key('keyNext');
  });

  test('mixed tender: without the account, in notes and by telephone, with change', async () => {
    await quoted('employee', '李培训');
    await key('keyAccountOn');
    await cashier.sees('account-off').waitFor();
    await payDialog();
    const due = Number(await shop.text('pay-due'));
    await type('5');
    await press('Tab');
    await type((due - 4).toFixed(2));
    await says('change', 'dialog');
    await inOneLanguage();
    await press('Enter');
    await says('done');
    expect(await shop.text('change')).toBe('1.00');
    const { sale } = await shop.view();
    expect(sale.tenders).toEqual([
      { kind: 'cash', amount: '5.00' },
      { kind: 'mobile', amount: (due - 4).toFixed(2) },
    ]);
    expect(sale.split?.account).toBe('0.00');
    await key('keyNext');
  });

  test('an old resident’s medicine for a month: found by its name, three packs of it, held and recalled', async () => {
    await cashier.insert('resident', '王练习');
    await shop.page.getByTestId('scan').pressSequentially(SEARCHED, { delay: 45 });
    await shop.page.locator('[data-testid=answers][aria-busy=false]').waitFor();
    await inOneLanguage();
    await press('Enter');
    await cashier.sees('line-1').waitFor();
    await cashier.scan(SCANS[1], 2);
    await key('keyQuantity');
    await cashier.sees('quantity').waitFor();
    await type('3');
    await inOneLanguage();
    await press('Enter');
    await shop.page.locator('[data-testid=line-quantity-2]', { hasText: '3' }).waitFor();
    const { total } = (await shop.view()).sale;
    await key('keyHold');
    await cashier.sees('pending').waitFor();
    await inOneLanguage();
    await key('keyRecall');
    await says('pendingTitle', 'dialog');
    await inOneLanguage();
    await press('Enter');
    await cashier.sees('line-2').waitFor();
    expect(await shop.text('total')).toBe(total);
    await key('keyQuote');
    await cashier.sees('split-account').waitFor();
    await inOneLanguage();
    await payDialog();
    await press('Enter');
    await says('done');
    const { sale } = await shop.view();
    expect(charges(sale.saleNumber).standing).toHaveLength(1);
    await key('keyNext');
  });

  test('a chronic patient: the disease chosen after the quote is priced, settled and printed, and is gone with the card', async () => {
    await cashier.insert('chronic', '卫慢病');
    await says('standingValid', '[data-testid=holder-chronic]');
    await cashier.scan();
    await key('keyQuote');
    await cashier.sees('split-account').waitFor();
    await key('keyVisit');
    await says('visitTitle', 'dialog');
    await inOneLanguage();
    await press('ArrowDown');
    await press('Enter');
    await cashier.sees('visit').getByText('糖尿病').waitFor();
    await shop.until('quoted anew', ({ sale }) => sale.state === 'confirming' && sale.chronic !== undefined);
    await payDialog();
    await press('Enter');
    await says('done');
    await cashier.sees('visit').waitFor();
    await inOneLanguage();
    const { sale } = await shop.until('the slip is out', ({ printer }) => printer.owed === 0);
    expect(charges(sale.saleNumber).standing).toMatchObject([{ visitKind: 'chronic', clearingType: '11' }]);
    expect(shop.printer.slips().at(-1)?.text).toContain('门诊慢特病：糖尿病');
    await key('keyNext');

    await cashier.scan();
    await key('keyVisit');
    await says('visitTitle', 'dialog');
    await press('3');
    await cashier.sees('visit').getByText('高血压').waitFor();
    await shop.pull();
    await cashier.insert('employee', '李培训');
    await cashier.seesCode('chronic-dropped');
    await cashier.sees('visit').waitFor({ state: 'detached' });
    await inOneLanguage();
  });

  test('a card pulled in the pay dialog costs nothing, and the same sale goes on with the card put back', async () => {
    const settled = shop.agency.control.settlements().length;
    await quoted('employee', '李培训');
    await payDialog();
    await shop.pull();
    await cashier.seesCode('card-removed', 'holder');
    await cashier.sees('pay-dialog').waitFor({ state: 'detached' });
    await inOneLanguage();
    expect(shop.agency.control.settlements()).toHaveLength(settled);
    expect((await shop.view()).sale.lines).toHaveLength(1);
    await cashier.insert('employee', '李培训');
    await cashier.seesNoCode('holder');
    await key('keyQuote');
    await cashier.sees('split-account').waitFor();
    await payDialog();
    await press('Enter');
    await says('done');
    expect(shop.agency.control.settlements()).toHaveLength(settled + 1);
    await cashier.finish();
  });

  test('paper out in a sale: done, the slip owed, then printed once; two people give the sale back', async () => {
    await quoted('A', '测试甲');
    const before = balance();
    await payDialog();
    shop.printer.setPaperOut(true);
    await press('Enter');
    await says('done');
    await cashier.seesCode('printer-paper-out', 'status-printer');
    await cashier.seesState('slip-state', 'owed');
    await inOneLanguage();
    const { sale } = await shop.until('owed', ({ printer }) => printer.owed === 1);
    expect(slipsOf(sale.saleNumber)).toBe(0);
    shop.printer.setPaperOut(false);
    await shop.until('nothing is owed', ({ printer }) => printer.owed === 0);
    await cashier.seesState('slip-state', 'printed');
    await cashier.seesNoCode('status-printer');
    expect(slipsOf(sale.saleNumber)).toBe(1);
    expect(charges(sale.saleNumber).standing).toHaveLength(1);
    expect(balance() < before).toBe(true);

    await key('keySales');
    await says('salesTitle', 'dialog');
    await cashier.sees(`sale-${sale.saleId}`).waitFor();
    await inOneLanguage();
    await key('actCancel', 'dialog');
    await says('cancelTitle', 'dialog');
    await inOneLanguage();
    await giveBack('0101', '1234');
    await cashier.seesCode('operator-second-needed', 'second-dialog');
    await inOneLanguage();
    await press('Shift+Tab');
    await press('Shift+Tab');
    await giveBack('0102', '5678');
    await shop.page.locator(`[data-testid=sale-${sale.saleId}] [data-state=cancelled]`).waitFor();
    await inOneLanguage();
    expect(charges(sale.saleNumber).standing).toHaveLength(0);
    expect(balance()).toBe(before);
    await press('Escape');
    await key('keyNext');
  });

  test('line refund: one line comes back, the kept ones are settled anew, and the account has the difference', async () => {
    const before = balance();
    await quoted('A', '测试甲', SCANS);
    await payDialog();
    await press('Enter');
    await says('done');
    const { sale: first } = await shop.until(
      'the slip is out',
      ({ sale: { state }, printer }) => state === 'done' && printer.owed === 0,
    );
    await key('keySales');
    await cashier.sees(`sale-${first.saleId}`).waitFor();
    await key('actRefund', 'dialog');
    await says('refundTitle', 'dialog');
    await cashier.sees('refund-line-1').waitFor();
    await press('Enter');
    await cashier.seesCode('refund-nothing', 'refund-dialog');
    await press('ArrowDown');
    await type('9');
    await cashier.seesCode('refund-beyond-sold', 'refund-dialog');
    await inOneLanguage();
    await press('Backspace');
    await press('Space');
    const goods = first.lines[1]?.amount ?? '';
    await cashier.sees('back-total').getByText(goods, { exact: true }).waitFor();
    await inOneLanguage();
    await press('Enter');
    await says('refundConfirmTitle', 'dialog');
    await inOneLanguage();
    await giveBack('0102', '5678');
    await cashier.sees('rest').waitFor();
    await says('restTitle');
    await shop.page.reload();
    await cashier.sees('rest-of').getByText(first.saleNumber).waitFor();
    await inOneLanguage();
    expect(charges(first.saleNumber).standing).toHaveLength(0);
    await key('keyQuote');
    await cashier.sees('split-account').waitFor();
    await payDialog();
    await cashier.sees('cash-back').waitFor();
    await inOneLanguage();
    await press('Enter');
    await says('done');
    await inOneLanguage();
    const { sale: kept } = await shop.until(
      'both slips are out',
      ({ sale: { state }, printer }) => state === 'done' && printer.owed === 0,
    );
    expect(kept.lines.map(({ lineNumber }) => lineNumber)).toEqual([1, 3]);
    expect(kept.replaces?.back?.total).toBe(goods);
    expect(charges(kept.saleNumber).standing).toHaveLength(1);
    expect(subtractMoney(before, balance())).toBe(charges(kept.saleNumber).account);
    expect(shop.printer.slips().at(-1)?.text).toMatch(new RegExp(`原流水号\\s+${first.saleNumber}`));
    await key('keySales');
    const link = shop.page.locator(`[data-testid=sale-${first.saleId}] [data-testid=replaced-by]`);
    await link.getByText(kept.saleNumber.slice(-6)).waitFor();
    await press('ArrowDown');
    await cashier.sees('linked-sale').getByText(kept.saleNumber).waitFor();
    await inOneLanguage();
    await press('Escape');
    await key('keyNext');
    expect(shop.agency.control.violations()).toEqual([]);
  });

  test('line refund given up: the customer keeps nothing, and nothing stays with the shop', async () => {
    const before = balance();
    await quoted('A', '测试甲', SCANS);
    await payDialog();
    await press('Enter');
    await says('done');
    await shop.until('the slip is out', ({ printer }) => printer.owed === 0);
    await key('keySales');
    await key('actRefund', 'dialog');
    await cashier.sees('refund-line-1').waitFor();
    await type('1');
    await press('Enter');
    await says('refundConfirmTitle', 'dialog');
    await giveBack('0102', '5678');
    await cashier.sees('rest').waitFor();
    await shop.page.keyboard.type(`${GOODS}\n`);
    await cashier.seesCode('refund-basket-fixed');
    await inOneLanguage();
    await key('restGiveUp');
    await says('restGiveUpTitle', 'dialog');
    await inOneLanguage();
    await press('Enter');
    await cashier.sees('rest').waitFor({ state: 'detached' });
    expect((await shop.view()).sale.lines).toEqual([]);
    expect(balance()).toBe(before);
  });

  /** Number, PIN and reason of the second person, from the number's field on. */
  async function giveBack(number: string, pin: string): Promise<void> {
    for (const text of [number, pin, '顾客退货退款']) {
      await press('Control+a');
      await type(text);
      if (text !== '顾客退货退款') await press('Tab');
    }
    await press('Enter');
  }

  test('offline: sold with the PIN and the cashier’s yes, then uploaded', async () => {
    await shop.agency.control.cut();
    await cashier.insert('A', '测试甲');
    await shop.until('offline', ({ connectivity }) => connectivity.state === 'offline');
    await cashier.scan();
    await cashier.sees('offline-limits').waitFor();
    await inOneLanguage();
    await key('keyQuote');
    await says('splitOffline');
    await key('keyPay');
    await says('offlineTitle', 'dialog');
    await inOneLanguage();
    await type('123456');
    await press('Tab');
    await press('Space');
    await press('Enter');
    await says('doneOffline');
    await inOneLanguage();
    const { sale } = await shop.until('queued', ({ queue }) => queue.waiting === 1);
    expect(charges(sale.saleNumber).standing).toHaveLength(0);
    await shop.until('the slip is out', ({ printer }) => printer.owed === 0);
    expect(shop.printer.slips().at(-1)?.text).toContain('脱机');
    await shop.agency.control.restore();
    await menu('menuQueue');
    await says('queueTitle', 'dialog');
    await inOneLanguage();
    await key('syncNow', 'dialog');
    await shop.until('uploaded', ({ queue }) => queue.waiting === 0, 30_000);
    expect(charges(sale.saleNumber).standing).toHaveLength(1);
    expect(formatMoney(charges(sale.saleNumber).account)).toBe(sale.split?.account);
    await press('Escape');
    await key('keyNext');
  });

  test('the reply to 2102 is lost: unknown, reversed, settled again, charged and printed once', async () => {
    await quoted('A', '测试甲');
    const before = balance();
    await payDialog();
    await shop.agency.control.setFault({ kind: 'lose-reply', transaction: '2102', count: 1 });
    await press('Enter');
    await says('unknown');
    await says('unknownNote');
    await cashier.seesCode('agency-no-answer', 'unknown');
    expect(await shop.page.getByTestId('done').count()).toBe(0);
    await inOneLanguage();
    const { saleNumber } = (await shop.view()).sale;
    expect(await cashier.finish()).toBe(saleNumber);
    const { standing, account, records } = charges(saleNumber);
    expect(standing).toHaveLength(1);
    expect(records.map(({ state }) => state)).toEqual(['reversed', 'booked']);
    expect(account > 0n).toBe(true);
    expect(subtractMoney(before, balance())).toBe(account);
    expect(slipsOf(saleNumber)).toBe(1);
    expect(shop.agency.control.violations()).toEqual([]);
  });

  test('operator switch: the second one takes the shift over, and the first one takes it back', async () => {
    await menu('menuSignOut');
    await signIn(1, '5678');
    await says('takeOverTitle');
    await inOneLanguage();
    await press('Enter');
    await cashier.sees('operator-name').getByText('店长乙').waitFor();
    expect((await shop.view()).shift.operator?.number).toBe('0102');
    await menu('menuSignOut');
    await signIn();
    await says('takeOverTitle');
    await press('Enter');
    await cashier.sees('operator-name').getByText('收银员甲').waitFor();
    await cashier.sees('scan').waitFor();
  });
});
