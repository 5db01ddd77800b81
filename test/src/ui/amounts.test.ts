import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tenderOf } from '../../../src/ui/dialogs/tender.ts';
import { clockText, fromFen, permille, sumText, timeOf, toFen } from '../../../src/ui/format.ts';

describe('amounts on the page', () => {
  test('text and whole fen are the same amount both ways', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }), (fen) => {
        expect(toFen(fromFen(fen))).toBe(fen);
      }),
    );
  });

  test('what is no amount with at most two decimals is not taken for one', () => {
    for (const text of ['', '.', '1.', '1.234', '1e3', '１２', '1,000', '--1', 'NaN']) {
      expect([text, toFen(text)]).toEqual([text, undefined]);
    }
    expect(toFen(' 12.5 ')).toBe(1250n);
  });

  test('sums that trouble floating numbers are exact', () => {
    expect(sumText('0.10', '0.20')).toBe('0.30');
    expect(sumText('90071992547.41', '0.01')).toBe('90071992547.42');
    expect(permille('0.00', '0.00')).toBe(0);
  });

  test('times are shown in Shanghai whatever way they are written', () => {
    expect(timeOf('2026-03-02 09:30:00')).toBe('09:30');
    expect(timeOf('2026-03-02T01:30:00Z')).toBe('09:30');
    expect(timeOf('unreadable')).toBe('unreadable');
    expect(clockText(0)).toBe('08:00');
  });
});

describe('what is handed over', () => {
  const none = { cash: '', mobile: '', reference: '' };

  test('tendered money minus change is always the sum due, and change never comes from mobile money', () => {
    const fen = fc.bigInt({ min: 0n, max: 1_000_000n });
    fc.assert(
      fc.property(fen, fen, fen, (due, cash, mobile) => {
        const fields = { ...none, cash: fromFen(cash), mobile: fromFen(mobile) };
        const result = tenderOf(fromFen(due), fields);
        if (!result.ok) {
          expect(cash + mobile < due || mobile > due).toBe(true);
          return;
        }
        const given = result.tenders.reduce((sum, { amount }) => sum + (toFen(amount) ?? 0n), 0n);
        const change = toFen(result.change) ?? -1n;
        expect(given - change).toBe(due);
        expect(change <= cash).toBe(true);
      }),
    );
  });

  test('empty fields mean exactly the sum due, in cash; the rest after mobile money too', () => {
    expect(tenderOf('31.80', none)).toEqual({
      ok: true,
      change: '0.00',
      tenders: [{ kind: 'cash', amount: '31.80' }],
    });
    expect(tenderOf('31.80', { cash: '', mobile: '30', reference: ' 8821 ' })).toEqual({
      ok: true,
      change: '0.00',
      tenders: [
        { kind: 'cash', amount: '1.80' },
        { kind: 'mobile', amount: '30.00', reference: '8821' },
      ],
    });
    expect(tenderOf('0.00', none)).toEqual({ ok: true, change: '0.00', tenders: [] });
  });

  test('too little, too much mobile money and unreadable amounts are told apart', () => {
    expect(tenderOf('10.00', { ...none, cash: '9.99' })).toEqual({ ok: false, reason: 'tooLittle' });
    expect(tenderOf('10.00', { ...none, mobile: '10.01' })).toEqual({ ok: false, reason: 'mobileTooMuch' });
    expect(tenderOf('10.00', { ...none, cash: 'ten' })).toEqual({ ok: false, reason: 'notAmount' });
    expect(tenderOf('10.00', { ...none, cash: '-20' })).toEqual({ ok: false, reason: 'notAmount' });
  });
});
