import type { CDPSession, Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PageDesk, usePageDesk } from '../../helpers/page-desk.ts';

let desk: PageDesk;
let page: Page;
let devtools: CDPSession;

usePageDesk((opened) => {
  desk = opened;
});
beforeEach(async () => {
  page = desk.page;
  devtools ??= await desk.context.newCDPSession(page);
  await desk.signIn();
});
afterEach(() => expect(desk.complaints).toEqual([]));

const [amoxicillin, metformin] = ['6900000000001', '6900000000003'] as const;
const seen = (id: string) => page.getByTestId(id).waitFor();
const gone = (id: string) => page.getByTestId(id).waitFor({ state: 'detached' });
const fieldText = (id: string) => page.getByTestId(id).inputValue();

/** A key press as the browser gets it from a scanner: without waiting for the page in between. */
async function burst(text: string, end = 'Enter'): Promise<void> {
  const presses = [...text].map((sign) => press(sign, `Digit${sign}`, sign.charCodeAt(0), sign));
  await Promise.all([...presses, press(end, end, 13, '\r')]);
}

async function press(key: string, code: string, virtualKey: number, text?: string): Promise<void> {
  const common = { key, code, windowsVirtualKeyCode: virtualKey };
  const type = text === undefined ? 'rawKeyDown' : 'keyDown';
  await devtools.send('Input.dispatchKeyEvent', { type, ...common, ...(text === undefined ? {} : { text }) });
}

test('a burst is sold with the focus nowhere, on the status bar and on a button', async () => {
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await burst(amoxicillin);
  await seen('line-1');
  await page.getByTestId('key-sales').focus();
  await burst(metformin);
  await seen('line-2');
  expect(await page.getByTestId('sales-dialog').count()).toBe(0);
  expect(await fieldText('scan')).toBe('');
});

test('a burst that comes the moment the page is ready is sold whole', async () => {
  for (const [index, code] of [amoxicillin, metformin].entries()) {
    const ready = new Promise<void>((resolve) => {
      devtools.once('Runtime.bindingCalled', () => resolve());
    });
    if (index === 0) {
      await devtools.send('Runtime.enable');
      await devtools.send('Runtime.addBinding', { name: 'tellReady' });
      await page.addInitScript(() => {
        const told = ({ target }: Event) => {
          if ((target as HTMLElement).dataset['testid'] === 'scan') Reflect.get(window, 'tellReady')('');
        };
        addEventListener('focusin', told, { capture: true });
      });
    }
    const loaded = page.reload({ waitUntil: 'commit' });
    await ready;
    await burst(code);
    await loaded;
    await seen(`line-${index + 1}`);
    expect(await fieldText('scan')).toBe('');
  }
  expect(desk.till.view().sale.lines.map(({ quantity }) => quantity)).toEqual(['1', '1']);
});

test('what stood half typed in the box stays there, and the burst is sold', async () => {
  await page.getByTestId('scan').pressSequentially('amx', { delay: 60 });
  await page.waitForTimeout(300);
  await burst(metformin);
  await seen('line-1');
  expect(await page.getByTestId('line-1').innerText()).toContain('二甲双胍');
  expect(await fieldText('scan')).toBe('amx');
});

test('over the menu, whose keys are digits, a burst is sold and no entry of the menu runs', async () => {
  await page.keyboard.press('F1');
  await seen('menu-dialog');
  await burst(amoxicillin);
  await seen('line-1');
  await gone('menu-dialog');
  expect(desk.till.view().shift.state).toBe('open');
  expect(desk.till.view().connectivity.forced).toBe(false);
  expect(await page.getByTestId('queue-dialog').count()).toBe(0);
});

test('a code torn by a long pause is put together in the box', async () => {
  await burst(amoxicillin);
  await seen('line-1');
  const press1 = metformin.slice(0, 5);
  await Promise.all([...press1].map((sign) => press(sign, `Digit${sign}`, sign.charCodeAt(0), sign)));
  await page.waitForTimeout(500);
  await burst(metformin.slice(5));
  await seen('line-2');
  expect(await page.getByTestId('line-2').innerText()).toContain('二甲双胍');
  expect(await fieldText('scan')).toBe('');
});

test('one digit in the menu still runs its entry', async () => {
  await page.keyboard.press('F1');
  await seen('menu-dialog');
  await page.keyboard.press('3');
  await seen('queue-dialog');
});

test('a burst over the quantity of a line changes no quantity', async () => {
  await burst(amoxicillin);
  await seen('line-1');
  await page.keyboard.press('F2');
  await seen('quantity-dialog');
  await burst(metformin);
  await seen('line-2');
  await gone('quantity-dialog');
  expect(desk.till.view().sale.lines.map(({ quantity }) => quantity)).toEqual(['1', '1']);
});

test('a field for a PIN gets nothing of a burst, nothing is sold, and the dialog says so', async () => {
  desk.till.control.insertCard();
  desk.till.control.cut();
  await burst(amoxicillin);
  await seen('line-1');
  await page.keyboard.press('F8');
  await seen('split-source');
  await page.keyboard.press('F9');
  await seen('pay-pin');
  await page.keyboard.type('12');
  await expect.poll(() => fieldText('pay-pin')).toBe('12');
  // Longer than the pause inside a code.
  await page.waitForTimeout(300);
  await burst(metformin);
  await seen('scan-refused');
  expect(await fieldText('pay-pin')).toBe('12');
  expect(desk.till.view().sale.lines).toHaveLength(1);
  expect(await page.getByTestId('pay-dialog').count()).toBe(1);
});

test("a reference is scanned from the customer's telephone into its own field", async () => {
  await burst(amoxicillin);
  await seen('line-1');
  await page.keyboard.press('F8');
  await seen('split-source');
  await page.keyboard.press('F9');
  await page.getByTestId('pay-mobile').fill('12.50');
  await seen('pay-reference');
  await burst('134567890123456789');
  await expect.poll(() => fieldText('pay-reference')).toBe('134567890123456789');
  expect(await fieldText('pay-mobile')).toBe('12.50');
  expect(desk.till.view().sale.lines).toHaveLength(1);
  expect(desk.till.view().sale.state).toBe('confirming');
});

test('with the input method on the burst is sold and leaves no text in the box', async () => {
  await page.getByTestId('scan').focus();
  const signs = [...amoxicillin];
  for (const [index, sign] of signs.entries()) {
    const typed = signs.slice(0, index + 1).join('');
    void press('Process', `Digit${sign}`, 229);
    void devtools.send('Input.imeSetComposition', { text: typed, selectionStart: 1, selectionEnd: 1 });
  }
  void press('Process', 'Enter', 229);
  await devtools.send('Input.insertText', { text: amoxicillin });
  await seen('line-1');
  await page.waitForTimeout(250);
  expect(await fieldText('scan')).toBe('');
  expect(desk.till.view().sale.lines).toMatchObject([{ quantity: '1' }]);
});

test('a scanner that sends everything twice sells one piece', async () => {
  void burst(amoxicillin);
  await burst(amoxicillin);
  await seen('line-1');
  await page.waitForTimeout(300);
  expect(desk.till.view().sale.lines).toMatchObject([{ quantity: '1' }]);
});

test('scanned at the sign-in, a code does not become a PIN', async () => {
  await page.goto('about:blank');
  await page.context().clearCookies();
  await page.goto(desk.url);
  await seen('pin');
  await burst(amoxicillin);
  expect(await fieldText('pin')).toBe('');
  expect(await page.getByTestId('fault-code').count()).toBe(0);
});
