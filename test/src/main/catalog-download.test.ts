import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { starterProducts } from '#catalog/starter';
import { type AgencyCatalogSwitch, openAgencyCatalogInUse } from '#checkout/catalog-switch';
import { systemClock } from '#core/clock';
import { formatRatio, formatUnitPrice, price } from '#core/money';
import { entryOf, goodsOf } from '#simulators/agency/catalogue/goods';
import type { AgencySimulator } from '#simulators/agency/simulator';
import { createCatalogDownload } from '#sync/catalog-download';
import { agencyDownloader } from '../../../src/main/agency-catalog.ts';
import { cashier, newFolder, openStore } from '../../helpers/till-records.ts';
import { start, stop } from '../simulators/agency/caller.ts';
import { openCatalogShop } from '../sync/catalog-shop.ts';

/** Nothing is played here: protocol, download, importer in its own process, look-ups, the agency's own settlement. */
const goods = starterProducts().flatMap((product) => goodsOf(product) ?? []);
const entries = new Map(goods.map((each) => [each.nationalCode, entryOf(each)]));
let agency: AgencySimulator;
let folder: ReturnType<typeof newFolder>;
let tables: AgencyCatalogSwitch;
let end: () => Promise<void>;
let downloaded: () => Promise<void>;

beforeEach(async () => {
  folder = newFolder();
  agency = await start({ goods, catalog: entries.values() });
  const shop = await openCatalogShop(agency.url);
  const store = openStore(folder.path, systemClock);
  tables = openAgencyCatalogInUse(store, folder.path, 5);
  const download = createCatalogDownload({
    ...agencyDownloader(folder.path, tables),
    agency: shop.client,
    store,
    clock: systemClock,
    random: () => 0.5,
    context: () => ({ operator: cashier, signInNumber: '' }),
    linkUsable: () => true,
    renewSignIn: async () => undefined,
    mayWork: () => true,
    daily: false,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  downloaded = async () => {
    download.download();
    await download.settled();
    expect(download.state()).toMatchObject({ phase: 'idle', percent: 100, skipped: [], reports: [] });
    expect(download.state().lastFault).toBeUndefined();
  };
  end = async () => {
    await download.stop();
    await shop.end();
    tables.close();
    store.close();
    await stop(agency);
    folder.remove();
  };
});
afterEach(() => end());

const facts = (code: string, day = '2026-03-02') => tables.current()?.insuranceFacts(code, '990100', day);

describe('the whole way', () => {
  test('every starter product has the class, share and ceiling that the agency settles by', async () => {
    await downloaded();
    expect(goods.length).toBeGreaterThan(100);
    const wrong = goods.flatMap(({ nationalCode }) => {
      const entry = entries.get(nationalCode);
      const found = facts(nationalCode);
      const ours = [
        found?.insuranceClass,
        formatRatio(found?.firstSelfPayRatio ?? (0n as never)),
        found?.ceiling === undefined ? '' : formatUnitPrice(found.ceiling),
      ];
      const theirs = [
        entry?.class,
        entry?.class === 'B' ? formatRatio((entry.firstSelfPayRatio ?? 0n) as never) : '0',
        entry?.ceiling === undefined ? '' : formatUnitPrice(entry.ceiling as never),
      ];
      return JSON.stringify(ours) === JSON.stringify(theirs) ? [] : [[nationalCode, ours, theirs]];
    });
    expect(wrong).toEqual([]);
    const [first] = goods;
    expect(tables.current()?.item(first?.nationalCode ?? '', '2026-03-02')).toMatchObject({
      name: first?.name,
      form: first?.form,
      specification: first?.specification,
      maker: first?.maker,
      approvalNumber: first?.approvalNumber,
      prescriptionOnly: first?.prescriptionOnly,
    });
  });

  test('the next day a withdrawn drug is gone, a new ceiling counts from its day, the rest stays', async () => {
    await downloaded();
    const limited = goods.find(({ ceiling }) => ceiling !== undefined);
    const [gone] = goods;
    const before = facts(limited?.nationalCode ?? '');
    agency.control.catalogue.withdraw(gone?.nationalCode ?? '');
    agency.control.catalogue.setCeiling(limited?.nationalCode ?? '', price('1.23'), '2026-06-01');
    await downloaded();
    expect(tables.current()?.item(gone?.nationalCode ?? '', '2026-03-02')).toBeUndefined();
    expect(facts(limited?.nationalCode ?? '', '2026-05-31')).toEqual(before);
    expect(facts(limited?.nationalCode ?? '', '2026-06-01')?.ceiling).toBe(price('1.23'));
    expect(tables.current()?.version.tables['1301']?.rows).toBeGreaterThan(100);
  });
});
