import { describe, expect, test } from 'vitest';
import { documentOf, item, type LineText, refusalOf, splitOf } from './split-of.ts';

// C7: residents outpatient 50 %, inpatient 75 %; 100,000 of cost a year; above it 80 %, at most 350,000 a year
// (employees 400,000; their basic ratio 75 % is assumed).

const resident = { scheme: 'resident', group: 'resident', age: 40 };
const employee = { scheme: 'employee', group: 'active', age: 40 };

function visit(
  person: Readonly<Record<string, unknown>>,
  visitKind: string,
  lines: string | readonly LineText[],
  usedThisYear: Readonly<Record<string, unknown>> = {},
) {
  return {
    visitKind,
    institution: { level: 'third', kind: 'hospital' },
    person,
    usedThisYear,
    lines: typeof lines === 'string' ? [item('treatment', lines)] : lines,
  };
}

describe('C7 Xiamen', () => {
  test.each([
    ['resident, outpatient: 100 × 50 %', 'c7-resident', resident, 'outpatient', '100.00', '50.00', '50.00'],
    [
      'resident, inpatient: 1,000 × 75 %',
      'c7-resident',
      resident,
      'inpatient',
      '1000.00',
      '750.00',
      '250.00',
    ],
    ['resident, nothing', 'c7-resident', resident, 'inpatient', '0.00', '0.00', '0.00'],
    [
      'resident, one fen outpatient: 0.005, half up',
      'c7-resident',
      resident,
      'outpatient',
      '0.01',
      '0.01',
      '0.00',
    ],
    [
      'employee, outpatient: the assumed 75 %',
      'c7-employee',
      employee,
      'outpatient',
      '100.00',
      '75.00',
      '25.00',
    ],
    [
      'employee, inpatient: the assumed 75 %',
      'c7-employee',
      employee,
      'inpatient',
      '1000.00',
      '750.00',
      '250.00',
    ],
  ])('%s', (_, policy, person, visitKind, total, basic, own) => {
    expect(splitOf(policy, visit(person, visitKind, total))).toMatchObject({
      ...{ deductible: '0.00', funds: { basic, seriousIllness: '0.00' }, own },
    });
  });

  test.each([
    ['exactly at 100,000', 'inpatient', '99000.00', '1000.00', '750.00', '0.00'],
    ['one fen above: 0.01 × 80 % = 0.008, half up', 'inpatient', '99000.00', '1000.01', '750.00', '0.01'],
    ['inside one stay: 1,000 × 75 %, 2,000 × 80 %', 'inpatient', '99000.00', '3000.00', '750.00', '1600.00'],
    [
      'outpatient and inpatient together: 10 × 50 %, 90 × 80 %',
      'outpatient',
      '99990.00',
      '100.00',
      '5.00',
      '72.00',
    ],
    ['the basic layer is used up', 'inpatient', '100000.00', '1000.00', '0.00', '800.00'],
    ['beyond', 'outpatient', '120000.00', '1000.00', '0.00', '800.00'],
  ])(
    'serious illness above the basic ceiling, resident: %s',
    (_, kind, counted, total, basic, seriousIllness) => {
      expect(splitOf('c7-resident', visit(resident, kind, total, { counted }))).toMatchObject({
        funds: { basic, seriousIllness },
      });
    },
  );

  test.each([
    ['resident, 100 left of 350,000', 'c7-resident', resident, '349900.00', '100.00'],
    ['resident, reached exactly', 'c7-resident', resident, '349200.00', '800.00'],
    ['resident, one fen less is left', 'c7-resident', resident, '349200.01', '799.99'],
    ['resident, nothing left', 'c7-resident', resident, '350000.00', '0.00'],
    ['employee, 100 left of 400,000', 'c7-employee', employee, '399900.00', '100.00'],
    ['employee, at the residents’ ceiling nothing is cut', 'c7-employee', employee, '350000.00', '800.00'],
  ])('the upper ceiling limits payment, 1,000 × 80 %%: %s', (_, policy, person, paid, seriousIllness) => {
    const used = { counted: '500000.00', byLayer: { seriousIllness: paid } };
    expect(splitOf(policy, visit(person, 'inpatient', '1000.00', used))).toMatchObject({
      funds: { basic: '0.00', seriousIllness },
    });
  });

  test('one stay of 600,000: 75,000 and 500,000 × 80 % = 400,000, of which residents get 350,000', () => {
    expect(splitOf('c7-resident', visit(resident, 'inpatient', '600000.00'))).toMatchObject({
      ...{
        funds: { basic: '75000.00', seriousIllness: '350000.00' },
        fundTotal: '425000.00',
        own: '175000.00',
      },
    });
    expect(splitOf('c7-employee', visit(employee, 'inpatient', '600000.00'))).toMatchObject({
      ...{ funds: { basic: '75000.00', seriousIllness: '400000.00' }, own: '125000.00' },
    });
    expect(splitOf('c7-employee', visit(employee, 'inpatient', '600000.02'))).toMatchObject({
      ...{ funds: { seriousIllness: '400000.00' }, own: '125000.02' },
    });
  });

  test('several categories; what is out of scope goes to no layer: (1,000 + 900) × 75 % = 1,425', () => {
    const lines = [
      item('drug', '1000.00'),
      item('test', '1000.00', { class: 'B', firstSelfPayRatio: '0.1' }),
      item('service', '300.00', { class: 'C' }),
    ];
    expect(splitOf('c7-resident', visit(resident, 'inpatient', lines))).toMatchObject({
      ...{ outOfScope: '300.00', firstSelfPay: '100.00', fundTotal: '1425.00', own: '875.00' },
    });
  });

  test('part of a stay comes back: 3,000 paid 750 + 1,600, the other 2,000 pay 750 + 800', () => {
    const lines = [item('treatment', '3000.00', { quantity: '3' })];
    const whole = visit(resident, 'inpatient', lines, { counted: '99000.00' });
    expect(splitOf('c7-resident', { ...whole, refund: [{ index: 0, quantity: '1' }] })).toMatchObject({
      ...{ total: '-1000.00', funds: { basic: '0.00', seriousIllness: '-800.00' }, own: '-200.00' },
    });
  });

  test('the employees’ ratio is a parameter: written as 0.80 it pays 80 of 100', () => {
    const shipped = documentOf('c7-employee');
    const steps = shipped.steps.map((step) => {
      if (step.kind !== 'bands' || step.layer !== 'basic') return step;
      const entries = step.entries.map((entry) => ({ ...entry, bands: [{ fundRatio: 8_000n as never }] }));
      return { ...step, entries };
    });
    expect(splitOf({ ...shipped, steps }, visit(employee, 'outpatient', '100.00'))).toMatchObject({
      fundTotal: '80.00',
    });
  });

  test('the documents do not stand in for each other, and emergencies have no rule', () => {
    expect(refusalOf('c7-resident', visit(employee, 'inpatient', '100'))).toBe('policy-not-applicable');
    expect(refusalOf('c7-employee', visit(resident, 'inpatient', '100'))).toBe('policy-not-applicable');
    expect(refusalOf('c7-resident', visit(resident, 'emergency', '100'))).toBe('policy-not-applicable');
  });
});
