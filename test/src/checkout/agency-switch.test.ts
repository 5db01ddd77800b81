import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAgencyCatalogInUse } from '#checkout/catalog-switch';
import { compactDateTime } from '#core/business-time';
import { systemClock } from '#core/clock';
import { listVersions, versionFile } from '#store/catalog-file/versions';
import type { SqliteStore } from '#store/sqlite-store';
import { importAgencyTables } from '../../../src/main/agency-catalog.ts';
import { drugs } from '../../catalog/agency/agency-text.ts';
import { newFolder, openStore } from '../../helpers/till-records.ts';
import { source } from '../store/agency-catalog/agency-build.ts';

const DAY = '2026-01-01';
const codeOf = (record: number) => `XJ01CAA999A0010101${String(record).padStart(5, '0')}`;
let folder: ReturnType<typeof newFolder>;
let store: SqliteStore;
let versions: string;

beforeEach(() => {
  folder = newFolder();
  store = openStore(folder.path, systemClock);
  versions = join(folder.path, 'catalog', 'agency');
});
afterEach(() => {
  store.close();
  folder.remove();
});

async function imported(rows: number): Promise<string> {
  const built = await importAgencyTables(folder.path, [source('1301', drugs(rows))]);
  if (!built.ok) throw new Error(built.error.fault.code);
  return built.value.version;
}

test('the till begins without tables, switches by one row, and finds them again after a restart', async () => {
  const tables = openAgencyCatalogInUse(store, folder.path, 5);
  expect([tables.current(), tables.fault()]).toEqual([undefined, undefined]);
  const first = await imported(1);
  const second = await imported(2);
  expect(tables.use(first).ok).toBe(true);
  expect(tables.current()?.item(codeOf(2), DAY)).toBeUndefined();
  expect(tables.use(second).ok).toBe(true);
  expect(tables.current()?.item(codeOf(2), DAY)?.recordId).toBe('R2');
  tables.close();
  const again = openAgencyCatalogInUse(store, folder.path, 5);
  expect(again.current()?.version.version).toBe(second);
  again.close();
});

test('a version that does not open leaves the old one in use', async () => {
  const tables = openAgencyCatalogInUse(store, folder.path, 5);
  const first = await imported(1);
  const second = await imported(2);
  tables.use(first);
  truncateSync(versionFile(versions, second), 8192);
  expect(tables.use(second)).toMatchObject({ ok: false, error: { code: 'catalog-damaged' } });
  expect(tables.use('../../none')).toMatchObject({ ok: false, error: { code: 'catalog-none' } });
  expect(tables.current()?.item(codeOf(1), DAY)?.recordId).toBe('R1');
  expect(store.setting('catalog.agency-in-use')).toBe(first);
  tables.close();
});

test('a damaged file in use stops no till: it sells by its own list and says why', async () => {
  const first = await imported(1);
  const tables = openAgencyCatalogInUse(store, folder.path, 5);
  tables.use(first);
  tables.close();
  truncateSync(versionFile(versions, first), 8192);
  const again = openAgencyCatalogInUse(store, folder.path, 5);
  expect(again.current()).toBeUndefined();
  expect(again.fault()?.code).toBe('catalog-damaged');
  const second = await imported(2);
  expect(again.use(second).ok).toBe(true);
  expect(again.fault()).toBeUndefined();
  again.close();
});

test('after a switch only as many versions stay as are kept, the one in use among them', async () => {
  const tables = openAgencyCatalogInUse(store, folder.path, 2);
  const made: string[] = [];
  for (let rows = 1; rows <= 3; rows += 1) {
    // Versions are named by the second: those of one second would stand in no order.
    const second = made.at(-1)?.slice(0, 15);
    const now = () => compactDateTime(Date.now()).replace(/(?=.{6}$)/, '-');
    await expect.poll(now, { timeout: 3_000 }).not.toBe(second);
    made.push(await imported(rows));
    expect(tables.use(made.at(-1) ?? '').ok).toBe(true);
  }
  expect(listVersions(versions)).toEqual(made.slice(1));
  expect(tables.use(made[1] ?? '').ok).toBe(true);
  expect(readdirSync(versions).sort()).toEqual(made.slice(1).map((version) => `${version}.db`));
  tables.close();
});
