import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyScan, hasCheckDigit, type ScanCode } from '#core/scan-code';

const certificatePattern = /^28[0-9A-Za-z]{14,100}$/u;
const GS = '\u001d';

function found(text: string): ScanCode {
  const result = classifyScan(text, { certificatePattern });
  if (!result.ok) throw new Error(`${result.error.code} ${result.error.detail}`);
  return result.value;
}

function refused(text: string): [string, string | undefined] {
  const result = classifyScan(text, { certificatePattern });
  if (result.ok) throw new Error(`it is a ${result.value.kind}`);
  return [result.error.code, result.error.detail];
}

describe('kinds of scanned texts', () => {
  const cases: [string, string, ScanCode['kind'], string][] = [
    ['EAN-13', '6901234567892', 'ean-13', '6901234567892'],
    ['UPC-A as EAN-13', '036000291452', 'ean-13', '0036000291452'],
    ['EAN-8', '96385074', 'ean-8', '96385074'],
    ['本位码', '86900011000603', 'drug-standard', '86900011000603'],
    ['trace code', '81234567890123456789', 'trace', '81234567890123456789'],
    [
      'western drug of the national catalogue',
      'XJ01CAA040E001010100000',
      'national',
      'XJ01CAA040E001010100000',
    ],
    ['the same in small letters', 'xj01caa040e001010100000', 'national', 'XJ01CAA040E001010100000'],
    ['patent medicine', 'ZA01AAA0001010100001', 'national', 'ZA01AAA0001010100001'],
    ['herbal piece', 'T001700368', 'national', 'T001700368'],
    ['consumable', 'C0706011440600324295', 'national', 'C0706011440600324295'],
    ['electronic certificate', '28AB34567890CDEF1234', 'certificate', '28AB34567890CDEF1234'],
    ['shop code', 'G0001', 'shop', 'G0001'],
    ['shop code in Chinese', '甘草片01', 'shop', '甘草片01'],
    ['carton number', '16901234567899', 'gs1', '16901234567899'],
  ];
  test.each(cases)('%s %s', (_name, text, kind, code) => {
    expect(found(text)).toMatchObject({ kind, code });
  });

  test('the first seven digits of a trace code name the drug', () => {
    expect(found('81234567890123456789')).toMatchObject({ drug: '8123456' });
  });

  test('a trace code inside a link is found, a link without goods is refused with a code', () => {
    const link = 'https://trace.example/app?code=81234567890123456789&from=box';
    expect(found(link)).toMatchObject({ kind: 'trace', code: '81234567890123456789', text: link });
    expect(refused('https://shop.example/join?id=8123')).toEqual(['scan-not-goods', 'link']);
    expect(refused('x'.repeat(65))[0]).toBe('scan-not-goods');
  });
});

describe('GS1', () => {
  const whole = { kind: 'gs1', gtin: '06901234567892', code: '6901234567892' };
  test.each([
    ['with its symbology and FNC1', `]d2010690123456789217280630101B7${GS}21S-9`],
    ['with FNC1 first', `${GS}010690123456789217280630101B7${GS}21S-9`.replace('101B7', '101B7')],
    ['as a bare text', `010690123456789217280630101B7${GS}21S-9`],
    ['as printed', '(01)06901234567892(17)280630(10)1B7(21)S-9'],
    ['as a digital link', 'https://id.example/01/06901234567892/10/1B7/21/S-9?17=280630'],
  ])('%s', (_name, text) => {
    expect(found(text)).toMatchObject({ ...whole, batch: '1B7', serial: 'S-9', expiry: '2028-06-30' });
  });

  test('a serial of twenty digits is the trace code', () => {
    expect(found(']d20106901234567892' + '2181234567890123456789')).toMatchObject({
      ...whole,
      trace: '81234567890123456789',
    });
  });

  test('day 00 is the last of its month; a day that is none is left out', () => {
    expect(found('(01)06901234567892(17)280200')).toMatchObject({ expiry: '2028-02-29' });
    expect(found('(01)06901234567892(17)280230')).not.toHaveProperty('expiry');
    expect(found('(01)06901234567892(17)281301')).not.toHaveProperty('expiry');
  });

  test('values of other identifiers are stepped over', () => {
    expect(found(`]d20106901234567892310100012010B${GS}240X${GS}21S`)).toMatchObject({
      batch: 'B',
      serial: 'S',
    });
  });

  test('a GTIN with a wrong check digit is named', () => {
    expect(refused('(01)06901234567893(10)B')).toEqual(['scan-check-digit', 'gtin-14']);
  });
});

describe('what scanners add and what goes wrong', () => {
  test.each([
    ['an AIM prefix', ']E06901234567892'],
    ['line ends', '6901234567892\r\n'],
    ['STX and ETX', '\u00026901234567892\u0003'],
    ['a byte order mark and blanks', '\ufeff 6901234567892 '],
    ['full-width digits of an input method', '６９０１２３４５６７８９２'],
    ['the same twice', '69012345678926901234567892'],
    ['the same twice with prefix', ']E06901234567892]E06901234567892'],
    ['the same twice with a line end between', '6901234567892\r6901234567892\r'],
  ])('%s is taken off', (_name, text) => {
    expect(found(text)).toMatchObject({ kind: 'ean-13', code: '6901234567892', text: '6901234567892' });
  });

  test('a doubled in-store number is not taken for a certificate', () => {
    expect(found('2812345678909' + '2812345678909')).toMatchObject({ kind: 'ean-13', code: '2812345678909' });
  });

  test('a shop code of two equal parts stays whole, and so does a trace code', () => {
    expect(found('AB12CD34AB12CD34')).toMatchObject({ kind: 'shop', code: 'AB12CD34AB12CD34' });
    expect(found('81234567898123456789')).toMatchObject({ kind: 'trace', code: '81234567898123456789' });
  });

  test('wrong check digits are named with their kind', () => {
    expect(refused('6901234567893')).toEqual(['scan-check-digit', 'ean-13']);
    expect(refused(']E06901234567893')).toEqual(['scan-check-digit', 'ean-13']);
    expect(refused('86900011000604')).toEqual(['scan-check-digit', 'drug-standard']);
    expect(refused(']E496385075')).toEqual(['scan-check-digit', 'ean-8']);
    expect(refused(']I116901234567890')).toEqual(['scan-check-digit', 'gtin-14']);
  });

  test('eight and twelve digits may be a shop code: it is said what else they look like', () => {
    expect(found('96385075')).toMatchObject({ kind: 'shop', code: '96385075', suspect: 'ean-8' });
    expect(found('036000291453')).toMatchObject({ kind: 'shop', suspect: 'ean-13' });
  });

  test('nothing, blanks and too much are refused with a code', () => {
    for (const text of ['', ' \r\n', '\u0000\u0001', '\ufffd'])
      expect(refused(text)[0]).toBe('scan-unreadable');
    expect(refused('1'.repeat(513))).toEqual(['scan-unreadable', '513 characters']);
  });

  test('a pattern that remembers its place finds the same each time', () => {
    const sticky = /^28[0-9A-Z]{14,}$/g;
    for (let round = 0; round < 3; round += 1) {
      const result = classifyScan('28AB34567890CDEF1234', { certificatePattern: sticky });
      expect(result.ok && result.value.kind).toBe('certificate');
    }
  });
});

describe('any text', () => {
  const seed = Number(process.env['GUITAI_SEED'] ?? Date.now() % 1_000_000);
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.stringMatching(/^[0-9]{0,26}$/),
    fc.constantFrom(
      ']d2',
      ']E0',
      GS,
      '01',
      '(01)',
      '17',
      'https://a.example/01/',
      '28',
      '86',
      '\r',
      '%E0%',
      '21',
    ),
  );
  const texts = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(''));

  test(`gets an answer with a code or a kind and never throws (seed ${seed})`, () => {
    fc.assert(
      fc.property(texts, (text) => {
        const result = classifyScan(text, { certificatePattern });
        if (!result.ok) {
          expect(result.error.nextZh).not.toBe('');
          return;
        }
        const { kind, code } = result.value;
        expect(code.length).toBeGreaterThan(0);
        expect(code).not.toMatch(/\p{Cc}/u);
        if (kind === 'ean-13' || kind === 'ean-8' || kind === 'drug-standard') {
          expect(hasCheckDigit(code)).toBe(true);
        }
      }),
      { numRuns: 3_000, seed },
    );
  });

  test(`any one wrong digit of a thirteen-digit number is found (seed ${seed})`, () => {
    const digit = fc.integer({ min: 0, max: 9 });
    const numbers = fc.array(digit, { minLength: 12, maxLength: 12 }).map((digits) => withCheckDigit(digits));
    fc.assert(
      fc.property(numbers, fc.nat(12), fc.integer({ min: 1, max: 9 }), (good, place, step) => {
        expect(found(good)).toMatchObject({ kind: 'ean-13', code: good });
        const bad = [...good].map((sign, index) => (index === place ? (Number(sign) + step) % 10 : sign));
        expect(refused(bad.join(''))).toEqual(['scan-check-digit', 'ean-13']);
      }),
      { numRuns: 500, seed },
    );
  });
});

function withCheckDigit(digits: readonly number[]): string {
  for (let last = 0; last < 10; last += 1) {
    const whole = `${digits.join('')}${last}`;
    if (hasCheckDigit(whole)) return whole;
  }
  throw new Error('one of ten digits fits');
}
