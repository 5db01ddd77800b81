import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { hashPin } from '#checkout/operators';
import { seededDraw } from './generate-products.ts';
import { generatedProducts } from './generated-catalog.ts';
import type { BenchContext, BenchOutput } from './measure.ts';
import { packageRoot } from './processes.ts';
import { median, percentile } from './statistics.ts';
import { type PreparedShop, startTill, withShop } from './till-start.ts';
import { type PageTimes, watchScript } from './ui-page.ts';
import { peerList, peerReady, servePeers } from './ui-peer.ts';

/** A till of ten years ago beside this machine (issue of the weak machines, design section 8). */
const SLOWED = 6;
const LOADS = 7;
const LINES = 60;
const SCANS = 60;
const SEED = 20_260_311;
const PIN = '990112';
const scanBox = '[data-testid="scan"]';
const basket = '[data-testid="basket"]';

interface Side {
  readonly page: Page;
  readonly url: string;
}

/** The till's page in Chromium with a slowed processor, in turn with pages that do next to nothing. */
export async function* measures(context: BenchContext): AsyncIterable<BenchOutput> {
  yield { name: 'ui-page', value: pageKilobytes(), unit: 'kB', budget: { most: 150 } };
  const peers = await servePeers();
  const browser = await chromium.launch({
    executablePath: process.env['GUITAI_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    yield* withShop(context, async function* (shop) {
      appendFileSync(shop.configFile, await anOperator());
      const till = await startTill(shop);
      try {
        const ours = await signedIn(browser, shop);
        yield* loading(ours, await side(browser, peers.emptyUrl, peerReady, peerList));
        yield* scanning(context, ours, await side(browser, peers.listUrl, peerReady, peerList));
      } finally {
        await till.stop();
      }
    });
  } finally {
    await browser.close();
    await peers.stop();
  }
}

/** Everything that the till's page asks for, compressed. */
function pageKilobytes(): number {
  const folder = join(packageRoot(), 'dist', 'ui');
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const named = readdirSync(join(folder, 'assets')).filter((name) => html.includes(name));
  const files = [Buffer.from(html), ...named.map((name) => readFileSync(join(folder, 'assets', name)))];
  return files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0) / 1000;
}

async function anOperator(): Promise<string> {
  const hash = await hashPin(PIN);
  return `\n[[operators]]\nnumber = "0101"\nname = "收银员甲"\nrole = "cashier"\npin_hash = "${hash}"\n`;
}

async function signedIn(browser: Browser, shop: PreparedShop): Promise<Side> {
  const ours = await side(browser, `http://127.0.0.1:${shop.port}/`, scanBox, basket);
  await ours.page.goto(ours.url);
  await ours.page.getByTestId('pin').waitFor();
  await ours.page.keyboard.type(`${PIN}\n`);
  await ours.page.getByTestId('scan').waitFor();
  return ours;
}

async function side(browser: Browser, url: string, ready: string, list: string): Promise<Side> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width: 1024, height: 768 },
    locale: 'zh-CN',
  });
  await context.addInitScript({ content: watchScript({ ready, list }) });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWED });
  return { page, url };
}

async function* loading(ours: Side, theirs: Side): AsyncIterable<BenchOutput> {
  const times: { ours: number; theirs: number }[] = [];
  for (let round = -1; round < LOADS; round += 1) {
    const one = { ours: await readyMs(ours), theirs: await readyMs(theirs) };
    if (round >= 0) times.push(one);
  }
  const ratio = median(times.map((one) => one.ours / one.theirs));
  yield { name: 'ui-ready', value: ratio, unit: 'x', budget: { most: 1.6 } };
  yield { name: 'ui-ready-ours', value: median(times.map((one) => one.ours)), unit: 'ms' };
  yield { name: 'ui-ready-empty-page', value: median(times.map((one) => one.theirs)), unit: 'ms' };
}

async function readyMs({ page, url }: Side): Promise<number> {
  await page.goto(url);
  await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  return (await told(page)).readyMs;
}

function told(page: Page): Promise<PageTimes> {
  return page.evaluate<PageTimes>('window.watched');
}

async function* scanning({ rows }: BenchContext, ours: Side, theirs: Side): AsyncIterable<BenchOutput> {
  const codes = barcodes(rows);
  const all = [];
  for (const one of [ours, theirs]) {
    await readyMs(one);
    for (const code of codes) await scan(one.page, code);
    const before = await told(one.page);
    const draw = seededDraw(SEED);
    for (let count = 0; count < SCANS; count += 1) await scan(one.page, codes[draw(codes.length)] ?? '');
    const after = await told(one.page);
    all.push({ ms: after.scansMs.slice(before.scansMs.length), shift: after.shift - before.shift });
  }
  const [till, list] = all;
  if (till === undefined || list === undefined) throw new Error('both sides were measured');
  const p95 = percentile(till.ms, 0.95);
  yield { name: 'ui-scan-p95', value: p95, unit: 'ms', budget: { most: 50 } };
  yield { name: 'ui-scan-median', value: median(till.ms), unit: 'ms' };
  yield { name: 'ui-scan-p95-bare-list', value: percentile(list.ms, 0.95), unit: 'ms' };
  yield { name: 'ui-scan-beside-bare-list', value: p95 / percentile(list.ms, 0.95), unit: 'x' };
  yield { name: 'ui-scan-shift', value: till.shift, unit: 'cls', budget: { most: 0 } };
  yield {
    note: `${SLOWED} times slower, ${rows} products, ${LINES} lines in the basket, ${till.ms.length} scans`,
  };
}

/** As a scanner types: as quick as the page takes keys, and the next one when the line stands there. */
async function scan(page: Page, code: string): Promise<void> {
  const { length } = (await told(page)).scansMs;
  await page.keyboard.type(`${code}\n`);
  await page.locator(`html[data-scans="${length + 1}"]`).waitFor({ state: 'attached' });
}

/** Codes of products that are alone with theirs: a shared one asks which is meant. */
function barcodes(rows: number): string[] {
  const counts = new Map<string, number>();
  for (const { barcode } of generatedProducts(rows)) {
    if (barcode !== undefined) counts.set(barcode, (counts.get(barcode) ?? 0) + 1);
  }
  const alone = [...counts].filter(([, count]) => count === 1).map(([code]) => code);
  const step = Math.floor(alone.length / LINES);
  return Array.from({ length: LINES }, (_, index) => alone[index * step] ?? '');
}
