import { describe, expect, test } from 'vitest';
import { yuan } from '#core/money';
import { allReasons, documentOf, item, type LineText, refusalOf, splitOf } from './split-of.ts';

// C1: yearly deductible 1,800 (older: 2,000) active, 1,300 retired; 50 % / 70 % / 80 % above; 20,000 a year.

const active = { scheme: 'employee', group: 'active', age: 40 };
const retired = (age: number) => ({ scheme: 'employee', group: 'retired', age });

function visit(lines: string | readonly LineText[], more: Readonly<Record<string, unknown>> = {}) {
  return {
    visitKind: 'outpatient',
    institution: { level: 'third', kind: 'hospital' },
    person: active,
    lines: typeof lines === 'string' ? [item('drug', lines)] : lines,
    ...more,
  };
}

describe('C1 Beijing employees, outpatient and emergency', () => {
  test.each([
    ['one fen below the deductible', '1799.99', '1799.99', '0.00', '1799.99'],
    ['exactly at the deductible', '1800.00', '1800.00', '0.00', '1800.00'],
    ['one fen above: 0.01 × 50 % = 0.005, half up 0.01', '1800.01', '1800.00', '0.01', '1800.00'],
    ['two fen above: 0.02 × 50 % = 0.01', '1800.02', '1800.00', '0.01', '1800.01'],
    ['K1, 2,500 spent: (2,500 − 1,800) × 50 % = 350', '2500.00', '1800.00', '350.00', '2150.00'],
    ['nothing spent', '0.00', '0.00', '0.00', '0.00'],
  ])('active, 1,800: %s', (_, total, deductible, basic, own) => {
    expect(splitOf('c1-2009', visit(total))).toMatchObject({ total, deductible, funds: { basic }, own });
  });

  test.each([
    ['K1, 2,500 spent: (2,500 − 2,000) × 50 % = 250', '2500.00', '2000.00', '250.00', '2250.00'],
    ['exactly at the deductible', '2000.00', '2000.00', '0.00', '2000.00'],
    ['two fen above: 0.02 × 50 %', '2000.02', '2000.00', '0.01', '2000.01'],
  ])('the older version, 2,000: %s', (_, total, deductible, basic, own) => {
    expect(splitOf('c1-older', visit(total))).toMatchObject({ total, deductible, funds: { basic }, own });
  });

  test('the older version differs for the active only: retired, (2,300 − 1,300) × 70 % = 700', () => {
    expect(splitOf('c1-older', visit('2300.00', { person: retired(69) }))).toMatchObject({
      deductible: '1300.00',
      funds: { basic: '700.00' },
    });
  });

  test.each([
    ['retired aged 69: 1,000 × 70 %', retired(69), '2300.00', '1300.00', '700.00', '1600.00'],
    ['retired aged exactly 70: 1,000 × 80 %', retired(70), '2300.00', '1300.00', '800.00', '1500.00'],
    ['retired aged 71: 1,000 × 80 %', retired(71), '2300.00', '1300.00', '800.00', '1500.00'],
    [
      'active aged 70 stays active: (2,800 − 1,800) × 50 %',
      { ...active, age: 70 },
      '2800.00',
      '1800.00',
      '500.00',
      '2300.00',
    ],
    ['retired exactly at 1,300', retired(70), '1300.00', '1300.00', '0.00', '1300.00'],
    [
      'retired one fen above: 0.01 × 80 % = 0.008, half up',
      retired(70),
      '1300.01',
      '1300.00',
      '0.01',
      '1300.00',
    ],
  ])('%s', (_, person, total, deductible, basic, own) => {
    expect(splitOf('c1-2009', visit(total, { person }))).toMatchObject({ deductible, funds: { basic }, own });
  });

  test.each([
    [
      '1,000 borne at outpatient visits leaves 800: (900 − 800) × 50 %',
      '1000.00',
      '900.00',
      '800.00',
      '50.00',
    ],
    ['1,799.99 borne leaves one fen: 99.99 × 50 % = 49.995, half up', '1799.99', '100.00', '0.01', '50.00'],
    ['all borne: 100 × 50 %', '1800.00', '100.00', '0.00', '50.00'],
    ['more borne than is asked, after a change of group', '1900.00', '100.00', '0.00', '50.00'],
  ])('an emergency shares the deductible: %s', (_, borne, total, deductible, basic) => {
    const more = { visitKind: 'emergency', usedThisYear: { deductible: borne } };
    expect(splitOf('c1-2009', visit(total, more))).toMatchObject({ deductible, funds: { basic } });
  });

  test.each([
    ['19,900 paid, 300 × 50 % = 150: only 100 is left', '19900.00', '300.00', '100.00', '200.00'],
    ['reached exactly: 200 × 50 % = 100', '19900.00', '200.00', '100.00', '100.00'],
    ['one fen left', '19999.99', '300.00', '0.01', '299.99'],
    ['nothing left', '20000.00', '300.00', '0.00', '300.00'],
  ])('the ceiling of 20,000 limits payment: %s', (_, fundPaid, total, basic, own) => {
    const more = { usedThisYear: { deductible: '1800.00', fundPaid } };
    expect(splitOf('c1-2009', visit(total, more))).toMatchObject({ funds: { basic }, own });
  });

  test('the ceiling inside one visit: 40,000 × 50 % is 20,000, two fen more pay nothing more', () => {
    expect(splitOf('c1-2009', visit('41800.00'))).toMatchObject({
      funds: { basic: '20000.00' },
      own: '21800.00',
    });
    expect(splitOf('c1-2009', visit('41800.02'))).toMatchObject({
      funds: { basic: '20000.00' },
      own: '21800.02',
    });
  });

  test('classes and categories in one visit: B bears 10 % first, C is out; 2,400 − 1,800 = 600 × 50 % = 300', () => {
    const split = splitOf(
      'c1-2009',
      visit([
        item('drug', '1500.00'),
        item('test', '1000.00', { class: 'B', firstSelfPayRatio: '0.1' }),
        item('service', '50.00', { class: 'C' }),
      ]),
    );
    expect(split).toMatchObject({
      ...{
        total: '2550.00',
        outOfScope: '50.00',
        overCeiling: '0.00',
        firstSelfPay: '100.00',
        inScope: '2400.00',
      },
      ...{ deductible: '1800.00', fundTotal: '300.00', own: '2250.00', institution: '0.00' },
    });
    // 300 spread over 1,500 and 900 in scope: 187.50 and 112.50.
    expect(split.lines).toMatchObject([
      { index: 0, inScope: '1500.00', covered: '187.50', own: '1312.50' },
      { index: 1, firstSelfPay: '100.00', inScope: '900.00', covered: '112.50', own: '887.50' },
      { index: 2, outOfScope: '50.00', inScope: '0.00', covered: '0.00', own: '50.00' },
    ]);
  });

  test('a price of 30 above a ceiling of 25.50, three pieces: 4.50 × 3 = 13.50 over; first self-pay of the rest', () => {
    const line = item('drug', '90.00', {
      ...{ class: 'B', quantity: '3', unitPrice: '30', ceiling: '25.5', firstSelfPayRatio: '0.05' },
    });
    // (90 − 13.50) × 5 % = 3.825, half up 3.83; 90 − 13.50 − 3.83 = 72.67 in scope, × 50 % = 36.335, half up.
    expect(splitOf('c1-2009', visit([line], { usedThisYear: { deductible: '1800' } }))).toMatchObject({
      ...{ overCeiling: '13.50', firstSelfPay: '3.83', inScope: '72.67', fundTotal: '36.34', own: '53.66' },
    });
  });

  test('without a unit price the ceiling is held against amount ÷ quantity: 10 − 3.33 × 3 = 0.01', () => {
    const line = item('drug', '10.00', { quantity: '3', ceiling: '3.33' });
    expect(splitOf('c1-2009', visit([line]))).toMatchObject({ overCeiling: '0.01', inScope: '9.99' });
  });

  test('the account pays own shares, also out of scope and over a ceiling, as far as it goes; unused it pays nothing', () => {
    const lines = [item('drug', '100.00'), item('drug', '50.00', { class: 'C' })];
    const pay = (account: unknown) => splitOf('c1-2009', visit(lines, { account }));
    expect(pay({ balance: '120.00', use: true })).toMatchObject({
      own: '150.00',
      account: '120.00',
      cash: '30.00',
    });
    expect(pay({ balance: '500.00', use: true })).toMatchObject({ account: '150.00', cash: '0.00' });
    expect(pay({ balance: '500.00', use: false })).toMatchObject({ account: '0.00', cash: '150.00' });
    const dear = item('drug', '90.00', { quantity: '3', unitPrice: '30', ceiling: '25.5' });
    const account = { balance: '500.00', use: true };
    expect(splitOf('c1-2009', visit([dear], { account }))).toMatchObject({
      overCeiling: '13.50',
      account: '90.00',
    });
  });

  test('part of a visit comes back: 350 was paid, 150 of the rest is, so 200 goes back to the fund', () => {
    const lines = [item('drug', '1500.00'), item('drug', '1000.00', { quantity: '10' })];
    const back = splitOf('c1-2009', visit(lines, { refund: [{ index: 1, quantity: '4' }] }));
    expect(back).toMatchObject({
      ...{ total: '-400.00', inScope: '-400.00', deductible: '0.00', fundTotal: '-200.00', own: '-200.00' },
      ...{ outOfScope: '0.00', account: '0.00', cash: '-200.00' },
    });
    // Whole: 350 over 1,500 : 1,000 is 210 and 140; rest: 150 over 1,500 : 600 is 107.14 and 42.86.
    expect(back.lines).toMatchObject([
      { index: 0, total: '0.00', covered: '-102.86', own: '102.86' },
      { index: 1, total: '-400.00', covered: '-97.14', own: '-302.86' },
    ]);
  });

  test('a refund below the deductible gives the deductible back too: rest 1,000, deductible 1,000', () => {
    const lines = [item('drug', '2000.00', { quantity: '10' })];
    expect(splitOf('c1-2009', visit(lines, { refund: [{ index: 0, quantity: '5' }] }))).toMatchObject({
      ...{ total: '-1000.00', deductible: '-800.00', fundTotal: '-100.00', own: '-900.00' },
    });
  });

  test('a full refund returns exactly what was taken', () => {
    const lines = [item('drug', '1500.00'), item('test', '1000.00', { quantity: '3' })];
    const refund = [
      { index: 0, quantity: '1' },
      { index: 1, quantity: '3' },
    ];
    expect(splitOf('c1-2009', visit(lines, { refund }))).toMatchObject({
      ...{
        total: '-2500.00',
        deductible: '-1800.00',
        fundTotal: '-350.00',
        own: '-2150.00',
        cash: '-2150.00',
      },
      lines: [{ covered: '-210.00' }, { covered: '-140.00' }],
    });
  });

  test('both versions have the same steps but for one figure', () => {
    const steps = (id: string, amount: string) =>
      documentOf(id).steps.map((step) => {
        if (step.kind !== 'deductible') return step;
        const [active, retired] = step.entries;
        expect(active).toMatchObject({ when: { groups: ['active'] }, amount: yuan(amount) });
        return { ...step, entries: [retired] };
      });
    expect(steps('c1-older', '2000.00')).toEqual(steps('c1-2009', '1800.00'));
    expect(documentOf('c1-older').visitKinds).toEqual(documentOf('c1-2009').visitKinds);
  });

  test('every amount names the rule of the document that made it', () => {
    const reasons = allReasons(splitOf('c1-2009', visit('42000.00')).reasons);
    const rules = (step: string) => reasons.filter((reason) => reason.step === step).map(({ rule }) => rule);
    expect(rules('deductible')).toContain('C1.1');
    expect(rules('bands')).toContain('C1.2');
    expect(rules('yearly-payment')).toContain('C1.3');
  });

  test('a stay, a resident, and a group that the text does not name have no rule and get no zero', () => {
    expect(refusalOf('c1-2009', visit('100', { visitKind: 'inpatient' }))).toBe('policy-not-applicable');
    expect(refusalOf('c1-2009', visit('100', { person: { ...active, scheme: 'resident' } }))).toBe(
      'policy-not-applicable',
    );
    expect(refusalOf('c1-2009', visit('100', { person: { ...active, group: 'student' } }))).toBe(
      'policy-not-applicable',
    );
  });
});
