import { describe, expect, test } from 'vitest';
import { item, type LineText, refusalOf, splitOf } from './split-of.ts';

// C6: students and children 650, 300, none; 50, 60, 65 %; to 180,000. Aged 70 and over the same, to 100,000.
// Others 659, 300, none; 50, 55, 60 %; to 100,000. Later stays: none, or the difference in a higher level.

const student = { scheme: 'resident', group: 'student', age: 12 };
const child = { scheme: 'resident', group: 'child', age: 3 };
const aged = (age: number) => ({ scheme: 'resident', group: 'resident', age });

function stay(
  person: Readonly<Record<string, unknown>>,
  level: string,
  lines: string | readonly LineText[],
  more: Readonly<Record<string, unknown>> = {},
) {
  return {
    visitKind: 'inpatient',
    institution: { level, kind: 'hospital' },
    person,
    lines: typeof lines === 'string' ? [item('treatment', lines)] : lines,
    ...more,
  };
}

describe('C6 urban residents, inpatient', () => {
  test.each([
    ['student, third: (1,650 − 650) × 50 %', student, 'third', '1650.00', '650.00', '500.00'],
    ['student, third, exactly 650', student, 'third', '650.00', '650.00', '0.00'],
    ['student, third, one fen above: 0.005, half up', student, 'third', '650.01', '650.00', '0.01'],
    ['student, third, one fen below', student, 'third', '649.99', '649.99', '0.00'],
    ['student, second: (1,300 − 300) × 60 %', student, 'second', '1300.00', '300.00', '600.00'],
    ['student, first: 1,000 × 65 %', student, 'first', '1000.00', '0.00', '650.00'],
    ['child, third', child, 'third', '1650.00', '650.00', '500.00'],
    ['child, second', child, 'second', '1300.00', '300.00', '600.00'],
    ['child, first', child, 'first', '1000.00', '0.00', '650.00'],
    ['aged exactly 70, third: (1,650 − 650) × 50 %', aged(70), 'third', '1650.00', '650.00', '500.00'],
    ['aged 70, second: 1,000 × 60 %', aged(70), 'second', '1300.00', '300.00', '600.00'],
    ['aged 70, first: 65 %', aged(70), 'first', '1000.00', '0.00', '650.00'],
    ['aged 69, third, K2: (1,650 − 659) × 50 % = 495.50', aged(69), 'third', '1650.00', '659.00', '495.50'],
    ['aged 69, third, exactly 659', aged(69), 'third', '659.00', '659.00', '0.00'],
    ['aged 69, third, one fen above 659', aged(69), 'third', '659.01', '659.00', '0.01'],
    ['aged 69, second: (1,300 − 300) × 55 %', aged(69), 'second', '1300.00', '300.00', '550.00'],
    ['aged 69, second, exactly 300', aged(69), 'second', '300.00', '300.00', '0.00'],
    ['aged 69, first: 1,000 × 60 %', aged(69), 'first', '1000.00', '0.00', '600.00'],
    ['a township centre counts as first', aged(40), 'township', '1000.00', '0.00', '600.00'],
    ['a community centre counts as first', student, 'community', '1000.00', '0.00', '650.00'],
    ['a village clinic counts as first', aged(75), 'village', '1000.00', '0.00', '650.00'],
    ['nothing', aged(40), 'third', '0.00', '0.00', '0.00'],
  ])('first stay, %s', (_, person, level, total, deductible, basic) => {
    expect(splitOf('c6', stay(person, level, total))).toMatchObject({ deductible, funds: { basic } });
  });

  test.each([
    [
      'the same level again',
      aged(40),
      'third',
      { stays: 1, highestLevel: 'third' },
      '1000.00',
      '0.00',
      '500.00',
    ],
    ['no level named is this level', aged(40), 'third', { stays: 1 }, '1000.00', '0.00', '500.00'],
    ['the third stay', aged(40), 'second', { stays: 2, highestLevel: 'third' }, '1000.00', '0.00', '550.00'],
    [
      'second to third: 659 − 300 = 359',
      aged(69),
      'third',
      { stays: 1, highestLevel: 'second' },
      '1359.00',
      '359.00',
      '500.00',
    ],
    [
      'second to third, student: 350',
      student,
      'third',
      { stays: 1, highestLevel: 'second' },
      '1350.00',
      '350.00',
      '500.00',
    ],
    [
      'second to third, aged 70: 350',
      aged(70),
      'third',
      { stays: 1, highestLevel: 'second' },
      '1350.00',
      '350.00',
      '500.00',
    ],
    [
      'first to third: 659 − 0',
      aged(40),
      'third',
      { stays: 1, highestLevel: 'first' },
      '1659.00',
      '659.00',
      '500.00',
    ],
    [
      'township to second: 300 − 0',
      aged(40),
      'second',
      { stays: 1, highestLevel: 'township' },
      '1300.00',
      '300.00',
      '550.00',
    ],
    [
      'township to community: both first',
      aged(40),
      'community',
      { stays: 1, highestLevel: 'township' },
      '1000.00',
      '0.00',
      '600.00',
    ],
    [
      'third to second goes down',
      aged(40),
      'second',
      { stays: 1, highestLevel: 'third' },
      '1000.00',
      '0.00',
      '550.00',
    ],
  ])('later stay, %s', (_, person, level, used, total, deductible, basic) => {
    expect(splitOf('c6', stay(person, level, total, { usedThisYear: used }))).toMatchObject({
      ...{ deductible, funds: { basic } },
    });
  });

  test.each([
    [
      'resident, 99,000 counted: 1,000 of 2,000 counts, × 50 %',
      aged(40),
      'third',
      '99000.00',
      '500.00',
      '1500.00',
    ],
    ['aged 70, the same ceiling', aged(70), 'third', '99000.00', '500.00', '1500.00'],
    ['resident, reached exactly', aged(40), 'third', '98000.00', '1000.00', '1000.00'],
    ['resident, one fen left: 0.005, half up', aged(40), 'third', '99999.99', '0.01', '1999.99'],
    ['resident, nothing left', aged(40), 'third', '100000.00', '0.00', '2000.00'],
    ['student at 100,000 goes on: 2,000 × 50 %', student, 'third', '100000.00', '1000.00', '1000.00'],
    ['student, 179,000 counted: 1,000 × 65 %', student, 'first', '179000.00', '650.00', '1350.00'],
    ['student, nothing left', student, 'first', '180000.00', '0.00', '2000.00'],
  ])('the ceiling limits what counts, stay of 2,000: %s', (_, person, level, counted, basic, own) => {
    const more = { usedThisYear: { counted, stays: 1 } };
    expect(splitOf('c6', stay(person, level, '2000.00', more))).toMatchObject({ funds: { basic }, own });
  });

  // A first stay of 2,000: third (2,000 − 650) × 50 % = 675, second 1,700 × 60 % = 1,020, else 2,000 × 65 % = 1,300;
  // others (2,000 − 659) × 50 % = 670.50, 1,700 × 55 % = 935, 2,000 × 60 % = 1,200.
  const firstLevels = ['village', 'township', 'community', 'first'];
  test.each([
    ['student', student, '675.00', '1020.00', '1300.00'],
    ['child', child, '675.00', '1020.00', '1300.00'],
    ['aged 69', aged(69), '670.50', '935.00', '1200.00'],
    ['aged 70', aged(70), '675.00', '1020.00', '1300.00'],
    ['aged 71', aged(71), '675.00', '1020.00', '1300.00'],
    ['aged 20', aged(20), '670.50', '935.00', '1200.00'],
    ['a student of 70 stays a student', { ...student, age: 70 }, '675.00', '1020.00', '1300.00'],
  ])('every level, %s', (_, person, third, second, first) => {
    const paid = (level: string) => splitOf('c6', stay(person, level, '2000.00')).fundTotal;
    expect([paid('third'), paid('second'), ...firstLevels.map(paid)]).toEqual([
      ...[third, second],
      ...firstLevels.map(() => first),
    ]);
  });

  // First level, later stay: one fen that counts pays 0.006 or 0.0065, half up 0.01.
  test.each([
    ['student', student, '180000.00', '179999.99'],
    ['child', child, '180000.00', '179999.99'],
    ['aged 69', aged(69), '100000.00', '99999.99'],
    ['aged 70', aged(70), '100000.00', '99999.99'],
    ['aged 71', aged(71), '100000.00', '99999.99'],
  ])('the last fen below the ceiling counts, the next does not: %s', (_, person, full, nearly) => {
    const paid = (counted: string) =>
      splitOf('c6', stay(person, 'first', '500.00', { usedThisYear: { counted, stays: 1 } })).fundTotal;
    expect([paid(full), paid(nearly)]).toEqual(['0.00', '0.01']);
  });

  test('one stay beyond the ceiling: (100,000 − 659) × 50 % = 49,670.50, and no more for more', () => {
    expect(splitOf('c6', stay(aged(40), 'third', '100000.00'))).toMatchObject({ fundTotal: '49670.50' });
    expect(splitOf('c6', stay(aged(40), 'third', '150000.00'))).toMatchObject({
      ...{ inScope: '150000.00', fundTotal: '49670.50', own: '100329.50' },
    });
    // (180,000 − 650) × 50 %.
    expect(splitOf('c6', stay(student, 'third', '200000.00'))).toMatchObject({ fundTotal: '89675.00' });
  });

  test('several categories and classes: 900 of B and 600 of A less 659, × 50 % = 420.50', () => {
    const lines = [
      item('operation', '1000.00', { class: 'B', firstSelfPayRatio: '0.1' }),
      item('drug', '600.00'),
      item('material', '80.00', { class: 'C' }),
    ];
    expect(splitOf('c6', stay(aged(40), 'third', lines))).toMatchObject({
      ...{
        firstSelfPay: '100.00',
        outOfScope: '80.00',
        inScope: '1500.00',
        fundTotal: '420.50',
        own: '1259.50',
      },
    });
  });

  test('part of a stay comes back: 1,300 paid 550, the other 1,000 pay 700 × 55 % = 385', () => {
    const lines = [item('treatment', '1300.00', { quantity: '13' })];
    const more = { refund: [{ index: 0, quantity: '3' }] };
    expect(splitOf('c6', stay(aged(40), 'second', lines, more))).toMatchObject({
      ...{ total: '-300.00', deductible: '0.00', fundTotal: '-165.00', own: '-135.00' },
    });
  });

  test('employees, working people and outpatient visits have no rule', () => {
    expect(refusalOf('c6', stay({ ...student, scheme: 'employee' }, 'third', '900'))).toBe(
      'policy-not-applicable',
    );
    expect(refusalOf('c6', stay({ ...student, group: 'active' }, 'third', '900'))).toBe(
      'policy-not-applicable',
    );
    expect(refusalOf('c6', stay(student, 'third', '900', { visitKind: 'outpatient' }))).toBe(
      'policy-not-applicable',
    );
  });
});
