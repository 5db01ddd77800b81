import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseColumnMap } from '#catalog/import/column-map-file';
import { type CatalogSwitch, openCatalogInUse } from '#checkout/catalog-switch';
import { ListImport } from '#checkout/office/list-import';
import type { ListImportView } from '#checkout/office/list-rows';
import { systemClock } from '#core/clock';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import { listWorkshop } from '../../../src/main/list-workshop.ts';
import { newFolder, openStore } from '../../helpers/till-records.ts';

/** Nothing is played here: the builder in its own process, the records and the switch between versions. */
const examples = fileURLToPath(new URL('../../../catalog/examples/', import.meta.url));
const example = (name: string) => readFileSync(join(examples, name));
const confirmed = parseColumnMap(example('other-program-columns.toml').toString('utf8'));
const map = confirmed.ok ? confirmed.value : {};

let folder: ReturnType<typeof newFolder>;
let store: ReturnType<typeof openStore>;
let list: CatalogSwitch;
let desk: ListImport;
let told: string[];

beforeAll(() => {
  folder = newFolder();
  store = openStore(folder.path, systemClock);
  const opened = openCatalogInUse(store, folder.path, 3);
  if (!opened.ok) throw new Error(opened.error.code);
  list = opened.value;
  told = [];
  desk = newDesk();
});
afterAll(async () => {
  await desk.stop();
  list.close();
  store.close();
  folder.remove();
});

function newDesk(): ListImport {
  return new ListImport({
    workshop: listWorkshop(folder.path),
    inUse: () => list.current()?.version.version,
    use: (version, operator) => {
      told.push(operator);
      return list.use(version);
    },
    log: { warn: () => undefined },
  });
}

const waiting = () => {
  const place = join(folder.path, 'catalog', 'offered');
  return existsSync(place) ? readdirSync(place) : [];
};
const inUse = () => list.current()?.version.version;
const code = (answer: Result<unknown, Fault>) => (answer.ok ? '' : answer.error.code);

async function done(): Promise<ListImportView> {
  await expect.poll(() => desk.view().phase, { timeout: 30_000, interval: 20 }).toBe('idle');
  return desk.view();
}

test("another program's list waits until a person has decided about every column", async () => {
  await desk.offer('other.csv', example('other-program.csv'));
  const { columns } = desk.view();
  expect(columns.find(({ header }) => header === '零售价(元)')?.money).toBe(true);
  expect(desk.import({}, '0102')).toMatchObject({
    error: { code: 'catalog-columns-invalid', detail: '货号' },
  });
  expect(code(desk.import({ ...map, 供应商: 'no_such_column' }, '0102'))).toBe('catalog-columns-invalid');
  expect(desk.view().phase).toBe('confirming');
  expect(code(desk.import(map, '0102'))).toBe('');
  expect(code(await desk.offer('另一份.tsv', example('goods.tsv')))).toBe('catalog-import-busy');
  expect(code(desk.drop())).toBe('catalog-import-busy');
  const { report, versions } = await done();
  expect(report).toMatchObject({ fileName: 'other.csv', products: 4, version: inUse() });
  expect(versions).toMatchObject([{ inUse: true, productCount: 4 }]);
  expect(list.current()?.search('amxl', 1)[0]?.genericName).toBe('阿莫西林胶囊');
  expect(told).toEqual(['0102']);
  expect(waiting()).toEqual([]);
});

test('documented headers need no word; a bad row, and a name full of signs, change nothing, and the reason is told', async () => {
  const before = desk.view().versions;
  const bad = example('goods.tsv').toString('utf8').replace('15.80', '十五块八');
  expect(code(await desk.offer('../../坏<>表.tsv', Buffer.from(bad)))).toBe('');
  expect(desk.view().columns.every(({ confidence }) => confidence === 1000)).toBe(true);
  expect(code(desk.import({}, '0102'))).toBe('');
  const { report, lastFault, versions } = await done();
  expect(lastFault?.code).toBe('catalog-source-rows');
  expect(report?.problems[0]).toMatchObject({ value: '十五块八' });
  expect(report?.version).toBeUndefined();
  expect(versions).toEqual(before);
  expect(readdirSync(join(folder.path, 'catalog')).filter((name) => name.includes('..'))).toEqual([]);
  expect(waiting()).toEqual([]);
});

test('what is no list is refused with its reason, and leaves nothing to import', async () => {
  const garbage = Buffer.from([0x50, 0x4b, 3, 4, 1, 2, 3]);
  expect(code(await desk.offer('list.xlsx', garbage))).toMatch(/^catalog-source-/);
  expect(code(desk.import({}, '0102'))).toBe('catalog-import-none');
  expect(waiting()).toEqual([]);
});

test('a till that stops in the middle of an import sells from the old version and keeps no half file', async () => {
  const before = inUse();
  await desk.offer('goods.tsv', example('goods.tsv'));
  desk.import({}, '0102');
  await desk.stop();
  expect(inUse()).toBe(before);
  expect(waiting()).toEqual([]);
  expect(listWorkshop(folder.path).keep('left.csv', Buffer.from('a')).ok).toBe(true);
  expect(waiting()).toHaveLength(1);
  desk = newDesk();
  expect(waiting()).toEqual([]);
});
