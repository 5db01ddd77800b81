import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { comparePictures, readPng } from './compare.ts';
import { palettePng } from './palette-png.ts';
import { sample } from './sample.ts';
import { scenes } from './scenes.ts';
import { SIZES, type Size, shoot } from './shoot.ts';
import { Theatre } from './stage.ts';

const REVIEWED = fileURLToPath(new URL('reviewed', import.meta.url));
const TAKEN = join(tmpdir(), 'guitai-pictures');
/** Set by `node tools/take-pictures.js`: `all`, or names of scenes. */
const RENEWED = process.env['GUITAI_RENEW_PICTURES'];
const MOST_BYTES = 60_000;

let theatre: Theatre;
beforeAll(async () => {
  theatre = await Theatre.open();
});
afterAll(() => theatre?.close());

const fileOf = (name: string, { width, height }: Size) => `${name}-${width}x${height}.png`;
const isRenewed = (name: string) => RENEWED === 'all' || RENEWED?.split(',').includes(name) === true;
const reviewed = (file: string) => readPng(readFileSync(join(REVIEWED, file)));

/** Compares, and keeps what was seen instead for whoever looks into it. */
async function looksAsReviewed(name: string, size: Size): Promise<string | undefined> {
  const file = fileOf(name, size);
  const shot = await shoot(theatre, size);
  if (isRenewed(name)) {
    mkdirSync(REVIEWED, { recursive: true });
    writeFileSync(join(REVIEWED, file), palettePng(readPng(shot)));
    return undefined;
  }
  if (!existsSync(join(REVIEWED, file)))
    return `${file} was never reviewed: node tools/take-pictures.js ${name}`;
  const { same, windows, picture } = comparePictures(reviewed(file), readPng(shot));
  if (same) return undefined;
  mkdirSync(TAKEN, { recursive: true });
  writeFileSync(join(TAKEN, file), shot);
  writeFileSync(join(TAKEN, `difference-${file}`), picture);
  return `${file} differs in ${windows} places, see ${TAKEN}; if it is meant: node tools/take-pictures.js ${name}`;
}

describe('every state of the pages looks as it was reviewed', () => {
  test.each(sample)('$name', async (scene) => {
    await theatre.play(scene);
    for (const size of SIZES) expect(await looksAsReviewed(scene.name, size)).toBeUndefined();
  });

  test('no picture is left over, and none is large', () => {
    const files = readdirSync(REVIEWED);
    const wanted = scenes.flatMap(({ name }) => SIZES.map((size) => fileOf(name, size)));
    expect(files.sort()).toEqual(wanted.sort());
    const large = files.filter((file) => statSync(join(REVIEWED, file)).size > MOST_BYTES);
    expect(large).toEqual([]);
  });
});

describe('the comparison', () => {
  const [size] = SIZES;
  const till = 'till-split';
  const differs = async () =>
    !comparePictures(reviewed(fileOf(till, size)), readPng(await shoot(theatre, size))).same;
  beforeAll(async () => {
    const scene = scenes.find(({ name }) => name === till);
    if (scene !== undefined) await theatre.play(scene);
  });

  /** What a change of the program could do to one element. */
  const changes = [
    ['the amount due is gone', '[data-testid=cash]', 'visibility', 'hidden'],
    ['one payer is gone', '.payer:nth-child(2)', 'visibility', 'hidden'],
    ['a badge is gone', '[data-testid=line-2] .badge', 'visibility', 'hidden'],
    ['a light is gone', '[data-testid=status-agency] .light', 'visibility', 'hidden'],
    ['the total has moved by 6 pixels', '.basket-sum', 'transform', 'translateX(-6px)'],
    ['a swatch of the bar is gone', '.payer .swatch', 'visibility', 'hidden'],
    ['the number of the sale is gone', '[data-testid=sale-number]', 'visibility', 'hidden'],
    ['a column has moved by 6 pixels', '[data-testid=line-amount-1]', 'transform', 'translateX(-6px)'],
    ['the key to press has lost its ground', '[data-testid=primary]', 'background', 'none'],
    ['a warning is as pale as its ground', '[data-testid=line-2] .line-reasons', 'color', '#dddddd'],
  ] as const;
  test.each(changes)('sees that %s', async (_what, selector, property, value) => {
    const change = ([where, name, to]: readonly [string, string, string]) => {
      const element = document.querySelector<HTMLElement>(where);
      element?.style.setProperty(name, to);
      return element !== null;
    };
    expect(await theatre.page.evaluate(change, [selector, property, value] as const)).toBe(true);
    expect(await differs()).toBe(true);
    await theatre.page.evaluate(change, [selector, property, ''] as const);
    expect(await differs()).toBe(false);
  });

  test('does not see how letters are drawn: half a pixel further on, a little bolder, a little wider', async () => {
    for (const [name, value] of [
      ['transform', 'translate(0.4px, 0.4px)'],
      ['-webkit-text-stroke', '0.25px'],
      ['letter-spacing', '0.01px'],
    ] as const) {
      const drawn = ([property, to]: readonly [string, string]) =>
        document.querySelector<HTMLElement>('.till')?.style.setProperty(property, to);
      await theatre.page.evaluate(drawn, [name, value] as const);
      expect([name, await differs()]).toEqual([name, false]);
      await theatre.page.evaluate(drawn, [name, ''] as const);
    }
  });
});
