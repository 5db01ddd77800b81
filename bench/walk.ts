import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { parseConfig } from '#core/config/parse';
import { startTrainingShop } from '#main';
import type { BenchContext, BenchOutput } from './measure.ts';
import { median } from './statistics.ts';

/** As in the measure `ui`. */
const SLOWED = 6;
const SALES = 6;
/** Five products of the training shop's list, of classes 甲, 乙 and 丙. */
const CODES = ['6909901000017', '6909904000083', '6909903000060', '6909902000023', '6909901000031'];
/** What the cashier presses beside the scanner, and what then stands on the screen. */
const KEYS = [
  { key: 'F8', shows: 'split-account' },
  { key: 'F9', shows: 'pay-dialog' },
  { key: 'Enter', shows: 'done' },
  { key: 'F10', shows: 'scan' },
] as const;

interface Walk {
  /** One for each product. */
  readonly scansMs: readonly number[];
  /** One for each key. */
  readonly keysMs: readonly number[];
}

const sum = (all: readonly number[]) => all.reduce((total, each) => total + each, 0);

/**
 * An insured sale of five items as a cashier makes it, in the training shop and a browser on a slowed processor: how many
 * keys beside the scanner, and how long the machine lets people wait in all. The card lies in the reader already.
 */
export async function* measures({ folder }: BenchContext): AsyncIterable<BenchOutput> {
  const config = parseConfig('', { GUITAI_PORT: '0' });
  if (!config.ok) throw new Error('an empty configuration is the default');
  const data = mkdtempSync(join(folder, 'walk-'));
  const shop = await startTrainingShop({ config: config.value, folder: data });
  if (!shop.ok) throw new Error(`the training shop does not start: ${shop.error.code}`);
  const browser = await chromium.launch({
    executablePath: process.env['GUITAI_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1024, height: 768 }, locale: 'zh-CN' });
    await page.goto(shop.value.url);
    await page.getByTestId('pin').waitFor();
    await page.keyboard.type('1234\n');
    await page.getByTestId('scan').waitFor();
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWED });
    const walks: Walk[] = [];
    for (let count = 0; count <= SALES; count += 1) {
      const { training } = shop.value;
      await training.pullCard();
      await page.getByTestId('holder-name').waitFor({ state: 'detached' });
      await training.insertCard('employee');
      await page.getByTestId('holder-name').waitFor();
      const walked = await walk(page);
      // The first shows what later ones find at hand.
      if (count > 0) walks.push(walked);
    }
    yield { name: 'walk-keys', value: KEYS.length, unit: 'keys', budget: { most: 8 } };
    const machine = median(walks.map(({ scansMs, keysMs }) => (sum(scansMs) + sum(keysMs)) / 1000));
    yield { name: 'walk-machine', value: machine, unit: 's', budget: { most: 5 } };
    yield { name: 'walk-scan', value: median(walks.flatMap(({ scansMs }) => scansMs)), unit: 'ms' };
    for (const [index, { key }] of KEYS.entries()) {
      const name = `walk-${key.toLowerCase()}`;
      yield { name, value: median(walks.map(({ keysMs }) => keysMs[index] ?? 0)), unit: 'ms' };
    }
    yield { note: `${CODES.length} items; keys beside the scanner: ${KEYS.map(({ key }) => key).join(' ')}` };
  } finally {
    await browser.close();
    await shop.value.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

/** Milliseconds from each key until what it brings is to be seen. */
async function walk(page: Page): Promise<Walk> {
  const waited = async (work: () => Promise<void>): Promise<number> => {
    const startMs = performance.now();
    await work();
    return performance.now() - startMs;
  };
  const [scansMs, keysMs]: [number[], number[]] = [[], []];
  for (const [index, code] of CODES.entries()) {
    await page.keyboard.type(code);
    const scanMs = await waited(async () => {
      await page.keyboard.press('Enter');
      await page.getByTestId(`line-${index + 1}`).waitFor();
    });
    scansMs.push(scanMs);
  }
  for (const { key, shows } of KEYS) {
    const keyMs = await waited(async () => {
      await page.keyboard.press(key);
      await page.getByTestId(shows).first().waitFor();
      if (key === 'F10') await page.getByTestId('line-1').waitFor({ state: 'detached' });
    });
    keysMs.push(keyMs);
  }
  return { scansMs, keysMs };
}
