import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foreignTexts, namesIn } from '../helpers/one-language.ts';
import { numberStops, outOfReach, type Stop, smallerThan, stopNow } from './in-page.ts';
import { sample } from './sample.ts';
import { scenes } from './scenes.ts';
import { Theatre } from './stage.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let theatre: Theatre;

beforeAll(async () => {
  theatre = await Theatre.open();
});
afterAll(() => theatre?.close());

/** Every rule of axe, also those that are only good practice. */
async function violations(): Promise<string[]> {
  const { page } = theatre;
  // As a script of the browser, not of the page: its policy stays as strict as it is.
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
      resultTypes: ['violations'],
    }),
  );
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
  );
}

/** What people and things are called at this till, and what somebody typed. */
function names(): string[] {
  const { till } = theatre;
  const told = [
    till.view(),
    till.customer(),
    till.sales(),
    till.operatorRows(),
    till.operators(),
    till.glassRows(),
    till.looks(undefined),
  ];
  const lists = [till.mappings(), till.equivalents(), till.devices(), till.settings(), till.policies()];
  return [...namesIn([...told, ...lists]), '收银员丙', '新员工入职', 'npm start', 'guitai catalog import'];
}

/** The places of one whole round of Tab, beginning with the first. */
async function round(): Promise<{ count: number; stops: Stop[] }> {
  const { page } = theatre;
  const count = await page.evaluate(numberStops);
  const stops: Stop[] = [];
  if (count === 0) return { count, stops };
  // Once round to the first, however far off, and once through all.
  for (let presses = 0; presses < 3 * count + 3 && !isWhole(stops, count); presses += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(stopNow);
    // Tab goes through day, month and year of one date before it leaves.
    const again = stop.isDate && stop.place === stops.at(-1)?.place;
    if (!again) stops.push(stop);
  }
  const start = stops.findIndex(({ place }) => place === 0);
  return { count, stops: stops.slice(Math.max(0, start)) };
}

function isWhole(stops: readonly Stop[], count: number): boolean {
  const start = stops.findIndex(({ place }) => place === 0);
  return start >= 0 && stops.length - start >= count;
}

describe.each(sample)('$name', (scene) => {
  beforeAll(() => theatre.play(scene));

  test('axe finds nothing, no type is under 11 pixels, no text is in the other language, the browser complains of nothing', async () => {
    expect(await violations()).toEqual([]);
    expect(await theatre.page.evaluate(smallerThan, 11)).toEqual([]);
    expect(theatre.complaints()).toEqual([]);
    expect(await foreignTexts(theatre.page, scene.tongue ?? 'zh', names())).toEqual([]);
  });

  test('Tab goes through all in reading order, is always seen and never lost', async () => {
    const { count, stops } = await round();
    expect(stops.map(({ place }) => place)).toEqual(Array.from({ length: count }, (_, place) => place));
    expect(stops.filter(({ ringed }) => !ringed).map(({ what }) => what)).toEqual([]);
    expect(stops.filter(({ where }) => where !== 'inside').map(({ what }) => what)).toEqual([]);
    expect(stops.filter(({ back }) => back).map(({ what }) => what)).toEqual([]);
  });

  test.each([
    { width: 512, height: 384 },
    { width: 960, height: 540 },
  ])('at $width×$height everything can be come at without scrolling sideways', async (size) => {
    await theatre.page.setViewportSize(size);
    expect(await theatre.page.evaluate(outOfReach)).toEqual([]);
  });
});

describe('a dialog that was opened from a button', () => {
  const focused = () => theatre.page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
  const named = (name: string) => {
    const found = scenes.find((scene) => scene.name === name);
    if (found === undefined) throw new Error(`there is no scene ${name}`);
    return found;
  };

  test('gives the focus back to that button on Escape, through a second dialog too', async () => {
    await theatre.play(named('till-selling'));
    const { page } = theatre;
    for (const id of ['key-quantity', 'key-sales', 'key-menu']) {
      await page.getByTestId(id).focus();
      await page.keyboard.press('Enter');
      await page.locator('dialog[open]').waitFor();
      if (id === 'key-menu') {
        await page.getByTestId('menu-devices').press('Enter');
        await page.getByTestId('devices-dialog').waitFor();
      }
      await page.keyboard.press('Escape');
      await page.locator('dialog[open]').waitFor({ state: 'detached' });
      expect(await focused()).toBe(id);
    }
  });

  test('gives it to the scan box when what it was for is done', async () => {
    await theatre.play(named('till-selling'));
    const { page } = theatre;
    await page.getByTestId('key-quantity').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('quantity-dialog').waitFor();
    await page.keyboard.type('3\n');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    expect(await focused()).toBe('scan');
  });
});
