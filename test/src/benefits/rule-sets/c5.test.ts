import { describe, expect, test } from 'vitest';
import { yuan } from '#core/money';
import { documentOf, item, type LineText, refusalOf, splitOf } from './split-of.ts';

// C5: claimable cost of the year 5,000 to 10,000 at 65 %, to 18,000 at 70 %, nothing above; at most 11,000 a year.

const person = { scheme: 'rural', group: 'resident', age: 45 };

function stay(lines: string | readonly LineText[], more: Readonly<Record<string, unknown>> = {}) {
  return {
    visitKind: 'inpatient',
    institution: { level: 'third', kind: 'hospital' },
    person,
    lines: typeof lines === 'string' ? [item('treatment', lines)] : lines,
    ...more,
  };
}

describe('C5 rural cooperative, serious illness', () => {
  test.each([
    ['exactly 5,000', '5000.00', '0.00', '5000.00'],
    ['one fen above: 0.01 × 65 % = 0.0065, half up', '5000.01', '0.01', '5000.00'],
    ['the text’s first yuan, 5,001: 65 %', '5001.00', '0.65', '5000.35'],
    ['the edge 10,000: 5,000 × 65 %', '10000.00', '3250.00', '6750.00'],
    ['one fen beyond: 3,250 + 0.007, half up', '10000.01', '3250.01', '6750.00'],
    ['12,000: 3,250 + 2,000 × 70 %', '12000.00', '4650.00', '7350.00'],
    ['the edge 18,000: 3,250 + 8,000 × 70 %', '18000.00', '8850.00', '9150.00'],
    ['one fen above 18,000 pays nothing more', '18000.01', '8850.00', '9150.01'],
    ['30,000 pays nothing more', '30000.00', '8850.00', '21150.00'],
    ['nothing', '0.00', '0.00', '0.00'],
  ])('one stay of the year: %s', (_, total, paid, own) => {
    expect(splitOf('c5', stay(total))).toMatchObject({
      ...{ funds: { basic: '0.00', seriousIllness: paid, assistance: '0.00' }, fundTotal: paid, own },
    });
  });

  test.each([
    ['4,000 and 3,000 make 7,000: 2,000 × 65 %', '4000.00', '0.00', '3000.00', '1300.00'],
    ['2,000 and 3,000 make exactly 5,000', '2000.00', '0.00', '3000.00', '0.00'],
    ['8,000 and 4,000 make 12,000: 4,650 less the 1,950 paid', '8000.00', '1950.00', '4000.00', '2700.00'],
    ['more was paid than the bands gave: 4,650 − 3,000', '8000.00', '3000.00', '4000.00', '1650.00'],
    ['much more was paid: never below zero', '8000.00', '9000.00', '4000.00', '0.00'],
    [
      '16,000 and 5,000: 8,850 less 7,450, the rest lies above 18,000',
      '16000.00',
      '7450.00',
      '5000.00',
      '1400.00',
    ],
    ['all bands used', '18000.00', '8850.00', '1000.00', '0.00'],
  ])('on top of the year: %s', (_, counted, seriousIllness, total, paid) => {
    const more = { usedThisYear: { counted, byLayer: { seriousIllness } } };
    expect(splitOf('c5', stay(total, more))).toMatchObject({ funds: { seriousIllness: paid } });
  });

  test('the yearly limit: the bands end at 8,850 and never reach 11,000; a limit of 4,000 would cut 4,650', () => {
    const shipped = documentOf('c5');
    const withLimit = (limit: string) => ({
      ...shipped,
      steps: shipped.steps.map((step) => {
        if (step.kind !== 'yearly-payment') return step;
        expect(step.entries).toEqual([{ rule: 'C5.2', amount: yuan('11000.00') }]);
        return { ...step, entries: [{ rule: 'C5.2', amount: yuan(limit) }] };
      }),
    });
    expect(splitOf(withLimit('4000.00'), stay('12000.00'))).toMatchObject({ fundTotal: '4000.00' });
    // 8,000 before paid 1,950; 4,000 more would pay 2,700, and 2,050 of the 4,000 are left.
    const more = { usedThisYear: { counted: '8000.00', byLayer: { seriousIllness: '1950.00' } } };
    expect(splitOf(withLimit('4000.00'), stay('4000.00', more))).toMatchObject({ fundTotal: '2050.00' });
  });

  test('what is out of scope is not claimable: 6,000 counts, 1,000 × 65 %', () => {
    const lines = [item('drug', '6000.00'), item('drug', '2000.00', { class: 'C' })];
    expect(splitOf('c5', stay(lines))).toMatchObject({
      inScope: '6000.00',
      fundTotal: '650.00',
      own: '7350.00',
    });
  });

  test('a year’s claimable cost is outpatient too: 9,000 before, a visit of 1,000: 650', () => {
    const more = {
      visitKind: 'outpatient',
      usedThisYear: { counted: '9000.00', byLayer: { seriousIllness: '2600.00' } },
    };
    expect(splitOf('c5', stay('1000.00', more))).toMatchObject({ funds: { seriousIllness: '650.00' } });
  });

  test('part comes back over an edge: 12,000 paid 4,650, the other 8,000 pay 1,950', () => {
    const lines = [item('treatment', '12000.00', { quantity: '12' })];
    expect(splitOf('c5', stay(lines, { refund: [{ index: 0, quantity: '4' }] }))).toMatchObject({
      ...{ total: '-4000.00', funds: { seriousIllness: '-2700.00' }, own: '-1300.00' },
    });
  });

  test('other schemes and pharmacies have no rule', () => {
    expect(refusalOf('c5', stay('9000', { person: { ...person, scheme: 'resident' } }))).toBe(
      'policy-not-applicable',
    );
    expect(refusalOf('c5', stay('9000', { visitKind: 'pharmacy' }))).toBe('policy-not-applicable');
  });
});
