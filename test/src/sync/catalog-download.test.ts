import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { price, ratio } from '#core/money';
import { entryOf, type Goods } from '#simulators/agency/catalogue/goods';
import type { AgencySimulator } from '#simulators/agency/simulator';
import { start, stop } from '../simulators/agency/caller.ts';
import { goods } from '../simulators/agency/catalogue-helpers.ts';
import { type CatalogShop, openCatalogShop, until } from './catalog-shop.ts';

/** The real protocol over HTTP against the simulated agency; only the import itself is played. */
let agency: AgencySimulator;
let shop: CatalogShop;

const many: readonly Goods[] = Array.from({ length: 120 }, (_none, index) => ({
  table: '1301',
  nationalCode: `XM99AAZ000E0010101${String(index).padStart(5, '0')}`,
  name: `示例${index}`,
  insuranceClass: 'B',
  firstSelfPayRatio: ratio('0.05'),
}));
const listed = [...goods, ...many];

beforeEach(async () => {
  agency = await start({ goods: listed, catalog: listed.map(entryOf) });
  shop = await openCatalogShop(agency.url);
});
afterEach(async () => {
  await shop.end();
  await stop(agency);
});

/** Runs one download to its end. */
async function downloaded(on = shop): Promise<void> {
  expect(on.download.download().ok).toBe(true);
  await on.download.settled();
}
const asked = () => agency.control.messages().map(({ infno }) => infno);
const countOf = (infno: string) => asked().filter((each) => each === infno).length;

describe('a first download', () => {
  test('fetches every table whole, builds once, switches, and leaves nothing behind', async () => {
    await downloaded();
    expect(shop.imported.builds).toHaveLength(1);
    const [sources = []] = shop.imported.builds;
    expect(sources.map(({ table, scope }) => `${table} ${scope}`)).toEqual(
      ['1301', '1302', '1312', '1316', '1318', '1319'].map((table) => `${table} full`),
    );
    expect(shop.imported.valid('1301')).toHaveLength(122);
    expect(shop.imported.valid('1312')).toHaveLength(123);
    expect(shop.imported.version?.version).toBe('v1');
    expect(existsSync(shop.folder)).toBe(false);
    expect(shop.download.state()).toMatchObject({ phase: 'idle', percent: 100, version: 'v1', skipped: [] });
    expect(shop.download.state().lastDoneAtMs).toBeGreaterThan(0);
    expect(agency.control.violations()).toEqual([]);
  });

  test('asks one thing at a time', async () => {
    await downloaded();
    expect(countOf('1312')).toBe(2);
    expect(countOf('9102')).toBe(2);
    expect(asked().slice(1, 4)).toEqual(['1301', '9102', '1302']);
  });
});

describe('the next download', () => {
  test('brings only changes: a withdrawn drug is withdrawn here, a new ceiling is there', async () => {
    await downloaded();
    agency.control.catalogue.withdraw('XA99AAZ000E001010199001');
    agency.control.catalogue.setCeiling('ZB99BAF0010101990020', price('20'), '2026-03-10');
    await downloaded();
    const sources = shop.imported.builds[1] ?? [];
    expect(sources.every(({ scope }) => scope === 'changes')).toBe(true);
    expect(shop.imported.valid('1301')).toHaveLength(121);
    expect(shop.imported.valid('1301')).not.toContain('1301-XA99AAZ000E001010199001');
    expect(shop.imported.valid('1318')).toHaveLength(2);
    expect(shop.imported.version?.version).toBe('v2');
  });

  test('of nothing new builds nothing, although the pages of the last day come again', async () => {
    await downloaded();
    await downloaded();
    const builds = shop.imported.builds.length;
    await downloaded();
    await downloaded();
    expect(shop.imported.builds).toHaveLength(builds);
    expect(shop.download.state()).toMatchObject({ phase: 'idle', percent: 100 });
  });

  test('does not lose a row that changed on the very day of the last download', async () => {
    await downloaded();
    agency.control.catalogue.list({
      table: '1301',
      nationalCode: 'XNEW',
      name: '示例新药',
      insuranceClass: 'A',
      firstSelfPayRatio: ratio('0'),
    });
    await downloaded();
    expect(shop.imported.valid('1312')).toContain('1312-HLXNEW');
    expect(shop.imported.valid('1316')).toContain('1316-HLXNEW');
  });
});

describe('when the agency fails', () => {
  test.each([
    ['loses a reply', { kind: 'lose-reply', count: 2 }],
    ['loses a request', { kind: 'lose-request', count: 2 }],
    ['answers garbage bytes', { kind: 'garbage', form: 'bytes', count: 1 }],
    ['answers half a message', { kind: 'garbage', form: 'truncated', count: 1 }],
    ['breaks off inside an answer', { kind: 'garbage', form: 'cut-off', count: 1 }],
    ['answers JSON that is no answer', { kind: 'garbage', form: 'json', count: 1 }],
    ['has a server error', { kind: 'server-error', count: 2 }],
  ] as const)(
    'and %s, the same question is asked again and the download comes to its end',
    async (_what, wrong) => {
      for (const transaction of ['1301', '9102', '1312'] as const)
        await agency.control.addFault({ ...wrong, transaction });
      await downloaded();
      expect(shop.imported.version?.version).toBe('v1');
      expect(shop.imported.valid('1301')).toHaveLength(122);
      expect(shop.imported.valid('1312')).toHaveLength(123);
      expect(shop.download.state().lastFault).toBeUndefined();
    },
  );

  test('a cut in the middle ends the run with a fault, and the next try fetches only what is missing', async () => {
    const cut = async () => {
      await until(() => asked().includes('1316'), '1316 was asked');
      await agency.control.cut();
    };
    await Promise.all([downloaded(), cut()]);
    expect(shop.imported.builds).toEqual([]);
    expect(shop.download.state()).toMatchObject({
      phase: 'waiting',
      lastFault: { code: 'agency-unreachable', retry: 'transient' },
    });
    const before = { drugs: countOf('1301'), list: countOf('1312') };
    await agency.control.restore();
    await downloaded();
    expect({ drugs: countOf('1301'), list: countOf('1312') }).toEqual(before);
    expect(shop.imported.version?.version).toBe('v1');
    expect(shop.imported.valid('1316')).toHaveLength(123);
  });

  test('a restart of the till goes on where the dead process was', async () => {
    await agency.control.addFault({ kind: 'delay', transaction: '1318', delayMs: 60_000 });
    shop.download.download();
    await until(() => asked().includes('1318'), '1318 was asked');
    // A dead process finishes nothing: its worker is left behind with its question unanswered.
    const dead = await openCatalogShopOn(shop);
    await agency.control.clearFaults();
    const files = countOf('1301');
    await downloaded(dead);
    expect(countOf('1301')).toBe(files);
    expect(dead.imported.valid('1301')).toHaveLength(122);
  });

  test('a refused table is told with the words of the agency, and the others come', async () => {
    await stop(agency);
    agency = await start({ goods: listed, catalog: listed.map(entryOf) });
    const other = await openCatalogShop(agency.url, { pageSize: 101 });
    await downloaded(other);
    expect(other.imported.valid('1301')).toHaveLength(122);
    const { skipped } = other.download.state();
    expect(skipped.map(({ table }) => table)).toEqual(['1312', '1316', '1317', '1318', '1319']);
    expect(skipped[0]?.agencyText).toContain('每页数据量');
    expect(skipped[0]?.fault.code).toBe('agency-refused');
    await other.end();
  });

  test('a sign-in that the agency no longer takes is renewed once, without anybody noticing', async () => {
    agency.control.expireSignIns();
    await downloaded();
    expect(shop.till.signIns).toBe(1);
    expect(shop.imported.version?.version).toBe('v1');
  });

  test('a file that the importer refuses is not used, and the report says so', async () => {
    await shop.end();
    const rows = [
      { table: '1303', recordId: 'P-1', valid: true, nationalCode: 'P', name: '示例制剂' },
    ] as const;
    await stop(agency);
    agency = await start({ goods, catalog: goods.map(entryOf), rows });
    shop = await openCatalogShop(agency.url);
    await downloaded();
    expect(shop.imported.version).toBeUndefined();
    expect(shop.download.state()).toMatchObject({
      phase: 'idle',
      lastFault: { code: 'catalog-source-rows' },
      reports: [{ table: '1303', report: { errorCount: 1 } }],
    });
    expect(existsSync(shop.folder)).toBe(false);
  });

  test('a version that does not open leaves the old one in use', async () => {
    await downloaded();
    agency.control.catalogue.withdraw('XA99AAZ000E001010199001');
    const broken = await openCatalogShopOn(shop, {
      build: async () => ({ ok: true, value: { version: 'x' } }),
    });
    await downloaded(broken);
    expect(broken.imported.version?.version).toBe('v1');
    expect(broken.download.state().lastFault?.code).toBe('catalog-damaged');
  });
});

describe('the till comes first', () => {
  test('without a shift nothing is asked; with one the download goes on by itself', async () => {
    shop.till.shiftOpen = false;
    expect(shop.download.download()).toMatchObject({ error: { code: 'catalog-download-no-shift' } });
    shop.till.shiftOpen = true;
    shop.download.kick();
    await until(() => asked().includes('1302'), '1302 was asked');
    shop.till.shiftOpen = false;
    await shop.download.settled();
    expect(shop.download.state()).toMatchObject({
      phase: 'waiting',
      lastFault: { code: 'catalog-download-no-shift' },
    });
    const drugs = countOf('1301');
    shop.till.shiftOpen = true;
    shop.download.kick();
    await shop.download.settled();
    expect(countOf('1301')).toBe(drugs);
    expect(shop.imported.version?.version).toBe('v1');
  });

  test('while the till settles no further question leaves, and the version is not switched', async () => {
    shop.till.mayWork = false;
    shop.download.download();
    await new Promise<void>((resolve) => setTimeout(resolve, 60));
    expect(asked()).toEqual(['9001']);
    shop.till.mayWork = true;
    await shop.download.settled();
    expect(shop.imported.version?.version).toBe('v1');
  });

  test('offline it waits for the link and is woken by it', async () => {
    shop.till.linkUsable = false;
    shop.download.download();
    expect(shop.download.state().phase).toBe('waiting');
    expect(asked()).toEqual(['9001']);
    shop.till.linkUsable = true;
    shop.download.kick();
    await shop.download.settled();
    expect(shop.imported.version?.version).toBe('v1');
  });

  test('a stop ends what is under way at once, without a fault on the way', async () => {
    await agency.control.addFault({ kind: 'lose-reply', transaction: '1312' });
    shop.download.download();
    await until(() => asked().includes('1312'), '1312 was asked');
    await shop.download.stop();
    expect(shop.imported.builds).toEqual([]);
  });

  test('a full disk is told, and nothing of it is used', async () => {
    const nowhere = await openCatalogShopOn(shop, { folder: '/dev/null/catalog' });
    await downloaded(nowhere);
    expect(nowhere.download.state()).toMatchObject({
      phase: 'waiting',
      lastFault: { code: 'catalog-download-unwritten' },
    });
  });
});

/** Another worker on the disk of `first`, as after a restart. */
async function openCatalogShopOn(
  first: CatalogShop,
  more: Parameters<typeof openCatalogShop>[1] = {},
): Promise<CatalogShop> {
  const second = await openCatalogShop(agency.url, {
    folder: first.folder,
    held: () => first.imported.version,
    build: first.imported.build,
    use: first.imported.use,
    ...more,
  });
  return { ...second, imported: first.imported, download: second.download };
}
