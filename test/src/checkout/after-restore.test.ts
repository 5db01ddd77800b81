import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { formatMoney } from '#core/money';
import { restoreBackup } from '#store/backup/restore';
import { takeBackup } from '#store/backup/take';
import { recordsFile } from '#store/open';
import { restoreHold } from '#store/restored';
import { lostSales } from '#sync/lost-sales';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

const GOODS = '6909901000017';
let shop: Shop;

beforeEach(async () => {
  shop = await openShop({ requestLifeMs: 400, answerTimeoutMs: 600 });
});

afterEach(async () => {
  await shop.end();
});

async function sellInsured(): Promise<string> {
  await shop.insert('A');
  await shop.till.scan(GOODS);
  const quoted = await shop.till.quote();
  expect(quoted.ok ? '' : quoted.error.code).toBe('');
  const paid = await shop.till.pay({ mode: 'insured', tenders: [] });
  expect(paid.ok ? '' : paid.error.code).toBe('');
  const { sale } = await shop.until('sold', (view) => view.sale.state === 'done');
  await shop.till.nextSale();
  shop.pull();
  return sale.saleNumber;
}

async function sellOffline(): Promise<{ readonly saleNumber: string; readonly saleId: string }> {
  await shop.insert('A');
  shop.pull();
  await shop.agency.control.cut();
  await shop.insert('A');
  await shop.until('offline', ({ connectivity }) => connectivity.state === 'offline');
  await shop.till.scan(GOODS);
  await shop.till.scan(GOODS);
  await shop.till.quote();
  const paid = await shop.till.pay({ mode: 'offline', tenders: [], pin: '123456', acceptOfflineRisk: true });
  expect(paid.ok ? '' : paid.error.code).toBe('');
  const { sale } = await shop.until('sold', (view) => view.sale.state === 'done');
  await shop.till.nextSale();
  shop.pull();
  return sale;
}

async function backUp(): Promise<string> {
  const taken = await takeBackup({
    folder: shop.folder,
    to: join(shop.folder, 'backups'),
    terminal: '01',
    clock: systemClock,
    sealKey: shop.keyStore.derive('records'),
  });
  if (!taken.ok) throw new Error(`${taken.error.code} ${taken.error.detail}`);
  return taken.value.file;
}

/** The disk is lost; the backup takes its place. */
async function loseAndRestore(file: string): Promise<void> {
  await shop.restart(async () => {
    for (const ending of ['', '-wal', '-shm'])
      rmSync(join(shop.folder, `${recordsFile}${ending}`), { force: true });
    const sealKey = shop.keyStore.derive('records');
    const wish = { file, folder: shop.folder, terminal: '01', clock: systemClock, sealKey };
    const restored = await restoreBackup(wish);
    if (!restored.ok) throw new Error(`${restored.error.code} ${restored.error.detail}`);
  });
}

const standing = (saleNumber: string) => shop.agency.control.chargesOf(saleNumber).standing.length;

describe('after a restore', () => {
  test('a chronic patient’s sale of the lost days is found, although the backup knows no such kind of sale', async () => {
    await sellInsured();
    const file = await backUp();
    await shop.insert('chronic');
    await shop.until('5301 is answered', ({ holder }) => holder.chronic?.state === 'known');
    await shop.till.setVisit('M01600');
    await shop.till.scan(GOODS);
    await shop.till.quote();
    await shop.till.pay({ mode: 'insured', tenders: [] });
    const { sale } = await shop.until('sold', (view) => view.sale.state === 'done');
    const [charge] = shop.agency.control.chargesOf(sale.saleNumber).standing;
    await shop.till.nextSale();
    shop.pull();
    await loseAndRestore(file);
    await shop.till.openShift('0101');
    await shop.until('compared', () => restoreHold(shop.store) === undefined, 20_000);
    expect(lostSales(shop.store)).toMatchObject([{ settlementId: charge?.settlementId }]);
  });

  test('insured sales wait, own pay goes on; what the lost days did is found and nothing is charged again', async () => {
    const before = await sellInsured();
    const queued = await sellOffline();
    const file = await backUp();
    await shop.agency.control.restore();
    await shop.till.syncNow();
    await shop.until('uploaded', ({ queue }) => queue.waiting === 0, 15_000);
    const lost = await sellInsured();
    await shop.agency.control.cut();
    await loseAndRestore(file);

    const opened = await shop.till.openShift('0101');
    expect(opened.ok ? '' : opened.error.code).toBe('');
    expect(restoreHold(shop.store)).toBeDefined();
    expect(shop.store.upload(queued.saleId)?.state).toBe('queued');
    await shop.insert('A');
    await shop.till.scan(GOODS);
    const offline = await shop.till.quote();
    expect(offline.ok ? '' : offline.error.code).toBe('restore-hold');
    await shop.till.dropHolder();
    await shop.till.quote();
    const cash = await shop.till.pay({ mode: 'own-pay', tenders: [{ kind: 'cash', amount: '9.80' }] });
    expect(cash.ok ? '' : cash.error.code).toBe('');
    await shop.until('sold', ({ sale }) => sale.state === 'done');
    await shop.till.nextSale();
    shop.pull();
    expect((await shop.till.syncNow()).ok).toBe(true);
    expect(standing(queued.saleNumber)).toBe(1);

    await shop.agency.control.restore();
    await shop.until('compared', () => restoreHold(shop.store) === undefined, 20_000);
    // The upload of the lost days is taken as such; the sale of the lost days is listed for a person.
    expect(shop.store.upload(queued.saleId)?.state).toBe('accepted');
    expect(formatMoney(shop.store.offlineAtRisk().amount)).toBe('0.00');
    const agencyOnly = lostSales(shop.store);
    expect(agencyOnly).toHaveLength(1);
    const [charge] = shop.agency.control.chargesOf(lost).standing;
    expect(agencyOnly[0]).toMatchObject({ settlementId: charge?.settlementId, total: '9.80' });
    const kinds = shop.store.journal(1, 1_000).map(({ kind }) => kind);
    expect(kinds).toContain('restore-reconciled');

    const after = await sellInsured();
    expect(after).not.toBe(lost);
    for (const saleNumber of [before, queued.saleNumber, lost, after]) expect(standing(saleNumber)).toBe(1);
    expect(shop.agency.control.settlements()).toHaveLength(4);
    expect(shop.store.verifyJournal().brokenAt).toBeUndefined();
    const again = await shop.till.reconcile();
    expect(again.ok ? again.value.differences : again.error.code).toBe(0);
    expect(shop.agency.control.violations()).toEqual([]);
  }, 60_000);

  test('a sale of unknown outcome that the lost days settled again is found settled, not settled a third time', async () => {
    await sellInsured();
    await shop.insert('A');
    await shop.till.scan(GOODS);
    await shop.till.quote();
    await shop.agency.control.setFault({ kind: 'lose-request', transaction: '2102', count: 1 });
    await shop.till.pay({ mode: 'insured', tenders: [] });
    await shop.agency.control.cut();
    const { saleId, saleNumber } = shop.till.view().sale;
    const file = await backUp();
    await shop.agency.control.restore();
    await shop.until('settled again', ({ sale }) => sale.state === 'done', 15_000);
    expect(standing(saleNumber)).toBe(1);
    await shop.till.nextSale();
    shop.pull();
    await loseAndRestore(file);
    expect(shop.store.sale(saleId)?.state).toBe('unknown');
    await shop.till.openShift('0101');
    await shop.until('compared', () => restoreHold(shop.store) === undefined, 20_000);
    expect(shop.store.sale(saleId)?.state).toBe('done');
    expect(standing(saleNumber)).toBe(1);
    expect(formatMoney(shop.store.balance('suspense'))).toBe('0.00');
    expect(shop.agency.control.settlements()).toHaveLength(2);
    expect(lostSales(shop.store)).toEqual([]);
  }, 60_000);

  test('a card that was not seen online since the restore counts as spent offline', async () => {
    await sellInsured();
    const file = await backUp();
    await loseAndRestore(file);
    await shop.till.openShift('0101');
    await shop.until('compared', () => restoreHold(shop.store) === undefined, 20_000);
    await shop.agency.control.cut();
    shop.till.forceOffline(true);
    await shop.insert('A');
    await shop.till.scan(GOODS);
    const refused = await shop.till.quote();
    expect(refused.ok ? '' : refused.error.code).toBe('limit-offline-per-card');
  }, 60_000);

  test('a backup without any insured sale learns from a quote under which key to compare', async () => {
    const file = await backUp();
    const lost = await sellInsured();
    await loseAndRestore(file);
    await shop.till.openShift('0101');
    await shop.insert('A');
    await shop.till.scan(GOODS);
    const quoted = await shop.till.quote();
    expect(quoted.ok ? '' : quoted.error.code).toBe('');
    expect(shop.till.view().guards?.map(({ code }) => code)).toContain('restore-hold');
    expect(shop.till.owed().rows.map(({ kind }) => kind)).toContain('restore');
    const refused = await shop.till.pay({ mode: 'insured', tenders: [] });
    expect(refused.ok ? '' : refused.error.code).toBe('restore-hold');
    await shop.until('compared', () => restoreHold(shop.store) === undefined, 20_000);
    expect(lostSales(shop.store)).toHaveLength(1);
    expect(shop.till.owed().rows.map(({ kind }) => kind)).toEqual(['agency-only']);
    const paid = await shop.till.pay({ mode: 'insured', tenders: [] });
    expect(paid.ok ? '' : paid.error.code).toBe('');
    const { sale } = await shop.until('sold', (view) => view.sale.state === 'done');
    for (const saleNumber of [lost, sale.saleNumber]) expect(standing(saleNumber)).toBe(1);
  }, 60_000);
});
