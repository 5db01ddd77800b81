import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { starterFile } from '#catalog/starter';
import { systemClock } from '#core/clock';
import { type AgencySimulator, startAgencySimulator } from '#simulators/agency/simulator';
import { startVirtualPrinter, type VirtualPrinter } from '#simulators/printer/server';
import { agencyCatalog } from '../../src/main/training-goods.ts';
import { officeTexts } from '../../src/ui/office/texts.ts';
import { foreignTexts, namesIn, type Tongue } from '../helpers/one-language.ts';
import { trainingPolicies } from '../helpers/policies.ts';
import { startBrowser, watchedPage } from '../helpers/with-page.ts';
import { runProgram } from './shop-program.ts';

const program = fileURLToPath(new URL('../../bin/guitai.js', import.meta.url));

let folder: string;
let agency: AgencySimulator;
let printer: VirtualPrinter;
let shop: ChildProcess | undefined;
let browser: Browser;
let page: Page;

/** What every new shop has before its first start: a file of settings and its list of goods. */
const prepared = () => join(folder, 'prepared');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guitai-first-'));
  agency = await startAgencySimulator({
    clock: systemClock,
    catalog: agencyCatalog(),
    policies: trainingPolicies(),
  });
  printer = await startVirtualPrinter({ port: 0, clock: systemClock });
  mkdirSync(prepared());
  const config = join(prepared(), 'guitai.toml');
  writeFileSync(
    config,
    `[shop]\nname = "新开药房"\ninstitution_code = "P99010000002"\n[server]\nport = 0\n[agency]\nurl = "${agency.url}"\n` +
      `[printer]\naddress = "tcp://127.0.0.1:${printer.port}"\n`,
  );
  const imported = await runProgram(['catalog', 'import', starterFile(), '--config', config], process.env);
  expect(imported.err).toBe('');
  browser = await startBrowser();
}, 120_000);
afterEach(async () => {
  await page?.context().close();
  const ended = new Promise((resolve) => shop?.once('exit', resolve));
  if (shop?.kill('SIGTERM')) await ended;
});
afterAll(async () => {
  await browser?.close();
  await printer?.stop();
  await agency?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** The program in a folder of its own; answers its address and the code that it shows. */
async function startNewShop(name: string): Promise<{ url: string; code: string }> {
  const own = join(folder, name);
  cpSync(prepared(), own, { recursive: true });
  let said = '';
  shop = spawn(process.execPath, [program, 'serve', '--config', join(own, 'guitai.toml')], { cwd: own });
  shop.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  await expect.poll(() => /\d{8}\n/.test(said), { timeout: 60_000 }).toBe(true);
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
  return { url, code: /: (\d{8})\n/.exec(said)?.[1] ?? '' };
}

const seen = (id: string) => page.getByTestId(id).first().waitFor();
const press = (key: string) => page.keyboard.press(key);
const done = (step: string) => page.locator(`[data-testid=${step}][data-done=true]`).waitFor();
const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'));

/** Goes there with Tab alone. */
async function tabTo(id: string): Promise<void> {
  await seen(id);
  for (let presses = 0; (await focused()) !== id; presses += 1) {
    if (presses > 60) throw new Error(`Tab never comes to ${id}`);
    await press('Tab');
  }
}

/** Types into a field as fast as a person, in place of what stands there. */
async function write(id: string, text: string): Promise<void> {
  await tabTo(id);
  await press('Control+a');
  await page.keyboard.type(text, { delay: 40 });
}

describe.each(['zh', 'en'] as const)('a new shop by keyboard alone, in %s', (tongue: Tongue) => {
  const says = (k: keyof typeof officeTexts) =>
    page
      .getByText(officeTexts[k][tongue], { exact: true })
      .and(page.locator(':not([lang])'))
      .first()
      .waitFor();

  /** Nothing of what stands there now is in the other language, but for names. */
  async function inOneLanguage(): Promise<void> {
    const people = ['店长甲', '收银员乙', '首次设置', '新开药房', 'npm start'];
    const view: unknown = await page.evaluate(async () => (await fetch('/api/till')).json());
    expect(await foreignTexts(page, tongue, [...people, ...namesIn(view)])).toEqual([]);
  }

  test('first manager by the code of the start, a second operator, shift, and a sale that is printed', async () => {
    const { url, code } = await startNewShop(tongue);
    ({ page } = await watchedPage(browser));
    page.setDefaultTimeout(20_000);
    const printed = printer.slips().length;
    const inTongue = tongue === 'en' ? '?lang=en' : '';
    await page.goto(`${url}/office${inTongue}`);
    await seen('first-manager');
    await says('firstManager');
    await write('setup-code', code === '00000000' ? '11111111' : '00000000');
    await write('setup-number', '0101');
    await write('setup-name', '店长甲');
    await write('setup-password', 'k7-mountain');
    await write('setup-again', 'k7-mountain');
    await press('Enter');
    await page.getByTestId('fault-code').getByText('setup-code-wrong').waitFor();
    await inOneLanguage();
    await write('setup-code', code);
    await press('Enter');
    await seen('setup-steps');
    for (const step of ['stepInstitution', 'stepPrinter', 'stepAgency', 'stepCatalogue']) await done(step);
    await inOneLanguage();

    await press('F2');
    await tabTo('add-operator');
    await press('Enter');
    await says('addOperator');
    await write('op-number', '0102');
    await write('op-name', '收银员乙');
    await write('op-password', 'river-52');
    await write('op-second', '0101');
    await write('op-second-pin', 'k7-mountain');
    await write('op-reason', '首次设置');
    await inOneLanguage();
    await press('Enter');
    await seen('operator-row-0102');
    // There was nobody else: reported until somebody else has seen it.
    await seen('glass');
    await inOneLanguage();

    await press('Insert');
    await done('stepSecond');
    await tabTo('setup-shift');
    await press('Enter');
    await done('stepShift');
    await tabTo('setup-sale');
    await press('Enter');
    await seen('scan');
    await page.keyboard.type('6909901000017\n');
    await seen('line-1');
    await press('F8');
    await seen('split-source');
    await press('F9');
    await seen('pay-dialog');
    await page.keyboard.type('100', { delay: 40 });
    await press('Enter');
    await seen('done');
    await inOneLanguage();
    await expect.poll(() => printer.slips().length, { timeout: 20_000 }).toBe(printed + 1);
    await page.goto(`${url}/office${inTongue}`);
    await seen('office');
    await press('Insert');
    await done('stepSale');
    await inOneLanguage();

    const again = await page.evaluate(async (given) => {
      const response = await fetch('/api/setup/manager', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code: given, number: '0666', name: '外人', password: 'k7-mountain' }),
      });
      return ((await response.json()) as { error?: { code: string } }).error?.code;
    }, code);
    expect(again).toBe('setup-over');
  }, 120_000);
});
