import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { drug, drugs, zipped } from '../catalog/agency/agency-text.ts';

const program = fileURLToPath(new URL('../../bin/guitai.js', import.meta.url));
const examples = fileURLToPath(new URL('../../catalog/examples/agency/', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guitai-import-'));
  writeFileSync(join(folder, 'guitai.toml'), '[data]\nfolder = "data"\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function guitai(...args: readonly string[]) {
  const run = spawnSync(process.execPath, [program, 'catalog', 'import', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const versions = () => {
  const place = join(folder, 'data', 'catalog', 'agency');
  return existsSync(place) ? readdirSync(place) : [];
};

test('guitai catalog import takes every example at once, says how far it is, and puts the version in use', () => {
  const all = readdirSync(examples)
    .filter((name) => name !== '1301-97.txt')
    .map((name) => join(examples, name));
  const { code, out, err } = guitai(...all);
  expect([code, out]).toEqual([0, expect.stringMatching(/1312 医保目录 {2}1312\.jsonl {2}读入 rows 1 /)]);
  expect(out).toMatch(/已启用版本 version in use: \d{8}-\d{6}-[0-9a-f]{8}\n$/);
  expect(err).toContain('rows 1301\n');
  expect(versions()).toHaveLength(1);
});

test('a bad file gets its report with line, column and reason, and changes nothing', () => {
  expect(guitai(file('1301.txt', drugs(3))).code).toBe(0);
  const before = versions();
  const bad = file('1301_new.zip', zipped({ 'a.txt': `${drug(1)}\n${drug(2, { 37: '2025-02-30' })}` }));
  const shown = guitai('--full', bad);
  expect(shown.code).toBe(1);
  expect(shown.out).toContain(
    '第 2 行 line 2 [37 开始日期] "2025-02-30": 不是有效日期 / is no day of the calendar',
  );
  expect(shown.err).toMatch(/^catalog-source-rows/m);
  const told = z
    .object({ fault: z.object({ code: z.string() }), reports: z.array(z.object({ table: z.string() })) })
    .parse(JSON.parse(guitai('--full', '--json', bad).out));
  expect(told).toEqual({ fault: { code: 'catalog-source-rows' }, reports: [{ table: '1301' }] });
  expect(guitai('--full', file('1301_cut.zip', zipped({ 'a.txt': drugs(9) }).subarray(0, 100))).err).toMatch(
    /^catalog-source-zip/m,
  );
  expect(versions()).toEqual(before);
});

test('a table in use is not touched without a word, and a table must be told', () => {
  const small = file('1301.txt', drugs(3));
  expect(guitai(small).code).toBe(0);
  expect(guitai(small)).toMatchObject({ code: 1, err: expect.stringContaining('say --full or --changes') });
  expect(guitai('--full', '--changes', small).code).toBe(1);
  const nameless = file('drugs.txt', drug(9, { 4: '新增示例丸' }));
  expect(guitai('--changes', nameless).err).toMatch(/^catalog-source-table/m);
  const { code, out } = guitai('--changes', '--table', '西药中成药', '--json', nameless);
  expect([code, JSON.parse(out)]).toEqual([
    0,
    expect.objectContaining({ tables: { '1301': expect.objectContaining({ rows: 4 }) } }),
  ]);
  expect(guitai('--table', '1308', nameless).err).toMatch(/^catalog-source-table/m);
  expect(guitai('--full', '--table', '1301', join(folder, 'none.txt')).err).toMatch(/^request-invalid/m);
});
