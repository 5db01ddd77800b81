import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

let shop: Shop;
afterEach(async () => {
  await shop.end();
});

const TABLES = /^(?:13\d\d|9102)$/;
const tableQuestions = () => shop.agency.control.messages().filter(({ infno }) => TABLES.test(infno));

/** Waits until `holds`, at the latest twenty seconds: a builder's process starts slowly on a busy machine. */
async function until(holds: () => boolean, what: string): Promise<void> {
  const endMs = systemClock.monotonicMs() + 20_000;
  while (!holds()) {
    if (systemClock.monotonicMs() > endMs)
      throw new Error(`not in time: ${what} ${JSON.stringify(shop.till.catalogState())}`);
    await new Promise<void>((resolve) => {
      systemClock.after(10, resolve);
    });
  }
}

describe("the agency's catalogue", () => {
  test('is downloaded while a customer is served, no question leaves while the sale is settled, and is in use', async () => {
    shop = await openShop({ download: true, answerTimeoutMs: 5000 });
    await shop.insert('A');
    await shop.till.scan('6909901000017');
    const quoted = await shop.till.quote();
    expect(quoted.ok).toBe(true);
    await shop.agency.control.setFault({
      kind: 'delay',
      transaction: '2102',
      delayMs: 700,
      processed: true,
      count: 1,
    });
    const begun = await shop.till.downloadCatalog();
    expect(begun).toMatchObject({ ok: true, value: { phase: 'fetching' } });
    await until(() => tableQuestions().length > 2, 'some questions');
    const paid = shop.till.pay({ mode: 'insured', tenders: [], expectedCash: '0.00' });
    await until(() => shop.agency.control.messages().some(({ infno }) => infno === '2102'), '2102');
    const settling = shop.agency.control.messages().find(({ infno }) => infno === '2102');
    await paid;
    const fromMs = settling?.atMs ?? 0;
    await until(() => shop.till.catalogState().phase === 'idle', 'the download ends');
    const during = tableQuestions().filter(({ atMs }) => atMs > fromMs && atMs < fromMs + 600);
    expect(during).toEqual([]);
    expect(shop.till.catalogState()).toMatchObject({ percent: 100, skipped: [], problems: [] });
    expect(shop.till.catalogState().version).toMatch(/^\d{8}-\d{6}/);
    expect(shop.till.view().connectivity.state).toBe('online');
    expect(shop.agency.control.violations()).toEqual([]);
    const { version } = shop.till.catalogState();
    await shop.restart();
    expect(shop.till.catalogState().version).toBe(version);
  }, 40_000);

  test('that answers garbage does not take the till offline: sales go on', async () => {
    shop = await openShop({ download: true });
    for (const infno of ['1301', '1302', '1303'] as const)
      await shop.agency.control.addFault({ kind: 'garbage', transaction: infno });
    await shop.till.downloadCatalog();
    await until(() => shop.till.catalogState().lastFault !== undefined, 'a fault');
    expect(shop.till.catalogState().lastFault?.code).toBe('catalog-answer-garbled');
    expect(shop.till.view().connectivity.state).toBe('online');
    await shop.insert('A');
    await shop.till.scan('6909901000017');
    await shop.till.quote();
    const paid = await shop.till.pay({ mode: 'insured', tenders: [], expectedCash: '0.00' });
    expect(paid.ok && paid.value.sale.state).toMatch(/delivering|done/);
  }, 40_000);

  test('waits for an open shift: refused by hand, begun by itself in the morning after a missed night', async () => {
    shop = await openShop({ download: true, toml: '[catalog]\ndownload = "daily"\n' });
    await until(() => shop.till.catalogState().phase === 'idle', 'the first download');
    expect(shop.till.catalogState().next).toBeDefined();
    const closed = await shop.till.closeShift();
    expect(closed.ok).toBe(true);
    expect(await shop.till.downloadCatalog()).toMatchObject({
      ok: false,
      error: { code: 'catalog-download-no-shift' },
    });
    shop.store.setSetting('catalog.downloaded-at-ms', '0');
    await shop.restart();
    expect(shop.till.catalogState().phase).toBe('waiting');
    const asked = tableQuestions().length;
    await shop.till.openShift('0101');
    await until(() => tableQuestions().length > asked, 'the download goes on');
    await until(() => shop.till.catalogState().phase === 'idle', 'the second download');
  }, 60_000);

  test('is off where none is set up, and says so', async () => {
    shop = await openShop();
    expect(shop.till.catalogState()).toEqual({
      phase: 'off',
      rows: 0,
      percent: 0,
      skipped: [],
      problems: [],
    });
    expect(await shop.till.downloadCatalog()).toMatchObject({
      ok: false,
      error: { code: 'catalog-download-off' },
    });
  });
});
