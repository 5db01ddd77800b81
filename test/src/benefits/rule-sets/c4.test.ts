import { describe, expect, test } from 'vitest';
import { item, type LineText, refusalOf, splitOf } from './split-of.ts';

// C4: 60 % township, 40 % second, 30 % third; tests 200; an operation above 1,000 counts 1,000; from age 60 in a
// township centre treatment and nursing add 10 a day, at most 200.

const person = (age: number) => ({ scheme: 'rural', group: 'resident', age });

function stay(level: string, lines: readonly LineText[], more: Readonly<Record<string, unknown>> = {}) {
  return {
    visitKind: 'inpatient',
    institution: { level, kind: 'hospital' },
    person: person(45),
    lines,
    ...more,
  };
}

const elderly = (age: number, days: number) => ({ person: person(age), stay: { days } });

describe('C4 rural cooperative, inpatient', () => {
  test.each([
    ['township', '600.00', '400.00'],
    ['second', '400.00', '600.00'],
    ['third', '300.00', '700.00'],
  ])('1,000 in the %s level', (level, basic, own) => {
    expect(splitOf('c4', stay(level, [item('drug', '1000.00')]))).toMatchObject({ funds: { basic }, own });
  });

  test.each([
    ['one fen below: 199.99 × 60 % = 119.994, half up', '199.99', '119.99'],
    ['exactly at 200', '200.00', '120.00'],
    ['one fen above', '200.01', '120.00'],
    ['far above', '950.00', '120.00'],
  ])('tests of a stay are limited to 200: %s', (_, total, basic) => {
    expect(splitOf('c4', stay('township', [item('test', total)]))).toMatchObject({ funds: { basic } });
  });

  test('tests of one stay share their limit: 150 + 80 count 200; with 150 settled before only 50 are left', () => {
    const lines = [item('test', '150.00'), item('test', '80.00')];
    expect(splitOf('c4', stay('township', lines))).toMatchObject({ fundTotal: '120.00', own: '110.00' });
    const more = { thisVisit: { counted: { test: '150.00' } } };
    // 50 × 60 %.
    expect(splitOf('c4', stay('township', [item('test', '80.00')], more))).toMatchObject({
      fundTotal: '30.00',
    });
  });

  test.each([
    ['exactly 1,000: × 30 %', ['1000.00'], '300.00', '700.00'],
    ['one fen above counts 1,000', ['1000.01'], '300.00', '700.01'],
    ['one fen below: 999.99 × 30 % = 299.997, half up', ['999.99'], '300.00', '699.99'],
    ['each by itself: (1,000 + 800) × 30 %', ['1500.00', '800.00'], '540.00', '1760.00'],
    ['each by itself: (1,000 + 1,000) × 30 %', ['1500.00', '2500.00'], '600.00', '3400.00'],
  ])('operations: %s', (_, amounts, basic, own) => {
    const lines = amounts.map((amount) => item('operation', amount));
    expect(splitOf('c4', stay('third', lines))).toMatchObject({ funds: { basic }, own });
  });

  test('several categories: (800 + 200 of 250 + 1,000 of 1,200) × 40 % = 800', () => {
    const lines = [item('drug', '800.00'), item('test', '250.00'), item('operation', '1200.00')];
    expect(splitOf('c4', stay('second', lines))).toMatchObject({
      total: '2250.00',
      fundTotal: '800.00',
      own: '1450.00',
    });
  });

  test.each([
    ['age 60, 5 days: 180 + 50', 60, 5, '230.00', '70.00'],
    ['age 59 gets nothing more', 59, 5, '180.00', '120.00'],
    ['age 60, 12 days: 120, exactly the own part of 300 × 40 %', 60, 12, '300.00', '0.00'],
    ['age 60, 13 days: 130 is more than the own part', 60, 13, '300.00', '0.00'],
    ['age 60, no days', 60, 0, '180.00', '120.00'],
  ])('the addition on treatment 200 and nursing 100, township: %s', (_, age, days, basic, own) => {
    const lines = [item('treatment', '200.00'), item('nursing', '100.00')];
    expect(splitOf('c4', stay('township', lines, elderly(age, days)))).toMatchObject({
      funds: { basic },
      own,
    });
  });

  test.each([
    ['19 days: 360 + 190', 19, '550.00'],
    ['20 days: 360 + 200', 20, '560.00'],
    ['21 days: still 200', 21, '560.00'],
  ])('the addition is at most 200, treatment 600: %s', (_, days, basic) => {
    const lines = [item('treatment', '600.00')];
    expect(splitOf('c4', stay('township', lines, elderly(70, days)))).toMatchObject({ funds: { basic } });
  });

  test('drugs add nothing: 1,000 × 60 % = 600; with 100 of nursing its own 40 is all that is added', () => {
    const drugs = [item('drug', '1000.00')];
    expect(splitOf('c4', stay('township', drugs, elderly(65, 10)))).toMatchObject({ fundTotal: '600.00' });
    // 1,100 × 60 % = 660, own part of nursing 100 − 60 = 40 < 10 × 10.
    const both = [...drugs, item('nursing', '100.00')];
    expect(splitOf('c4', stay('township', both, elderly(65, 10)))).toMatchObject({ fundTotal: '700.00' });
  });

  test('there is no addition in a hospital: 300 × 40 % = 120', () => {
    const lines = [item('treatment', '300.00')];
    expect(splitOf('c4', stay('second', lines, elderly(80, 10)))).toMatchObject({ fundTotal: '120.00' });
  });

  test('a few fen: 0.33 × 60 % = 0.198, half up 0.20; own part 0.33 × 40 % = 0.132, half up 0.13', () => {
    const lines = [item('treatment', '0.33')];
    expect(splitOf('c4', stay('township', lines, elderly(60, 1)))).toMatchObject({
      fundTotal: '0.33',
      own: '0.00',
    });
  });

  test('nothing charged pays nothing', () => {
    expect(splitOf('c4', stay('township', [item('drug', '0.00')], elderly(60, 3)))).toMatchObject({
      ...{ total: '0.00', fundTotal: '0.00', own: '0.00' },
    });
  });

  test('part of a stay comes back: 300 paid 180 + 50; 200 pay 120 + 50, so 60 goes back', () => {
    const lines = [item('treatment', '300.00', { quantity: '3' })];
    const refund = [{ index: 0, quantity: '1' }];
    expect(splitOf('c4', stay('township', lines, { ...elderly(60, 5), refund }))).toMatchObject({
      ...{ total: '-100.00', fundTotal: '-60.00', own: '-40.00' },
    });
  });

  test('villages, community centres, the first level and outpatient visits have no rule', () => {
    for (const level of ['village', 'community', 'first'])
      expect(refusalOf('c4', stay(level, [item('drug', '100.00')]))).toBe('policy-not-applicable');
    const visit = stay('township', [item('drug', '100.00')], { visitKind: 'outpatient' });
    expect(refusalOf('c4', visit)).toBe('policy-not-applicable');
  });
});
