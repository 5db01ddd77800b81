import { describe, expect, test } from 'vitest';
import { item, refusalOf, splitOf } from './split-of.ts';

// The eight cities as samples: every row once for each group of people that it names, then its limits.

type Used = Readonly<Record<string, unknown>>;

function visit(
  scheme: 'employee' | 'resident',
  group: string,
  place: string,
  total: string,
  usedThisYear: Used = {},
  more: Used = {},
) {
  const pharmacy = place === 'pharmacy';
  return {
    visitKind: pharmacy ? 'pharmacy' : 'outpatient',
    institution: {
      level: pharmacy ? 'community' : place,
      kind: pharmacy ? 'pharmacy' : place === 'village' ? 'clinic' : 'hospital',
    },
    person: { scheme, group, age: 50 },
    usedThisYear,
    lines: [item('drug', total)],
    ...more,
  };
}

/** City, level, cost, deductible, then what the fund pays for the active and for the retired. */
const employeeRows: readonly (readonly [string, string, string, string, string, string])[] = [
  // 邢台 Xingtai: 100 a year, 50 % and 60 %: (1,100 − 100).
  ['130500', 'community', '1100.00', '100.00', '500.00', '600.00'],
  ['130500', 'first', '1100.00', '100.00', '500.00', '600.00'],
  ['130500', 'second', '1100.00', '100.00', '500.00', '600.00'],
  ['130500', 'third', '1100.00', '100.00', '500.00', '600.00'],
  // 西安 Xi'an: 200 a year, 70/75, 60/65, 50/55 %: (1,200 − 200).
  ['610100', 'community', '1200.00', '200.00', '700.00', '750.00'],
  ['610100', 'first', '1200.00', '200.00', '700.00', '750.00'],
  ['610100', 'second', '1200.00', '200.00', '600.00', '650.00'],
  ['610100', 'third', '1200.00', '200.00', '500.00', '550.00'],
  // 宝鸡 Baoji: 50 a visit, 60/65, 55/60, 50/55 %: (150 − 50).
  ['610300', 'pharmacy', '150.00', '50.00', '60.00', '65.00'],
  ['610300', 'community', '150.00', '50.00', '60.00', '65.00'],
  ['610300', 'first', '150.00', '50.00', '60.00', '65.00'],
  ['610300', 'second', '150.00', '50.00', '55.00', '60.00'],
  ['610300', 'third', '150.00', '50.00', '50.00', '55.00'],
  // 汉中 Hanzhong: 200 a year, 70/75, 60/65, 50/55 %; only 100 counts, else the limits would cut.
  ['610700', 'community', '300.00', '200.00', '70.00', '75.00'],
  ['610700', 'first', '300.00', '200.00', '70.00', '75.00'],
  ['610700', 'second', '300.00', '200.00', '60.00', '65.00'],
  ['610700', 'third', '300.00', '200.00', '50.00', '55.00'],
  // 商洛 Shangluo: 30, 60, 90 a visit; 70/75, 65/70, 60/65 % of 100.
  ['611000', 'community', '130.00', '30.00', '70.00', '75.00'],
  ['611000', 'first', '130.00', '30.00', '70.00', '75.00'],
  ['611000', 'second', '160.00', '60.00', '65.00', '70.00'],
  ['611000', 'third', '190.00', '90.00', '60.00', '65.00'],
  // 昆明 Kunming: 20, 40, 60 a visit; 60/70, 55/65, 50/60 % of 100.
  ['530100', 'community', '120.00', '20.00', '60.00', '70.00'],
  ['530100', 'first', '120.00', '20.00', '60.00', '70.00'],
  ['530100', 'second', '140.00', '40.00', '55.00', '65.00'],
  ['530100', 'third', '160.00', '60.00', '50.00', '60.00'],
  // 运城 Yuncheng: 30, 50, 80 a visit; 65/70, 60/65, 55/60 % of 100.
  ['140800', 'community', '130.00', '30.00', '65.00', '70.00'],
  ['140800', 'first', '130.00', '30.00', '65.00', '70.00'],
  ['140800', 'second', '150.00', '50.00', '60.00', '65.00'],
  ['140800', 'third', '180.00', '80.00', '55.00', '60.00'],
  // 淮南 Huainan: 200 and 400 a year; 60/65, 50/55 % of 1,000.
  ['340400', 'community', '1200.00', '200.00', '600.00', '650.00'],
  ['340400', 'first', '1200.00', '200.00', '600.00', '650.00'],
  ['340400', 'second', '1400.00', '400.00', '500.00', '550.00'],
  ['340400', 'third', '1400.00', '400.00', '500.00', '550.00'],
];

/** City, level, cost, deductible, what the fund pays: residents, students and children alike. */
const residentRows: readonly (readonly [string, string, string, string, string])[] = [
  ['130500', 'village', '50.00', '0.00', '45.00'],
  ['130500', 'township', '100.00', '0.00', '80.00'],
  ['130500', 'first', '100.00', '0.00', '50.00'],
  ['130500', 'second', '100.00', '0.00', '50.00'],
  ['130500', 'third', '100.00', '0.00', '50.00'],
  ['610100', 'village', '100.00', '0.00', '70.00'],
  ['610100', 'community', '100.00', '0.00', '70.00'],
  ['610100', 'first', '100.00', '0.00', '60.00'],
  ['610100', 'second', '100.00', '0.00', '0.00'],
  ['610100', 'third', '100.00', '0.00', '0.00'],
  ['610300', 'village', '100.00', '0.00', '70.00'],
  ['610300', 'township', '100.00', '0.00', '60.00'],
  ['610300', 'second', '100.00', '0.00', '0.00'],
  ['610300', 'third', '100.00', '0.00', '0.00'],
  ['610700', 'village', '100.00', '0.00', '60.00'],
  ['610700', 'township', '100.00', '0.00', '50.00'],
  ['610700', 'second', '100.00', '0.00', '40.00'],
  ['610700', 'third', '100.00', '0.00', '0.00'],
  ['611000', 'village', '100.00', '0.00', '50.00'],
  ['611000', 'township', '100.00', '0.00', '50.00'],
  ['611000', 'second', '100.00', '0.00', '0.00'],
  ['611000', 'third', '100.00', '0.00', '0.00'],
  ['530100', 'township', '100.00', '0.00', '50.00'],
  ['530100', 'first', '100.00', '0.00', '50.00'],
  ['530100', 'second', '100.00', '0.00', '0.00'],
  ['530100', 'third', '100.00', '0.00', '0.00'],
  ['140800', 'township', '100.00', '0.00', '60.00'],
  ['140800', 'first', '100.00', '0.00', '60.00'],
  ['140800', 'second', '100.00', '0.00', '55.00'],
  ['140800', 'third', '180.00', '80.00', '45.00'],
  ['340400', 'township', '100.00', '0.00', '60.00'],
  ['340400', 'first', '100.00', '0.00', '60.00'],
  ['340400', 'second', '100.00', '0.00', '50.00'],
  ['340400', 'third', '100.00', '0.00', '50.00'],
];

describe('city samples, employees', () => {
  test.each(employeeRows)('%s, %s: %s, deductible %s, active %s, retired %s', (...row) => {
    const [city, level, total, deductible, active, retired] = row;
    const policy = `sample-${city}-310`;
    expect(splitOf(policy, visit('employee', 'active', level, total))).toMatchObject({
      ...{ deductible, funds: { basic: active } },
    });
    expect(splitOf(policy, visit('employee', 'retired', level, total))).toMatchObject({
      ...{ deductible, funds: { basic: retired } },
    });
  });

  // A third-level visit of 10,400 pays thousands: only the limit decides.
  test.each([
    ['130500', '1600', '2000'],
    ['610100', '2000', '2500'],
    ['610300', '500', '900'],
    ['610700', '800', '1000'],
    ['611000', '1500', '2000'],
    ['140800', '2500', '3000'],
    ['340400', '2000', '3000'],
  ])('%s pays at most %s a year, retired %s', (city, active, retired) => {
    const paid = (group: string, fundPaid: string) =>
      splitOf(`sample-${city}-310`, visit('employee', group, 'third', '10400.00', { fundPaid })).fundTotal;
    expect(paid('active', '0.00')).toBe(`${active}.00`);
    expect(paid('retired', '0.00')).toBe(`${retired}.00`);
    // One fen is left, then nothing.
    expect(paid('active', `${Number(active) - 1}.99`)).toBe('0.01');
    expect(paid('active', `${active}.00`)).toBe('0.00');
  });

  test('Kunming pays at most 6,000 to either group: 20,000 would pay 9,970 and more', () => {
    for (const group of ['active', 'retired'])
      expect(splitOf('sample-530100-310', visit('employee', group, 'third', '20000.00'))).toMatchObject({
        ...{ deductible: '60.00', fundTotal: '6000.00', own: '14000.00' },
      });
  });

  test.each([
    ['200 borne in full', '200.00', '0.00', '70.00'],
    ['150 borne: 50 is left, (100 − 50) × 70 %', '150.00', '50.00', '35.00'],
    ['one fen is left: 99.99 × 70 % = 69.993, half up', '199.99', '0.01', '69.99'],
  ])('Xi’an’s deductible is one of the year: %s', (_, borne, deductible, basic) => {
    const used = { deductible: borne };
    expect(splitOf('sample-610100-310', visit('employee', 'active', 'first', '100.00', used))).toMatchObject({
      ...{ deductible, funds: { basic } },
    });
  });

  test('Shangluo’s deductible is of each visit, whatever was borne', () => {
    const used = { deductible: '5000.00' };
    expect(splitOf('sample-611000-310', visit('employee', 'active', 'first', '130.00', used))).toMatchObject({
      ...{ deductible: '30.00', funds: { basic: '70.00' } },
    });
  });

  test.each([
    ['the first of the month and year', 0, '0.00', '150.00', '50.00', '60.00'],
    ['the second of the month bears none: 150 × 60 %', 1, '50.00', '150.00', '0.00', '90.00'],
    ['the fourth of the year', 0, '150.00', '150.00', '50.00', '60.00'],
    ['the fifth of the year bears none', 0, '200.00', '150.00', '0.00', '90.00'],
    ['20 of the year’s 200 are left: 130 × 60 %', 0, '180.00', '150.00', '20.00', '78.00'],
    ['exactly 50', 0, '0.00', '50.00', '50.00', '0.00'],
    ['one fen above: 0.006, half up', 0, '0.00', '50.01', '50.00', '0.01'],
    ['cheaper than the deductible', 0, '0.00', '30.00', '30.00', '0.00'],
  ])(
    'Baoji, 50 a visit, once a month, four a year: %s',
    (_, deductibles, borne, total, deductible, basic) => {
      const more = { thisMonth: { deductibles } };
      const document = visit('employee', 'active', 'pharmacy', total, { deductible: borne }, more);
      expect(splitOf('sample-610300-310', document)).toMatchObject({ deductible, funds: { basic } });
    },
  );

  test.each([
    ['270 borne: 30, just 300', '270.00', '30.00', '65.00'],
    ['290 borne: 10 is left, 120 × 65 %', '290.00', '10.00', '78.00'],
    ['300 borne: none, 130 × 65 % = 84.50', '300.00', '0.00', '84.50'],
  ])('Yuncheng waives the deductible from 300 a year: %s', (_, borne, deductible, basic) => {
    const used = { deductible: borne };
    expect(splitOf('sample-140800-310', visit('employee', 'active', 'first', '130.00', used))).toMatchObject({
      ...{ deductible, funds: { basic } },
    });
  });
});

describe('city samples, residents', () => {
  test.each(residentRows)('%s, %s: %s, deductible %s, paid %s', (city, level, total, deductible, basic) => {
    for (const group of ['resident', 'student', 'child'])
      expect(splitOf(`sample-${city}-390`, visit('resident', group, level, total))).toMatchObject({
        ...{ deductible, funds: { basic } },
      });
  });

  test.each([
    ['130500', 'village', '70.00'],
    ['130500', 'township', '400.00'],
    ['130500', 'first', '400.00'],
    ['130500', 'second', '400.00'],
    ['130500', 'third', '400.00'],
    ['610100', 'village', '200.00'],
    ['610100', 'community', '200.00'],
    ['610100', 'first', '200.00'],
    ['610300', 'village', '200.00'],
    ['610300', 'township', '200.00'],
    ['610700', 'village', '100.00'],
    ['610700', 'township', '100.00'],
    ['610700', 'second', '100.00'],
    ['611000', 'village', '100.00'],
    ['611000', 'township', '100.00'],
    ['530100', 'township', '400.00'],
    ['530100', 'first', '400.00'],
    ['140800', 'township', '200.00'],
    ['140800', 'first', '200.00'],
    ['140800', 'second', '200.00'],
    ['140800', 'third', '200.00'],
    ['340400', 'township', '200.00'],
    ['340400', 'first', '200.00'],
    ['340400', 'second', '200.00'],
    ['340400', 'third', '200.00'],
  ])('%s, %s: a visit of 2,000 is paid up to %s', (city, level, limit) => {
    expect(splitOf(`sample-${city}-390`, visit('resident', 'resident', level, '2000.00'))).toMatchObject({
      fundTotal: limit,
    });
  });

  test('Yuncheng’s third level: exactly 80 pays nothing, one fen more 0.0045, half up 0.00', () => {
    const paid = (total: string) =>
      splitOf('sample-140800-390', visit('resident', 'resident', 'third', total)).fundTotal;
    expect(paid('80.00')).toBe('0.00');
    expect(paid('80.01')).toBe('0.00');
    // 0.02 × 45 % = 0.009, half up.
    expect(paid('80.02')).toBe('0.01');
  });

  test('part of a visit comes back above the limit: 100 × 90 % is 70 at most, 50 × 90 % = 45', () => {
    const document = visit('resident', 'resident', 'village', '100.00');
    const lines = [item('drug', '100.00', { quantity: '2' })];
    const refund = [{ index: 0, quantity: '1' }];
    expect(splitOf('sample-130500-390', { ...document, lines, refund })).toMatchObject({
      ...{ total: '-50.00', fundTotal: '-25.00', own: '-25.00' },
    });
  });
});

describe('a clinic', () => {
  const clinic = (level: string) => ({ institution: { level, kind: 'clinic' } });

  test.each(employeeRows.filter(([, level]) => level !== 'pharmacy'))(
    'in %s, %s, is paid like a hospital of its level: %s, %s, %s',
    (city, level, total, deductible, basic) => {
      const document = { ...visit('employee', 'active', level, total), ...clinic(level) };
      expect(splitOf(`sample-${city}-310`, document)).toMatchObject({ deductible, funds: { basic } });
      const retired = { ...visit('employee', 'retired', level, total), ...clinic(level) };
      expect(splitOf(`sample-${city}-310`, retired).deductible).toBe(deductible);
    },
  );

  test.each(residentRows)('in %s, %s, residents: %s, %s, %s', (city, level, total, deductible, basic) => {
    const document = { ...visit('resident', 'resident', level, total), ...clinic(level) };
    expect(splitOf(`sample-${city}-390`, document)).toMatchObject({ deductible, funds: { basic } });
  });
});

describe('city samples have no rule', () => {
  test.each([
    ['sample-610100-390', 'resident', 'resident', 'township'],
    ['sample-610300-390', 'resident', 'resident', 'community'],
    ['sample-530100-390', 'resident', 'resident', 'village'],
    ['sample-130500-310', 'employee', 'active', 'village'],
    ['sample-610100-310', 'employee', 'active', 'pharmacy'],
    ['sample-610100-310', 'resident', 'resident', 'first'],
    ['sample-610100-310', 'employee', 'student', 'first'],
  ] as const)('%s for %s %s, %s: refused, never a zero', (policy, scheme, group, place) => {
    expect(refusalOf(policy, visit(scheme, group, place, '100.00'))).toBe('policy-not-applicable');
  });

  test('a pharmacy in Xi’an is not the community level that it stands on', () => {
    const document = visit('employee', 'active', 'community', '100.00');
    const institution = { level: 'community', kind: 'pharmacy' };
    expect(refusalOf('sample-610100-310', { ...document, institution })).toBe('policy-not-applicable');
  });
});
