import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { addPolicyCommands } from '../../../src/cli/policy-commands.ts';
import { addSplitCommand } from '../../../src/cli/split-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'guitai-split-'));
const root = fileURLToPath(new URL('../../..', import.meta.url));
const c9 = readFileSync(join(root, 'src/benefits/documents/c9.toml'), 'utf8');

afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** A village visit under c3: two drugs of 6.00 count 10 together, 60 % is 6.00. */
const village = {
  visitKind: 'outpatient',
  institution: { level: 'village', kind: 'clinic' },
  person: { scheme: 'rural', group: 'resident' },
  lines: [
    { category: 'drug', class: 'A', amount: '6.00', quantity: '2' },
    { category: 'drug', class: 'A', amount: '6' },
  ],
};

function fileOf(content: unknown, name = 'case.json'): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

/** Runs a command in this process: what it wrote, and the exit code that it asks for. */
async function run(...args: string[]): Promise<{ out: string; err: string; code: number }> {
  let [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
  process.exitCode = undefined;
  const program = new Command('guitai').exitOverride();
  addSplitCommand(program);
  addPolicyCommands(program);
  await program.parseAsync(['node', 'guitai', ...args]);
  const code = Number(process.exitCode ?? 0);
  vi.restoreAllMocks();
  process.exitCode = undefined;
  return { out, err, code };
}

async function splitJson(content: unknown, ...args: string[]) {
  const { out, code } = await run('split', '--policy', 'c3', '--case', fileOf(content), '--json', ...args);
  return { result: JSON.parse(out), code };
}

/** Code and problems of a case that is refused. */
async function refusal(content: unknown) {
  const { result, code } = await splitJson(content);
  expect(code).toBe(2);
  expect(Object.keys(result)).toEqual(['error']);
  expect(result.error.zh).toMatch(/[一-鿿]/);
  return result.error as { code: string; problems?: { place: string; message: string }[] };
}

describe('guitai split --json', () => {
  test('answers with every amount as text with two decimals, keys in their fixed order', async () => {
    const { result, code } = await splitJson(village);
    expect(code).toBe(0);
    expect(Object.entries(result).slice(0, -2)).toEqual([
      ['total', '12.00'],
      ['outOfScope', '0.00'],
      ['overCeiling', '0.00'],
      ['firstSelfPay', '0.00'],
      ['inScope', '12.00'],
      ['deductible', '0.00'],
      [
        'funds',
        { basic: '6.00', seriousIllness: '0.00', assistance: '0.00', catchAll: '0.00', supplement: '0.00' },
      ],
      ['fundTotal', '6.00'],
      ['institution', '0.00'],
      ['own', '6.00'],
      ['account', '0.00'],
      ['cash', '6.00'],
    ]);
    expect(Object.keys(result).slice(-2)).toEqual(['lines', 'reasons']);
    const { reasons, ...line } = result.lines[1];
    expect(Object.entries(line)).toEqual([
      ['index', 1],
      ['total', '6.00'],
      ['outOfScope', '0.00'],
      ['overCeiling', '0.00'],
      ['firstSelfPay', '0.00'],
      ['inScope', '6.00'],
      ['covered', '3.00'],
      ['own', '3.00'],
    ]);
    expect(reasons.length).toBeGreaterThan(0);
  });

  test('every reason is a tree with rule, step, policy, version, amount and both languages', async () => {
    const { result } = await splitJson(village);
    const check = (reasons: Record<string, unknown>[]) => {
      for (const reason of reasons) {
        expect(Object.keys(reason)).toEqual([
          'rule',
          'step',
          'policy',
          'version',
          'amount',
          'zh',
          'en',
          'parts',
        ]);
        expect(reason).toMatchObject({
          policy: 'c3',
          version: '2010-1',
          amount: expect.stringMatching(/^-?\d+\.\d\d$/),
        });
        expect(reason['zh']).toMatch(/[一-鿿]/);
        expect(reason['en']).toMatch(/[a-z]/);
        check(reason['parts'] as Record<string, unknown>[]);
      }
    };
    check(result.reasons);
    for (const line of result.lines) check(line.reasons);
    const rules = result.reasons.map(({ rule }: { rule: string }) => rule);
    expect(rules).toContain('C3.1');
  });

  test('a refund has its signs reversed and no minus before zero; one of two drugs of 6 left pays 3.60', async () => {
    const { result, code } = await splitJson({ ...village, refund: [{ index: 1, quantity: '1' }] });
    expect(code).toBe(0);
    // 12 counted 10 and paid 6.00; 6 pays 3.60.
    expect(result).toMatchObject({
      total: '-6.00',
      outOfScope: '0.00',
      fundTotal: '-2.40',
      own: '-3.60',
      cash: '-3.60',
    });
    expect(result.lines).toMatchObject([
      { index: 0, total: '0.00', covered: '0.60', own: '-0.60' },
      { index: 1, total: '-6.00', covered: '-3.00', own: '-3.00' },
    ]);
    expect(JSON.stringify(result)).not.toContain('"-0.00"');
  });

  test('a refund says of every changed sum what it was and what it is', async () => {
    const { result } = await splitJson({ ...village, refund: [{ index: 1, quantity: '1' }] });
    expect(result.reasons[0]).toMatchObject({ step: 'refund', amount: '-6.00' });
    const words = result.reasons.map(({ zh }: { zh: string }) => zh).join('\n');
    expect(words).toContain('基金支付原为 6.00 元，退后为 3.60 元');
  });

  test('half of a line comes back by its quantity: 6.00 × 1 ÷ 2', async () => {
    const { result } = await splitJson({ ...village, refund: [{ index: 0, quantity: '1' }] });
    // 3 and 6 are left: 9 × 60 % = 5.40.
    expect(result).toMatchObject({ total: '-3.00', fundTotal: '-0.60', own: '-2.40' });
  });

  test('--date chooses tags only, never the policy: c3 splits on a day long before it began', async () => {
    const { result, code } = await splitJson(village, '--date', '1999-01-01');
    expect({ code, fundTotal: result.fundTotal }).toEqual({ code: 0, fundTotal: '6.00' });
  });
});

describe('guitai split refuses', () => {
  test('a level without a rule: policy-not-applicable, exit code 2, no amounts', async () => {
    const error = await refusal({ ...village, institution: { level: 'community', kind: 'hospital' } });
    expect(error.code).toBe('policy-not-applicable');
  });

  test('an unknown policy: policy-unknown', async () => {
    const { out, code } = await run('split', '--policy', 'c10', '--case', fileOf(village), '--json');
    expect({ code, error: JSON.parse(out).error.code }).toEqual({ code: 2, error: 'policy-unknown' });
  });

  const lines = village.lines;
  const firstLine = (more: Record<string, unknown>) => ({ ...village, lines: [{ ...lines[0], ...more }] });

  test.each([
    ['an amount as a JSON number', firstLine({ amount: 6 }), 'lines[0].amount'],
    ['three decimals', firstLine({ amount: '6.001' }), 'lines[0].amount'],
    ['a negative amount', firstLine({ amount: '-6.00' }), 'lines[0].amount'],
    ['an exponent', firstLine({ amount: '6e2' }), 'lines[0].amount'],
    ['no amount', { ...village, lines: [{ category: 'drug', class: 'A' }] }, 'lines[0].amount'],
    ['a quantity of zero', firstLine({ quantity: '0' }), 'lines[0].quantity'],
    ['a ratio above one', firstLine({ class: 'B', firstSelfPayRatio: '1.1' }), 'lines[0].firstSelfPayRatio'],
    ['an unknown class', firstLine({ class: 'D' }), 'lines[0].class'],
    ['an unknown category', firstLine({ category: 'glasses' }), 'lines[0].category'],
    ['an unknown key of a line', firstLine({ celing: '5' }), 'lines[0]'],
    ['an unknown key of the case', { ...village, usedThisYaer: {} }, 'case'],
    ['no lines', { ...village, lines: [] }, 'lines'],
    ['no visit kind', { ...village, visitKind: undefined }, 'visitKind'],
    ['no person', { ...village, person: undefined }, 'person'],
    ['an age that is not whole', { ...village, person: { ...village.person, age: 69.5 } }, 'person.age'],
    ['a tag’s day that is none', tagged({ code: '低保', to: '2026-02-30' }), 'person.tags[0].to'],
    [
      'a refund of a line that is not there',
      { ...village, refund: [{ index: 2, quantity: '1' }] },
      'refund[0].index',
    ],
    [
      'a refund of more than was sold',
      { ...village, refund: [{ index: 1, quantity: '2' }] },
      'refund[0].quantity',
    ],
    [
      'a refund that names a line twice',
      {
        ...village,
        refund: [
          { index: 0, quantity: '1' },
          { index: 0, quantity: '1' },
        ],
      },
      'refund[1].index',
    ],
    ['herbal medicine without doses', firstLine({ category: 'herbal' }), 'lines[0].doses'],
    [
      'two figures for the basic layer',
      { ...village, usedThisYear: { fundPaid: '1', byLayer: { basic: '2' } } },
      'usedThisYear.byLayer.basic',
    ],
    ['a list instead of a case', [village], 'case'],
  ])('%s: case-invalid with its place', async (_, content, place) => {
    const error = await refusal(content);
    expect(error.code).toBe('case-invalid');
    expect(error.problems?.map((problem) => problem.place)).toContain(place);
  });

  function tagged(tag: unknown) {
    return { ...village, person: { ...village.person, tags: [tag] } };
  }

  test('text that is not JSON, without repeating any of it', async () => {
    const { out, code } = await run('split', '--policy', 'c3', '--case', fileOf('{"张三": 6217'), '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out).error.code).toBe('case-invalid');
    expect(out).not.toContain('张三');
    expect(out).not.toContain('6217');
  });

  test('a value that does not fit is named by its place, never repeated', async () => {
    const { out } = await run(
      'split',
      '--policy',
      'c3',
      '--case',
      fileOf(firstLine({ amount: '张三' })),
      '--json',
    );
    expect(out).toContain('lines[0].amount');
    expect(out).not.toContain('张三');
  });

  test('a file that is not there, and a day that is none', async () => {
    const missing = await run('split', '--policy', 'c3', '--case', join(folder, 'none.json'), '--json');
    expect(JSON.parse(missing.out).error.problems).toMatchObject([{ place: '--case' }]);
    expect(missing.out, 'no path of the machine is told').not.toContain(folder);
    const { result, code } = await splitJson(village, '--date', '2026-02-30');
    expect({ code, problems: result.error.problems }).toMatchObject({
      code: 2,
      problems: [{ place: '--date' }],
    });
  });

  test('without --json the error stands on standard error, in both languages, with exit code 2', async () => {
    const wrong = { ...village, visitKind: 'pharmacy' };
    const { out, err, code } = await run('split', '--policy', 'c3', '--case', fileOf(wrong));
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toMatch(/^policy-not-applicable: .*[一-鿿].* \/ No policy/);
  });
});

describe('guitai split with a region’s folder', () => {
  test('a region that halves the overrun writes it in its own document', async () => {
    const own = mkdtempSync(join(folder, 'own-'));
    writeFileSync(
      join(own, 'half.toml'),
      c9.replace('id = "c9"', 'id = "half"').replace('overrun = "institution"', 'overrun = "half-patient"'),
    );
    const stay = {
      ...{ ...village, visitKind: 'inpatient', quota: { disease: '白内障', amount: '1000.00' } },
      lines: [{ category: 'operation', class: 'A', amount: '1200.00' }],
    };
    const file = fileOf(stay, 'stay.json');
    const { out } = await run('split', '--policy', 'half', '--policies', own, '--case', file, '--json');
    // b = 1,000: 700 and 300; the overrun of 200 is halved.
    expect(JSON.parse(out)).toMatchObject({ fundTotal: '700.00', institution: '100.00', own: '400.00' });
    const shipped = await run('split', '--policy', 'c9', '--policies', own, '--case', file, '--json');
    expect(JSON.parse(shipped.out)).toMatchObject({
      fundTotal: '700.00',
      institution: '200.00',
      own: '300.00',
    });
  });

  test('of several versions the one that began last is taken, another by id@version', async () => {
    const own = mkdtempSync(join(folder, 'own-'));
    const newer = c9.replace('version = "2020-1"', 'version = "2026-1"').replace('2020-01-01', '2026-01-01');
    writeFileSync(join(own, 'c9-2026.toml'), newer.replace('basicRatio = "0.70"', 'basicRatio = "0.80"'));
    const stay = { ...village, visitKind: 'inpatient', quota: { amount: '100.00' } };
    const file = fileOf(stay, 'stay.json');
    const paid = async (policy: string) =>
      JSON.parse((await run('split', '--policy', policy, '--policies', own, '--case', file, '--json')).out)
        .fundTotal;
    expect([await paid('c9'), await paid('c9@2026-1'), await paid('c9@2020-1')]).toEqual([
      '9.60',
      '9.60',
      '8.40',
    ]);
  });

  test('a bad document stops everything: policy-invalid with file and place', async () => {
    const own = mkdtempSync(join(folder, 'own-'));
    writeFileSync(join(own, 'bad.toml'), c9.replace('basicRatio = "0.70"', 'basicRatio = "7"'));
    const { out, code } = await run(
      'split',
      '--policy',
      'c3',
      '--policies',
      own,
      '--case',
      fileOf(village),
      '--json',
    );
    expect(code).toBe(2);
    const { error } = JSON.parse(out);
    expect(error.code).toBe('policy-invalid');
    expect(error.detail).toContain('bad.toml, steps[3].basicRatio');
    expect(out, 'no path of the machine is told').not.toContain(own);
  });
});

describe('for people', () => {
  test('the table names sums and funds in both languages and counts items from 1', async () => {
    const { out, code } = await run('split', '--policy', 'c3', '--case', fileOf(village));
    expect(code).toBe(0);
    expect(out).toContain('新型农村合作医疗门诊 / Rural cooperative scheme, outpatient');
    expect(out).toMatch(/ 6\.00 {2}新型农村合作医疗基金 \/ rural cooperative fund/);
    expect(out).toMatch(/^ +2 +6\.00 +0\.00 +0\.00 +0\.00 +6\.00 +3\.00 +3\.00$/m);
    expect(out).not.toContain('C3.1');
  });

  test('--explain prints the tree with rule numbers and sentences', async () => {
    const { out } = await run('split', '--policy', 'c3', '--case', fileOf(village), '--explain');
    expect(out).toContain('C3.1');
    expect(out).toMatch(/处方药费.*10/);
  });

  test('policy list names every document; policy check tells errors with their places', async () => {
    const list = await run('policy', 'list', '--json');
    expect(JSON.parse(list.out).map(({ id }: { id: string }) => id)).toContain('sample-610300-310');
    const table = await run('policy', 'list');
    expect(table.out.trim().split('\n')).toHaveLength(31);
    const good = await run('policy', 'check', join(root, 'src/benefits/documents/c6.toml'));
    expect(good).toMatchObject({ code: 0, out: expect.stringContaining('c6') });
    const bad = fileOf('id = "x"\ntitleZh = \n', 'bad.toml');
    const checked = await run('policy', 'check', bad);
    expect(checked.code).toBe(2);
    expect(checked.err).toMatch(/bad\.toml, line 2, column \d+/);
    const json = await run('policy', 'check', fileOf(c9.replace('"0.10"', '"ten"'), 'bad.toml'), '--json');
    expect(JSON.parse(json.out).error.problems).toEqual([
      { place: 'steps[3].assistedOwn', message: expect.stringContaining('not a ratio') },
    ]);
  });
});

describe('the program itself', () => {
  function program(args: readonly string[], input: string): Promise<{ out: string; code: number | null }> {
    const child = spawn(process.execPath, [join(root, 'bin/guitai.js'), 'split', ...args]);
    let out = '';
    child.stdout.on('data', (text) => {
      out += String(text);
    });
    child.stdin.end(input);
    return new Promise((resolve) => {
      child.on('close', (code) => resolve({ out, code }));
    });
  }

  test('reads a case from standard input and ends with 0, or with 2 and an error', async () => {
    const args = ['--policy', 'c3', '--case', '-', '--json'];
    const good = await program(args, JSON.stringify(village));
    expect({ code: good.code, fundTotal: JSON.parse(good.out).fundTotal }).toEqual({
      code: 0,
      fundTotal: '6.00',
    });
    const bad = await program(args, JSON.stringify({ ...village, visitKind: 'inpatient' }));
    expect({ code: bad.code, error: JSON.parse(bad.out).error.code }).toEqual({
      code: 2,
      error: 'policy-not-applicable',
    });
  });
});
