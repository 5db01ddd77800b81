import { join } from 'node:path';
import { createAgencyClient } from '#agency/client';
import { assert } from '#core/assert';
import { businessDay } from '#core/business-time';
import { systemClock } from '#core/clock';
import type { Sale } from '#core/domain/sale';
import { yuan } from '#core/money';
import { openTillStore } from '#store/open';
import { offlineAuthorised } from '#store/records/offline';
import type { SqliteStore } from '#store/sqlite-store';
import { createSync } from '#sync/sync';
import type { BenchContext, BenchOutput } from './measure.ts';
import { Helper } from './processes.ts';
import { operator, sampleSale, settlementRequest } from './sample-sale.ts';

const SALES = 1000;
/** Four sales a card: order inside a card is kept, so that its sales cannot go out at once. */
const CARDS = 250;
const AT_ONCE = 8;
const ANSWER_MS = 50;
const IDEAL_MS = (SALES / AT_ONCE) * ANSWER_MS;
const HOUR_MS = 3_600_000;

/** A thousand queued sales over HTTP to an agency that answers in 50 ms, beside the waiting time alone. */
export async function* measures({ folder }: BenchContext): AsyncIterable<BenchOutput> {
  const agency = new Helper('drain-agency', [String(ANSWER_MS)]);
  const { port } = await agency.ready<{ port: number }>();
  const opened = openTillStore({
    folder: join(folder, 'drain'),
    terminal: '01',
    clock: systemClock,
    sealKey: new Uint8Array(32).fill(1),
  });
  assert(opened.ok, 'the records open');
  const store = opened.value;
  try {
    for (let index = 0; index < SALES; index += 1) queueOne(store, index);
    const sync = syncOf(store, port);
    sync.start();
    const rssBefore = process.memoryUsage().rss;
    const startMs = performance.now();
    // The link was there all the time: the queue begins by itself at once.
    const drained = await sync.drainUploads();
    const tookMs = performance.now() - startMs;
    const grewBy = (process.memoryUsage().rss - rssBefore) / 1e6;
    await sync.stop();
    const { settled } = await agency.ask<{ settled: number }>({});
    const faults = [
      ...new Set(
        store.uploads(['queued', 'ambiguous', 'rejected']).map((row) => `${row.faultCode} ${row.agencyText}`),
      ),
    ];
    assert(
      drained.accepted === SALES && settled === SALES,
      `each sale is uploaded once: ${JSON.stringify({ ...drained, settled, faults })}`,
    );
    assert(store.uploads(['adjusted']).length === 0, 'nothing was adjusted');
    yield { name: 'drain', value: tookMs / IDEAL_MS, unit: 'x', budget: { most: 1.2 } };
    yield { name: 'drain-took', value: tookMs / 1000, unit: 's' };
    yield { name: 'drain-memory-grew', value: Math.max(0, grewBy), unit: 'MB' };
  } finally {
    store.close();
    await agency.end();
  }
}

function queueOne(store: SqliteStore, index: number): void {
  const nowMs = systemClock.nowMs();
  const sale: Sale = { ...sampleSale(store.nextSaleNumber(businessDay(nowMs)), nowMs), mode: 'offline' };
  store.saveBasket(sale);
  const cardId = `990100D156000005${String(index % CARDS).padStart(16, '0')}`;
  store.commit(
    offlineAuthorised({
      sale,
      nowMs,
      operator,
      request: settlementRequest(sale),
      lane: cardId,
      proof: {
        cardId,
        region: '990100',
        historicalBytes: '00'.repeat(13),
        algorithm: 'sm4',
        terminalNumber: '990100000001',
        terminalSequence: index.toString(16).padStart(8, '0').toUpperCase(),
        time: '20260302090000',
        saleNumber: sale.saleNumber,
        account: yuan('20.00'),
        own: yuan('0.00'),
        pool: yuan('20.00'),
        signature: { kind: 'module-mac', mac: '0A0B0C0D', factor: '0011223344556677' },
        blacklistVersion: '20260301',
      },
      facts: {},
      limits: {
        rules: {
          ...{ perSale: yuan('100.00'), perCard: yuan('1000.00'), perTerminal: yuan('100000.00') },
          ...{ salesPerCard: SALES, salesPerTerminal: SALES, tightestPercent: 100 },
          ...{
            dataAgeMaxMs: HOUR_MS,
            blacklistAgeMaxMs: HOUR_MS,
            policyAgeMaxMs: HOUR_MS,
            driftMaxMs: HOUR_MS,
          },
        },
        sources: { dataAsOfMs: nowMs, blacklistAsOfMs: nowMs, policyAsOfMs: nowMs, driftMs: 0 },
      },
    }),
  );
}

function syncOf(store: SqliteStore, port: number) {
  const agency = createAgencyClient({
    baseUrl: `http://127.0.0.1:${port}`,
    institution: { code: 'P99010000001', name: '示例药店' },
    region: '990100',
    deviceNumber: '01',
    timeouts: { connectMs: 5_000, answerMs: 30_000 },
    clock: systemClock,
    messageIds: store,
  });
  const silent = () => undefined;
  return createSync({
    store,
    agency,
    clock: systemClock,
    context: () => ({
      operator: { number: operator, name: '收银员甲', role: 'cashier' },
      signInNumber: '900100',
    }),
    link: { usable: () => true, report: silent },
    options: { uploadsAtOnce: AT_ONCE },
    onChange: silent,
    log: { info: silent, warn: silent, error: silent },
  });
}
