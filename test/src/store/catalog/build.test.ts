import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { readerModule } from '#catalog/reader';
import { starterFile, starterProducts } from '#catalog/starter';
import { ManualClock } from '#core/manual-clock';
import { buildCatalogVersion, listCatalogVersions } from '#store/catalog/build';
import { openCatalogVersion, verifyCatalogVersion } from '#store/catalog/open';
import { catalogFile } from '../../../catalog/catalog-file.ts';
import { temporaryFolder } from '../../../catalog/temporary-folder.ts';

const clock = new ManualClock(Date.UTC(2026, 10, 21, 13, 30, 45));

function build(source: string, folder: string) {
  return buildCatalogVersion({ source, folder, clock, readerModule });
}

describe('a catalogue built in its own process', () => {
  test('is a file named by business time and content that holds every product of the list', async () => {
    const folder = temporaryFolder();
    const built = await build(starterFile(), folder);
    if (!built.ok) throw new Error(JSON.stringify(built.error));
    expect(built.value.version).toMatch(/^20261121-213045-[0-9a-f]{8}$/);
    expect(built.value.source).toMatch(/^starter-products\.tsv sha256:[0-9a-f]{64}$/);
    expect(listCatalogVersions(folder)).toEqual([built.value.file]);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(verifyCatalogVersion(built.value.file)).toMatchObject({ ok: true });
    const store = openCatalogVersion(built.value.file);
    if (!store.ok) throw new Error(store.error.detail);
    const { version, importedAtMs, productCount, source } = built.value;
    expect(store.value.version).toEqual({ version, importedAtMs, productCount, source });
    for (const product of starterProducts())
      expect(store.value.byShopCode(product.shopCode)).toEqual(product);
    store.value.close();
  });

  test('twice in the same second gives two files and leaves the first untouched', async () => {
    const folder = temporaryFolder();
    const first = await build(starterFile(), folder);
    const before = first.ok ? readFileSync(first.value.file) : Buffer.alloc(0);
    const second = await build(starterFile(), folder);
    expect(listCatalogVersions(folder)).toHaveLength(2);
    expect(first.ok && readFileSync(first.value.file).equals(before)).toBe(true);
    expect(second.ok && second.value.version.endsWith('.2')).toBe(true);
  });

  test('is not made when one row is bad, and the report comes back whole', async () => {
    const folder = temporaryFolder();
    const source = join(temporaryFolder(), 'list.tsv');
    writeFileSync(source, `${readFileSync(starterFile(), 'utf8')}999999\t\t缺价格\t\t片剂\t1\t示例制药\n`);
    const built = await build(source, folder);
    expect(built).toMatchObject({
      ok: false,
      error: { fault: { code: 'catalog-source-rows' }, products: 0 },
    });
    expect(!built.ok && built.error.errors.every((error) => error.line === 538)).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is not made from a missing file or into a place that cannot be a folder', async () => {
    const folder = temporaryFolder();
    expect(await build(join(folder, 'none.tsv'), folder)).toMatchObject({
      ok: false,
      error: { fault: { code: 'catalog-source-unreadable' } },
    });
    expect(await build(starterFile(), starterFile())).toMatchObject({
      ok: false,
      error: { fault: { code: 'catalog-build-failed' } },
    });
  });

  test('that is stopped half-way leaves nothing and says so', async () => {
    const folder = temporaryFolder();
    const stopped = AbortSignal.abort();
    const built = await buildCatalogVersion({
      source: starterFile(),
      folder,
      clock,
      readerModule,
      signal: stopped,
    });
    expect(built).toMatchObject({
      ok: false,
      error: { fault: { code: 'catalog-build-failed', retry: 'transient' } },
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('removes what a builder that died left behind, and no finished version', async () => {
    const folder = temporaryFolder();
    const left = join(folder, '.20260101-000000-00000000.999999999.building');
    const finished = join(folder, '20260101-000000-00000000.db');
    writeFileSync(left, 'half');
    writeFileSync(finished, 'whole');
    await build(join(folder, 'none.tsv'), folder);
    expect([existsSync(left), existsSync(finished)]).toEqual([false, true]);
  });
});

describe('a version file is refused at opening', () => {
  const products = starterProducts().slice(0, 60);

  function codeOf(file: string): string {
    const opened = openCatalogVersion(file);
    if (opened.ok) opened.value.close();
    return opened.ok ? 'opened' : opened.error.code;
  }

  test('when it is missing, empty, cut, or no catalogue', () => {
    const folder = temporaryFolder();
    const file = catalogFile(folder, products);
    expect(codeOf(file)).toBe('opened');
    expect(codeOf(join(folder, 'none.db'))).toBe('catalog-none');
    truncateSync(file, readFileSync(file).length - 4096);
    expect(codeOf(file)).toBe('catalog-damaged');
    writeFileSync(file, '');
    expect(codeOf(file)).toBe('catalog-damaged');
    writeFileSync(file, 'not a database at all, but long enough to look like something '.repeat(90));
    expect(codeOf(file)).toBe('catalog-damaged');
    const other = new Database(join(folder, 'other.db'));
    other.exec('CREATE TABLE meta (name TEXT)');
    other.close();
    expect(codeOf(join(folder, 'other.db'))).toBe('catalog-damaged');
  });

  test('when a newer program wrote it, with its own code', () => {
    const file = catalogFile(temporaryFolder(), products);
    const db = new Database(file);
    db.pragma('user_version = 99');
    db.close();
    expect(codeOf(file)).toBe('catalog-newer-format');
  });

  test('when rows are missing', () => {
    const file = catalogFile(temporaryFolder(), products);
    const db = new Database(file);
    db.exec('DELETE FROM product WHERE id = 60');
    db.close();
    expect(codeOf(file)).toBe('catalog-damaged');
  });

  test('or later with the same code, when pages in its middle are overwritten', () => {
    const file = catalogFile(temporaryFolder(), starterProducts());
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 3 * 4096, bytes.length - 4096);
    writeFileSync(file, bytes);
    expect(verifyCatalogVersion(file)).toMatchObject({ ok: false, error: { code: 'catalog-damaged' } });
  });

  test('and an open one cannot be written', () => {
    const file = catalogFile(temporaryFolder(), products);
    const before = readFileSync(file);
    const store = openCatalogVersion(file);
    if (store.ok) store.value.byShopCode('100001');
    if (store.ok) store.value.close();
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});
