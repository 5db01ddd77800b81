import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatMoney } from '#core/money';
import { RealShop } from './real-shop.ts';

let shop: RealShop;

beforeAll(async () => {
  shop = await RealShop.open();
  await shop.signIn();
}, 90_000);

afterAll(() => shop.close());

const SCANS = ['6909901000017', '6909902000023', '6909904000083'];

async function scanThree(): Promise<void> {
  for (const [index, code] of SCANS.entries()) {
    await shop.page.keyboard.type(`${code}\n`);
    await shop.page.getByTestId(`line-${index + 1}`).waitFor();
  }
}

/** Digits of an amount wherever it is shown. */
function amount(text: string): string {
  return /-?\d[\d,]*\.\d{2}/.exec(text)?.[0].replace(/,/g, '') ?? '';
}

describe('one sale, end to end, on the real parts', () => {
  test('card, three scans, split, account payment and slip agree to the fen, by keyboard alone', async () => {
    const { page, agency } = shop;
    await shop.insert('A');
    await page.getByTestId('holder-name').getByText('测试甲').waitFor();
    await scanThree();
    await page.keyboard.press('F8');
    await page.getByTestId('split-account').waitFor();
    await page.keyboard.press('F9');
    await page.getByTestId('pay-dialog').waitFor();
    await page.keyboard.press('Enter');
    await page.getByTestId('done').waitFor();
    const view = await shop.until(
      'the slip is out',
      ({ sale, printer }) => sale.state === 'done' && printer.owed === 0,
    );

    const onScreen = amount(await shop.text('account-paid'));
    const charges = agency.control.chargesOf(view.sale.saleNumber);
    expect(charges.standing).toHaveLength(1);
    expect(onScreen).toBe(formatMoney(charges.account));
    expect(view.sale.split?.account).toBe(onScreen);
    expect(amount(await shop.text('balance-after'))).toBe(view.sale.split?.balanceAfter);
    const slip = shop.printer.slips().at(-1)?.text ?? '';
    expect(slip).toMatch(new RegExp(`个人账户支付\\s+${onScreen}`));
    expect(slip).toContain(view.sale.saleNumber);
    const holder = agency.control.account('99010000000000000000000001');
    expect(formatMoney(holder?.balance as never)).toBe(view.sale.split?.balanceAfter);
    expect(agency.control.violations()).toEqual([]);
    await page.keyboard.press('F10');
  });

  test('the same without the agency: sold offline with the PIN, then uploaded', async () => {
    const { page, agency } = shop;
    await agency.control.cut();
    await shop.pull();
    await shop.insert('A');
    await shop.until('offline', ({ connectivity }) => connectivity.state === 'offline');
    await page.getByTestId('holder-name').getByText('测试甲').waitFor();
    await page.keyboard.type(`${SCANS[0]}\n`);
    await page.getByTestId('line-1').waitFor();
    await page.getByTestId('offline-limits').waitFor();
    await page.keyboard.press('F8');
    await shop.until('quoted offline', ({ sale }) => sale.state === 'confirming' && sale.mode === 'offline');
    await page.getByTestId('split-source').getByText('脱机').waitFor();
    await page.keyboard.press('F9');
    await page.getByTestId('pay-dialog').getByTestId('offline-limits').waitFor();
    await page.getByTestId('pay-pin').focus();
    // As fast as a person, not as a scanner.
    await page.keyboard.type('123456', { delay: 70 });
    await page.keyboard.press('Tab');
    await page.getByTestId('pay-accept').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.getByTestId('done').waitFor();
    const view = await shop.until('queued', ({ queue }) => queue.waiting === 1);
    expect(agency.control.chargesOf(view.sale.saleNumber).standing).toHaveLength(0);
    await shop.until('the slip is out', ({ printer }) => printer.owed === 0);
    expect(shop.printer.slips().at(-1)?.text).toContain('脱机');

    await agency.control.restore();
    await shop.api('POST', '/api/queue/sync', {});
    await shop.until('uploaded', ({ queue }) => queue.waiting === 0, 30_000);
    const charges = agency.control.chargesOf(view.sale.saleNumber);
    expect(charges.standing).toHaveLength(1);
    expect(formatMoney(charges.account)).toBe(view.sale.split?.account);
    await page.keyboard.press('F10');
  });
});
