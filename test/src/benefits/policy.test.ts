import { describe, expect, test } from 'vitest';
import { choosePolicy, shippedPolicies } from '#benefits/choose-policy';
import { parsePolicy } from '#benefits/parse-policy';
import { employeePharmacy } from '#benefits/policies/employee-pharmacy';
import { ratio, yuan } from '#core/money';

const toml = `
id = "990101-310"
version = "3"
titleZh = "示例区职工药店购药"
titleEn = "Example district"
status = "sample"
basis = "示例文件第1号"
regions = ["990101"]
scheme = "310"
visitKinds = ["pharmacy"]
validFrom = "2026-01-01"
validTo = "2026-12-31"
yearlyDeductible = "150.00"

[fund]
code = "310100"
nameZh = "统筹基金"
nameEn = "pooled fund"

[[groups]]
id = "active"
nameZh = "在职"
nameEn = "employed"
personTypes = ["11"]
fundRatio = "0.55"

[account]
paysOutOfScope = true
paysOverCeiling = true
`;

function problemsOf(text: string) {
  const parsed = parsePolicy(text);
  return parsed.ok ? [] : parsed.error.problems;
}

describe('a policy document', () => {
  test('is read from TOML with a byte order mark, amounts exact', () => {
    const parsed = parsePolicy(`\uFEFF${toml}`);
    expect(parsed).toMatchObject({
      ok: true,
      value: { yearlyDeductible: yuan('150.00'), validTo: '2026-12-31' },
    });
    expect(parsed.ok && parsed.value.groups[0]?.fundRatio).toBe(ratio('0.55'));
    expect(parsed.ok && parsed.value.yearlyFundCap).toBe(undefined);
  });

  test('is read from JSON alike', () => {
    expect(parsePolicy(JSON.stringify(employeePharmacy))).toMatchObject({ ok: true });
  });

  test.each([
    ['a syntax error', toml.replace('version = "3"', 'version = '), 'line 3', /./],
    ['broken JSON', '{"id": ', 'document', /JSON/],
    [
      'a number where text holds the amount',
      toml.replace('"150.00"', '150.00'),
      'yearlyDeductible',
      /string/,
    ],
    ['three decimals of money', toml.replace('150.00', '150.005'), 'yearlyDeductible', /yuan/],
    ['a negative deductible', toml.replace('150.00', '-1'), 'yearlyDeductible', /yuan/],
    ['a ratio above one', toml.replace('0.55', '55'), 'groups[0].fundRatio', /ratio/],
    ['a misspelt key', toml.replace('yearlyDeductible', 'yearlyDeductable'), 'document', /yearlyDeductable/],
    ['a day that does not exist', toml.replace('2026-01-01', '2026-02-30'), 'validFrom', /day/],
    ['an end before the beginning', toml.replace('2026-12-31', '2025-12-31'), 'validTo', /begins/],
    ['a region of five digits', toml.replace('990101"]', '99010"]'), 'regions[0]', /six digits/],
    ['a person type in two groups', toml.replace('["11"]', '["11", "11"]'), 'groups', /11/],
  ])('with %s is refused at its place', (_, text, place, message) => {
    const problems = problemsOf(text);
    expect(problems.map((problem) => problem.place).join(' ')).toContain(place);
    expect(problems.map((problem) => problem.message).join(' ')).toMatch(message);
  });

  test('that is refused carries a code and a next step', () => {
    const parsed = parsePolicy('x');
    expect(parsed).toMatchObject({
      ok: false,
      error: { fault: { code: 'policy-invalid', retry: 'permanent' } },
    });
  });
});

describe('the choice of a document', () => {
  const question = { region: '990100', scheme: '310', personType: '1101', day: '2026-11-21' };
  const parsed = parsePolicy(toml);
  if (!parsed.ok) throw new Error(parsed.error.fault.detail);
  const district = parsed.value;
  const documents = [...shippedPolicies(), district];

  test('takes the region’s own before the one for all, and the one for all elsewhere', () => {
    const chosen = choosePolicy(documents, { ...question, region: '990101' });
    expect(chosen).toMatchObject({ ok: true, value: { id: '990101-310' } });
    expect(choosePolicy(documents, { ...question, region: '990199' })).toMatchObject({
      value: { id: 'training-310-pharmacy' },
    });
  });

  test('keeps to the dates, first and last day included', () => {
    const ids = ['2025-12-31', '2026-01-01', '2026-12-31', '2027-01-01'].map((day) => {
      const chosen = choosePolicy(documents, { ...question, region: '990101', day });
      return chosen.ok ? chosen.value.id : chosen.error.code;
    });
    expect(ids).toEqual(['training-310-pharmacy', '990101-310', '990101-310', 'training-310-pharmacy']);
  });

  test('takes the later version of two that both hold', () => {
    const later = { ...district, version: '4', validFrom: '2026-06-01' };
    const chosen = choosePolicy([district, later], { ...question, region: '990101' });
    expect(chosen).toMatchObject({ value: { version: '4' } });
  });

  test.each([
    ['an unknown scheme', { scheme: '380' }],
    ['a group that the document leaves out', { personType: '1300' }],
    ['a day before any document', { day: '2019-12-31' }],
    ['another kind of visit', { visitKind: 'inpatient' as const }],
  ])('with %s is a fault, never a benefit of zero', (_, change) => {
    const chosen = choosePolicy(documents, { ...question, ...change });
    expect(chosen).toMatchObject({ ok: false, error: { code: 'policy-not-applicable' } });
  });

  test('the shipped ones hold the figures shared with the agency simulator', () => {
    const [employee, resident] = shippedPolicies();
    expect(employee).toMatchObject({
      scheme: '310',
      yearlyDeductible: yuan('200.00'),
      yearlyFundCap: yuan('3000.00'),
      groups: [{ fundRatio: ratio('0.60') }, { fundRatio: ratio('0.70') }],
    });
    expect(resident).toMatchObject({
      scheme: '390',
      yearlyDeductible: yuan('100.00'),
      yearlyFundCap: yuan('1000.00'),
      groups: [{ fundRatio: ratio('0.50') }],
    });
  });
});
