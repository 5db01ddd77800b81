import { describe, expect, test } from 'vitest';
import { documentOf, item, type LineText, refusalOf, splitOf } from './split-of.ts';

// C9: b = min(cost, quota); the scheme 0.7 b; assisted people bear 0.1 b and assistance the rest of b, others 0.3 b;
// the overrun is the institution's, or half the patient's.

const person = { scheme: 'rural', group: 'resident', age: 45 };
const assisted = { ...person, tags: ['特困'] };
const shipped = documentOf('c9');
const halving = {
  ...shipped,
  steps: shipped.steps.map((step) =>
    step.kind === 'quota' ? { ...step, overrun: 'half-patient' as const } : step,
  ),
};

function stay(lines: string | readonly LineText[], more: Readonly<Record<string, unknown>> = {}) {
  return {
    visitKind: 'inpatient',
    institution: { level: 'second', kind: 'hospital' },
    person,
    quota: { disease: '儿童急性白血病', amount: '10000.00' },
    lines: typeof lines === 'string' ? [item('treatment', lines)] : lines,
    ...more,
  };
}

describe('C9 quota payment per disease', () => {
  test.each([
    ['exactly at the quota: 7,000 and 3,000', '10000.00', '7000.00', '3000.00', '0.00'],
    ['under it: 8,000 × 70 %', '8000.00', '5600.00', '2400.00', '0.00'],
    ['one fen under: 9,999.99 × 70 % = 6,999.993, half up', '9999.99', '6999.99', '3000.00', '0.00'],
    ['one fen over', '10000.01', '7000.00', '3000.00', '0.01'],
    ['2,000 over, borne by the institution', '12000.00', '7000.00', '3000.00', '2000.00'],
    ['nothing', '0.00', '0.00', '0.00', '0.00'],
  ])('others, %s', (_, total, basic, own, institution) => {
    expect(splitOf('c9', stay(total))).toMatchObject({
      ...{ total, funds: { basic, assistance: '0.00' }, own, institution },
    });
  });

  test.each([
    [
      'exactly at the quota: 7,000, 1,000 own, 2,000 from assistance',
      '10000.00',
      '7000.00',
      '2000.00',
      '1000.00',
      '0.00',
    ],
    ['under it: 8,000', '8000.00', '5600.00', '1600.00', '800.00', '0.00'],
    ['2,000 over', '12000.00', '7000.00', '2000.00', '1000.00', '2000.00'],
    [
      'five fen: 0.035 half up 0.04, own 0.005 half up 0.01, nothing is left',
      '0.05',
      '0.04',
      '0.00',
      '0.01',
      '0.00',
    ],
  ])('assisted, %s', (_, total, basic, assistance, own, institution) => {
    expect(splitOf('c9', stay(total, { person: assisted }))).toMatchObject({
      ...{ funds: { basic, assistance }, own, institution },
    });
  });

  test.each(['低保', '特困', '2303', '2304'])('%s is assisted in every scheme', (tag) => {
    for (const scheme of ['rural', 'resident', 'employee'])
      expect(splitOf('c9', stay('10000.00', { person: { ...person, scheme, tags: [tag] } }))).toMatchObject({
        ...{ funds: { basic: '7000.00', assistance: '2000.00' }, own: '1000.00' },
      });
  });

  test('a tag that has ended does not assist', () => {
    const ended = { ...person, tags: [{ code: '特困', to: '2026-06-14' }] };
    expect(splitOf('c9', stay('10000.00', { person: ended }))).toMatchObject({ own: '3000.00' });
  });

  test.each([
    ['2,000 over: 1,000 each', '12000.00', '4000.00', '1000.00'],
    ['exactly at the quota', '10000.00', '3000.00', '0.00'],
    ['one fen over: the patient’s half, 0.005, is rounded up', '10000.01', '3000.01', '0.00'],
    ['three fen over: 0.015 half up 0.02', '10000.03', '3000.02', '0.01'],
  ])('a region that halves the overrun: %s', (_, total, own, institution) => {
    expect(splitOf(halving, stay(total))).toMatchObject({ funds: { basic: '7000.00' }, own, institution });
  });

  test('a region that halves the overrun, assisted: 1,000 of b and 1,000 of 2,000 over', () => {
    expect(splitOf(halving, stay('12000.00', { person: assisted }))).toMatchObject({
      ...{ funds: { basic: '7000.00', assistance: '2000.00' }, own: '2000.00', institution: '1000.00' },
    });
  });

  test('the cost is the whole bill, class C too; no line is covered beyond what it cost', () => {
    const lines = [item('drug', '6000.00'), item('drug', '4000.00', { class: 'C' })];
    expect(splitOf('c9', stay(lines))).toMatchObject({
      ...{ outOfScope: '4000.00', inScope: '6000.00', funds: { basic: '7000.00' }, own: '3000.00' },
      lines: [
        { covered: '6000.00', own: '0.00' },
        { covered: '1000.00', own: '3000.00' },
      ],
    });
  });

  test('lines add up with the institution’s share taken off: 12,000 in three lines', () => {
    const lines = [item('drug', '6000.00'), item('test', '3000.00'), item('operation', '3000.00')];
    // 7,000 over 6,000 : 3,000 : 3,000 is 3,500, 1,750, 1,750; 2,000 of the institution 1,000, 500, 500.
    expect(splitOf('c9', stay(lines))).toMatchObject({
      ...{ fundTotal: '7000.00', institution: '2000.00', own: '3000.00' },
      lines: [
        { covered: '3500.00', own: '1500.00' },
        { covered: '1750.00', own: '750.00' },
        { covered: '1750.00', own: '750.00' },
      ],
    });
  });

  test('part comes back below the quota: 12,000 with 2,000 over; 8,000 pays 5,600 and 2,400', () => {
    const lines = [item('treatment', '12000.00', { quantity: '12' })];
    expect(splitOf('c9', stay(lines, { refund: [{ index: 0, quantity: '4' }] }))).toMatchObject({
      ...{ total: '-4000.00', funds: { basic: '-1400.00' }, institution: '-2000.00', own: '-600.00' },
    });
  });

  test('the account pays what is own', () => {
    const account = { balance: '5000.00', use: true };
    expect(splitOf('c9', stay('10000.00', { account }))).toMatchObject({ account: '3000.00', cash: '0.00' });
  });

  test('without a quota there is no rule, nor for an outpatient visit', () => {
    expect(refusalOf('c9', stay('10000.00', { quota: undefined }))).toBe('policy-not-applicable');
    expect(refusalOf('c9', stay('10000.00', { visitKind: 'outpatient' }))).toBe('policy-not-applicable');
  });
});
