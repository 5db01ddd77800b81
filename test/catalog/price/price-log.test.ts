import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, test } from 'vitest';
import { createCatalog } from '#catalog/catalog';
import { csvLine, dayPriceTable, priceLogTable } from '#catalog/price/price-table';
import { parseBusinessDateTime } from '#core/business-time';
import { formatUnitPrice, price } from '#core/money';
import type { CatalogStore } from '#core/ports/catalog-store';
import { temporaryFolder } from '../temporary-folder.ts';
import { goods, opened, writeVersion } from './goods.ts';

const at = (text: string): number => parseBusinessDateTime(text) ?? Number.NaN;
const a = (text: string) => goods({ shopCode: 'a1', price: price(text) });
const b = (text: string) => goods({ shopCode: 'B2', price: price(text), genericName: '布洛芬片' });
const c = (text: string) => goods({ shopCode: 'C3', price: price(text), genericName: '氯雷他定片' });

/** Four versions: A rises twice, B leaves, C comes; each builds on the one before. */
function fourVersions(folder: string): CatalogStore {
  writeVersion({ folder, version: 'v1', importedAtMs: at('2026-01-10 09:00:00') }, [a('10'), b('5')]);
  writeVersion({ folder, version: 'v2', importedAtMs: at('2026-02-10 09:00:00'), previous: 'v1' }, [
    { ...a('11'), shopCode: 'A1' },
    b('5'),
  ]);
  writeVersion({ folder, version: 'v3', importedAtMs: at('2026-02-10 23:59:59'), previous: 'v2' }, [
    a('12'),
    c('7.5'),
  ]);
  rmSync(`${folder}/v1.db`);
  return opened(
    writeVersion({ folder, version: 'v4', importedAtMs: at('2026-03-10 09:00:00'), previous: 'v3' }, [
      a('12'),
      c('8'),
    ]),
  );
}

function told(store: CatalogStore, wanted: Parameters<CatalogStore['priceChanges']>[0] = {}, limit = 100) {
  return store
    .priceChanges(wanted, limit)
    .map(({ shopCode, oldPrice, newPrice, version }) =>
      [
        version,
        shopCode.toUpperCase(),
        oldPrice && formatUnitPrice(oldPrice),
        newPrice && formatUnitPrice(newPrice),
      ].join(' '),
    );
}

describe('the price log', () => {
  test('tells every change, coming and leaving, through files that are gone by now', () => {
    const store = fourVersions(temporaryFolder());
    expect(told(store)).toEqual([
      'v2 A1 10.00 11.00',
      'v3 A1 11.00 12.00',
      'v3 B2 5.00 ',
      'v3 C3  7.50',
      'v4 C3 7.50 8.00',
    ]);
    expect(store.pricesSinceMs).toBe(at('2026-01-10 09:00:00'));
    expect(told(store, { shopCode: 'A1' })).toHaveLength(2);
    expect(told(store, { fromMs: at('2026-02-10 23:59:59'), toMs: at('2026-03-10 09:00:00') })).toHaveLength(
      3,
    );
    expect(told(store, {}, 1)).toEqual(['v2 A1 10.00 11.00']);
  });

  test('begins with the first version, and anew when the one before cannot be read', () => {
    const folder = temporaryFolder();
    const first = opened(writeVersion({ folder, version: 'v1', importedAtMs: 7 }, [a('10')]));
    const second = opened(
      writeVersion({ folder, version: 'v2', importedAtMs: 9, previous: 'gone' }, [a('11')]),
    );
    expect([told(first), told(second)]).toEqual([[], []]);
    expect([first.pricesSinceMs, second.pricesSinceMs]).toEqual([7, 9]);
  });
});

describe('the prices in force on a day', () => {
  let store: CatalogStore;
  beforeAll(() => {
    store = fourVersions(temporaryFolder());
  });
  const on = (day: string, today = '2026-04-01') => {
    const catalog = createCatalog(store, { region: '990100', today: () => today });
    const found = catalog.dayPrices(day);
    if (!found.ok) return found.error.code;
    return [...found.value].map(({ shopCode, price: now, before }) =>
      [shopCode.toUpperCase(), formatUnitPrice(now), before === undefined ? '' : formatUnitPrice(before)]
        .join(' ')
        .trim(),
    );
  };

  test.each([
    ['2026-01-09', 'catalog-prices-unknown'],
    ['2026-01-10', ['A1 10.00', 'B2 5.00']],
    ['2026-02-09', ['A1 10.00', 'B2 5.00']],
    ['2026-02-10', ['A1 12.00 10.00', 'C3 7.50']],
    ['2026-03-09', ['A1 12.00', 'C3 7.50']],
    ['2026-03-10', ['A1 12.00', 'C3 8.00 7.50']],
    ['2026-04-01', ['A1 12.00', 'C3 8.00']],
    ['2026-04-02', 'catalog-prices-unknown'],
    ['2026-02-30', 'catalog-prices-unknown'],
    ['yesterday', 'catalog-prices-unknown'],
  ])('%s', (day, expected) => {
    expect(on(day)).toEqual(expected);
  });

  test('are given piece by piece, those that have left the list at the end', () => {
    const catalog = createCatalog(store);
    const from = (after: number) => {
      const found = catalog.dayPrices('2026-02-09', after);
      return found.ok ? [...found.value].map(({ shopCode, position }) => `${shopCode} ${position}`) : [];
    };
    expect([from(0), from(1), from(2), from(3), from(99)]).toEqual([
      ['a1 1', 'B2 3'],
      ['B2 3'],
      ['B2 3'],
      [],
      [],
    ]);
  });

  test('make a table for an inspector, and so does the log', () => {
    const catalog = createCatalog(store);
    const found = catalog.dayPrices('2026-02-10');
    const rows = found.ok ? [...dayPriceTable(found.value, '2026-02-10')] : [];
    expect(rows[1]).toEqual([
      '2026-02-10',
      'a1',
      goods().nationalCode,
      '对乙酰氨基酚片',
      '',
      '0.5g×12片',
      '示例制药',
      '盒',
      '12.00',
      '10.00',
      '乙',
      '0.1',
      '',
      '',
    ]);
    expect([...priceLogTable(store.priceChanges({}, 100))][1]).toEqual([
      '2026-02-10 09:00:00',
      'a1',
      '对乙酰氨基酚片',
      '0.5g×12片',
      '示例制药',
      '盒',
      '10.00',
      '11.00',
      'v2',
    ]);
  });
});

test('cells of an exported table are text to a spreadsheet, whatever they hold', () => {
  expect(csvLine(['a,b', 'say "x"', '=1+1', '-2.5', '-x', '两\n行', '@x'])).toBe(
    `"a,b","say ""x""",'=1+1,-2.5,'-x,"两\n行",'@x\r\n`,
  );
});

test('a version of the first format still opens, without a log, and the next one goes on from it', () => {
  const folder = temporaryFolder();
  const file = writeVersion({ folder, version: 'v1', importedAtMs: at('2026-01-10 09:00:00') }, [
    a('10'),
    b('5'),
  ]);
  const db = new Database(file);
  db.exec('DROP TABLE price_change');
  db.exec("DELETE FROM meta WHERE name = 'pricesSinceMs'");
  db.pragma('user_version = 1');
  db.close();
  const old = opened(file);
  expect(old.priceChanges({}, 10)).toEqual([]);
  expect([...old.products()]).toEqual([a('10'), b('5')]);
  const next = opened(
    writeVersion({ folder, version: 'v2', importedAtMs: at('2026-02-10 09:00:00'), previous: 'v1' }, [
      a('11'),
      b('5'),
    ]),
  );
  expect(told(next)).toEqual(['v2 A1 10.00 11.00']);
  expect(next.pricesSinceMs).toBe(at('2026-01-10 09:00:00'));
});
