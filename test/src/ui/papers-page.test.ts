import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fault } from '#core/fault';
import { err } from '#core/result';
import { buildPages, startBrowser, watchedPage } from '../../helpers/with-page.ts';
import { type Running, startServer } from '../../helpers/with-server.ts';

let pages: Awaited<ReturnType<typeof buildPages>>;
let browser: Browser;
let running: Running;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  pages = await buildPages();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  pages?.remove();
});
beforeEach(async () => {
  running = await startServer({ uiFolder: pages.folder });
  ({ page, complaints } = await watchedPage(browser));
});
afterEach(async () => {
  // A refusal of the till is no fault of the page, though the browser tells it as an error.
  expect(complaints.filter((told) => !told.startsWith('Failed to load resource'))).toEqual([]);
  await page.context().close();
  await running.server.close();
});

const seen = (id: string) => page.getByTestId(id).first().waitFor();
const gone = (id: string) => page.getByTestId(id).waitFor({ state: 'detached' });
const press = (key: string) => page.keyboard.press(key);
const paperText = () => page.getByTestId('paper-image').getAttribute('alt');

async function signIn(pin = '111111', path = ''): Promise<void> {
  await page.goto(`${running.server.url}${path}`);
  await seen('pin');
  if (pin === '222222') await press('ArrowDown');
  await page.keyboard.type(`${pin}\n`);
}

async function quoted(): Promise<void> {
  for (const code of ['G0001', 'G0003', 'G0006', 'G0005']) await running.till.addProduct(code);
  running.till.control.insertCard();
  await seen('line-4');
  await press('F8');
  await seen('split-source');
}

async function openPapers(): Promise<void> {
  await press('F1');
  await press((await page.getByTestId('menu-papers').locator('kbd').innerText()).toLowerCase());
  await seen('papers-dialog');
}

describe('the papers of the counter, by keyboard alone', () => {
  test('consent, day summary and label are shown as they come out of the printer, and printed', async () => {
    await signIn();
    await seen('scan');
    await quoted();
    await openPapers();
    await seen('paper-image');
    expect(await paperText()).toContain('自费项目知情同意书');
    await press('Enter');
    await seen('paper-printed');
    await press('F3');
    await page.locator('[data-testid=paper-image][alt*="日结单"]').waitFor();
    await press('Enter');
    await seen('paper-printed');
    await press('F4');
    await page.keyboard.type('amx');
    await page.getByTestId('paper-answers').getByText('克拉维酸').waitFor();
    await press('ArrowDown');
    await page.locator('[data-testid=paper-image][alt*="克拉维酸"]').waitFor();
    await press('Enter');
    await seen('paper-printed');
    expect(running.till.printedPapers).toEqual(
      ['consent', 'day-summary', 'price-label'].map((kind) => ({ kind, by: '01' })),
    );
    await press('F2');
    await page.getByTestId('papers-dialog').getByText('sale-not-now').waitFor();
    await press('Escape');
    await gone('papers-dialog');
  });

  test('own-pay lines are agreed to before the payment: printed, confirmed, shown with the sale; others are not asked for', async () => {
    running.till.control.consent('print');
    await signIn();
    await seen('scan');
    await quoted();
    await press('F9');
    await seen('consent-dialog');
    await seen('paper-image');
    const { consent } = running.till.view().sale;
    expect(await page.getByTestId('consent-own').innerText()).toBe(consent?.own);
    expect(await page.getByTestId('consent-line-3').innerText()).toContain('维生素C');
    // First the paper, then the yes, then what F9 was pressed for: one key after the other.
    await press('Enter');
    await seen('consent-printed');
    expect(running.till.view().sale.consent?.state).toBe('needed');
    await press('Enter');
    await seen('pay-dialog');
    expect(running.till.view().sale.consent).toMatchObject({
      state: 'given',
      how: 'printed',
      operator: '01',
    });
    await press('Enter');
    await seen('done');
    await press('F11');
    await page.locator('[data-testid^=sale-s]').waitFor();
    await press('v');
    await seen('consent-given');
    expect(await page.getByTestId('consent-given').innerText()).toContain(consent?.own);
    await press('Escape');
    await press('Escape');
    await press('F10');
    await gone('done');
    await running.till.addProduct('G0001');
    await seen('line-1');
    await press('F8');
    await seen('split-source');
    await press('F9');
    await seen('pay-dialog');
  });

  test('a refused card offers its refusal first; a printer without paper says so beside the paper', async () => {
    await signIn();
    await seen('scan');
    running.till.control.refuseCard('card-reported-lost');
    await openPapers();
    await seen('paper-image');
    expect(await paperText()).toContain('card-reported-lost');
    running.till.printPaper = async () => err(fault('printer-paper-out'));
    await press('Enter');
    await page.getByTestId('papers-dialog').getByText('printer-paper-out').waitFor();
    expect(await page.getByTestId('paper-printed').count()).toBe(0);
  });

  test("the office's day page prints the day that it shows, under the name of whoever asks", async () => {
    await signIn('222222', '/office');
    await seen('print-day');
    await page.getByTestId('print-day').press('Enter');
    await seen('paper-image');
    await press('Enter');
    await seen('paper-printed');
    expect(running.till.printedPapers).toEqual([{ kind: 'day-summary', by: '02' }]);
  });
});
