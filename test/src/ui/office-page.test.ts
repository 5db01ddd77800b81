import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { fault } from '#core/fault';
import { dayPictureExample } from '#server/schemas-office';
import { keepPicture } from '../../helpers/keep-picture.ts';
import { type PageDesk, usePageDesk } from '../../helpers/page-desk.ts';

const SECTIONS = [
  ['day', 'F1', 'day-facts'],
  ['operators', 'F2', 'operators'],
  ['journal', 'F3', 'verify-start'],
  ['looks', 'F4', 'looks'],
  ['policies', 'F6', 'policies'],
  ['catalogue', 'F7', 'agency-tables'],
  ['devices', 'F8', 'device-card-reader'],
  ['queue', 'F9', 'queue-panel'],
  ['settings', 'F10', 'settings'],
  ['setup', 'Insert', 'setup-steps'],
] as const;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let desk: PageDesk;
let page: Page;
usePageDesk((opened) => {
  desk = opened;
});
beforeEach(() => {
  page = desk.page;
});

const seen = (id: string) => page.getByTestId(id).first().waitFor();
const gone = (id: string) => page.getByTestId(id).waitFor({ state: 'detached' });
const text = (id: string) => page.getByTestId(id).first().innerText();
const press = (key: string) => page.keyboard.press(key);

/** The manager is the second of the list. */
async function signInAsManager(): Promise<void> {
  await page.goto(`${desk.url}/office`);
  await seen('pin');
  await press('ArrowDown');
  await page.keyboard.type('222222\n');
  await seen('office');
}

async function violations(): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const found = await (
      window as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      }
    ).axe.run();
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

async function fillSecond(number: string, pin: string, reason: string): Promise<void> {
  await page.getByTestId('op-second').fill(number);
  await page.getByTestId('op-second-pin').fill(pin);
  await page.getByTestId('op-reason').fill(reason);
}

describe('the back office', () => {
  for (const size of [
    { width: 1024, height: 768 },
    { width: 1920, height: 1080 },
  ])
    test(`shows each section by its key at ${size.width}×${size.height}, fits, and bars nobody`, async () => {
      await page.setViewportSize(size);
      await signInAsManager();
      for (const [section, key, shown] of SECTIONS) {
        await press(key);
        await page.locator(`[data-testid=office][data-section=${section}]`).waitFor();
        await seen(shown);
        await keepPicture(page, `office-${section}-${size.width}`);
        if (size.width === 1024) expect([section, await violations()]).toEqual([section, []]);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        expect([section, wide]).toEqual([section, false]);
      }
      expect(desk.complaints).toEqual([]);
    });

  test('a key pressed the moment the office stands there is not lost: its section opens', async () => {
    await desk.session('02', '222222');
    const other = await page.context().newPage();
    await other.addInitScript(() => {
      // Pressed as soon as the page has drawn itself, before a browser has painted: no person is quicker.
      const drawn = new MutationObserver(() => {
        if (document.querySelector('[data-testid=office]') === null) return;
        drawn.disconnect();
        document.dispatchEvent(new KeyboardEvent('keydown', { key: 'F10' }));
      });
      drawn.observe(document, { childList: true, subtree: true });
    });
    await other.goto(`${desk.url}/office`);
    await other.locator('[data-testid=office][data-section=settings]').waitFor({ timeout: 10_000 });
    await other.close();
  });

  test('a list of another program is imported once a person has said what its columns are; a version is gone back to', async () => {
    await desk.session('02', '222222');
    await page.goto(`${desk.url}/office`);
    await seen('office');
    await press('F7');
    await seen('list-file');
    const example = fileURLToPath(new URL('../../../catalog/examples/other-program.csv', import.meta.url));
    await page.getByTestId('list-file').setInputFiles(example);
    await seen('list-columns');
    const open = page.locator('tr[data-open=true]');
    expect(await open.locator('th').allInnerTexts()).toContain('零售价(元)');
    expect(await page.getByTestId('list-import').isDisabled()).toBe(true);
    await keepPicture(page, 'list-columns');
    expect(await violations()).toEqual([]);
    const columns = {
      '零售价(元)': 'price',
      医保分类: 'insurance_class',
      个人自付比例: 'first_self_pay',
      供应商: '-',
    };
    for (const [header, column] of Object.entries(columns))
      await page
        .getByRole('combobox', { name: `导入为 Imported as ${header}`, exact: true })
        .selectOption(column);
    expect(await open.count()).toBe(0);
    await page.getByTestId('list-import').focus();
    await press('Enter');
    await seen('list-report');
    expect(await text('list-report')).toContain('已导入并启用');
    expect(await text('catalogue-version')).toBe('20260302-083000-1a1b2c3d');
    await keepPicture(page, 'list-imported');
    const back = page.getByTestId('use-version');
    await back.focus();
    await press('Enter');
    expect(await back.innerText()).toContain('再按一次');
    expect(await text('catalogue-version')).toBe('20260302-083000-1a1b2c3d');
    await press('Enter');
    await expect.poll(() => text('catalogue-version')).toBe('20260301-083000-0a1b2c3d');
    await page.getByTestId('list-file').setInputFiles({
      name: '坏表.xlsx',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from([0x50, 0x4b, 3, 4, 1, 2]),
    });
    await page.locator('[data-testid=own-list] .fault').first().waitFor();
    expect(desk.complaints.filter((said) => !said.includes('the server responded'))).toEqual([]);
  });

  test('a cashier is told that the right is missing, and somebody else signs in', async () => {
    await page.goto(`${desk.url}/office`);
    await seen('pin');
    await page.keyboard.type('111111\n');
    await seen('office-no-right');
    await keepPicture(page, 'office-no-right');
    await press('Enter');
    await seen('pin');
  });

  test('the till’s menu leads there and F12 back, for those with the right only', async () => {
    await page.goto(desk.url);
    await seen('pin');
    await page.keyboard.type('111111\n');
    await seen('scan');
    await press('F1');
    await seen('menu-dialog');
    expect(await page.getByTestId('menu-office').count()).toBe(0);
    await page.keyboard.press('Escape');
    const manager = await page.context().newPage();
    await page.context().clearCookies();
    page = manager;
    await page.goto(desk.url);
    await seen('pin');
    await press('ArrowDown');
    await page.keyboard.type('222222\n');
    await seen('shift-others');
    await keepPicture(page, 'take-over');
    await press('Enter');
    await seen('scan');
    expect(desk.till.view().shift.operator?.number).toBe('02');
    await press('F1');
    await page.getByTestId('menu-office').waitFor();
    await press((await page.getByTestId('menu-office').locator('kbd').innerText()).toLowerCase());
    await seen('office');
    await press('F12');
    await seen('scan');
  });

  test('an inspector sees all sections without a key that changes anything, and is led here from the till', async () => {
    const [, manager] = desk.till.operatorRows();
    if (manager !== undefined) desk.till.office.put({ ...manager, role: 'inspector' });
    await page.goto(desk.url);
    await seen('pin');
    await press('ArrowDown');
    await page.keyboard.type('222222\n');
    await seen('office');
    for (const [, key, shown] of SECTIONS) {
      await press(key);
      await seen(shown);
      for (const id of ['add-operator', 'change-01', 'glass-seen-412', 'download', 'sync'])
        expect([shown, id, await page.getByTestId(id).count()]).toEqual([shown, id, 0]);
    }
    expect(desk.complaints).toEqual([]);
  });
});

describe('operators', () => {
  test('are added by two people by keyboard; the same person twice is refused in words', async () => {
    await signInAsManager();
    await press('F2');
    await seen('operators');
    await page.getByTestId('add-operator').focus();
    await press('Enter');
    await seen('operator-dialog');
    await page.keyboard.type('0103');
    await page.getByTestId('op-name').fill('收银员丙');
    await page.getByTestId('op-password').fill('k7-mountain');
    await fillSecond('02', '222222', '新员工入职');
    await press('Enter');
    await page.getByTestId('fault-code').getByText('operator-second-needed').waitFor();
    expect(await page.getByTestId('op-second-pin').inputValue()).toBe('');
    await keepPicture(page, 'office-add-operator');
    expect(await violations()).toEqual([]);
    await fillSecond('01', '111111', '新员工入职');
    await press('Enter');
    await gone('operator-dialog');
    expect(await text('operator-row-0103')).toMatch(/收银员丙[\s\S]*可登录/);
    await page.getByTestId('change-0103').focus();
    await press('Enter');
    await page.getByTestId('state-disabled').focus();
    await press('Space');
    await fillSecond('01', '111111', '试用期未通过');
    await press('Enter');
    await page.locator('[data-testid=operator-row-0103][data-state=disabled]').waitFor();
    expect(desk.complaints.filter((said) => !said.includes('422'))).toEqual([]);
  });

  test('a step that one took alone stands above the list until somebody else has seen it', async () => {
    await signInAsManager();
    await press('F2');
    expect(await text('glass')).toContain('夜间单人值班');
    await page.getByTestId('glass-seen-412').focus();
    await press('Enter');
    await gone('glass');
  });

  test('one’s own quick PIN is set with the password, typed twice, and never shown', async () => {
    await signInAsManager();
    await page.getByTestId('own-secrets').focus();
    await press('Enter');
    await page.getByTestId('own-old').fill('222222');
    await page.getByTestId('own-to').fill('7294');
    await page.getByTestId('own-again').fill('7295');
    expect(await page.getByTestId('own-submit').isDisabled()).toBe(true);
    await page.getByTestId('own-again').fill('7294');
    await keepPicture(page, 'office-own-secret');
    await press('Enter');
    await seen('own-saved');
    expect(desk.till.operatorRows().find(({ number }) => number === '02')?.quickPin).toBe(true);
  });
});

describe('books', () => {
  test('the journal is looked at with progress and the result in words', async () => {
    await signInAsManager();
    await press('F3');
    await page.getByTestId('verify-start').focus();
    await press('Enter');
    await seen('verify-progress');
    await page.locator('[data-testid=verify-result][data-sound=true]').waitFor();
    await keepPicture(page, 'office-journal-sound');
  });

  test('every plot has its numbers beside it, and another day asks anew', async () => {
    await signInAsManager();
    await seen('hours');
    expect(await page.getByTestId('plot').count()).toBe(4);
    expect(await page.locator('.plot canvas').count()).toBe(4);
    for (const { hour, total } of dayPictureExample.hours)
      expect(await text('hours')).toMatch(new RegExp(`${String(hour).padStart(2, '0')}:00[\\s\\S]*${total}`));
    for (const { amount } of dayPictureExample.payers) expect(await text('payers')).toContain(amount);
    expect(await text('refusals')).toContain('agency-refused');
    const asked = page.waitForRequest(/\/api\/office\/day\?day=2026-03-01/);
    await page.getByTestId('day-before').focus();
    await press('Enter');
    await asked;
    expect(await page.getByTestId('day').inputValue()).toBe('2026-03-01');
    expect(desk.complaints).toEqual([]);
  });

  test('a wrong configuration is told by line, key and reason', async () => {
    await signInAsManager();
    await press('F10');
    await page.getByTestId('check').focus();
    await press('Enter');
    await page.locator('[data-testid=check-result][data-sound=false]').waitFor();
    expect(await text('problems')).toMatch(/4\s+shop\.region\s+须为六位数字 six digits/);
    await keepPicture(page, 'office-settings-wrong');
  });

  test('a refusal of the till is shown with its code and next step', async () => {
    await signInAsManager();
    await page.route('**/api/office/looks*', (route) =>
      route.fulfill({ status: 409, json: { error: fault('store-disk-full') } }),
    );
    await press('F4');
    await page.getByTestId('fault-code').getByText('store-disk-full').waitFor();
  });
});

test('a page that nobody touches locks itself, and the basket is there again after the PIN', async () => {
  desk.till.office.lock.minutes = 1 / 20;
  await page.goto(desk.url);
  await seen('pin');
  await page.keyboard.type('111111\n');
  await seen('scan');
  await page.keyboard.type('6900000000001\n');
  await seen('line-1');
  await seen('locked');
  await keepPicture(page, 'locked');
  expect(await page.getByTestId('line-1').count()).toBe(0);
  desk.till.office.lock.minutes = 10;
  await page.keyboard.type('111111\n');
  await seen('line-1');
});
