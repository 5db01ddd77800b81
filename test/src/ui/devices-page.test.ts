import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { fault } from '#core/fault';
import { err } from '#core/result';
import { keepPicture } from '../../helpers/keep-picture.ts';
import { type PageDesk, usePageDesk } from '../../helpers/page-desk.ts';

let desk: PageDesk;
let page: Page;
usePageDesk((opened) => {
  desk = opened;
});
beforeEach(() => {
  page = desk.page;
});

const amoxicillin = '6900000000001';
const seen = (id: string, on = page) => on.getByTestId(id).waitFor();
const gone = (id: string, on = page) => on.getByTestId(id).waitFor({ state: 'detached' });
const text = (id: string, on = page) => on.getByTestId(id).innerText();

const signIn = () => desk.signIn();

async function menu(entry: string): Promise<void> {
  await page.keyboard.press('F1');
  await seen('menu-dialog');
  const key = await page.getByTestId(`menu-${entry}`).locator('kbd').innerText();
  await page.keyboard.press(key.toLowerCase());
  await gone('menu-dialog');
}

async function offlinePayment(): Promise<void> {
  desk.till.control.insertCard();
  desk.till.control.cut();
  await page.keyboard.type(`${amoxicillin}\n`);
  await seen('line-1');
  await page.keyboard.press('F8');
  await seen('split-source');
  await page.keyboard.press('F9');
  await seen('pay-dialog');
}

describe('devices', () => {
  test('the strip counts devices at fault, and the list tells each one with code and next step', async () => {
    await signIn();
    expect(await text('status-devices')).toContain('scanner-missing');
    await menu('devices');
    await seen('devices-dialog');
    const scanner = page.getByTestId('device-scanner');
    expect(await scanner.innerText()).toMatch(/扫码枪[\s\S]*serial:[\s\S]*扫码枪未连接[\s\S]*接好后自动恢复/);
    expect(await text('device-last-scanner')).toContain('2 次故障');
    await keepPicture(page, 'devices');
    const devices = desk.till.view().devices.map((device) => {
      const { fault: _gone, ...rest } = device;
      return { ...rest, state: 'ready' as const };
    });
    desk.till.control.set({ devices });
    await page.locator('[data-testid=device-scanner][data-state=ready]').waitFor();
    expect(await text('device-last-scanner')).toContain('已恢复');
    await page.keyboard.press('Escape');
    await gone('devices-dialog');
    expect(await text('status-devices')).toContain('正常');
    expect(desk.complaints).toEqual([]);
  });

  test('the drawer opens with a reason only, and the answer is said', async () => {
    await signIn();
    await menu('drawer');
    await seen('drawer-dialog');
    await page.getByTestId('drawer-reason').fill('换');
    await page.keyboard.press('Enter');
    await page.getByTestId('fault-code').getByText('reason-missing').waitFor();
    await page.getByTestId('drawer-reason').fill('顾客换零钱');
    await page.keyboard.press('Enter');
    await seen('done-dialog');
    await page.keyboard.press('Enter');
    await gone('done-dialog');
  });

  test('terminal keys are enrolled, rotated and revoked by two people, all by keyboard', async () => {
    await signIn();
    await menu('keys');
    await page.locator('[data-testid^=key-0][data-state=new]').waitFor();
    await page.keyboard.type('code-1', { delay: 50 });
    await page.keyboard.press('Enter');
    await page.locator('[data-testid^=key-0][data-state=enrolled]').waitFor();
    await page.getByTestId('key-rotate').focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-testid^=key-0][data-state=retired]').waitFor();
    await keepPicture(page, 'keys');
    await page.getByTestId('key-revoke').focus();
    await page.keyboard.press('Enter');
    await seen('second-dialog');
    await page.getByTestId('second-number').fill('02');
    await page.getByTestId('second-pin').fill('222222');
    await page.getByTestId('second-reason').fill('设备曾经失窃');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid^=key-0][data-state=revoked]').waitFor();
  });
});

describe('who is at the counter', () => {
  test('an identity number by hand finds the holder, a wrong one is told with its code', async () => {
    await signIn();
    await menu('identity');
    await seen('identity-dialog');
    await page.getByTestId('identity-number').fill('11010119600101001x');
    await page.getByTestId('identity-name').fill('测试甲');
    await page.getByTestId('identity-reason').fill('卡片已经损坏');
    await page.keyboard.press('Enter');
    await page.getByTestId('fault-code').getByText('identity-number-check').waitFor();
    await keepPicture(page, 'identity');
    await page.getByTestId('identity-number').fill('99010119600101001x');
    await page.keyboard.press('Enter');
    await seen('holder-name');
    await gone('identity-dialog');
    expect(await text('holder')).toContain('身份证号');
  });

  test('someone acts for the holder, is shown, and is taken off again', async () => {
    await signIn();
    desk.till.control.insertCard();
    await seen('holder-name');
    await menu('acting');
    await page.getByTestId('relation-child').focus();
    await page.keyboard.press('Space');
    await page.getByTestId('acting-name').fill('测试乙');
    await page.getByTestId('acting-number').fill('990101198501010019');
    await keepPicture(page, 'acting');
    await page.keyboard.press('Enter');
    await seen('holder-acting');
    expect(await text('holder-acting')).toMatch(/代办[\s\S]*测试乙[\s\S]*子女/);
    await keepPicture(page, 'holder-acting');
    await menu('acting');
    await page.getByTestId('acting-remove').focus();
    await page.keyboard.press('Enter');
    await gone('holder-acting');
  });

  test('the panel tells region, person class and what the card may be used for', async () => {
    await signIn();
    desk.till.control.insertCard();
    const { holder } = desk.till.view();
    desk.till.control.set({ holder: { ...holder, personClass: '退休', cardUse: 'offline' } });
    await page.getByTestId('holder-card').getByText('退休').waitFor();
    expect(await text('holder-card')).toMatch(/参保地[\s\S]*990101[\s\S]*卡片用途[\s\S]*可脱机/);
  });
});

describe('PINs', () => {
  test('with a pad there is no field: the till waits, and Escape ends the entry', async () => {
    await signIn();
    desk.till.control.set({ pin: { entry: 'pad', waiting: false } });
    let answer: (() => void) | undefined;
    const bodies: unknown[] = [];
    desk.till.pay = async (request) => {
      bodies.push(request);
      desk.till.control.set({ pin: { entry: 'pad', waiting: true } });
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      desk.till.control.set({ pin: { entry: 'pad', waiting: false } });
      return err(fault('pin-pad-cancelled'));
    };
    desk.till.cancelPinEntry = async () => {
      answer?.();
      return { ok: true, value: desk.till.view() };
    };
    await offlinePayment();
    expect(await page.getByTestId('pay-pin').count()).toBe(0);
    expect(await text('pad-wait')).toContain('请持卡人在密码键盘上输入密码');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('pay-accept');
    await page.keyboard.press('Space');
    await keepPicture(page, 'pay-pad');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid=pad-wait][data-waiting=true]').waitFor();
    await keepPicture(page, 'pay-pad-waiting');
    await page.keyboard.press('Escape');
    await page.getByTestId('fault-code').getByText('pin-pad-cancelled').waitFor();
    expect(await page.getByTestId('pay-dialog').count()).toBe(1);
    expect(bodies).toHaveLength(1);
    expect(bodies[0]).not.toHaveProperty('pin');
    await page.keyboard.press('Escape');
    await gone('pay-dialog');
  });

  test('offline it is told what signs and how old the blacklist is', async () => {
    await signIn();
    desk.till.control.cut();
    const { offline } = desk.till.view();
    if (offline === undefined) throw new Error('the cut makes an offer');
    const facts = { signature: 'module', blacklistVersion: 'B20260302-07', blacklistAgeHours: 5 } as const;
    desk.till.control.set({ offline: { ...offline, ...facts } });
    await page.getByTestId('offline-blacklist').getByText('B20260302-07 · 5').waitFor();
    expect(await text('offline-signature')).toContain('安全模块');
    await keepPicture(page, 'offline-offer');
  });

  test('a card PIN is changed with masked fields; two new ones that differ are not sent', async () => {
    await signIn();
    desk.till.control.insertCard();
    await seen('holder-name');
    await menu('change-pin');
    await page.getByTestId('pin-old').fill('654321');
    await page.getByTestId('pin-new').fill('111222');
    await page.getByTestId('pin-again').fill('111223');
    await page.getByText('两次输入的新密码不同').waitFor();
    expect(await page.getByTestId('change-pin-submit').isDisabled()).toBe(true);
    await keepPicture(page, 'change-pin');
    await page.getByTestId('pin-again').fill('111222');
    await page.keyboard.press('Enter');
    await page.getByTestId('fault-code').getByText('card-pin-wrong').waitFor();
    for (const id of ['pin-old', 'pin-new', 'pin-again']) {
      expect(await page.getByTestId(id).inputValue()).toBe('');
    }
    await page.getByTestId('pin-old').fill('123456');
    await page.getByTestId('pin-new').fill('111222');
    await page.getByTestId('pin-again').fill('111222');
    await page.keyboard.press('Enter');
    await seen('done-dialog');
  });

  test('a locked PIN is unblocked by two people', async () => {
    await signIn();
    await menu('unblock');
    await page.getByTestId('second-number').fill('02');
    await page.getByTestId('second-pin').fill('222222');
    await page.getByTestId('second-reason').fill('持卡人忘记密码');
    await page.keyboard.press('Enter');
    await seen('done-dialog');
    expect(desk.complaints).toEqual([]);
  });
});

test("a relative's account is a payer of its own", async () => {
  await signIn();
  desk.till.control.insertCard();
  await page.keyboard.type(`${amoxicillin}\n`);
  await seen('line-1');
  await page.keyboard.press('F8');
  await seen('split-source');
  expect(await page.getByTestId('split-family').count()).toBe(0);
  const { sale } = desk.till.view();
  if (sale.split === undefined) throw new Error('quoted');
  desk.till.control.set({ sale: { ...sale, split: { ...sale.split, familyAccount: '8.00' } } });
  await seen('split-family');
  expect(await text('split-family')).toBe('8.00');
  await keepPicture(page, 'family');
});

describe("the customer's screen", () => {
  test('large and simple modes come from the shop or the address, say little, and keep nothing in the browser', async () => {
    await signIn();
    desk.till.control.insertCard();
    await desk.till.addProduct('G0001', '2');
    await desk.till.quote();
    const screen = await page.context().newPage();
    const look = async (query: string) => {
      await screen.goto(`${desk.url}/customer${query}`);
      await seen('customer', screen);
      return screen.getByTestId('customer').getAttribute('class');
    };
    expect(await look('')).toContain('mode-normal');
    expect(await look('?mode=large')).toContain('mode-large');
    desk.till.control.screen({ mode: 'simple' });
    expect(await look('')).toContain('mode-simple');
    const { split } = desk.till.view().sale;
    expect(await text('customer-cash', screen)).toBe(split?.cash);
    expect(await text('customer-account', screen)).toBe(split?.account);
    expect(await screen.locator('[data-testid=customer-hint] svg').count()).toBe(1);
    expect((await text('customer-hint', screen)).length).toBeLessThanOrEqual(6);
    expect(await look('?mode=normal')).toContain('mode-normal');
    desk.till.control.screen({ hint: 'held' });
    await screen.getByTestId('customer-hint').getByText('您的商品已暂存').waitFor();
    expect(await screen.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
  });

  test('prices are spoken only where that is asked for, in words of the catalogue, and without names', async () => {
    await signIn();
    const screen = await page.context().newPage();
    await screen.addInitScript(() => {
      const told: string[] = [];
      Object.assign(globalThis, { told });
      speechSynthesis.speak = ({ text: words, lang }) => void told.push(`${lang}: ${words}`);
    });
    const told = () => screen.evaluate(() => (globalThis as unknown as { told: string[] }).told);
    await screen.goto(`${desk.url}/customer`);
    await seen('customer-welcome', screen);
    await desk.till.addProduct('G0001');
    await seen('customer-line-1', screen);
    expect(await told()).toEqual([]);
    await screen.goto(`${desk.url}/customer?speech=on`);
    await seen('customer-line-1', screen);
    desk.till.control.insertCard();
    await desk.till.addProduct('G0006');
    await seen('customer-line-2', screen);
    await desk.till.quote();
    await seen('customer-cash', screen);
    const { sale } = desk.till.view();
    await expect
      .poll(told)
      .toEqual([
        `zh-CN: 合计 ${sale.total} 元`,
        `zh-CN: 合计 ${sale.total} 元\n请付款 ${sale.split?.cash} 元`,
      ]);
    expect((await told()).join()).not.toMatch(/测|阿莫西林/);
  });

  for (const size of [
    { width: 1024, height: 768 },
    { width: 1920, height: 1080 },
  ]) {
    test(`follows the sale at ${size.width}×${size.height}, shows no number, and fits`, async () => {
      await signIn();
      const screen = await page.context().newPage();
      await screen.setViewportSize(size);
      await screen.goto(`${desk.url}/customer`);
      await seen('customer-welcome', screen);
      const name = (state: string) => `customer-${state}-${size.width}`;
      await keepPicture(screen, name('welcome'));
      desk.till.control.insertCard();
      for (let index = 1; index <= 10; index += 1) {
        await desk.till.addProduct(`G${String(index).padStart(4, '0')}`);
      }
      await seen('customer-line-10', screen);
      await screen.getByTestId('customer-name').getByText('测**').waitFor();
      expect(await text('customer-hint', screen)).toContain('正在扫描商品');
      expect(await inView(screen, 'customer-line-10')).toBe(true);
      await keepPicture(screen, name('scanning'));
      // The cashier's page is another one, and is told in its own time.
      await seen('line-10');
      await page.keyboard.press('F8');
      await seen('customer-cash', screen);
      const { split } = desk.till.view().sale;
      expect(await text('customer-cash', screen)).toBe(split?.cash);
      expect(await text('customer-account', screen)).toBe(split?.account);
      await keepPicture(screen, name('quoted'));
      desk.till.control.set({ pin: { entry: 'pad', waiting: true } });
      await screen.getByText('请在密码键盘上输入密码').waitFor();
      await keepPicture(screen, name('pin'));
      desk.till.control.set({ pin: { entry: 'pad', waiting: false } });
      const cash = Math.ceil(Number(split?.cash ?? 0) / 50) * 50;
      await desk.till.pay({ mode: 'insured', tenders: [{ kind: 'cash', amount: String(cash) }] });
      await screen.locator('[data-testid=customer][data-state=done]').waitFor();
      expect(await text('customer-change', screen)).toBe(desk.till.view().sale.changeDue);
      await keepPicture(screen, name('done'));
      const shown = await screen.locator('body').innerText();
      for (const kept of ['990101', 'T0000001A', '测试甲', '柜员']) expect(shown).not.toContain(kept);
      const overflow = await screen.evaluate(() => [
        document.documentElement.scrollHeight <= innerHeight,
        document.documentElement.scrollWidth <= innerWidth,
      ]);
      expect(overflow).toEqual([true, true]);
      expect(desk.complaints).toEqual([]);
    });
  }

  test('without a cashier it says that the counter is closed, and opens with the sign-in', async () => {
    await page.goto(`${desk.url}/customer`);
    await seen('customer-closed');
    const till = await page.context().newPage();
    await till.goto(desk.url);
    await seen('pin', till);
    await till.keyboard.type('111111\n');
    await seen('scan', till);
    await seen('customer-welcome');
  });
});

/** Whether the element lies wholly inside what is shown of the list around it. */
function inView(screen: Page, id: string): Promise<boolean> {
  return screen.getByTestId(id).evaluate((element) => {
    const own = element.getBoundingClientRect();
    const around = element.parentElement?.getBoundingClientRect();
    return around !== undefined && own.top >= around.top - 1 && own.bottom <= around.bottom + 1;
  });
}
