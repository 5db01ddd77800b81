// Takes the README's picture of the till: a quoted sale in the training shop, driven by keyboard.
// Usage: node tools/take-picture.js [file] [width] [height]   (needs a build and Debian's chromium)
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { parseConfig } from '../dist/src/core/config/parse.js';
import { startTrainingShop } from '../dist/src/main.js';

const [file = 'docs/till.png', width = '1024', height = '768'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'guitai-picture-'));
const config = parseConfig('', { GUITAI_PORT: '0' });
const shop = await startTrainingShop({ config: config.value, folder });
const { url, training, stop } = shop.value;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: Number(width), height: Number(height) } });
await page.goto(url);
await page.getByTestId('pin').waitFor();
await page.keyboard.type('1234\n');
await page.getByTestId('scan').waitFor();
await training.insertCard('employee');
await page.getByTestId('holder-name').waitFor();
const codes = ['6909901000017', '6909904000083', '6909903000060', '6909902000023'];
for (const [index, code] of codes.entries()) {
  await page.keyboard.type(`${code}\n`);
  await page.getByTestId(`line-${index + 1}`).waitFor();
}
for (const word of ['kouzhao']) {
  await page.getByTestId('scan').pressSequentially(word);
  await page.getByTestId('answers').waitFor();
  await page.keyboard.press('Enter');
  await page.getByTestId('line-5').waitFor();
}
await page.keyboard.press('F8');
await page.getByTestId('split-account').waitFor();
await page.screenshot({ path: file });
await browser.close();
await stop();
rmSync(folder, { recursive: true, force: true });
