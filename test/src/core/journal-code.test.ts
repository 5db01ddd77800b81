import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeFits, journalCode, journalCodeText, parseJournalCode } from '#core/journal-code';

const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const sequence = fc.integer({ min: 1, max: 2_000_000_000 });

describe('the check code of a journal entry', () => {
  test('as printed, in small letters, without dashes and with look-alikes it is read as what it is', () => {
    fc.assert(
      fc.property(sequence, hash, (place, digest) => {
        const code = journalCode(place, digest);
        const printed = journalCodeText(code);
        const typed = [
          printed,
          printed.toLowerCase(),
          printed.replaceAll('-', ''),
          ` ${printed.replaceAll('-', ' ')} `,
          printed.replaceAll('0', 'O').replaceAll('1', 'l'),
        ];
        for (const text of typed) expect(parseJournalCode(text), text).toEqual(code);
        expect(codeFits(code, digest)).toBe(true);
      }),
    );
  });

  test('of another hash does not fit', () => {
    fc.assert(
      fc.property(sequence, hash, hash, (place, one, other) => {
        fc.pre(one.slice(0, 12) !== other.slice(0, 12));
        expect(codeFits(journalCode(place, one), other)).toBe(false);
      }),
    );
  });

  test('with one character or digit mistyped is refused at least nine times in ten', () => {
    const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    let refused = 0;
    let tried = 0;
    fc.assert(
      fc.property(sequence, hash, fc.nat(), fc.nat(31), (place, digest, at, by) => {
        const printed = journalCodeText(journalCode(place, digest)).replaceAll('-', '');
        const index = at % printed.length;
        const wrong = digits.charAt(by);
        fc.pre(wrong !== printed.charAt(index));
        tried += 1;
        const read = parseJournalCode(printed.slice(0, index) + wrong + printed.slice(index + 1));
        if (read === undefined) refused += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(refused / tried).toBeGreaterThan(0.9);
  });

  test.each(['', '1234', 'ABCDE-FGHJK', '12-ABCDE-FGHJU!', '１２-ABCDE-FGHJK'])('%j is none', (text) => {
    expect(parseJournalCode(text)).toBeUndefined();
  });
});
