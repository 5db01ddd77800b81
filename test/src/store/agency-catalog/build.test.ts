import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BuildProgress } from '#core/ports/agency-catalog';
import { verifyAgencyCatalog } from '#store/agency-catalog/open';
import { drug, drugs, zipped } from '../../../catalog/agency/agency-text.ts';
import { temporaryFolder } from '../../../catalog/temporary-folder.ts';
import { build, built, clock, inside, pageRow, source } from './agency-build.ts';

const DAY = '2026-01-01';

describe("a version of the agency's tables, built in its own process", () => {
  test('holds several tables, each with its rows and its greatest version, and says how it came along', async () => {
    const folder = temporaryFolder();
    const told: BuildProgress[] = [];
    const answer = await build(
      folder,
      [
        source('1301', zipped({ 'a.txt': drugs(30) + drug(31, { 83: 'F001_20250901000000_A' }) })),
        source('1318', pageRow('1318', 'A', { code: 'X', region: '990100', limitType: '1', ceiling: '9.9' })),
      ],
      { onProgress: (progress) => told.push(progress) },
    );
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    const { file, version, tables, reports, peakBytes } = answer.value;
    expect(version).toMatch(/^20261121-213045-[0-9a-f]{8}$/);
    expect(tables).toEqual({
      '1301': { rows: 31, agencyVersion: 'F001_20250901000000_A' },
      '1318': { rows: 1, agencyVersion: '2025-08-01' },
    });
    expect(reports.map(({ table, report }) => [table, report.products])).toEqual([
      ['1301', 31],
      ['1318', 1],
    ]);
    expect(peakBytes).toBeGreaterThan(10_000_000);
    expect(readdirSync(folder)).toEqual([`${version}.db`]);
    expect(verifyAgencyCatalog(file)).toMatchObject({ ok: true, value: { version, tables } });
    expect(inside(file, (store) => store.version)).toEqual({
      version,
      importedAtMs: answer.value.importedAtMs,
      tables,
    });
    expect(new Set(told.map(({ phase }) => phase))).toEqual(new Set(['rows', 'index', 'sync']));
    expect(told.filter(({ phase }) => phase === 'rows').map(({ of }) => of)).toContain('1318');
  });

  test('a full source replaces its table and keeps the others; the base is left as it is', async () => {
    const folder = temporaryFolder();
    const first = await built(folder, [source('1301', drugs(5)), source('1309', chronic('M03900', 'C1'))]);
    const before = readFileSync(first.file);
    const second = await built(folder, [source('1301', drug(9))], first.file);
    expect(second.tables).toEqual({
      '1301': { rows: 1, agencyVersion: 'F001_20250801000000_A' },
      '1309': { rows: 1, agencyVersion: 'F001_20250801000000_A' },
    });
    const codes = inside(second.file, (store) => [
      store.item(codeOf(1), DAY)?.recordId,
      store.item(codeOf(9), DAY)?.recordId,
      ...store.searchDiseases('gxy', 5).map(({ code }) => code),
      ...store.searchItems('amxl', DAY, 5).map(({ recordId }) => recordId),
    ]);
    expect(codes).toEqual([undefined, 'R9', 'M03900', 'R9']);
    expect(readFileSync(first.file).equals(before)).toBe(true);
  });

  test('changes add rows, replace them by record id and withdraw them, in the order of the sources', async () => {
    const folder = temporaryFolder();
    const first = await built(folder, [source('1301', drugs(4))]);
    const second = await built(
      folder,
      [
        source(
          '1301',
          [
            drug(2, { 4: '阿莫西林改名片', 83: 'F001_20250901000000_A' }),
            drug(3, { 79: '0' }),
            drug(7, { 4: '新增示例丸' }),
          ].join('\n'),
          'changes',
        ),
        source('1301', drug(7, { 4: '再改示例丸', 83: 'F001_20250902000000_A' }), 'changes'),
      ],
      first.file,
    );
    expect(second.tables['1301']).toEqual({ rows: 4, agencyVersion: 'F001_20250902000000_A' });
    inside(second.file, (store) => {
      expect(store.item(codeOf(1), DAY)?.name).toBe('阿莫西林示例片');
      expect(store.item(codeOf(2), DAY)?.name).toBe('阿莫西林改名片');
      expect(store.item(codeOf(3), DAY)).toBeUndefined();
      expect(store.item(codeOf(7), DAY)?.name).toBe('再改示例丸');
      expect(store.searchItems('zgsl', DAY, 5).map(({ name }) => name)).toEqual(['再改示例丸']);
      expect(store.searchItems('新增', DAY, 5)).toEqual([]);
    });
  });

  test('full and changes of one table may come in one build', async () => {
    const made = await built(temporaryFolder(), [
      source('1301', drugs(3)),
      source('1301', drug(3, { 79: '0' }), 'changes'),
    ]);
    expect(made.tables['1301']?.rows).toBe(2);
  });

  test('is refused when changes have nothing to lie on', async () => {
    const folder = temporaryFolder();
    expect(await build(folder, [source('1301', drugs(3), 'changes')])).toMatchObject({
      ok: false,
      error: { fault: { code: 'catalog-changes-without-base' } },
    });
    const first = await built(folder, [source('1301', drugs(1))]);
    const names = readdirSync(folder);
    expect(await build(folder, [source('1302', 'x', 'changes')], { base: first.file })).toMatchObject({
      error: { fault: { code: 'catalog-changes-without-base' } },
    });
    expect(readdirSync(folder)).toEqual(names);
  });

  test('is not made when one row of one source is bad, and every source has its report', async () => {
    const folder = temporaryFolder();
    const answer = await build(folder, [
      source('1301', `${drugs(3)}bad\n`),
      source('1318', 'no json\n'),
      source('1301', drugs(2)),
    ]);
    expect(answer).toMatchObject({
      ok: false,
      error: {
        fault: { code: 'catalog-source-rows' },
        reports: [
          { table: '1301', report: { errorCount: 1, errors: [{ line: 4 }] } },
          { table: '1318', report: { errorCount: 1 } },
          { table: '1301', report: { errorCount: 0, products: 2 } },
        ],
      },
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is not made from a missing file, a folder, a damaged base or into a place that is none', async () => {
    const folder = temporaryFolder();
    const missing = { table: '1301', file: join(folder, 'none.txt'), scope: 'full' } as const;
    const unreadable = { error: { fault: { code: 'catalog-source-unreadable' } } };
    expect(await build(folder, [missing])).toMatchObject(unreadable);
    expect(await build(folder, [{ ...missing, file: folder }])).toMatchObject(unreadable);
    const base = join(temporaryFolder(), 'base.db');
    writeFileSync(base, 'no database');
    expect(await build(folder, [source('1301', drugs(1))], { base })).toMatchObject({
      error: { fault: { code: 'catalog-damaged' } },
    });
    const blocked = join(folder, 'file');
    writeFileSync(blocked, '');
    expect(await build(blocked, [missing])).toMatchObject({
      error: { fault: { code: 'catalog-build-failed' } },
    });
  });

  test('that is stopped or takes too long leaves nothing', async () => {
    const folder = temporaryFolder();
    const stopped = await build(folder, [source('1301', drugs(3))], { signal: AbortSignal.abort() });
    expect(stopped).toMatchObject({ error: { fault: { code: 'catalog-build-failed', retry: 'transient' } } });
    expect(readdirSync(folder)).toEqual([]);
    const slow = build(folder, [source('1301', drugs(3))], { timeoutMs: 5 });
    await clock.advance(5);
    expect(await slow).toMatchObject({ error: { fault: { code: 'catalog-build-failed' } } });
    expect(readdirSync(folder)).toEqual([]);
    const left = join(folder, '.20260101-000000.999999999.building');
    writeFileSync(left, 'half');
    await built(folder, [source('1301', drugs(1))]);
    expect(existsSync(left)).toBe(false);
  });
});

function codeOf(record: number): string {
  return `XJ01CAA999A0010101${String(record).padStart(5, '0')}`;
}

function chronic(code: string, record: string): string {
  const cells = ['', '', '', '990100', '', '1', record, '', '', 'F001_20250801000000_A'];
  return [code, ...cells.slice(1), '', '', '', '', '高血压', ''].join('\t');
}
