import { describe, expect, test } from 'vitest';
import { yuan } from '#core/money';
import { parsePolicy } from '#core/policy/parse';

const toml = `
id = "990101-310"
version = "3"
titleZh = "示例区职工药店购药"
titleEn = "Example district"
status = "sample"
basis = "示例文件第1号"
regions = ["990101"]
schemes = ["310"]
visitKinds = ["pharmacy"]
validFrom = "2026-01-01"
validTo = "2026-12-31"
funds = [{ layer = "basic", code = "310100", nameZh = "统筹基金", nameEn = "pooled fund" }]
groups = [{ id = "active", nameZh = "在职", nameEn = "employed", personTypes = ["11"] }]

[[steps]]
kind = "deductible"
per = "yearly"
entries = [{ rule = "1.2", amount = "150.00" }]

[[steps]]
kind = "bands"
layer = "basic"
runsOn = "case"
entries = [{ rule = "1.3", bands = [{ fundRatio = "0.55" }] }]

[[steps]]
kind = "account"
rule = "1.4"
paysOutOfScope = true
paysOverCeiling = true
`;

function problemsOf(text: string) {
  const parsed = parsePolicy(text);
  return parsed.ok ? [] : parsed.error.problems;
}

describe('a policy document', () => {
  test('is read from TOML with a byte order mark, amounts exact, roundings half up unless named', () => {
    const parsed = parsePolicy(`\uFEFF${toml}`);
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        validTo: '2026-12-31',
        steps: [{ entries: [{ amount: yuan('150.00') }], later: 'entries' }, { rounding: 'half-up' }, {}],
      },
    });
  });

  test('is read from JSON alike', () => {
    const tree = {
      ...{ id: 'a', version: '1', titleZh: '甲', titleEn: 'A', status: 'sample', basis: '一' },
      ...{ regions: ['*'], schemes: ['310'], visitKinds: ['pharmacy'], validFrom: '2026-01-01' },
      funds: [{ layer: 'basic', code: '310100', nameZh: '统筹', nameEn: 'pool' }],
      groups: [{ id: 'active', nameZh: '在职', nameEn: 'employed', personTypes: [] }],
      steps: [{ kind: 'scope', rule: '1' }],
    };
    expect(parsePolicy(JSON.stringify(tree))).toMatchObject({ ok: true, value: { id: 'a' } });
  });

  test.each([
    ['a syntax error', toml.replace('version = "3"', 'version = '), 'line 3', /./],
    ['broken JSON', '{"id": ', 'document', /JSON/],
    [
      'a number where text holds the amount',
      toml.replace('"150.00"', '150.00'),
      'steps[0].entries[0].amount',
      /string/,
    ],
    ['three decimals of money', toml.replace('150.00', '150.005'), 'steps[0].entries[0].amount', /yuan/],
    ['a negative deductible', toml.replace('150.00', '-1'), 'steps[0].entries[0].amount', /yuan/],
    ['a ratio above one', toml.replace('0.55', '55'), 'steps[1].entries[0].bands[0].fundRatio', /ratio/],
    [
      'two ratios of a band',
      toml.replace('fundRatio = "0.55"', 'fundRatio = "0.55", ownRatio = "0.45"'),
      'bands[0]',
      /either/,
    ],
    [
      'a misspelt key',
      toml.replace('per = "yearly"', 'per = "yearly"\nyearlyMots = "1"'),
      'steps[0]',
      /yearlyMots/,
    ],
    ['an unknown step', toml.replace('kind = "deductible"', 'kind = "deductable"'), 'steps[0].kind', /./],
    ['a step without its rule number', toml.replace('rule = "1.4"\n', ''), 'steps[2].rule', /./],
    [
      'a layer that no fund stands behind',
      toml.replace('layer = "basic"\nruns', 'layer = "catchAll"\nruns'),
      'steps[1]',
      /catchAll/,
    ],
    [
      'an account that does not come last',
      toml.replace(
        '[[steps]]\nkind = "bands"',
        '[[steps]]\nkind = "account"\nrule = "1"\npaysOutOfScope = true\npaysOverCeiling = true\n[[steps]]\nkind = "bands"',
      ),
      'steps[2]',
      /too late/,
    ],
    [
      'a yearly limit on what counts behind the deductible',
      toml.replace(
        '[[steps]]\nkind = "bands"',
        '[[steps]]\nkind = "yearly-counted"\nentries = [{ rule = "1", amount = "9" }]\n[[steps]]\nkind = "bands"',
      ),
      'steps[1]',
      /too late/,
    ],
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
    expect(parsePolicy('x')).toMatchObject({
      ok: false,
      error: { fault: { code: 'policy-invalid', retry: 'permanent' } },
    });
  });
});
