import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { hashPin } from '#checkout/operators';
import { delay, systemClock } from '#core/clock';
import { seededDraw } from './generate-products.ts';
import { generatedProducts } from './generated-catalog.ts';
import type { BenchContext, BenchOutput } from './measure.ts';
import { packageRoot } from './processes.ts';
import { median, percentile } from './statistics.ts';
import { type PreparedShop, startTill, withShop } from './till-start.ts';
import { TELL, type Told, watchScript } from './ui-page.ts';
import { peerList, peerReady, servePeers } from './ui-peer.ts';

/** A till of ten years ago beside this machine (issue of the weak machines, design section 8). */
const SLOWED = 6;
/** Loads differ by a third from one to the next: the median of 21 lay between 1.41 and 1.65 times the empty page. */
const LOADS = 61;
const LINES = 60;
const SCANS = 80;
const SEED = 20_260_311;
const TOLD_WITHIN_MS = 60_000;
/** Between two keys of a quick scanner. */
const KEY_EVERY_MS = 5;
/** From a painted line to the next pack of a quick hand; both sides get it. */
const HAND_MS = 400;
const PIN = '990112';
const scanBox = '[data-testid="scan"]';
const basket = '[data-testid="basket"]';

interface Side {
  readonly page: Page;
  readonly url: string;
  /** What the page tells of itself after `work` has begun. */
  told(work: () => Promise<unknown>): Promise<Told>;
  /** A scanner's burst: its keys come in its own time, whatever the page does with them. */
  burst(code: string): Promise<unknown>;
  /**
   * Does this work with the page's processor slowed, then not any more: to be slow costs the browser a core, which the
   * other page must not pay.
   */
  slowly<T>(work: () => Promise<T>): Promise<T>;
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
  const slowly = async <T>(work: () => Promise<T>): Promise<T> => {
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWED });
    try {
      return await work();
    } finally {
      await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    }
  };
  await session.send('Runtime.enable');
  await session.send('Runtime.addBinding', { name: TELL });
  const told = async (work: () => Promise<unknown>): Promise<Told> => {
    const next = new Promise<Told>((resolve, reject) => {
      const impatience = setTimeout(() => reject(new Error(`${url} told nothing`)), TOLD_WITHIN_MS);
      session.once('Runtime.bindingCalled', ({ payload }) => {
        clearTimeout(impatience);
        resolve(JSON.parse(payload) as Told);
      });
    });
    await Promise.all([next, work()]);
    return next;
  };
  const burst = async (code: string): Promise<unknown> => {
    const taken: Promise<unknown>[] = [];
    for (const key of [...code, 'Enter']) {
      taken.push(...pressed(key).map((event) => session.send('Input.dispatchKeyEvent', event)));
      await delay(systemClock, KEY_EVERY_MS);
    }
    return Promise.all(taken);
  };
  return { page, url, told, burst, slowly };
}

/** A key of a scanner, down and up, as the browser's own protocol has it. */
function pressed(key: string) {
  const isEnter = key === 'Enter';
  const same = {
    key,
    code: isEnter ? 'Enter' : `Digit${key}`,
    windowsVirtualKeyCode: isEnter ? 13 : key.charCodeAt(0),
  };
  return [
    { type: 'keyDown' as const, text: isEnter ? '\r' : key, ...same },
    { type: 'keyUp' as const, ...same },
  ];
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

async function readyMs({ page, url, told, slowly }: Side): Promise<number> {
  return (await slowly(() => told(() => page.goto(url)))).ms;
}

async function* scanning({ rows }: BenchContext, ours: Side, theirs: Side): AsyncIterable<BenchOutput> {
  const codes = barcodes(rows);
  const till = await scans(ours, codes);
  const p95 = percentile(till.ms, 0.95);
  yield { name: 'ui-scan-p95', value: p95, unit: 'ms', budget: { most: 50 } };
  yield { name: 'ui-scan-median', value: median(till.ms), unit: 'ms' };
  yield { name: 'ui-scan-shift', value: till.shift, unit: 'cls', budget: { most: 0 } };
  const list = await scans(theirs, codes);
  yield { name: 'ui-scan-p95-bare-list', value: percentile(list.ms, 0.95), unit: 'ms' };
  yield { name: 'ui-scan-beside-bare-list', value: p95 / percentile(list.ms, 0.95), unit: 'x' };
  yield {
    note: `${SLOWED} times slower, ${rows} products, ${LINES} lines in the basket, ${till.ms.length} scans`,
  };
}

/** Each code once, then some of them again: from each scanner's last key to the paint, and how far anything moved then. */
async function scans(one: Side, codes: readonly string[]): Promise<{ ms: number[]; shift: number }> {
  await readyMs(one);
  // The lines that stand there already need no slow processor.
  let before = 0;
  for (const code of codes) before = (await scan(one, code)).shift;
  const draw = seededDraw(SEED);
  const ms: number[] = [];
  let shift = before;
  await one.slowly(async () => {
    for (let count = 0; count < SCANS; count += 1) {
      await delay(systemClock, HAND_MS);
      const painted = await scan(one, codes[draw(codes.length)] ?? '');
      ms.push(painted.ms);
      shift = painted.shift;
    }
  });
  return { ms, shift: shift - before };
}

/** One code, until its line stands there. */
function scan({ told, burst }: Side, code: string): Promise<Told> {
  return told(() => burst(code));
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
