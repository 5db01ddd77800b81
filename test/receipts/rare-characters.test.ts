import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { type PrinterCharset, plainProfile } from '#core/printer-profile';
import { firstLacking, holdsCharacter } from '#receipts/charset';
import { slipBytes } from '#receipts/escpos';
import { fontGlyphs } from '#receipts/glyphs/font-glyphs';
import { slipPreview } from '#receipts/preview';
import { VirtualPrinterEngine } from '#simulators/printer/engine';
import { chineseFont, fontOf, latinFont, systemGlyphs } from './fonts.ts';
import { sampleDocument, sampleSale, sampleSettlement } from './sample-slips.ts';

const glyphs = systemGlyphs(chineseFont, latinFont);

/** A settlement whose holder bears the name. */
function slipOf(name: string) {
  const holder = sampleSale.holder ?? expect.unreachable('the sample has a holder');
  return sampleDocument('settlement', {
    sale: { ...sampleSale, holder: { ...holder, name } },
    settlement: sampleSettlement,
  });
}

function onPaper(bytes: Uint8Array) {
  const engine = new VirtualPrinterEngine({ clock: systemClock, columns: 48 });
  engine.connect(() => undefined).receive(bytes);
  return engine.slips()[0] ?? expect.unreachable('a slip');
}

function nameRow(text: string): string {
  return text.split('\n').find((line) => line.startsWith('姓名')) ?? '';
}

describe('which characters a font holds', () => {
  test.each([
    ['gb2312', '啊国·×℃阿é', '龘㑇䶮𠮷镕€'],
    ['gbk', '啊国镕龘é', '㑇䶮𠮷ö€'],
    ['gb18030', '啊国镕龘㑇䵞é€', '𠮷𬱖ö\uE000'],
  ] as const)('%s holds %s and lacks %s', (charset, held, lacking) => {
    expect([...held].filter((char) => !holdsCharacter(char, charset))).toEqual([]);
    expect([...lacking].filter((char) => holdsCharacter(char, charset))).toEqual([]);
  });

  test('each charset holds all of the smaller one, and as many ideographs as its standard says', () => {
    const count = (charset: PrinterCharset): number => {
      let held = 0;
      for (let code = 0x4e00; code <= 0x9fff; code += 1)
        if (firstLacking(String.fromCharCode(code), charset) < 0) held += 1;
      return held;
    };
    expect([count('gb2312'), count('gbk'), count('gb18030')]).toEqual([6_763, 20_902, 20_902]);
  });
});

describe('a name that the printer font lacks', () => {
  test.each(['䶮试样', '𠮷试样', '𬱖试样'])('%s is drawn in its line by the font of this machine', (name) => {
    const profile = { ...plainProfile(48), charset: 'gbk' as const };
    const bytes = slipBytes(slipOf(name), { columns: 48, profile, glyphs });
    const slip = onPaper(bytes);
    expect(slip.problems).toEqual([]);
    expect(nameRow(slip.text)).toMatch(/^姓名 \uFFFC\*\* +职工基本医疗保险$/);
    expect(slip.text).not.toContain('?');
    const drawn = Buffer.from(bytes).indexOf(Buffer.from([0x1b, 0x2a, 33, 24, 0]));
    const columns = bytes.subarray(drawn + 5, drawn + 5 + 72);
    const rows = glyphs.glyph([...name][0] ?? '') ?? expect.unreachable('the font has it');
    for (let y = 0; y < 24; y += 1)
      for (let x = 0; x < 24; x += 1) {
        const wanted = ((rows[y * 3 + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1;
        expect(((columns[x * 3 + (y >> 3)] ?? 0) >> (7 - (y & 7))) & 1).toBe(wanted);
      }
  });

  test('is written as its code point where no font of this machine has it, on paper and on screen', () => {
    const none = fontGlyphs([]);
    const slip = onPaper(slipBytes(slipOf('𬱖试样'), { columns: 48, glyphs: none }));
    expect(nameRow(slip.text)).toContain('姓名 〔U+2CC56〕**');
    expect(slip.problems).toEqual([]);
    expect(slipPreview(slipOf('𬱖试样'), { columns: 48, glyphs: none }).text).toContain('〔U+2CC56〕**');
  });

  test('is written as its code point on a printer that refuses pictures', () => {
    const profile = { ...plainProfile(32), bitmap: 'none' as const };
    const slip = onPaper(
      slipBytes(slipOf('䶮试样'), { columns: 32, profile: { ...profile, charset: 'gbk' }, glyphs }),
    );
    expect(nameRow(slip.text)).toContain('〔U+4DAE〕**');
  });

  test('costs nothing where the font holds it: the same bytes as without any font at hand', () => {
    const plain = slipBytes(sampleDocument('settlement'), { columns: 48 });
    expect(slipBytes(sampleDocument('settlement'), { columns: 48, glyphs })).toEqual(plain);
  });
});

test('no character of any text is lost: printed, drawn, or spelled out', () => {
  const name = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 1 })
    .filter((text) => /^\p{L}/u.test(text))
    .map((char) => `${char}试`);
  fc.assert(
    fc.property(name, fc.constantFrom<PrinterCharset>('gb2312', 'gbk', 'gb18030'), (text, charset) => {
      const first = [...text.normalize('NFC')][0] ?? '';
      const profile = { ...plainProfile(48), charset };
      const slip = onPaper(slipBytes(slipOf(text), { columns: 48, profile, glyphs }));
      const said = nameRow(slip.text);
      const code = (first.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      const isThere = said.startsWith(`姓名 ${first}`) || said.startsWith('姓名 \uFFFC');
      expect(isThere || said.startsWith(`姓名 〔U+${code}〕`), `${code} ${said}`).toBe(true);
    }),
    { numRuns: 300 },
  );
});

describe('a damaged font', () => {
  const whole = readFileSync(latinFont);

  test.each([0, 12, 200, 5_000, 60_000])('cut after %i bytes draws nothing and breaks nothing', (length) => {
    expect(fontGlyphs([() => fontOf(whole.subarray(0, length))]).glyph('ö')).toBeUndefined();
  });

  test('with wrong bytes anywhere draws something or nothing, and the next font steps in', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const bytes = Uint8Array.from(whole);
      for (let hit = 0; hit < 40; hit += 1) bytes[(seed * 7_919 + hit * 104_729) % bytes.length] = seed + hit;
      const source = fontGlyphs([() => fontOf(bytes), () => fontOf(whole)]);
      expect(source.glyph('ö')).toBeDefined();
    }
  });
});
