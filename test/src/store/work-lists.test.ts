import { afterEach, beforeEach, expect, test } from 'vitest';
import { AssertionFailed } from '#core/assert';
import type { ItemMapping } from '#core/domain/item-mapping';
import type { SplitComparison } from '#core/domain/split-comparison';
import { ManualClock } from '#core/manual-clock';
import { yuan } from '#core/money';
import type { SqliteStore } from '#store/sqlite-store';
import { holder, morningMs, newFolder, openSale, openStore } from '../../helpers/till-records.ts';

const clock = new ManualClock(morningMs);
let folder: ReturnType<typeof newFolder>;
let store: SqliteStore;

beforeEach(() => {
  folder = newFolder();
  store = openStore(folder.path, clock);
});
afterEach(() => {
  store.close();
  folder.remove();
});

function mapping(shopCode: string, more: Partial<ItemMapping> = {}): ItemMapping {
  return {
    shopCode,
    state: 'proposed',
    nationalCode: 'XJ01CAA040A010010100001',
    listType: '101',
    basis: 'approval-number',
    confidence: 950,
    why: '批准文号相同',
    others: [{ nationalCode: 'XJ01CAA040A010010200001', confidence: 600, why: '规格相近' }],
    changedAtMs: morningMs,
    by: 'till',
    ...more,
  };
}

function comparison(saleId: string, more: Partial<SplitComparison> = {}): SplitComparison {
  return {
    saleId,
    saleNumber: `n-${saleId}`,
    against: 'trial',
    businessDay: '2026-03-02',
    atMs: morningMs,
    policy: 'training-310-pharmacy',
    policyVersion: '2026-1',
    catalogVersion: '2026-01',
    differences: [],
    ...more,
  };
}

test('a proposed mapping outlives a restart, and the surest of the work-list comes first', () => {
  store.setMappings([
    { row: mapping('S1', { confidence: 700 }), was: [undefined] },
    { row: mapping('S2'), was: [undefined] },
    { row: mapping('S3', { state: 'confirmed', basis: 'code', confidence: 1000 }), was: [undefined] },
  ]);
  store.close();
  store = openStore(folder.path, clock);
  expect(store.mappings(['proposed'], 10).map(({ shopCode }) => shopCode)).toEqual(['S2', 'S1']);
  expect(store.mappings(['proposed', 'confirmed'], 1)).toEqual([
    mapping('S3', { state: 'confirmed', basis: 'code', confidence: 1000 }),
  ]);
  expect(store.mapping('s2')).toEqual(mapping('S2'));
  expect(store.mapping('S9')).toBeUndefined();
  expect([...store.mappingCounts()]).toEqual([
    ['confirmed', 1],
    ['proposed', 2],
  ]);
});

test('a mapping that another desk has moved on is not overwritten, and nothing of the batch is written', () => {
  store.setMappings([{ row: mapping('S1', { state: 'uploaded' }), was: [undefined] }]);
  const batch = [
    { row: mapping('S2'), was: [undefined] },
    { row: mapping('S1', { state: 'confirmed' }), was: ['proposed' as const] },
  ];
  expect(() => store.setMappings(batch)).toThrow(AssertionFailed);
  expect(store.mapping('S1')?.state).toBe('uploaded');
  expect(store.mapping('S2')).toBeUndefined();
});

test('comparisons with the agency: a later trial replaces the earlier one, and only the day asked for is counted', () => {
  const difference = { field: 'fundTotal', ours: yuan('1.00'), agency: yuan('1.01') } as const;
  store.noteSplitComparison(comparison('a', { differences: [difference] }));
  store.noteSplitComparison(comparison('a', { atMs: morningMs + 1 }));
  store.noteSplitComparison(comparison('a', { against: 'settlement', differences: [difference] }));
  store.noteSplitComparison(comparison('b', { businessDay: '2026-03-03', atMs: morningMs + 2 }));
  expect(store.splitComparisonCounts('2026-03-02', '2026-03-02')).toEqual({ compared: 2, different: 1 });
  expect(store.splitComparisonCounts('2026-03-01', '2026-03-31')).toEqual({ compared: 3, different: 1 });
  expect(store.splitComparisons('2026-03-01', '2026-03-31', 'different', 10)).toEqual([
    comparison('a', { against: 'settlement', differences: [difference] }),
  ]);
  expect(store.splitComparisons('2026-03-01', '2026-03-31', 'all', 2).map(({ saleId }) => saleId)).toEqual([
    'b',
    'a',
  ]);
});

test('what sells often is counted without regard to capitals', () => {
  store.countSold(['s1', 'S2', 'S1']);
  store.countSold(['S1']);
  expect([...store.productsSold()]).toEqual([
    ['S1', 3],
    ['S2', 1],
  ]);
});

test('what a person has used counts the sales of the year up to the day, and open baskets not', () => {
  const sale = openSale(store, morningMs);
  const { personNumber } = holder();
  const nothing = { deductible: 0n, fundPaid: 0n, counted: 0n, visits: 0, deductiblesThisMonth: 0 };
  expect(store.usedThisYear(personNumber, '2026-03-02')).toEqual(nothing);
  const bore = { ...sale, split: sale.split && { ...sale.split, deductible: yuan('1.00') } };
  store.commit({ sale: { row: { ...bore, state: 'done' } as typeof sale, was: 'open' }, events: [] });
  const used = store.usedThisYear(personNumber, '2026-03-31');
  expect(used).toMatchObject({
    deductible: 100n,
    fundPaid: sale.split?.fundTotal,
    counted: sale.split?.inScope,
    visits: 1,
    deductiblesThisMonth: 1,
  });
  expect(store.usedThisYear(personNumber, '2026-04-01').deductiblesThisMonth).toBe(0);
  expect(store.usedThisYear(personNumber, '2027-03-02')).toEqual(nothing);
});
