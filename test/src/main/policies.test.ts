import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { condition } from '#core/policy/conditions';
import {
  loadPolicies,
  readPolicyFolder,
  shippedPolicies,
  shippedPolicy,
  tillPolicies,
} from '../../../src/main/policies.ts';
import { splitOf } from '../benefits/rule-sets/split-of.ts';

const shipped = shippedPolicies();
const c2 = readFileSync(new URL('../../../src/benefits/documents/c2.toml', import.meta.url), 'utf8');

function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'guitai-policies-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function problemOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = folderWith(files);
  const read = loadPolicies(folder);
  if (read.ok) throw new Error('the folder was taken');
  expect(read.error.fault.code).toBe('policy-invalid');
  expect(read.error.fault.detail, 'no path of the machine is told').not.toContain(folder);
  return read.error.fault.detail ?? '';
}

describe('the shipped documents', () => {
  test('are exactly the rule sets C1 to C9, eight cities with two schemes each, and four for training', () => {
    const cities = ['130500', '140800', '340400', '530100', '610100', '610300', '610700', '611000'];
    expect(shipped.map(({ id }) => id)).toEqual(
      [
        ...['c1-2009', 'c1-older', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7-employee', 'c7-resident'],
        ...['c8-assisted', 'c9'],
        ...cities.flatMap((city) => [`sample-${city}-310`, `sample-${city}-390`]),
        ...['training-310-pharmacy', 'training-390-pharmacy', 'training-310-chronic', 'training-390-chronic'],
      ].sort(),
    );
  });

  test('lie each in a file of its own id, so that one is read without the others', () => {
    for (const policy of shipped) expect(shippedPolicy(policy.id)).toEqual(policy);
    expect(shippedPolicy('c10')).toBeUndefined();
    expect(shippedPolicy('../documents/c2')).toBeUndefined();
  });

  test('say what they are: restated, sample with its document number, or training; none is official', () => {
    for (const { id, status, titleZh, titleEn, basis, notes } of shipped) {
      const kind = id.split('-')[0];
      expect(status).toBe(kind === 'sample' ? 'sample' : kind === 'training' ? 'training' : 'restated');
      expect(notes.length).toBeGreaterThan(0);
      if (status !== 'sample') continue;
      expect(titleZh).toContain('非官方样例');
      expect(titleEn).toContain('unofficial sample');
      expect(basis).toMatch(/〔20\d\d〕\d+号/);
    }
  });

  test('bar the account from nothing, for the texts name no bar; only the training documents bar what is out of scope', () => {
    for (const { status, steps } of shipped)
      expect(steps.at(-1)).toMatchObject({
        ...{ kind: 'account', paysOutOfScope: status !== 'training', paysOverCeiling: true },
      });
  });

  test('the assumed ratio of Xiamen’s employees is marked in its rule number, so every reason shows it', () => {
    const bands = shippedPolicy('c7-employee')?.steps.filter(({ kind }) => kind === 'bands') ?? [];
    expect(bands[0]).toMatchObject({ entries: [{ rule: 'C7.2（假定 assumed）' }] });
  });
});

const idsOf = (place: Parameters<typeof tillPolicies>[0]) => {
  const policies = tillPolicies(place);
  return policies.ok ? policies.value.map(({ id }) => id) : policies.error.detail;
};

describe('what a till splits by', () => {
  const own = c2.replace('id = "c2"', 'id = "own"');
  const trainingIds = [
    'training-310-pharmacy',
    'training-390-pharmacy',
    'training-310-chronic',
    'training-390-chronic',
  ];

  test('in training and in the invented region: the training documents and the folder’s, no sample', () => {
    const folder = folderWith({ 'own.toml': own });
    expect(idsOf({ region: '110000', training: true, folder })).toEqual([...trainingIds, 'own']);
    expect(idsOf({ region: '990100', training: false })).toEqual(trainingIds);
  });

  test('in a real region: its own official documents, and without any nothing, never invented figures', () => {
    const folder = folderWith({ 'own.toml': own.replace('"restated"', '"official"') });
    expect(idsOf({ region: '110000', training: false, folder })).toEqual(['own']);
    expect(idsOf({ region: '110000', training: false })).toEqual([]);
  });

  test('a sample or restated document in a real region’s folder is refused by name', () => {
    expect(idsOf({ region: '110000', training: false, folder: folderWith({ 'own.toml': own }) })).toBe(
      'own.toml, status: restated: a real region’s shop takes official documents only',
    );
  });
});

describe('docs/policy-documents.md', () => {
  const page = readFileSync(new URL('../../../docs/policy-documents.md', import.meta.url), 'utf8');
  const block = (language: string) => page.split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? '';

  test('its example document and its example case give the figures that its words compute', () => {
    const read = readPolicyFolder(folderWith({ 'outpatient.toml': block('toml') }));
    const policy = read.ok ? read.value[0] : undefined;
    if (policy === undefined) throw new Error('the example is not a document');
    expect(splitOf(policy, JSON.parse(block('json')))).toMatchObject({
      ...{
        total: '178.00',
        outOfScope: '8.00',
        firstSelfPay: '5.00',
        inScope: '165.00',
        deductible: '50.00',
      },
      ...{ fundTotal: '86.25', own: '91.75', account: '60.00', cash: '31.75' },
    });
  });

  test('it names every kind of step and every condition', () => {
    const kinds = shipped.flatMap(({ steps }) => steps.map(({ kind }) => kind));
    for (const kind of new Set(kinds)) expect(page).toContain(`| \`${kind}\` |`);
    for (const name of Object.keys(condition.shape)) expect(page).toContain(`\`${name}\``);
  });
});

describe('a region’s folder', () => {
  test('stands behind the shipped documents, and a newer version beside the older one', () => {
    const folder = folderWith({
      'own.toml': c2.replace('id = "c2"', 'id = "own"'),
      'newer.toml': c2.replace('version = "2009-1"', 'version = "2026-1"'),
      'readme.txt': 'not a policy',
    });
    const read = loadPolicies(folder);
    if (!read.ok) throw new Error(read.error.fault.detail);
    const added = read.value.slice(shipped.length);
    expect(added.map(({ id, version }) => `${id}@${version}`)).toEqual(['c2@2026-1', 'own@2009-1']);
  });

  test('a document in JSON is read like one in TOML', () => {
    const text = JSON.stringify({
      ...{ id: 'j', version: '1', titleZh: '文件', titleEn: 'a document', status: 'official', basis: '文号' },
      ...{ regions: ['110000'], schemes: ['310'], visitKinds: ['outpatient'], validFrom: '2026-01-01' },
      funds: [{ layer: 'basic', code: '310100', nameZh: '统筹', nameEn: 'pool' }],
      groups: [{ id: 'active', nameZh: '在职', nameEn: 'employed', personTypes: ['11'] }],
      steps: [{ kind: 'scope', rule: '1' }],
    });
    const read = readPolicyFolder(folderWith({ 'a.json': text }));
    expect(read.ok && read.value[0]?.id).toBe('j');
  });

  test('a wrong figure is told with file and path, and no document of the folder is taken', () => {
    const wrong = c2.replace('amount = "650.00"', 'amount = "650.001"').replace('id = "c2"', 'id = "d"');
    const good = c2.replace('id = "c2"', 'id = "e"');
    const detail = problemOf({ 'a-good.toml': good, 'b-wrong.toml': wrong });
    expect(detail).toContain('b-wrong.toml, steps[3].entries[1].amount: "650.001" is not an amount');
  });

  test('broken TOML is told with line and column', () => {
    expect(problemOf({ 'a.toml': 'id = "a"\nversion = \n' })).toMatch(/^a\.toml, line 2, column \d+: /);
  });

  test('an unknown key, a ratio above one and a layer without a fund are each told with their place', () => {
    expect(problemOf({ 'a.toml': `surprise = 1\n${c2}` })).toContain('a.toml, document: ');
    const ratio = c2.replace('fundRatio = "0.85"', 'fundRatio = "1.85"');
    expect(problemOf({ 'a.toml': ratio })).toContain('steps[4].entries[0].bands[0].fundRatio');
    const layer = c2.replaceAll('layer = "basic"\nruns', 'layer = "supplement"\nruns');
    expect(problemOf({ 'a.toml': layer })).toContain('steps[4]: no fund is named for the layer supplement');
  });

  test('the same id and version twice are refused, whether shipped or both in the folder', () => {
    expect(problemOf({ 'mine.toml': c2 })).toBe(
      'mine.toml, version: id and version c2@2009-1 also stand in the shipped documents',
    );
    const own = c2.replace('id = "c2"', 'id = "own"');
    expect(problemOf({ 'a.toml': own, 'b.toml': own })).toBe(
      'b.toml, version: id and version own@2009-1 also stand in a.toml',
    );
  });

  test('a folder that is not there, and a file in another encoding, are refused in words', () => {
    const read = readPolicyFolder(join(tmpdir(), 'guitai-no-such-folder'));
    expect(!read.ok && read.error.fault.detail).toBe(
      '[policies] folder, document: the folder cannot be read',
    );
    const gb18030 = Uint8Array.from([0x23, 0xb2, 0xe2, 0xca, 0xd4]);
    expect(problemOf({ 'a.toml': gb18030 })).toContain('a.toml, document: ');
  });
});
