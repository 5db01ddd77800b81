import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { VirtualPrinterEngine } from '#simulators/printer/engine';
import { type Token, Tokenizer } from '#simulators/printer/tokenizer';

function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`../../../fixtures/escpos/${name}.bin`, import.meta.url));
}

function printed(bytes: Uint8Array, columns = 48) {
  const engine = new VirtualPrinterEngine({ clock: systemClock, columns });
  const stream = engine.connect(() => undefined);
  stream.receive(bytes);
  stream.end();
  return engine.slips();
}

function tokensOf(...chunks: readonly Uint8Array[]): Token[] {
  const tokenizer = new Tokenizer();
  return [...chunks.flatMap((chunk) => tokenizer.push(chunk)), ...tokenizer.end()];
}

const CHINESE = [0x1b, 0x40, 0x1c, 0x26];
const CUT = [0x1d, 0x56, 0x00];

describe('captures of another program', () => {
  test('the receipt with a logo: picture, text, alignment and one cut', () => {
    const [slip, ...more] = printed(fixture('receipt-with-logo'));
    expect(more).toEqual([]);
    expect(slip?.problems).toEqual([]);
    expect(slip?.text).toContain('ExampleMart Ltd.');
    expect(slip?.text).toMatch(/Total\s+\$ 14\.25/);
    expect(slip?.svg).toMatch(/shape-rendering="crispEdges" d="M/);
  });

  test('every QR code is read back', () => {
    const [slip] = printed(fixture('qr-code'));
    expect(slip?.problems).toEqual([]);
    expect(slip?.qrCodes.slice(0, 4)).toEqual([
      'Testing 123',
      'Testing 123',
      '0123456789012345678901234567890123456789',
      'abcdefghijklmnopqrstuvwxyzabcdefghijklmn',
    ]);
  });

  test('sizes one to eight and margins leave no byte over', () => {
    const [sizes] = printed(fixture('text-size'));
    expect(sizes?.text).toContain('12345678'.slice(0, 4));
    expect(sizes?.problems.filter((problem) => !problem.startsWith('row wider'))).toEqual([]);
    const [margins] = printed(fixture('margins-and-spacing'));
    expect(margins?.problems).toEqual([]);
    expect(margins?.text).toContain('left margin 512');
  });
});

describe('Chinese text', () => {
  const text = Uint8Array.from([...CHINESE, 0xd2, 0xa9, 0x95, 0x32, 0x82, 0x36, 0x41, 0x0a, ...CUT]);

  test('two-byte and four-byte codes are read, in a row with ASCII', () => {
    expect(printed(text)[0]).toMatchObject({ text: '药𠀀A', problems: [] });
  });

  test('without FS & the same bytes come out as code-page characters, as on an export model', () => {
    expect(printed(Uint8Array.from([0x1b, 0x40, ...text.subarray(4)]))[0]?.text).not.toContain('药');
  });

  test('a code cut short or damaged is reported and the rest goes on', () => {
    const bytes = Uint8Array.from([...CHINESE, 0xff, 0x81, 0x20, 0x42, 0x0a, ...CUT]);
    const [slip] = printed(bytes);
    expect(slip?.text).toBe(' B');
    expect(slip?.problems).toHaveLength(2);
  });
});

describe('damage', () => {
  test('a command cut off by the end of the stream is reported, whatever stands before it is kept', () => {
    expect(tokensOf(Uint8Array.of(0x41, 0x1d, 0x28, 0x6b, 0x20))).toEqual([
      { kind: 'char', char: 'A', cells: 1 },
      { kind: 'problem', text: 'stream ended inside a command or character: 4 bytes, 1d286b20' },
    ]);
  });

  test('a command that claims gigabytes is reported and does not swallow the rest', () => {
    const bytes = Uint8Array.of(0x1d, 0x76, 0x30, 0, 0xff, 0xff, 0xff, 0xff, 0x41);
    expect(tokensOf(bytes)[0]).toMatchObject({ kind: 'problem' });
  });

  test('any bytes in any chunks give the same tokens as in one piece, and never throw', () => {
    const stream = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .array(
          fc.constantFrom(0x1b, 0x1d, 0x1c, 0x10, 0x40, 0x26, 0x28, 0x6b, 0x04, 0x00, 0x81, 0x30, 0xd2, 0xa9),
          { maxLength: 200 },
        )
        .map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(stream, fc.nat({ max: 200 }), (bytes, cut) => {
        expect(tokensOf(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(tokensOf(bytes));
        printed(Uint8Array.from([...bytes, 0x0a, ...CUT]));
      }),
      { numRuns: 500 },
    );
  });
});
