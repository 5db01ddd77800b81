import { describe, expect, test } from 'vitest';
import { formatMoney } from '#core/money';
import { plainProfile } from '#core/printer-profile';
import { slipBytes } from '#receipts/escpos';
import { slipPreview } from '#receipts/preview';
import { chineseFont, systemGlyphs } from './fonts.ts';
import { readForm } from './form-reader.ts';
import { everyPaper, paperAmounts } from './sample-papers.ts';
import { sampleDocument, sampleSale, sampleSettlement } from './sample-slips.ts';

const paper = { columns: 84, profile: plainProfile(84) } as const;
/** A5 across at 180 dots to the inch, less a third of an inch that a form printer cannot reach; 7 inches wide. */
const HEIGHT_AT_MOST = 988;
const DOTS_AT_MOST = 1_260;

describe.each(everyPaper)('on a form of A5 the paper %s', (name, document) => {
  const read = readForm(slipBytes(document, paper));

  test('reads back whole, inside the edges, and as it looks on screen', async () => {
    expect(read.problems).toEqual([]);
    expect(read.widestDots).toBeLessThanOrEqual(DOTS_AT_MOST);
    expect(read.tallestDots).toBeLessThanOrEqual(HEIGHT_AT_MOST);
    const text = read.pages.flat().join('\n');
    for (const amount of paperAmounts(document)) expect(text).toContain(formatMoney(amount));
    const plain = (lines: readonly string[]) =>
      lines.map((line) => line.trim()).filter((line) => line !== '' && !/^(第 \d+ 页|\[)/.test(line));
    const preview = slipPreview(document, paper);
    expect(plain(read.pages.flat())).toEqual(plain(preview.text.split('\n')));
    await expect(`${preview.text}\n`).toMatchFileSnapshot(`../golden/slips/${name}-a5.txt`);
    await expect(`${preview.svg}\n`).toMatchFileSnapshot(`../golden/slips/${name}-a5.svg.txt`);
  });
});

test('a long slip goes on a second page that says so', () => {
  const lines = Array.from({ length: 12 }, (_, index) => ({
    ...(sampleSale.lines[index % 4] ?? expect.unreachable('four lines')),
    lineNumber: index + 1,
  }));
  const long = sampleDocument('own-pay', { sale: { ...sampleSale, mode: 'own-pay', lines } });
  const { pages } = readForm(slipBytes(long, paper));
  expect(pages.length).toBeGreaterThan(1);
  for (const [index, page] of pages.entries())
    expect(page[0]).toBe(`第 ${index + 1} 页 共 ${pages.length} 页`);
});

test('a rare character of a name is drawn in its line', () => {
  const holder = sampleSale.holder ?? expect.unreachable('a holder');
  const document = sampleDocument('settlement', {
    sale: { ...sampleSale, holder: { ...holder, name: '𠮷试样' } },
    settlement: sampleSettlement,
  });
  const read = readForm(slipBytes(document, { ...paper, glyphs: systemGlyphs(chineseFont) }));
  expect(read.problems).toEqual([]);
  expect(read.pages.flat().some((line) => line.startsWith('姓名 \uFFFC**'))).toBe(true);
});
