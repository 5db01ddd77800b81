import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CatalogPage } from '#agency/port';
import type { AgencyTable } from '#core/domain/agency-catalog';
import { fault } from '#core/fault';
import type { AgencySimulator } from '#simulators/agency/simulator';
import { sinceDay } from '#sync/catalog-fetch';
import { CatalogSchedule } from '#sync/catalog-schedule';
import { start, stop } from '../simulators/agency/caller.ts';
import { type CatalogShop, openCatalogShop } from './catalog-shop.ts';

/** Pages that each for themselves are right, but do not fit together; only table 1312 has any. */
type Pages = (page: number, asked: number) => Omit<CatalogPage, 'page'>;

let agency: AgencySimulator;
let shop: CatalogShop;
let asked: number[];
const pages = (play: Pages) => ({
  catalogFile: async () => success(undefined),
  fetchCatalogFile: async () => success(0),
  async catalogPage(table: AgencyTable, { page }: { readonly page: number }) {
    if (table !== '1312') return success({ lines: [], page, pages: 0, rows: 0 });
    asked.push(page);
    return success({ page, ...play(page, asked.length) });
  },
});
const success = <T>(value: T) => ({ kind: 'success' as const, value, answer: '', warnings: [] });
const row = (id: string) => JSON.stringify({ recordId: id, valid: true, version: '2026-03-01' });

beforeEach(async () => {
  asked = [];
  agency = await start();
});
afterEach(async () => {
  await shop.end();
  await stop(agency);
});

async function downloaded(play: Pages): Promise<void> {
  shop = await openCatalogShop(agency.url, { agency: pages(play) });
  shop.download.download();
  await shop.download.settled();
}

describe('pages that do not fit together', () => {
  test('a total that grows once begins the table anew, and no row is lost', async () => {
    await downloaded((page, count) =>
      count === 1
        ? { lines: [row('a')], pages: 2, rows: 2 }
        : { lines: [row(`row${page}`)], pages: 3, rows: 3 },
    );
    expect(asked).toEqual([1, 2, 1, 2, 3]);
    expect(shop.imported.valid('1312')).toEqual(['row1', 'row2', 'row3']);
  });

  test('a total that never stands still ends in a fault after three beginnings', async () => {
    await downloaded((page, count) => ({ lines: [row(`${page}`)], pages: 2 + count, rows: 2 + count }));
    expect(asked).toEqual([1, 2, 1, 2, 1, 2]);
    expect(shop.imported.builds).toEqual([]);
    expect(shop.download.state()).toMatchObject({
      phase: 'waiting',
      lastFault: { code: 'catalog-download-unsteady', detail: '1312' },
    });
  });

  test('the first page under every number ends in a fault', async () => {
    await downloaded(() => ({ lines: [row('always')], pages: 50, rows: 50 }));
    expect(asked).toEqual([1, 2, 1, 2, 1, 2]);
    expect(shop.download.state().lastFault?.code).toBe('catalog-download-unsteady');
  });

  test('a table that becomes empty under way is begun anew', async () => {
    await downloaded((page, count) =>
      count === 1 ? { lines: [row(`${page}`)], pages: 2, rows: 2 } : { lines: [], pages: 0, rows: 0 },
    );
    expect(asked).toEqual([1, 2, 1]);
    expect(shop.imported.builds).toEqual([]);
    expect(shop.download.state()).toMatchObject({ phase: 'idle', percent: 100 });
  });

  test('an agency that refuses everything is not asked again the same night', async () => {
    const no = async () => ({
      kind: 'refused' as const,
      fault: fault('agency-refused', '1301'),
      agencyText: '未开通目录下载',
      answer: '',
    });
    shop = await openCatalogShop(agency.url, {
      agency: { catalogFile: no, fetchCatalogFile: no, catalogPage: no },
      daily: true,
    });
    shop.download.start();
    await shop.download.settled();
    const state = shop.download.state();
    expect(state).toMatchObject({ phase: 'idle', lastFault: { code: 'agency-refused' } });
    expect(state.skipped).toHaveLength(12);
    expect(state.skipped[0]?.agencyText).toBe('未开通目录下载');
    expect(state.nextAtMs).toBeGreaterThan(0);
  });
});

test('a paged table is asked from the day before the last change held', () => {
  expect(sinceDay('2026-03-01')).toBe('2026-02-28');
  expect(sinceDay('2025-01-01')).toBe('2024-12-31');
  expect(sinceDay(undefined)).toBe('0');
  expect(sinceDay('V00012')).toBe('0');
});

describe('the night', () => {
  const at = (text: string) => Date.parse(`${text}+08:00`);

  test.each([0, 0.5, 0.9999])('is a minute from 01:00 to 05:00, drawn once (%d)', (drawn) => {
    const schedule = new CatalogSchedule(() => drawn);
    const nextMs = schedule.nextMs(at('2026-03-02T00:30:00'));
    expect(nextMs).toBeGreaterThanOrEqual(at('2026-03-02T01:00:00'));
    expect(nextMs).toBeLessThan(at('2026-03-02T05:00:00'));
    expect(schedule.nextMs(at('2026-03-02T00:45:00'))).toBe(nextMs);
  });

  test.each([
    ['never downloaded', '2026-03-02T12:00:00', undefined, true],
    ['before tonight’s minute, done last night', '2026-03-02T02:59:00', '2026-03-01T02:00:00', false],
    ['at tonight’s minute', '2026-03-02T03:00:00', '2026-03-01T02:00:00', true],
    ['done this night', '2026-03-02T03:10:00', '2026-03-02T03:05:00', false],
    ['done this night by hand before the minute', '2026-03-02T03:10:00', '2026-03-02T01:30:00', false],
    ['the night was missed', '2026-03-02T08:00:00', '2026-03-01T20:00:00', true],
    ['last night was missed and it is past midnight', '2026-03-02T00:10:00', '2026-02-28T20:00:00', true],
    [
      'done yesterday after its night, and it is past midnight',
      '2026-03-02T00:10:00',
      '2026-03-01T20:00:00',
      false,
    ],
  ])('%s', (_what, now, done, due) => {
    const schedule = new CatalogSchedule(() => 0.5);
    expect(schedule.isDue(at(now), done === undefined ? undefined : at(done))).toBe(due);
  });
});
