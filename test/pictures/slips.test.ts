import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { plainProfile } from '#core/printer-profile';
import { slipBytes } from '#receipts/escpos';
import type { PaperDocument } from '#receipts/papers';
import { slipPreview } from '#receipts/preview';
import { VirtualPrinterEngine } from '#simulators/printer/engine';
import { startBrowser } from '../helpers/with-page.ts';
import { everyPaper } from '../receipts/sample-papers.ts';
import { comparePictures, readPng } from './compare.ts';
import { type Picture, palettePng } from './palette-png.ts';

const GOLDEN = fileURLToPath(new URL('../golden/slips', import.meta.url));
const TAKEN = join(tmpdir(), 'guitai-pictures');
/** Set by `node tools/take-pictures.js`: `all`, or names, here such as `settlement-48`. */
const RENEWED = process.env['GUITAI_RENEW_PICTURES'];
const MOST_BYTES = 48_000;
/** Half of the printer's dots: enough to read every sign, and small to keep. */
const SCALE = 0.5;
/** Below the last line: the preview ends there, the printer feeds the paper out to its knife. */
const TAIL = 24;

const PAPERS = [
  { width: '32', paper: { columns: 32 } },
  { width: '48', paper: { columns: 48 } },
  { width: 'a5', paper: { columns: 84, profile: plainProfile(84) } },
] as const;
const all = everyPaper.flatMap(([name, document]) =>
  PAPERS.map(({ width, paper }) => ({ file: `${name}-${width}`, document, paper })),
);

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await startBrowser();
  page = await browser.newPage();
});
afterAll(() => browser?.close());

/** The picture as the browser draws it, with the fonts of this machine. */
async function drawn(svg: string): Promise<Buffer> {
  const [width = 0, height = 0] = (/width="(\d+)" height="(\d+)"/.exec(svg) ?? [])
    .slice(1)
    .map((dots) => Math.round(Number(dots) * SCALE));
  await page.setViewportSize({ width, height });
  const source = Buffer.from(svg).toString('base64');
  await page.setContent(
    `<body style="margin:0"><img width="${width}" height="${height}" src="data:image/svg+xml;base64,${source}">`,
  );
  await page.locator('img').evaluate((image: HTMLImageElement) => image.decode());
  return page.screenshot();
}

/** What the paper shows when another program than ours has read the bytes. */
function printed(document: PaperDocument, columns: 32 | 48): string {
  const engine = new VirtualPrinterEngine({ clock: systemClock, columns });
  engine.connect(() => undefined).receive(slipBytes(document, { columns }));
  return engine.slips()[0]?.svg ?? '';
}

/** What stands above the given row. */
function above({ width, data }: Picture, height: number): Picture {
  return { width, height, data: data.subarray(0, width * height * 4) };
}

/** The row to which preview and paper are the same: the printer feeds a line below the QR code, and paper to its knife. */
function sameUpTo(svg: string): number {
  const qr = /translate\([\d.]+ (\d+)\) scale\(\d+\)" shape-rendering/.exec(svg)?.[1];
  const height = /height="(\d+)"/.exec(svg)?.[1];
  return Math.floor(qr === undefined ? Number(height) * SCALE - TAIL : Number(qr) * SCALE);
}

/** The differences from the golden picture, in words; as far down as asked. */
function looksAsGolden(file: string, taken: Buffer, upTo?: number): string | undefined {
  const golden = join(GOLDEN, `${file}.png`);
  if (!existsSync(golden)) return `${file} was never reviewed: node tools/take-pictures.js ${file}`;
  const [reviewed, now] = [readPng(readFileSync(golden)), readPng(taken)];
  const pair =
    upTo === undefined ? ([reviewed, now] as const) : ([above(reviewed, upTo), above(now, upTo)] as const);
  const { same, windows, picture } = comparePictures(...pair);
  if (same) return undefined;
  mkdirSync(TAKEN, { recursive: true });
  writeFileSync(join(TAKEN, `${file}.png`), taken);
  writeFileSync(join(TAKEN, `difference-${file}.png`), picture);
  return `${file} differs in ${windows} places, see ${TAKEN}; if it is meant: node tools/take-pictures.js ${file}`;
}

describe('every paper looks as it was reviewed', () => {
  test.each(all)('$file', async ({ file, document, paper }) => {
    const { svg } = slipPreview(document, paper);
    const taken = await drawn(svg);
    if (RENEWED === 'all' || RENEWED?.split(',').includes(file) === true)
      writeFileSync(join(GOLDEN, `${file}.png`), palettePng(readPng(taken)));
    expect(looksAsGolden(file, taken)).toBeUndefined();
    if (paper.columns === 84) return;
    expect(looksAsGolden(file, await drawn(printed(document, paper.columns)), sameUpTo(svg))).toBeUndefined();
  });

  test('no picture is left over, and none is large', () => {
    const files = readdirSync(GOLDEN).filter((name) => name.endsWith('.png'));
    expect(files.sort()).toEqual(all.map(({ file }) => `${file}.png`).sort());
    expect(files.filter((file) => statSync(join(GOLDEN, file)).size > MOST_BYTES)).toEqual([]);
  });

  test('an amount that changed is seen', async () => {
    const [settlement] = all;
    const { svg } = slipPreview(settlement?.document ?? expect.unreachable('a paper'), PAPERS[0].paper);
    const amounts = svg.match(/\d+\.\d{2}/g) ?? [];
    expect(amounts.length).toBeGreaterThan(5);
    const last = amounts.at(-1) ?? '';
    const changed = svg.replace(
      new RegExp(`${last.replace('.', '\\.')}(?!.*${last})`, 's'),
      `${last.slice(0, -1)}#`,
    );
    expect(looksAsGolden(settlement?.file ?? '', await drawn(changed))).toContain('differs');
  });
});
