import { describe, expect, test } from 'vitest';
import { allReasons, DAY, documentOf, item, type LineText, refusalOf, splitOf } from './split-of.ts';

// C8: the basic layer of C4, then assistance fills the funds up to 90 % of the total for 低保 and 特困.

const tagged = (tags: readonly unknown[], age = 45) => ({ scheme: 'rural', group: 'resident', age, tags });
const poor = tagged(['低保']);

function stay(level: string, lines: readonly LineText[], more: Readonly<Record<string, unknown>> = {}) {
  return { visitKind: 'inpatient', institution: { level, kind: 'hospital' }, person: poor, lines, ...more };
}

const thousand = [item('drug', '1000.00')];

describe('C8 one-stop settlement of assisted inpatients', () => {
  test.each([
    ['township: 600, filled up to 900', 'township', '600.00', '300.00', '100.00'],
    ['second: 400, filled up to 900', 'second', '400.00', '500.00', '100.00'],
    ['third: 300, filled up to 900', 'third', '300.00', '600.00', '100.00'],
  ])('1,000 in %s', (_, level, basic, assistance, own) => {
    expect(splitOf('c8-assisted', stay(level, thousand))).toMatchObject({
      funds: { basic, seriousIllness: '0.00', assistance, catchAll: '0.00', supplement: '0.00' },
      ...{ fundTotal: '900.00', own },
    });
  });

  test.each([
    ['低保', ['低保'], '300.00'],
    ['特困', ['特困'], '300.00'],
    ['the interface’s 2303', ['2303'], '300.00'],
    ['the interface’s 2304', ['2304'], '300.00'],
    ['one of several', ['优抚', '特困'], '300.00'],
    ['another tag', ['优抚'], '0.00'],
    ['no tag', [], '0.00'],
    ['a tag that ends today', [{ code: '低保', to: DAY }], '300.00'],
    ['a tag that ended yesterday', [{ code: '低保', to: '2026-06-14' }], '0.00'],
    ['a tag that begins today', [{ code: '低保', from: DAY }], '300.00'],
    ['a tag that begins tomorrow', [{ code: '低保', from: '2026-06-16', to: '2026-12-31' }], '0.00'],
  ])('assistance is for tagged people on the day: %s', (_, tags, assistance) => {
    expect(splitOf('c8-assisted', stay('township', thousand, { person: tagged(tags) }))).toMatchObject({
      funds: { basic: '600.00', assistance },
    });
  });

  test('lines out of scope count in the total: basic 300, 1,000 × 90 % = 900, and no line gets more than it cost', () => {
    const lines = [item('drug', '500.00'), item('drug', '500.00', { class: 'C' })];
    const split = splitOf('c8-assisted', stay('township', lines));
    expect(split).toMatchObject({
      ...{ outOfScope: '500.00', funds: { basic: '300.00', assistance: '600.00' }, own: '100.00' },
      // 900 by in-scope amount would all fall on the first line: it takes its 500, the other takes 400.
      lines: [
        { covered: '500.00', own: '0.00' },
        { covered: '400.00', own: '100.00' },
      ],
    });
  });

  test('everything out of scope: the basic layer pays nothing, assistance 900', () => {
    const lines = [item('drug', '1000.00', { class: 'C' })];
    expect(splitOf('c8-assisted', stay('third', lines))).toMatchObject({
      ...{ funds: { basic: '0.00', assistance: '900.00' }, own: '100.00', lines: [{ covered: '900.00' }] },
    });
  });

  test('first self-pay and a price above its ceiling are filled too: (1,000 − 100 − 90) × 40 % = 324, then to 900', () => {
    const lines = [
      item('material', '1000.00', {
        ...{ class: 'B', quantity: '10', unitPrice: '100', ceiling: '90', firstSelfPayRatio: '0.1' },
      }),
    ];
    expect(splitOf('c8-assisted', stay('second', lines))).toMatchObject({
      ...{ overCeiling: '100.00', firstSelfPay: '90.00', funds: { basic: '324.00', assistance: '576.00' } },
    });
  });

  test('a basic layer above 90 % is left as it is: age 60, 100 of treatment, 60 + 40', () => {
    const more = { person: tagged(['低保'], 60), stay: { days: 30 } };
    expect(splitOf('c8-assisted', stay('township', [item('treatment', '100.00')], more))).toMatchObject({
      ...{ funds: { basic: '100.00', assistance: '0.00' }, own: '0.00' },
    });
  });

  test('exactly 90 %: age 60, 100 of treatment for three days, 60 + 30', () => {
    const more = { person: tagged(['低保'], 60), stay: { days: 3 } };
    expect(splitOf('c8-assisted', stay('township', [item('treatment', '100.00')], more))).toMatchObject({
      ...{ funds: { basic: '90.00', assistance: '0.00' }, own: '10.00' },
    });
  });

  test('a few fen: 0.05 × 60 % = 0.03, target 0.045 half up 0.05; never beyond the own part', () => {
    expect(splitOf('c8-assisted', stay('township', [item('drug', '0.05')]))).toMatchObject({
      ...{ funds: { basic: '0.03', assistance: '0.02' }, own: '0.00' },
    });
    expect(splitOf('c8-assisted', stay('township', [item('drug', '0.00')]))).toMatchObject({
      fundTotal: '0.00',
    });
  });

  test('where one-stop settlement is not possible assistance pays nothing and the reason is told', () => {
    const oneStop = { possible: false, reason: '外地救助系统未联网' };
    const split = splitOf('c8-assisted', stay('township', thousand, { oneStop }));
    expect(split).toMatchObject({ funds: { basic: '600.00', assistance: '0.00' }, own: '400.00' });
    const told = allReasons(split.reasons).find(({ step }) => step === 'fill');
    expect(told).toMatchObject({ rule: 'C8.1', amount: '0.00' });
    expect(told?.zh).toContain('外地救助系统未联网');
    expect(told?.en).toContain('外地救助系统未联网');
  });

  test('the basic layer is that of C4, step by step', () => {
    const c4 = documentOf('c4').steps.slice(0, -1);
    expect(documentOf('c8-assisted').steps.slice(0, c4.length)).toEqual(c4);
  });

  test('the holder pays what is left: own 100, 30 from the account, 70 in cash', () => {
    const account = { balance: '30.00', use: true };
    expect(splitOf('c8-assisted', stay('township', thousand, { account }))).toMatchObject({
      ...{ own: '100.00', account: '30.00', cash: '70.00' },
    });
  });

  test('limits of the basic layer hold: tests of 400 count 200, 120; then up to 360', () => {
    expect(splitOf('c8-assisted', stay('township', [item('test', '400.00')]))).toMatchObject({
      ...{ funds: { basic: '120.00', assistance: '240.00' }, own: '40.00' },
    });
  });

  test('half of a stay comes back from every layer in half', () => {
    const lines = [item('drug', '1000.00', { quantity: '10' })];
    expect(
      splitOf('c8-assisted', stay('township', lines, { refund: [{ index: 0, quantity: '5' }] })),
    ).toMatchObject({
      ...{ total: '-500.00', funds: { basic: '-300.00', assistance: '-150.00' }, own: '-50.00' },
    });
  });

  test('residents are assisted alike, employees have no rule here', () => {
    const resident = { ...poor, scheme: 'resident' };
    expect(splitOf('c8-assisted', stay('township', thousand, { person: resident }))).toMatchObject({
      funds: { basic: '600.00', assistance: '300.00' },
    });
    const employee = { ...poor, scheme: 'employee' };
    expect(refusalOf('c8-assisted', stay('township', thousand, { person: employee }))).toBe(
      'policy-not-applicable',
    );
  });

  test('outpatient visits and levels without a basic rule have none here', () => {
    expect(refusalOf('c8-assisted', stay('township', thousand, { visitKind: 'outpatient' }))).toBe(
      'policy-not-applicable',
    );
    expect(refusalOf('c8-assisted', stay('first', thousand))).toBe('policy-not-applicable');
  });
});
