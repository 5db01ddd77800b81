import { describe, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { formatMoney } from '#core/money';
import { checkText } from '#receipts/document';
import { slipBytes } from '#receipts/escpos';
import { isSaleSlip, type PaperDocument } from '#receipts/papers';
import { slipPreview } from '#receipts/preview';
import { VirtualPrinterEngine, type VirtualSlip } from '#simulators/printer/engine';
import { everyPaper, paperAmounts } from './sample-papers.ts';
import { sampleDocument } from './sample-slips.ts';

/** The slip as the virtual printer's own decoder reads it. */
function decoded(bytes: Uint8Array, columns: number): VirtualSlip {
  const engine = new VirtualPrinterEngine({ clock: systemClock, columns });
  engine.connect(() => undefined).receive(bytes);
  const [slip, ...more] = engine.slips();
  expect(more).toEqual([]);
  expect(slip).toBeDefined();
  return slip as VirtualSlip;
}

function hexLines(bytes: Uint8Array): string {
  return `${Buffer.from(bytes)
    .toString('hex')
    .replaceAll(/(.{96})/g, '$1\n')
    .trimEnd()}\n`;
}

/** Every number with two decimals that stands on the paper. */
function amountsOnPaper(text: string): string[] {
  return [...text.matchAll(/(?<![\d.])-?\d+\.\d{2}(?!\d)/g)].map(([amount]) => amount);
}

/** What the QR code of a paper holds. */
function qrOf(document: PaperDocument): (string | undefined)[] {
  if (isSaleSlip(document)) return [checkText(document)];
  return document.kind === 'price-label' ? [document.shopCode] : [];
}

/** Goods whose names and codes must stand on the paper. */
function goodsOf(document: PaperDocument): readonly { genericName: string; nationalCode?: string }[] {
  if ('lines' in document) return document.lines;
  return document.kind === 'price-label' ? [document] : [];
}

describe.each(everyPaper)('the paper %s', (name, document) => {
  describe.each([32, 48] as const)('on %i columns', (columns) => {
    test('has the bytes and the text on file', async () => {
      await expect(hexLines(slipBytes(document, { columns }))).toMatchFileSnapshot(
        `../golden/slips/${name}-${columns}.hex`,
      );
      await expect(`${slipPreview(document, { columns }).text}\n`).toMatchFileSnapshot(
        `../golden/slips/${name}-${columns}.txt`,
      );
      await expect(`${slipPreview(document, { columns }).svg}\n`).toMatchFileSnapshot(
        `../golden/slips/${name}-${columns}.svg.txt`,
      );
    });

    test('reads back on paper to the fen, whole and inside the edges', () => {
      const slip = decoded(slipBytes(document, { columns }), columns);
      expect(slip.problems).toEqual([]);
      const paper = amountsOnPaper(slip.text);
      for (const amount of paperAmounts(document)) expect(paper).toContain(formatMoney(amount));
      for (const line of goodsOf(document)) {
        expect(slip.text.replaceAll(/\s/g, '')).toContain(line.genericName);
        if (line.nationalCode !== undefined) expect(slip.text).toContain(line.nationalCode);
      }
      expect(slip.qrCodes).toEqual(qrOf(document));
    });

    test('looks on screen as on paper', () => {
      const slip = decoded(slipBytes(document, { columns }), columns);
      const preview = slipPreview(document, { columns });
      const withoutQr = preview.text.split('\n').filter((line) => !/^\[(?:GUITAI|S0)/.test(line));
      const squeezed = (text: string) =>
        text
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '');
      expect(squeezed(slip.text)).toEqual(squeezed(withoutQr.join('\n')));
      const glyphs = (svg: string) =>
        [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text).join('');
      expect(glyphs(slip.svg)).toBe(glyphs(preview.svg));
    });
  });

  test('is the same in large print, twice as high', () => {
    const slip = decoded(slipBytes(document, { columns: 32, form: 'large' }), 32);
    expect(slip.problems).toEqual([]);
    const paper = amountsOnPaper(slip.text);
    for (const amount of paperAmounts(document)) expect(paper).toContain(formatMoney(amount));
  });
});

test('the picture needs no style, script or link, so a strict page may show it', () => {
  const { svg } = slipPreview(sampleDocument('settlement'), { columns: 48 });
  expect(svg).not.toMatch(/<style|style=|<script|href|url\(|<foreignObject/i);
});
