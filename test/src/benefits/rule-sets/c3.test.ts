import { describe, expect, test } from 'vitest';
import { allReasons, item, type LineText, refusalOf, splitOf } from './split-of.ts';

// C3: village 60 %, drugs 10, infusions 50; township 40 %, tests and operations 50, drugs 100; second 30 %, 50, 200;
// third 20 %, 50, 200; herbal 1 a dose; 5,000 a year.

const person = { scheme: 'rural', group: 'resident', age: 45 };

function visit(level: string, lines: readonly LineText[], more: Readonly<Record<string, unknown>> = {}) {
  const kind = level === 'village' ? 'clinic' : 'hospital';
  return { visitKind: 'outpatient', institution: { level, kind }, person, lines, ...more };
}

describe('C3 rural cooperative, outpatient', () => {
  test.each([
    ['one fen below the limit of 10: 9.99 × 60 % = 5.994, half up', '9.99', '5.99', '4.00'],
    ['exactly at the limit: 10 × 60 %', '10.00', '6.00', '4.00'],
    ['one fen above counts 10', '10.01', '6.00', '4.01'],
    ['far above counts 10', '48.00', '6.00', '42.00'],
    ['nothing', '0.00', '0.00', '0.00'],
  ])('village clinic, prescription drugs: %s', (_, total, basic, own) => {
    expect(splitOf('c3', visit('village', [item('drug', total)]))).toMatchObject({ funds: { basic }, own });
  });

  test('the limit is told in a sentence a patient understands, with its rule', () => {
    const reasons = allReasons(splitOf('c3', visit('village', [item('drug', '48.00')])).reasons);
    const limit = reasons.find(({ step }) => step === 'limit');
    expect(limit).toMatchObject({ rule: 'C3.1', amount: '38.00' });
    expect(limit?.zh).toMatch(/处方药费.*10/);
    expect(limit?.en).toMatch(/prescription drugs.*10/);
  });

  test.each([
    ['exactly 50: 30', '50.00', '30.00'],
    ['50.01 counts 50', '50.01', '30.00'],
    ['49.99 × 60 % = 29.994, half up', '49.99', '29.99'],
  ])('village clinic, infusions: %s', (_, total, basic) => {
    expect(splitOf('c3', visit('village', [item('infusion', total)]))).toMatchObject({ funds: { basic } });
  });

  test('several categories in one village visit: (10 + 50 + 100) × 60 % = 96; tests have no limit there', () => {
    const lines = [item('drug', '15.00'), item('infusion', '80.00'), item('test', '100.00')];
    expect(splitOf('c3', visit('village', lines))).toMatchObject({
      ...{ total: '195.00', inScope: '195.00', fundTotal: '96.00', own: '99.00' },
    });
  });

  test.each([
    [
      'township',
      'tests 40 and operations 30 share 50, drugs 120 count 100: 150 × 40 %',
      '40.00',
      '30.00',
      '120.00',
      '60.00',
      '130.00',
    ],
    ['township', 'exactly at both limits: 150 × 40 %', '20.00', '30.00', '100.00', '60.00', '90.00'],
    ['township', 'one fen above both', '20.01', '30.00', '100.01', '60.00', '90.02'],
    [
      'second',
      'tests 60 count 50, drugs 250 count 200: 250 × 30 %',
      '60.00',
      '0.00',
      '250.00',
      '75.00',
      '235.00',
    ],
    ['second', 'exactly at both limits: 250 × 30 %', '0.00', '50.00', '200.00', '75.00', '175.00'],
    [
      'third',
      'tests 60 count 50, drugs 250 count 200: 250 × 20 %',
      '60.00',
      '0.00',
      '250.00',
      '50.00',
      '260.00',
    ],
    ['third', 'below all limits: (10 + 20 + 30) × 20 %', '10.00', '20.00', '30.00', '12.00', '48.00'],
  ])('%s: %s', (level, _, tests, operations, drugs, basic, own) => {
    const lines = [item('test', tests), item('operation', operations), item('drug', drugs)];
    expect(splitOf('c3', visit(level, lines))).toMatchObject({ funds: { basic }, own });
  });

  // A few fen of treatment, which counts whole, show a limit that is off by one fen.
  test.each([
    ['township', 'test', '80.00', '0.01', '20.00', '50.01 × 40 % = 20.004'],
    ['township', 'test', '80.00', '0.02', '20.01', '50.02 × 40 % = 20.008'],
    ['township', 'drug', '180.00', '0.01', '40.00', '100.01 × 40 % = 40.004'],
    ['township', 'drug', '180.00', '0.02', '40.01', '100.02 × 40 % = 40.008'],
    ['second', 'operation', '80.00', '0.01', '15.00', '50.01 × 30 % = 15.003'],
    ['second', 'operation', '80.00', '0.02', '15.01', '50.02 × 30 % = 15.006'],
    ['second', 'drug', '280.00', '0.01', '60.00', '200.01 × 30 % = 60.003'],
    ['second', 'drug', '280.00', '0.02', '60.01', '200.02 × 30 % = 60.006'],
    ['third', 'test', '80.00', '0.02', '10.00', '50.02 × 20 % = 10.004'],
    ['third', 'test', '80.00', '0.03', '10.01', '50.03 × 20 % = 10.006'],
    ['third', 'drug', '280.00', '0.02', '40.00', '200.02 × 20 % = 40.004'],
    ['third', 'drug', '280.00', '0.03', '40.01', '200.03 × 20 % = 40.006'],
  ])('%s, %s of %s over its limit and %s of treatment pay %s: %s', (level, category, dear, few, basic) => {
    const lines = [item(category, dear), item('treatment', few)];
    expect(splitOf('c3', visit(level, lines))).toMatchObject({ funds: { basic } });
  });

  test('infusions have no limit above the village: 80 × 40 % = 32', () => {
    expect(splitOf('c3', visit('township', [item('infusion', '80.00')]))).toMatchObject({
      fundTotal: '32.00',
    });
  });

  test('other categories count whole: (30 + 20 + 10 + 40) × 40 % = 40', () => {
    const lines = [
      item('treatment', '30.00'),
      item('nursing', '20.00'),
      item('service', '10.00'),
      item('material', '40.00'),
    ];
    expect(splitOf('c3', visit('township', lines))).toMatchObject({ fundTotal: '40.00', own: '60.00' });
  });

  test('a limit is shared with what this visit has counted: 100 − 60 = 40 of drugs, 50 − 30 = 20 of tests', () => {
    const more = { thisVisit: { counted: { drug: '60.00', operation: '30.00' } } };
    // (40 + 20) × 40 % = 24.
    const lines = [item('drug', '70.00'), item('test', '40.00')];
    expect(splitOf('c3', visit('township', lines, more))).toMatchObject({ fundTotal: '24.00', own: '86.00' });
    const full = { thisVisit: { counted: { drug: '100.00' } } };
    expect(splitOf('c3', visit('township', [item('drug', '5.00')], full))).toMatchObject({
      fundTotal: '0.00',
    });
  });

  test.each([
    ['5 doses of 30.00 count 5: × 40 % = 2', '30.00', '5', '2.00'],
    ['exactly 1 a dose', '5.00', '5', '2.00'],
    ['one fen above', '5.01', '5', '2.00'],
    ['cheaper than 1 a dose counts as it is: 3 × 40 % = 1.20', '3.00', '5', '1.20'],
  ])('herbal medicine: %s', (_, amount, doses, basic) => {
    expect(splitOf('c3', visit('township', [item('herbal', amount, { doses })]))).toMatchObject({
      funds: { basic },
    });
  });

  test.each([
    ['village', '4.20'],
    ['second', '2.10'],
    ['third', '1.40'],
  ])('herbal medicine in the %s level: 7 doses count 7', (level, basic) => {
    expect(splitOf('c3', visit(level, [item('herbal', '20.00', { doses: '7' })]))).toMatchObject({
      funds: { basic },
    });
  });

  test('herbal medicine stands outside the drug limit: (100 + 7) × 40 % = 42.80', () => {
    const lines = [item('drug', '130.00'), item('herbal', '20.00', { doses: '7' })];
    expect(splitOf('c3', visit('township', lines))).toMatchObject({ fundTotal: '42.80', own: '107.20' });
  });

  test('without a prescription drugs, infusions and herbal medicine are out of scope whole', () => {
    const no = { prescription: false };
    const lines = [
      item('drug', '10.00', no),
      item('infusion', '20.00', no),
      item('herbal', '5.00', { ...no, doses: '5' }),
      item('drug', '8.00'),
    ];
    // 8 × 60 % = 4.80.
    expect(splitOf('c3', visit('village', lines))).toMatchObject({
      ...{ outOfScope: '35.00', inScope: '8.00', fundTotal: '4.80', own: '38.20' },
    });
  });

  test('class B bears its share before the limit: 150 × 20 % = 30 first, 120 count 100, × 40 % = 40', () => {
    const lines = [item('drug', '150.00', { class: 'B', firstSelfPayRatio: '0.2' })];
    expect(splitOf('c3', visit('township', lines))).toMatchObject({
      ...{ firstSelfPay: '30.00', inScope: '120.00', fundTotal: '40.00', own: '110.00' },
    });
  });

  test('what the fund pays is spread over lines by in-scope amount: 40 over 80 : 40 is 26.67 and 13.33', () => {
    const lines = [item('drug', '80.00'), item('drug', '40.00')];
    expect(splitOf('c3', visit('township', lines)).lines).toMatchObject([
      { covered: '26.67', own: '53.33' },
      { covered: '13.33', own: '26.67' },
    ]);
  });

  test.each([
    ['100 × 40 % = 40, 10 left', '4990.00', '10.00', '90.00'],
    ['reached exactly', '4960.00', '40.00', '60.00'],
    ['one fen less is left', '4960.01', '39.99', '60.01'],
    ['nothing left', '5000.00', '0.00', '100.00'],
  ])('5,000 limits payment of the year: %s', (_, fundPaid, basic, own) => {
    const more = { usedThisYear: { fundPaid } };
    expect(splitOf('c3', visit('township', [item('treatment', '100.00')], more))).toMatchObject({
      ...{ funds: { basic }, own },
    });
  });

  test('part of a visit comes back over a limit: 120 counted 100 and paid 40, the other 90 pay 36', () => {
    const lines = [item('drug', '120.00', { quantity: '12' })];
    expect(splitOf('c3', visit('township', lines, { refund: [{ index: 0, quantity: '3' }] }))).toMatchObject({
      ...{ total: '-30.00', fundTotal: '-4.00', own: '-26.00' },
    });
  });

  test('doses come back with their medicine: 5 doses paid 2.00, 3 doses pay 1.20', () => {
    const lines = [item('herbal', '30.00', { quantity: '5', doses: '5' })];
    expect(splitOf('c3', visit('township', lines, { refund: [{ index: 0, quantity: '2' }] }))).toMatchObject({
      ...{ total: '-12.00', fundTotal: '-0.80', own: '-11.20' },
    });
  });

  test('the order of lines changes no sum', () => {
    const lines = [item('drug', '130.00'), item('test', '70.00'), item('herbal', '9.99', { doses: '3' })];
    const there = splitOf('c3', visit('second', lines));
    const back = splitOf('c3', visit('second', lines.toReversed()));
    expect({ ...back, lines: [], reasons: [] }).toEqual({ ...there, lines: [], reasons: [] });
    // (50 + 200 limit: 130, 3 doses) = 183 × 30 % = 54.90.
    expect(there.fundTotal).toBe('54.90');
  });

  test('community centres, the first level, stays and other schemes have no rule', () => {
    const lines = [item('drug', '10.00')];
    expect(refusalOf('c3', visit('community', lines))).toBe('policy-not-applicable');
    expect(refusalOf('c3', visit('first', lines))).toBe('policy-not-applicable');
    expect(refusalOf('c3', visit('village', lines, { visitKind: 'inpatient' }))).toBe(
      'policy-not-applicable',
    );
    const employee = { person: { ...person, scheme: 'employee' } };
    expect(refusalOf('c3', visit('village', lines, employee))).toBe('policy-not-applicable');
  });

  test('doses are text or a whole number: 5 of 30.00 count 5, × 60 % = 3', () => {
    for (const doses of ['5', '5.0', 5])
      expect(splitOf('c3', visit('village', [item('herbal', '30.00', { doses })]))).toMatchObject({
        fundTotal: '3.00',
      });
    for (const doses of [0, 2.5, '0', '-5', 'five'])
      expect(refusalOf('c3', visit('village', [item('herbal', '30.00', { doses })]))).toBe('case-invalid');
  });

  test('herbal medicine without its doses is a fault of the case', () => {
    expect(refusalOf('c3', visit('village', [item('herbal', '10.00')]))).toBe('case-invalid');
  });
});
