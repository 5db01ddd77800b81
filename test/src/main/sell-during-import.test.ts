import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nationalList, starterProducts } from '#catalog/starter';
import { openAgencyCatalogInUse } from '#checkout/catalog-switch';
import { businessDay } from '#core/business-time';
import { systemClock } from '#core/clock';
import { oneUnit } from '#core/money';
import type { BuildProgress } from '#core/ports/agency-catalog';
import { processorsOf } from '#store/catalog-file/let-others-first';
import { settlementIntended, settlementSucceeded } from '#store/records/settlement';
import type { SqliteStore } from '#store/sqlite-store';
import { drugRows } from '../../../bench/generate-agency.ts';
import { operator, sampleSale, sampleSettlement, settlementRequest } from '../../../bench/sample-sale.ts';
import { importAgencyTables } from '../../../src/main/agency-catalog.ts';
import { openedCatalog } from '../../catalog/catalog-file.ts';
import { newFolder, openStore } from '../../helpers/till-records.ts';

/** A commit that waits for another process waits for seconds; a slow disk takes some tenths. */
const LONGEST_COMMIT_MS = 1500;

let folder: ReturnType<typeof newFolder>;
let store: SqliteStore;

beforeEach(() => {
  folder = newFolder();
  store = openStore(folder.path, systemClock);
});
afterEach(() => {
  store.close();
  folder.remove();
});

// The builder has a low priority: beside other tests it takes its time.
test('a till sells on the old version while a new one is imported, and no commit waits for it', {
  timeout: 240_000,
}, async () => {
  const tables = openAgencyCatalogInUse(store, folder.path, 2);
  const first = await imported(2000);
  expect(tables.use(first)).toMatchObject({ ok: true });
  const list = openedCatalog(folder.path, starterProducts());
  const phases = new Set<BuildProgress['phase']>();
  const commitsMs: number[] = [];
  let done = false;
  const priorities = new Set<number>();
  const builtOn: (readonly number[])[] = [];
  const importing = imported(20_000, (progress) => {
    phases.add(progress.phase);
    for (const pid of buildersOf(process.pid)) {
      priorities.add(getPriority(pid));
      builtOn.push(processorsOf(pid));
    }
  }).finally(() => {
    done = true;
  });
  while (!done) {
    expect(tables.current()?.version.version).toBe(first);
    const [product] = starterProducts();
    const found = list.findByCode(product?.nationalCode ?? '');
    expect(found.ok && list.priceLine(found.value[0] ?? expect.fail(), oneUnit).amount > 0n).toBe(true);
    expect(tables.current()?.searchItems('fps', '2026-01-01', 10).length).toBeGreaterThan(0);
    commitsMs.push(...sellOnce());
    await delay(5);
  }
  const second = await importing;
  expect(phases).toEqual(new Set(['rows', 'index', 'sync']));
  expect([...priorities].every((priority) => priority > getPriority())).toBe(true);
  const [kept, ...others] = processorsOf('self');
  // The last look: it was told after its start.
  if (others.length > 0) expect(builtOn.at(-1)).not.toContain(kept);
  expect(commitsMs.length).toBeGreaterThan(40);
  expect(Math.max(...commitsMs)).toBeLessThan(LONGEST_COMMIT_MS);
  expect(tables.use(second)).toMatchObject({ ok: true });
  expect(tables.current()?.version).toMatchObject({ version: second, tables: { '1301': { rows: 19_900 } } });
  expect(sellOnce()).toHaveLength(2);
  tables.close();
  list.close();
});

/** Empty where the system does not list them. */
function buildersOf(pid: number): number[] {
  const list = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(list)) return [];
  const pids = readFileSync(list, 'utf8').split(' ');
  return pids.filter((text) => text !== '' && isBuilder(text)).map(Number);
}

/** Else it is the tool that keeps the builder off a processor. */
function isBuilder(pid: string): boolean {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) && readFileSync(file, 'utf8').includes('build-child');
}

/** Intent and outcome of one insured sale, in milliseconds. */
function sellOnce(): readonly number[] {
  const nowMs = systemClock.nowMs();
  const basket = sampleSale(store.nextSaleNumber(businessDay(nowMs)), nowMs);
  store.saveBasket(basket);
  const request = settlementRequest(basket);
  const messageId = store.nextMessageId('P99010199999', nowMs);
  const message = { messageId, body: '{}', preparedAtMs: nowMs };
  const startMs = performance.now();
  store.commit(settlementIntended({ sale: basket, request, message, nowMs, operator }));
  const intendedMs = performance.now();
  const sale = store.sale(basket.saleId) ?? expect.fail();
  const settlement = sampleSettlement(sale, nowMs);
  const settledMs = performance.now();
  store.commit(settlementSucceeded({ sale, messageId, answer: '{}', settlement, nowMs, operator }));
  return [intendedMs - startMs, performance.now() - settledMs];
}

async function imported(rows: number, onProgress?: (progress: BuildProgress) => void): Promise<string> {
  const text = [...drugRows(rows, nationalList(), 7)].map((row) => `${row.join('\t')}\n`).join('');
  const file = join(folder.path, `1301_${rows}.zip`);
  writeFileSync(file, zipSync({ '1301.txt': strToU8(text) }));
  const inUse = store.setting('catalog.agency-in-use');
  const built = await importAgencyTables(folder.path, [{ table: '1301', file, scope: 'full' }], {
    ...(inUse === undefined ? {} : { inUse }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  if (!built.ok) throw new Error(built.error.fault.code);
  return built.value.version;
}
