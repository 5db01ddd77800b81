import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page, Route } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { fault } from '#core/fault';
import { err } from '#core/result';
import { type PageDesk, usePageDesk } from '../../helpers/page-desk.ts';

let desk: PageDesk;
let page: Page;
usePageDesk((opened) => {
  desk = opened;
});
beforeEach(() => {
  page = desk.page;
});

const [amoxicillin, metformin, vitamin] = ['6900000000001', '6900000000003', '6900000000006'];
const seen = (id: string) => page.getByTestId(id).waitFor();
const text = (id: string) => page.getByTestId(id).innerText();

const signIn = () => desk.signIn();
/** The page's live connection stands. */
const live = () => page.locator('[data-testid=till][data-link=open]').waitFor();

/** As at the counter: the session that is kept then is the program's own. */
async function typePin(): Promise<void> {
  await page.goto(desk.url);
  await seen('pin');
  await page.keyboard.type('111111\n');
  await seen('scan');
}

async function scan(...codes: string[]): Promise<void> {
  for (const code of codes) await page.keyboard.type(`${code}\n`);
  await seen(`line-${codes.length}`);
}

describe('the till page, by keyboard alone', () => {
  test('sign in, three scans, card, quote, mixed payment, done: screen and till agree to the fen', async () => {
    await typePin();
    await scan(amoxicillin, metformin, vitamin);
    desk.till.control.insertCard();
    await seen('holder-name');
    await page.keyboard.press('F8');
    await seen('split-source');
    const { split } = desk.till.view().sale;
    expect(await text('split-account')).toBe(split?.account);
    expect(await text('cash')).toBe('15.90');
    expect(await text('line-amount-2')).toBe('18.60');
    expect(await text('line-own-2')).toBe('0.60');
    await page.keyboard.press('F9');
    await seen('pay-dialog');
    await page.keyboard.type('10');
    expect(await text('pay-change')).toContain('金额不足');
    await page.keyboard.press('Tab');
    await page.keyboard.type('6.90');
    expect(await text('pay-change')).toContain('1.00');
    await page.keyboard.press('Enter');
    await seen('done');
    expect(await text('account-paid')).toBe(split?.account);
    expect(await text('cash-paid')).toBe('15.90');
    expect(await text('change')).toBe('1.00');
    expect(await text('balance-after')).toBe(split?.balanceAfter);
    await page.locator('[data-testid=slip-state][data-state=printed]').waitFor();
    expect(desk.till.view().sale.tenders).toEqual([
      { kind: 'cash', amount: '10.00' },
      { kind: 'mobile', amount: '6.90' },
    ]);
    await page.keyboard.press('F10');
    await page.locator('[data-testid=till][data-state=selling]').waitFor();
    expect(desk.complaints).toEqual([]);
  });

  test('a reload in the middle of a sale keeps basket, holder and session, and asks for no PIN', async () => {
    await typePin();
    await scan(amoxicillin, metformin);
    desk.till.control.insertCard();
    await page.keyboard.press('F8');
    await seen('split-source');
    // It all came with the page: nothing is asked before it stands there, and nothing of it stays in the page.
    await page.route('**/api/shop', (route) => route.abort());
    await page.reload();
    await seen('split-source');
    expect(await page.locator('#first-view').count()).toBe(0);
    expect(await text('total')).toBe('31.10');
    expect(await text('holder-name')).toBe('测试甲');
    const stored = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
    expect(stored).toEqual([0, 0, '']);
    await page.keyboard.press('Escape');
    await page.locator('[data-testid=till][data-state=selling]').waitFor();
  });

  test('a scan draws its own line, and no sign of the others: sixty lines are no slower than one', async () => {
    await signIn();
    await scan(amoxicillin, metformin, vitamin);
    await page.evaluate(() => {
      const drawn: string[] = [];
      Object.assign(window, { drawn });
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const element = target instanceof Element ? target : target.parentElement;
          const row = element?.closest<HTMLElement>('[data-testid=basket] tr');
          if (row !== null && row !== undefined) drawn.push(row.dataset['testid'] ?? 'heads');
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    });
    await page.keyboard.type(`${metformin}\n`);
    await page.getByTestId('line-quantity-2').getByText('2').waitFor();
    // The push of the same change has come after the answer.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    expect(await page.evaluate('[...new Set(window.drawn)]')).toEqual(['line-2']);
  });

  test('typed initials show answers, arrows choose, Enter adds; quantity, remove, hold and recall by keys', async () => {
    await signIn();
    await page.getByTestId('scan').pressSequentially('amx', { delay: 45 });
    // Answers to the first letters alone are others.
    await page.locator('[data-testid=answers][aria-busy=false]').getByTestId('answer-G0002').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await seen('line-1');
    expect(await text('line-1')).toContain('阿莫西林克拉维酸钾片');
    await page.keyboard.press('F2');
    await seen('quantity-dialog');
    await page.keyboard.type('3\n');
    await page.getByTestId('quantity-dialog').waitFor({ state: 'detached' });
    expect(await text('line-amount-1')).toBe('80.40');
    await page.keyboard.type(`${vitamin}\n`);
    await seen('line-2');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('F3');
    await page.getByTestId('line-1').waitFor({ state: 'detached' });
    expect(await text('total')).toBe('15.90');
    await page.keyboard.press('F4');
    await seen('pending');
    expect(await text('total')).toBe('0.00');
    await page.keyboard.press('F6');
    await seen('pending-dialog');
    await page.keyboard.press('Enter');
    await page.getByTestId('pending-dialog').waitFor({ state: 'detached' });
    expect(await text('total')).toBe('15.90');
  });

  test('an arrow pressed the moment the new line stands there moves the mark, and it stays there', async () => {
    await signIn();
    await scan(amoxicillin);
    await page.evaluate(() => {
      // Quicker than a browser paints: what the page does after painting comes later than this key.
      const drawn = new MutationObserver(() => {
        if (document.querySelector('[data-testid=line-2]') === null) return;
        drawn.disconnect();
        const press = new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true, cancelable: true });
        document.activeElement?.dispatchEvent(press);
      });
      drawn.observe(document.body, { childList: true, subtree: true });
    });
    await page.keyboard.type(`${vitamin}\n`);
    await seen('line-2');
    await page.keyboard.press('F3');
    await page.getByTestId('line-1').waitFor({ state: 'detached' });
    expect(desk.till.view().sale.lines.map(({ lineNumber }) => lineNumber)).toEqual([2]);
  });

  test('in a list arrows, End and Home move the mark, and no further than the last row', async () => {
    await signIn();
    for (const code of [amoxicillin, metformin, vitamin]) {
      await scan(code);
      await page.keyboard.press('F4');
      await page.getByTestId('line-1').waitFor({ state: 'detached' });
    }
    await page.keyboard.press('F6');
    await seen('pending-dialog');
    const held = desk.till.view().pending.map(({ saleId }) => `sale-${saleId}`);
    const marks: (string | null)[] = [];
    for (const key of ['ArrowDown', 'End', 'ArrowDown', 'ArrowUp', 'Home', 'ArrowUp']) {
      await page.keyboard.press(key);
      marks.push(await page.getByRole('option', { selected: true }).getAttribute('data-testid'));
    }
    expect(marks).toEqual([1, 2, 2, 1, 0, 0].map((place) => held[place]));
  });

  test('an arrow walks the answers that are shown: later ones do not come under it, Enter takes what it marked', async () => {
    await signIn();
    const answers = held('**/api/search?q=amx*');
    await page.route(answers.url, answers.hold);
    await page.getByTestId('scan').pressSequentially('am', { delay: 45 });
    await page.locator('[data-testid=answers][aria-busy=false]').waitFor();
    await page.keyboard.type('x');
    await page.locator('[data-testid=answers][aria-busy=true]').waitFor();
    await page.keyboard.press('ArrowDown');
    const marked = await page.getByRole('option', { selected: true }).locator('.answer-code').innerText();
    answers.release();
    await page.keyboard.press('Enter');
    await seen('line-1');
    expect(desk.till.view().sale.lines[0]?.product.shopCode).toBe(marked);
  });

  test('what is typed behind F2 while the till still answers is no product; the dialog comes and takes the next', async () => {
    await signIn();
    const answer = lateAnswer();
    await page.keyboard.type(`${amoxicillin}\n`);
    await seen('line-1');
    await page.keyboard.press('F2');
    await page.keyboard.type('a\n');
    expect(await page.getByTestId('scan').inputValue()).toBe('');
    answer.release();
    await seen('quantity-dialog');
    await page.keyboard.type('3\n');
    await page.locator('[data-testid=line-quantity-1]', { hasText: '3' }).waitFor();
    expect(desk.till.view().sale.lines).toHaveLength(1);
  });

  test('a scanner works after a dialog, from a button, and while the sum is being told', async () => {
    await signIn();
    await scan(amoxicillin);
    await page.keyboard.press('F11');
    await seen('sales-dialog');
    await page.keyboard.press('Escape');
    await page.keyboard.type(`${metformin}\n`);
    await seen('line-2');
    await page.getByTestId('key-sales').focus();
    await page.keyboard.type(`${vitamin}\n`);
    await seen('line-3');
    await page.keyboard.press('F8');
    await seen('split-source');
    // Another than the last: no person is quick enough for the same code twice, but a stuttering scanner is.
    await page.keyboard.type(`${metformin}\n`);
    await page.locator('[data-testid=line-quantity-2]', { hasText: '2' }).waitFor();
    expect(desk.till.view().sale.state).toBe('selling');
  });

  test('a payment without cash that was refused is made by the next Enter', async () => {
    await signIn();
    const { till } = desk;
    await scan(amoxicillin);
    till.control.insertCard();
    await seen('holder-name');
    await page.keyboard.press('F8');
    await seen('split-source');
    await page.keyboard.press('F9');
    await seen('pay-dialog');
    expect(till.view().sale.split?.cash).toBe('0.00');
    let tries = 0;
    const paid = till.pay.bind(till);
    till.pay = async (...given) => {
      tries += 1;
      return tries === 1 ? err(fault('agency-unreachable')) : paid(...given);
    };
    await page.keyboard.press('Enter');
    await seen('fault');
    await page.keyboard.press('Enter');
    await seen('done');
    expect(tries).toBe(2);
  });

  test('a refusal comes with the state that it left: the key after it counts, even where no push has come yet', async () => {
    await signIn();
    const { till } = desk;
    till.control.mute();
    const scanned = till.scan.bind(till);
    till.scan = async (code) => {
      await scanned(code);
      return err(fault('agency-unreachable'));
    };
    await page.keyboard.type(`${amoxicillin}\n`);
    await seen('fault');
    await page.keyboard.press('F8');
    await seen('split-source');
    expect(till.view().sale.state).toBe('confirming');
  });

  test('a shift that was refused is opened by the next Enter', async () => {
    await signIn();
    const { till } = desk;
    await till.closeShift();
    let tries = 0;
    const opened = till.openShift.bind(till);
    till.openShift = async (...given) => {
      tries += 1;
      return tries === 1 ? err(fault('agency-unreachable')) : opened(...given);
    };
    await seen('open-shift');
    await page.keyboard.press('Enter');
    await seen('fault');
    await page.keyboard.press('Enter');
    await seen('scan');
    expect(tries).toBe(2);
  });

  test('a done sale is cancelled by a second person; the same person is refused with a code', async () => {
    await signIn();
    await scan(amoxicillin);
    await page.keyboard.press('F8');
    await seen('split-source');
    await page.keyboard.press('F9');
    await page.keyboard.press('Enter');
    await seen('done');
    await page.keyboard.press('F11');
    const sale = desk.till.sales()[0]?.saleId ?? '';
    await seen(`sale-${sale}`);
    await page.keyboard.press('c');
    await seen('second-dialog');
    await fillSecond('01', '111111');
    await page.getByTestId('fault-code').getByText('operator-second-needed').waitFor();
    await page.getByTestId('second-number').fill('02');
    await page.getByTestId('second-pin').fill('222222');
    await page.keyboard.press('Enter');
    await page.locator(`[data-testid=sale-${sale}] [data-state=cancelled]`).waitFor();
  });
});

describe('states of trouble on the page', () => {
  test('an unknown outcome is neither done nor failed: yellow, told not to charge again, and pending', async () => {
    await signIn();
    await scan(amoxicillin);
    await page.keyboard.press('F8');
    await seen('split-source');
    desk.till.control.nextPayment('agency-no-answer');
    await page.keyboard.press('F9');
    await page.keyboard.press('Enter');
    await seen('unknown');
    expect(await text('unknown')).toContain('结果未知，正在核实，请勿重复收费');
    expect(await page.getByTestId('done').count()).toBe(0);
    expect(await page.getByTestId('pay-dialog').count()).toBe(0);
    await page.keyboard.press('F10');
    await page.locator('[data-testid=till][data-state=selling]').waitFor();
    expect(await text('pending')).toContain('结果未知');
  });

  test('offline: the limits and who bears a refusal are shown; PIN and consent are needed', async () => {
    await signIn();
    desk.till.control.insertCard();
    desk.till.control.cut();
    await scan(amoxicillin);
    await page.getByTestId('status-agency').getByText('agency-unreachable').waitFor();
    expect(await text('offline-limits')).toContain('160.00');
    await page.keyboard.press('F8');
    await seen('split-source');
    await page.keyboard.press('F9');
    await seen('pay-pin');
    await page.keyboard.type('123456\n');
    await page.getByTestId('fault-code').getByText('offline-risk-not-accepted').waitFor();
    await page.getByTestId('pay-pin').fill('123456');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await seen('done');
    expect(await text('status-queue')).toContain('12.50');
  });

  test('every faulty part says its code above and its next step in both languages', async () => {
    await signIn();
    desk.till.control.printerFault('printer-paper-out');
    desk.till.control.refuseCard('card-locked');
    await page.getByTestId('alerts').getByTestId('fault-code').getByText('printer-paper-out').waitFor();
    await page.getByTestId('holder').getByTestId('fault-code').getByText('card-locked').waitFor();
    await page.keyboard.type('4006381333931\n');
    const notice = page.getByTestId('fault').filter({ hasText: 'catalog-product-unknown' });
    await notice.waitFor();
    expect(await notice.innerText()).toMatch(/请核对条码[\s\S]*Check the code/);
    await page.keyboard.press('Escape');
    await notice.waitFor({ state: 'detached' });
  });

  test('the till program restarts: the page says so, comes back and asks for the PIN', async () => {
    await signIn();
    await scan(amoxicillin);
    const port = await desk.lose();
    await seen('link-lost');
    expect(await text('total')).toBe('12.50');
    await desk.start(port);
    await seen('pin');
  });

  test('the link is lost before a scan is answered: the page says so, and asks for it no second time', async () => {
    await signIn();
    await live();
    const { till } = desk;
    const answer = lateAnswer();
    await page.keyboard.type(`${amoxicillin}\n`);
    await seen('line-1');
    await desk.lose();
    await seen('link-lost');
    await page.getByTestId('fault').filter({ hasText: 'till-unreachable' }).waitFor();
    answer.release();
    expect(till.view().sale.lines.map(({ quantity }) => quantity)).toEqual(['1']);
  });

  test('scans go over the live connection while it stands, and over HTTP where it does not', async () => {
    await signIn();
    await live();
    const posts: string[] = [];
    desk.context.on('request', (request) => {
      if (request.method() === 'POST') posts.push(new URL(request.url()).pathname);
    });
    await scan(amoxicillin);
    expect(posts).toEqual([]);
    // A page of its own: the way of a connection cannot be given back.
    const other = await desk.context.newPage();
    await other.routeWebSocket('**/api/live', (socket) => socket.close());
    await other.goto(desk.url);
    await other.getByTestId('line-1').waitFor();
    await other.keyboard.type(`${metformin}\n`);
    await other.getByTestId('line-2').waitFor();
    expect(posts).toEqual(['/api/scan']);
  });

  test('the training panel inserts a card and breaks the printer', async () => {
    await signIn();
    await page.keyboard.press('F12');
    await seen('training-side');
    await page.keyboard.press('Enter');
    await seen('holder-name');
    await page.getByTestId('printer-paperOut').click();
    await page.getByTestId('status-printer').getByText('printer-paper-out').waitFor();
    await page.keyboard.press('F12');
    await page.keyboard.type(`${amoxicillin}\n`);
    await seen('line-1');
    await page.goto(`${desk.url}/training`);
    await seen('training');
    expect(desk.complaints).toEqual([]);
  });
});

describe('the page as a guest of the browser', () => {
  test('it fits 1024×768 without scrolling of the page, and the newest line is in sight', async () => {
    await signIn();
    for (let index = 1; index <= 10; index += 1) {
      await desk.till.addProduct(`G${String(index).padStart(4, '0')}`);
    }
    await seen('line-10');
    const overflow = await page.evaluate(() => [
      document.documentElement.scrollHeight <= innerHeight,
      document.documentElement.scrollWidth <= innerWidth,
    ]);
    expect(overflow).toEqual([true, true]);
    expect(await page.getByTestId('line-10').isVisible()).toBe(true);
  });

  test.each(['index', 'customer', 'office', 'training'])(
    'everything that the page %s loads is one script and one sheet, at most 150 kB gzipped',
    (page) => {
      const html = readFileSync(join(desk.folder, `${page}.html`), 'utf8');
      const named = readdirSync(join(desk.folder, 'assets')).filter((name) => html.includes(name));
      expect(named.map((name) => extname(name)).sort()).toEqual(['.css', '.js']);
      const scripts = named.filter((name) => name.endsWith('.js'));
      // What is loaded later would not stand in the page.
      for (const name of scripts)
        expect(readFileSync(join(desk.folder, 'assets', name), 'utf8')).not.toContain('import(');
      const sizes = [html, ...named.map((name) => readFileSync(join(desk.folder, 'assets', name)))].map(
        (bytes) => gzipSync(bytes).length,
      );
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
    },
  );

  test('focus is visible, every control has a name, and inks keep a contrast of 4.5', async () => {
    await signIn();
    await scan(amoxicillin);
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll('button, input, a, [role]')]
        .filter((element) => !(element.textContent?.trim() || element.getAttribute('aria-label')))
        .filter((element) => !(element instanceof HTMLInputElement && element.labels?.length))
        .map((element) => element.outerHTML.slice(0, 80)),
    );
    expect(nameless).toEqual([]);
    expect(await page.evaluate(faintTexts)).toEqual([]);
  });
});

/** Requests whose answers the page gets only when they are released. */
/** The till does what is scanned at once, and answers it when it is released. */
function lateAnswer(): { release: () => void } {
  const { till } = desk;
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const scanned = till.scan.bind(till);
  till.scan = async (code) => {
    const answer = await scanned(code);
    await released;
    return answer;
  };
  return { release };
}

function held(url: string): { url: string; hold: (route: Route) => Promise<void>; release: () => void } {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hold = async (route: Route) => {
    const response = await route.fetch();
    await released;
    await route.fulfill({ response }).catch(() => undefined);
  };
  return { url, hold, release };
}

async function fillSecond(number: string, pin: string): Promise<void> {
  await page.keyboard.type(number);
  await page.keyboard.press('Tab');
  await page.keyboard.type(pin);
  await page.keyboard.press('Tab');
  await page.keyboard.type('退货');
  await page.keyboard.press('Enter');
}

/** Runs in the page: texts whose ink has less than 4.5 : 1 on the ground below them; disabled ones are exempt. */
function faintTexts(): string[] {
  const channel = (value: number) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  const numbers = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const light = ([r = 0, g = 0, b = 0]: number[]) =>
    0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (element: Element | null): number[] => {
    if (element === null) return [255, 255, 255];
    const color = numbers(getComputedStyle(element).backgroundColor);
    return (color[3] ?? 1) === 0 ? ground(element.parentElement) : color;
  };
  const faint: string[] = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
    if (!own || element.closest(':disabled') !== null) continue;
    const [ink, paper] = [light(numbers(getComputedStyle(element).color)), light(ground(element))];
    const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (contrast < 4.5) faint.push(`${element.textContent} ${contrast.toFixed(2)}`);
  }
  return faint;
}
