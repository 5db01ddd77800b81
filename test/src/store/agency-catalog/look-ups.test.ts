import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findDocuments } from '#catalog/search/find';
import { price, ratio } from '#core/money';
import type { AgencyCatalogStore } from '#core/ports/agency-catalog';
import { CatalogUnreadable } from '#core/ports/catalog-store';
import { openAgencyCatalog, verifyAgencyCatalog } from '#store/agency-catalog/open';
import { drug, line } from '../../../catalog/agency/agency-text.ts';
import { temporaryFolder } from '../../../catalog/temporary-folder.ts';
import { built, pageRow, source } from './agency-build.ts';

const A = 'XA01AAA001A001010100001';
const B = 'XB01AAB001A001010100002';
const DAY = '2026-01-01';

const items = [
  drug(1, {
    1: A,
    4: '枸橼酸示例片',
    2: '示康林',
    9: '86900001000018',
    62: '国药准字H99990001',
    92: '02',
    57: '限二线',
  }),
  drug(2, { 1: B, 4: '旧名片', 37: '2020-01-01', 38: '2024-12-31', 92: '01' }),
  drug(3, { 1: B, 4: '新名片', 37: '2025-01-01', 92: '01' }),
  drug(4, { 1: `${B}X`, 4: '新名片', 62: '国药准字H99990001', 9: '86900001000018' }),
].join('\n');

const entry = (record: string, rest: object) =>
  pageRow('1312', record, {
    code: 'L1',
    name: '枸橼酸示例',
    region: '990100',
    insuranceClass: 'A',
    limited: false,
    ...rest,
  });
const ceiling = (record: string, amount: string, rest: object = {}) =>
  pageRow('1318', record, { code: 'L1', region: '990100', limitType: '1', ceiling: amount, ...rest });
const share = (record: string, amount: string, rest: object = {}) =>
  pageRow('1319', record, {
    code: 'L1',
    region: '990100',
    personType: '0',
    ratioType: '10',
    ratio: amount,
    ...rest,
  });

const home = mkdtempSync(join(tmpdir(), 'guitai-agency-'));
let store: AgencyCatalogStore;
let file: string;

beforeAll(async () => {
  const made = await built(home, [
    source('1301', items),
    source('1307', line(24, { 11: 'I10.x00x002', 12: '高血压', 19: '1', 20: 'D1', 23: 'V1' })),
    source(
      '1312',
      entry('1', {}) + entry('2', { region: '990200', insuranceClass: 'B', from: '2025-06-01' }),
    ),
    source(
      '1316',
      pageRow('1316', '1', { nationalCode: A, code: 'L1', region: '990100' }) +
        pageRow('1316', '2', { nationalCode: A, code: 'L1', region: '990200' }),
    ),
    source(
      '1317',
      pageRow('1317', '1', { shopCode: 'ab1', nationalCode: A, listType: '101', to: '2025-06-30' }) +
        pageRow('1317', '2', { shopCode: 'ab1', nationalCode: B, listType: '101', from: '2025-07-01' }),
    ),
    source(
      '1318',
      ceiling('1', '12.5') +
        ceiling('2', '11.000001', { from: '2025-06-01' }) +
        ceiling('3', '1', { to: '2025-02-01' }) +
        ceiling('4', '999999', { region: '990200' }) +
        ceiling('5', '5', { region: '980100' }),
    ),
    source(
      '1319',
      share('1', '0.1') + share('2', '0.15', { personType: '9' }) + share('3', '0.9', { ratioType: '20' }),
    ),
  ]);
  file = made.file;
  const opened = openAgencyCatalog(file, findDocuments);
  if (!opened.ok) throw new Error(opened.error.code);
  store = opened.value;
});

afterAll(() => {
  store.close();
  rmSync(home, { recursive: true, force: true });
});

describe("look-ups in the agency's tables", () => {
  test('a code has the name of its day', () => {
    expect(store.item(B, '2023-05-01')?.name).toBe('旧名片');
    expect(store.item(B, DAY)?.name).toBe('新名片');
    expect(store.item(B, '2019-12-31')).toBeUndefined();
    expect(store.item(B.toLowerCase(), DAY)?.recordId).toBe('R3');
    expect(store.item('none', DAY)).toBeUndefined();
  });

  test('本位码, approval number and name find every code that has them', () => {
    const codes = (rows: readonly { readonly nationalCode: string }[]) =>
      rows.map(({ nationalCode }) => nationalCode).sort();
    expect(codes(store.itemsByStandardCode('86900001000018', DAY))).toEqual([A, `${B}X`]);
    expect(codes(store.itemsByApproval('国药准字H99990001', DAY))).toEqual([A, `${B}X`]);
    expect(codes(store.itemsByApproval('h99990001', DAY))).toEqual([A, `${B}X`]);
    expect(codes(store.itemsByName('新名片', DAY, 9))).toEqual([B, `${B}X`]);
    expect(store.itemsByName('新名片', DAY, 1)).toHaveLength(1);
    expect(store.itemsByName('新名片', '2023-01-01', 9).map(({ recordId }) => recordId)).toEqual(['R4']);
  });

  test('one box finds items by initials under both readings, pinyin, hanzi, trade name and codes', () => {
    const first = (text: string) => store.searchItems(text, DAY, 10)[0]?.nationalCode;
    for (const text of ['jys', 'gys', 'juyuansuan', '枸橼', '示康', 'skl', 'XA01', '8690000100', 'H9999', A])
      expect(first(text), text).toBe(A);
    expect(store.searchItems('名片', DAY, 10).map(({ recordId }) => recordId)).not.toContain('R2');
    expect(store.searchItems('名片', '2023-01-01', 10).map(({ recordId }) => recordId)).toContain('R2');
    for (const hostile of ['', '%', "'", '"; DROP', '*', '😀', 'x'.repeat(10_000)])
      expect(Array.isArray(store.searchItems(hostile, DAY, 10))).toBe(true);
  });

  test('diseases are found by name, initials and code', () => {
    for (const text of ['高血', 'gxy', 'I10', 'i10.x'])
      expect(
        store.searchDiseases(text, 5).map(({ code }) => code),
        text,
      ).toEqual(['I10.x00x002']);
  });

  test('insurance facts come from 1316, 1312, 1318 and 1319 of the day and the region', () => {
    expect(store.insuranceFacts(A, '990100', DAY)).toEqual({
      nationalCode: A,
      insuranceClass: 'A',
      firstSelfPayRatio: ratio('0.15'),
      ceiling: price('11.000001'),
      restriction: '限二线',
    });
    expect(store.insuranceFacts(A, '990100', '2025-03-01')?.ceiling).toBe(price('12.5'));
    expect(store.insuranceFacts(A, '990100', '2025-01-15')?.ceiling).toBe(price('1'));
  });

  test('a district is insured as its city; a ceiling of 999999 is none', () => {
    expect(store.insuranceFacts(A, '990102', DAY)?.ceiling).toBe(price('11.000001'));
    expect(store.insuranceFacts(A, '990203', DAY)).toMatchObject({ insuranceClass: 'B' });
    expect(store.insuranceFacts(A, '990203', DAY)).not.toHaveProperty('ceiling');
  });

  test('what the list of a region does not hold on a day is not listed; a region without a list goes by 1301', () => {
    expect(store.insuranceFacts(B, '990100', DAY)).toBeUndefined();
    expect(store.insuranceFacts(A, '990100', '2024-12-31')).toBeUndefined();
    expect(store.insuranceFacts(B, '970100', DAY)).toEqual({ nationalCode: B, insuranceClass: 'A' });
    expect(store.insuranceFacts('none', '970100', DAY)).toBeUndefined();
  });

  test("the institution's own mapping is that of the day, without regard to case", () => {
    expect(store.institutionMapping('AB1', '2025-03-01')?.nationalCode).toBe(A);
    expect(store.institutionMapping('ab1', DAY)?.nationalCode).toBe(B);
    expect(store.institutionMapping('ab2', DAY)).toBeUndefined();
  });
});

describe("a version file of the agency's tables is refused at opening", () => {
  const codeOf = (path: string) => {
    const opened = openAgencyCatalog(path, findDocuments);
    if (opened.ok) opened.value.close();
    return opened.ok ? 'opened' : opened.error.code;
  };
  const copy = () => {
    const path = join(temporaryFolder(), 'copy.db');
    writeFileSync(path, readFileSync(file));
    return path;
  };

  test('when it is missing, cut, no database or a catalogue of goods', () => {
    expect(codeOf(copy())).toBe('opened');
    expect(codeOf(join(temporaryFolder(), 'none.db'))).toBe('catalog-none');
    const cut = copy();
    truncateSync(cut, readFileSync(cut).length - 4096);
    expect(codeOf(cut)).toBe('catalog-damaged');
    const none = copy();
    writeFileSync(none, 'not a database at all '.repeat(300));
    expect(codeOf(none)).toBe('catalog-damaged');
    const other = copy();
    changeIn(other, 'PRAGMA application_id = 0x47544354');
    expect(codeOf(other)).toBe('catalog-damaged');
  });

  test('when a newer program wrote it or rows are missing', () => {
    const newer = copy();
    changeIn(newer, 'PRAGMA user_version = 2');
    expect(codeOf(newer)).toBe('catalog-newer-format');
    const fewer = copy();
    changeIn(fewer, 'DELETE FROM item WHERE id = (SELECT max(id) FROM item)');
    expect(codeOf(fewer)).toBe('catalog-damaged');
  });

  test('or a look-up throws that it is unreadable, when pages in its middle are overwritten', () => {
    const path = copy();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4 * 4096, bytes.length - 4096);
    writeFileSync(path, bytes);
    expect(verifyAgencyCatalog(path)).toMatchObject({ ok: false, error: { code: 'catalog-damaged' } });
    const opened = openAgencyCatalog(path, findDocuments);
    if (!opened.ok) {
      expect(opened.error.code).toBe('catalog-damaged');
      return;
    }
    expect(() => opened.value.item(A, DAY)).toThrow(CatalogUnreadable);
    opened.value.close();
  });

  test('and a file that is open is never written', () => {
    const before = readFileSync(file);
    store.searchItems('a', DAY, 10);
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

function changeIn(path: string, sql: string): void {
  const db = new Database(path);
  db.exec(sql);
  db.close();
}
