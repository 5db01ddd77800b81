import { describe, expect, test } from 'vitest';
import { item, type LineText, refusalOf, splitOf } from './split-of.ts';

// C2: first stay 1,300, later 650; 85 % to 30,000, 90 % to 40,000, 95 % above; retired own shares × 0.6; 70,000 a year.

const active = { scheme: 'employee', group: 'active', age: 40 };
const retired = { scheme: 'employee', group: 'retired', age: 65 };

function stay(lines: string | readonly LineText[], more: Readonly<Record<string, unknown>> = {}) {
  return {
    visitKind: 'inpatient',
    institution: { level: 'third', kind: 'hospital' },
    person: active,
    lines: typeof lines === 'string' ? [item('treatment', lines)] : lines,
    ...more,
  };
}

describe('C2 Beijing employees, inpatient, tertiary hospital', () => {
  test.each([
    ['one fen below the deductible', '1299.99', '1299.99', '0.00', '1299.99'],
    ['exactly at the deductible', '1300.00', '1300.00', '0.00', '1300.00'],
    ['one fen above: 0.01 × 85 % = 0.0085, half up', '1300.01', '1300.00', '0.01', '1300.00'],
    [
      'the edge 30,000, deductible inside the band: 28,700 × 85 % = 24,395',
      '30000.00',
      '1300.00',
      '24395.00',
      '5605.00',
    ],
    ['one fen beyond: 24,395 + 0.009, half up', '30000.01', '1300.00', '24395.01', '5605.00'],
    ['1,000 in the second band: 24,395 + 900', '31000.00', '1300.00', '25295.00', '5705.00'],
    ['the edge 40,000: 24,395 + 10,000 × 90 %', '40000.00', '1300.00', '33395.00', '6605.00'],
    ['one fen beyond: 33,395 + 0.0095, half up', '40000.01', '1300.00', '33395.01', '6605.00'],
    ['10,000 in the third band: 33,395 + 9,500', '50000.00', '1300.00', '42895.00', '7105.00'],
    ['nothing charged', '0.00', '0.00', '0.00', '0.00'],
  ])('first stay, active: %s', (_, total, deductible, basic, own) => {
    expect(splitOf('c2', stay(total))).toMatchObject({ deductible, funds: { basic }, own });
  });

  test.each([
    ['second', 1, '29350 × 85 %', '24947.50', '5052.50'],
    ['third', 2, '29350 × 85 %', '24947.50', '5052.50'],
  ])('the %s stay of the year: deductible 650, %s', (_, stays, __, basic, own) => {
    expect(splitOf('c2', stay('30000.00', { usedThisYear: { stays } }))).toMatchObject({
      ...{ deductible: '650.00', funds: { basic }, own },
    });
  });

  test('later stays at and beside 650', () => {
    const later = (total: string) => splitOf('c2', stay(total, { usedThisYear: { stays: 1 } }));
    expect(later('650.00')).toMatchObject({ deductible: '650.00', fundTotal: '0.00' });
    // 0.01 × 85 %, half up.
    expect(later('650.01')).toMatchObject({ deductible: '650.00', fundTotal: '0.01', own: '650.00' });
    expect(later('649.99')).toMatchObject({ deductible: '649.99', fundTotal: '0.00' });
  });

  test('bands run on this stay alone: what the year counted before moves no edge', () => {
    const more = { usedThisYear: { stays: 1, counted: '90000.00' } };
    // (2,650 − 650) × 85 % = 1,700.
    expect(splitOf('c2', stay('2650.00', more))).toMatchObject({
      funds: { basic: '1700.00' },
      own: '950.00',
    });
  });

  test.each([
    // Active own shares in the bands: 28,700 × 15 %, 10,000 × 10 %, 10,000 × 5 %.
    ['50,000: own (4,305 + 1,000 + 500) × 0.6 + 1,300 = 4,783', '50000.00', '45217.00', '4783.00'],
    ['below the deductible all is own, undiminished', '1300.00', '0.00', '1300.00'],
    ['2,300: 1,000 × (1 − 15 % × 0.6) = 910', '2300.00', '910.00', '1390.00'],
    ['one fen above: 0.01 × 91 % = 0.0091, half up', '1300.01', '0.01', '1300.00'],
  ])('a retired person bears 60 %% of the active share in the bands: %s', (_, total, basic, own) => {
    expect(splitOf('c2', stay(total, { person: retired }))).toMatchObject({ funds: { basic }, own });
  });

  test.each([
    // Later stay of 50,000: 29,350 × 85 % + 9,000 + 9,500 = 43,447.50.
    ['reached exactly, 26,552.50 + 43,447.50', '26552.50', '43447.50', '6552.50'],
    ['one fen less is left', '26552.51', '43447.49', '6552.51'],
    ['10,000 left', '60000.00', '10000.00', '40000.00'],
    ['nothing left', '70000.00', '0.00', '50000.00'],
  ])('70,000 limits payment of the year: %s', (_, fundPaid, basic, own) => {
    const more = { usedThisYear: { stays: 1, fundPaid } };
    expect(splitOf('c2', stay('50000.00', more))).toMatchObject({ funds: { basic }, own });
  });

  test('the ceiling is reached inside the third band: 33,395 + 40,000 × 95 % = 71,395 becomes 70,000', () => {
    expect(splitOf('c2', stay('80000.00'))).toMatchObject({ funds: { basic: '70000.00' }, own: '10000.00' });
    // 33,395 + 38,531.57 × 95 % = 69,999.9915, half up 69,999.99; one fen more gives 70,000.001, 70,000.00.
    expect(splitOf('c2', stay('78531.57'))).toMatchObject({ funds: { basic: '69999.99' } });
    expect(splitOf('c2', stay('78531.58'))).toMatchObject({ funds: { basic: '70000.00' } });
  });

  test('several categories and classes: 9,000 of B, C out; (9,000 − 1,300) × 85 % = 6,545', () => {
    const lines = [
      item('operation', '6000.00', { class: 'B', firstSelfPayRatio: '0.1' }),
      item('nursing', '4000.00', { class: 'B', firstSelfPayRatio: '0.1' }),
      item('service', '500.00', { class: 'C' }),
    ];
    expect(splitOf('c2', stay(lines))).toMatchObject({
      ...{ total: '10500.00', firstSelfPay: '1000.00', outOfScope: '500.00', inScope: '9000.00' },
      ...{ fundTotal: '6545.00', own: '3955.00' },
      // 6,545 over 5,400 : 3,600.
      lines: [{ covered: '3927.00' }, { covered: '2618.00' }, { covered: '0.00', own: '500.00' }],
    });
  });

  test('part of a stay comes back across a band edge: 31,000 paid 25,295; 29,000 pays 27,700 × 85 % = 23,545', () => {
    const lines = [item('treatment', '31000.00', { quantity: '31' })];
    expect(splitOf('c2', stay(lines, { refund: [{ index: 0, quantity: '2' }] }))).toMatchObject({
      ...{ total: '-2000.00', deductible: '0.00', fundTotal: '-1750.00', own: '-250.00' },
    });
  });

  test('there is a rule for the third level only, and for stays only', () => {
    for (const level of ['second', 'first', 'community', 'township', 'village'])
      expect(refusalOf('c2', stay('5000', { institution: { level, kind: 'hospital' } }))).toBe(
        'policy-not-applicable',
      );
    expect(refusalOf('c2', stay('5000', { visitKind: 'outpatient' }))).toBe('policy-not-applicable');
  });
});
