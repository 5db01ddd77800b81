import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { starterFile } from '#catalog/starter';
import { systemClock } from '#core/clock';
import { type AgencySimulator, startAgencySimulator } from '#simulators/agency/simulator';
import { startVirtualPrinter, type VirtualPrinter } from '#simulators/printer/server';
import { agencyCatalog } from '../../src/main/training-goods.ts';
import { trainingPolicies } from '../helpers/policies.ts';
import { startBrowser, watchedPage } from '../helpers/with-page.ts';
import { runProgram } from './shop-program.ts';

const program = fileURLToPath(new URL('../../bin/guitai.js', import.meta.url));

let folder: string;
let agency: AgencySimulator;
let printer: VirtualPrinter;
let shop: ChildProcess;
let said = '';
let browser: Browser;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guitai-first-'));
  agency = await startAgencySimulator({
    clock: systemClock,
    catalog: agencyCatalog(),
    policies: trainingPolicies(),
  });
  printer = await startVirtualPrinter({ port: 0, clock: systemClock });
  const config = join(folder, 'guitai.toml');
  writeFileSync(
    config,
    `[shop]\nname = "新开药房"\ninstitution_code = "P99010000002"\n[server]\nport = 0\n[agency]\nurl = "${agency.url}"\n` +
      `[printer]\naddress = "tcp://127.0.0.1:${printer.port}"\n`,
  );
  const imported = await runProgram(['catalog', 'import', starterFile(), '--config', config], process.env);
  expect(imported.err).toBe('');
  shop = spawn(process.execPath, [program, 'serve', '--config', config], { cwd: folder });
  shop.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  browser = await startBrowser();
  ({ page } = await watchedPage(browser));
  page.setDefaultTimeout(20_000);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  const ended = new Promise((resolve) => shop?.once('exit', resolve));
  if (shop?.kill('SIGTERM')) await ended;
  await printer?.stop();
  await agency?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const seen = (id: string) => page.getByTestId(id).first().waitFor();
const fill = (id: string, text: string) => page.getByTestId(id).fill(text);
const press = (key: string) => page.keyboard.press(key);
const done = (step: string) => page.locator(`[data-testid=${step}][data-done=true]`).waitFor();

async function picture(name: string): Promise<void> {
  const pictures = process.env['GUITAI_PICTURES'];
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

test('a new shop: first manager by the code of the start, a second operator, shift, and a sale that is printed', async () => {
  await expect.poll(() => /\d{8}\n/.test(said), { timeout: 60_000 }).toBe(true);
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
  const code = /: (\d{8})\n/.exec(said)?.[1] ?? '';
  await page.goto(url);
  await seen('first-manager');
  await fill('setup-code', code === '00000000' ? '11111111' : '00000000');
  await fill('setup-number', '0101');
  await fill('setup-name', '店长甲');
  await fill('setup-password', 'k7-mountain');
  await fill('setup-again', 'k7-mountain');
  await press('Enter');
  await page.getByTestId('fault-code').getByText('setup-code-wrong').waitFor();
  await picture('first-manager');
  await fill('setup-code', code);
  await press('Enter');
  await seen('setup-steps');
  for (const step of ['stepInstitution', 'stepPrinter', 'stepAgency', 'stepCatalogue']) await done(step);
  await picture('setup-begun');

  await press('F2');
  await page.getByTestId('add-operator').focus();
  await press('Enter');
  await fill('op-number', '0102');
  await fill('op-name', '收银员乙');
  await fill('op-password', 'river-52');
  await fill('op-second', '0101');
  await fill('op-second-pin', 'k7-mountain');
  await fill('op-reason', '首次设置');
  await press('Enter');
  await seen('operator-row-0102');
  // There was nobody else: reported until somebody else has seen it.
  await seen('glass');

  await press('Insert');
  await done('stepSecond');
  await page.getByTestId('setup-shift').focus();
  await press('Enter');
  await done('stepShift');
  await page.getByTestId('setup-sale').focus();
  await press('Enter');
  await seen('scan');
  await page.keyboard.type('6909901000017\n');
  await seen('line-1');
  await press('F8');
  await seen('split-source');
  await press('F9');
  await seen('pay-dialog');
  await page.getByTestId('pay-dialog').locator('input').first().fill('100');
  await press('Enter');
  await seen('done');
  await expect.poll(() => printer.slips().length, { timeout: 20_000 }).toBe(1);
  await page.goto(`${url}/office`);
  await seen('office');
  await press('Insert');
  await done('stepSale');
  await picture('setup-done');

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
