import { describe, expect, test } from 'vitest';
import { createCatalog } from '#catalog/catalog';
import { repriceLine } from '#catalog/price/reprice';
import type { BasketLine } from '#core/domain/product';
import { price, quantity, ratio, yuan } from '#core/money';
import type { AgencyCatalogStore } from '#core/ports/agency-catalog';
import type { CatalogStore } from '#core/ports/catalog-store';
import { temporaryFolder } from '../temporary-folder.ts';
import { agencyTables, type DatedFacts } from './agency-tables.ts';
import { goods, opened, writeVersion } from './goods.ts';

const REGION = '990100';
const SOLD_ON = '2026-06-01';
const CODE = goods().nationalCode ?? '';
const before: DatedFacts = {
  nationalCode: CODE,
  from: '2026-01-01',
  to: '2026-08-31',
  insuranceClass: 'B',
  firstSelfPayRatio: ratio('0.2'),
  ceiling: price('9.50'),
};

/** A shop whose list and whose agency tables go on: the sale was made by the first of each. */
function shop() {
  const folder = temporaryFolder();
  const listed = goods({ unitsPerPack: quantity('12'), smallestUnit: '片' });
  const lists = new Map<string, CatalogStore>([
    ['list-1', opened(writeVersion({ folder, version: 'list-1', importedAtMs: 0 }, [listed]))],
    [
      'list-2',
      opened(
        writeVersion({ folder, version: 'list-2', importedAtMs: 1, previous: 'list-1' }, [
          { ...listed, price: price('14') },
        ]),
      ),
    ],
  ]);
  const tables = new Map<string, AgencyCatalogStore>([
    ['agency-1', agencyTables({ version: 'agency-1', facts: [before] })],
    // A later download holds the old rows still, and a new ceiling from a later day.
    [
      'agency-2',
      agencyTables({
        version: 'agency-2',
        facts: [before, { ...before, from: '2026-09-01', to: '2099-12-31', ceiling: price('5') }],
      }),
    ],
    ['agency-3', agencyTables({ version: 'agency-3', facts: [{ ...before, to: '2026-03-31' }] })],
  ]);
  const versions = {
    region: REGION,
    list: (version: string) => lists.get(version),
    agency: (version: string) => tables.get(version),
  };
  const sell = (agencyVersion: string, unit: 'pack' | 'smallest'): BasketLine => {
    const store = lists.get('list-1');
    if (store === undefined) throw new Error('the list is there');
    const catalog = createCatalog(store, {
      region: REGION,
      today: () => SOLD_ON,
      agency: () => tables.get(agencyVersion),
    });
    const product = catalog.findByShopCode('T001');
    if (!product.ok) throw new Error(product.error.code);
    return { lineNumber: 1, ...catalog.priceLine(product.value, quantity('7'), { unit }) };
  };
  return { lists, tables, versions, sell };
}

describe.each(['pack', 'smallest'] as const)('an old line sold by the %s is priced again', (unit) => {
  test('to the same fen and facts by its recorded versions and day, whatever came later', () => {
    const { versions, sell } = shop();
    const line = sell('agency-1', unit);
    expect(line).toMatchObject({
      catalogVersion: 'list-1',
      agencyCatalogVersion: 'agency-1',
      amount: unit === 'pack' ? yuan('70.00') : yuan('5.83'),
    });
    expect(repriceLine(line, SOLD_ON, versions)).toEqual({
      product: line.product,
      amount: line.amount,
      from: 'versions',
    });
  });

  test('by a later version that holds the old rows beside new ones', () => {
    const { versions, sell } = shop();
    const line = sell('agency-2', unit);
    const again = repriceLine(line, SOLD_ON, versions);
    expect(again).toEqual({ product: line.product, amount: line.amount, from: 'versions' });
    expect(repriceLine(line, '2026-09-01', versions).product.ceiling).not.toBe(again.product.ceiling);
  });

  test('as own pay where the row was withdrawn before the sale', () => {
    const { versions, sell } = shop();
    const line = sell('agency-3', unit);
    expect(line.product.insuranceClass).toBe('C');
    expect(repriceLine(line, SOLD_ON, versions)).toMatchObject({
      amount: line.amount,
      product: { insuranceClass: 'C' },
    });
  });

  test.each(['list-1', 'agency-1'])('from its own record when the file of %s is gone', (gone) => {
    const { lists, tables, versions, sell } = shop();
    const line = sell('agency-1', unit);
    lists.delete(gone);
    tables.delete(gone);
    expect(repriceLine(line, SOLD_ON, versions)).toEqual({
      product: line.product,
      amount: line.amount,
      from: 'line',
    });
  });

  test('with its own national code, though another mapping was confirmed since', () => {
    const { versions, sell, tables } = shop();
    const line = sell('agency-1', unit);
    tables.set(
      'agency-1',
      agencyTables({ version: 'agency-1', facts: [before], mappings: { T001: 'OTHER' } }),
    );
    expect(repriceLine(line, SOLD_ON, versions).product.nationalCode).toBe(CODE);
  });
});
