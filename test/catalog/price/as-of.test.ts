import { describe, expect, test } from 'vitest';
import { createCatalog } from '#catalog/catalog';
import { price, quantity, ratio, yuan } from '#core/money';
import { temporaryFolder } from '../temporary-folder.ts';
import { type AgencyTables, agencyTables, type DatedFacts } from './agency-tables.ts';
import { goods, opened, writeVersion } from './goods.ts';

const CODE = goods().nationalCode ?? '';
const facts = (from: string, change: Partial<DatedFacts> = {}): DatedFacts => ({
  nationalCode: CODE,
  from,
  ...change,
});

function catalogWith(
  tables: AgencyTables | undefined,
  list = [goods()],
  mappedCode?: (shopCode: string) => string | undefined,
) {
  const store = opened(writeVersion({ folder: temporaryFolder(), version: 'list-1', importedAtMs: 0 }, list));
  const agency = tables === undefined ? undefined : agencyTables(tables);
  return createCatalog(store, {
    region: '990100',
    today: () => '2026-06-01',
    agency: () => agency,
    ...(mappedCode === undefined ? {} : { mappedCode }),
  });
}

function found(catalog: ReturnType<typeof catalogWith>, shopCode = 'T001') {
  const product = catalog.findByShopCode(shopCode);
  if (!product.ok) throw new Error(product.error.code);
  return product.value;
}

describe('a product counts as the agency has it on the day', () => {
  const rows = [
    facts('2026-01-01', {
      to: '2026-06-30',
      insuranceClass: 'B',
      firstSelfPayRatio: ratio('0.2'),
      ceiling: price('9.50'),
      restriction: '限二线',
    }),
    facts('2026-07-01', { insuranceClass: 'A', ceiling: price('8') }),
  ];

  test('class, share, ceiling and restriction, and the line records both versions', () => {
    const catalog = catalogWith({ facts: rows });
    const product = found(catalog);
    expect(product).toMatchObject({
      insuranceClass: 'B',
      firstSelfPayRatio: ratio('0.2'),
      ceiling: price('9.50'),
      remark: '限二线',
    });
    expect(catalog.priceLine(product, quantity('2'))).toMatchObject({
      amount: yuan('20.00'),
      catalogVersion: 'list-1',
      agencyCatalogVersion: 'agency-1',
    });
    for (const [given] of [catalog.search('对乙酰', 5), catalog.search('T001', 5)])
      expect(given).toEqual(product);
  });

  test('and on another day as it has it there: 甲 has no share whatever the list says', () => {
    const later = catalogWith({ facts: rows }).priceOn('T001', '2026-07-01');
    expect(later).toMatchObject({
      ok: true,
      value: { insuranceClass: 'A', firstSelfPayRatio: 0n, ceiling: price('8') },
    });
  });

  test('a row that was withdrawn makes it own pay, whatever the list says', () => {
    const withdrawn = catalogWith(
      { facts: [facts('2026-01-01', { to: '2026-05-31', insuranceClass: 'B' })] },
      [goods({ ceiling: price('9') })],
    );
    const product = found(withdrawn);
    expect(product).toMatchObject({ insuranceClass: 'C', firstSelfPayRatio: ratio('1') });
    expect(product.ceiling).toBe(undefined);
    expect(withdrawn.priceOn('T001', '2026-05-31')).toMatchObject({ value: { insuranceClass: 'B' } });
  });

  test('facts that the agency does not give stay those of the list', () => {
    const catalog = catalogWith({ facts: [facts('2026-01-01', { ceiling: price('9') })] });
    expect(found(catalog)).toEqual(goods({ ceiling: price('9') }));
  });

  test('丙 is all own, and 乙 without a share anywhere has none', () => {
    const own = catalogWith({ facts: [facts('2026-01-01', { insuranceClass: 'C' })] });
    expect(found(own)).toMatchObject({ insuranceClass: 'C', firstSelfPayRatio: ratio('1') });
    const listed = [goods({ insuranceClass: 'A', firstSelfPayRatio: ratio('0') })];
    const raised = catalogWith({ facts: [facts('2026-01-01', { insuranceClass: 'B' })] }, listed);
    expect(found(raised)).toMatchObject({ insuranceClass: 'B', firstSelfPayRatio: 0n });
  });
});

describe('the list alone counts', () => {
  test.each<[string, AgencyTables | undefined]>([
    ['before the first download', undefined],
    ['while the insurance list is not downloaded', { hasInsuranceList: false }],
    [
      'when the agency’s file is damaged',
      { broken: true, facts: [facts('2026-01-01', { insuranceClass: 'C' })] },
    ],
  ])('%s, and the line names no agency version', (_, tables) => {
    const catalog = catalogWith(tables);
    expect(found(catalog)).toEqual(goods());
    expect(catalog.priceLine(found(catalog), quantity('1'))).not.toHaveProperty('agencyCatalogVersion');
  });

  test('and damage in the agency’s file is told', () => {
    const catalog = catalogWith({ broken: true });
    expect(catalog.damage()).toBe(undefined);
    found(catalog);
    expect(catalog.damage()?.code).toBe('catalog-damaged');
  });

  test('without a national code: the benefit engine takes it as own pay', () => {
    const { nationalCode: _, ...bare } = goods();
    expect(found(catalogWith({ facts: [] }, [bare]))).toEqual(bare);
  });
});

describe('the national code comes from', () => {
  const rows = ['CODE-MAPPED', 'CODE-1317', CODE].map((nationalCode) => ({
    ...facts('2026-01-01', { insuranceClass: 'B' as const }),
    nationalCode,
  }));
  const tables = { facts: rows, mappings: { T001: 'CODE-1317' } };

  test.each([
    ['a confirmed mapping first', tables, (): string => 'CODE-MAPPED', 'CODE-MAPPED'],
    ['then the agency’s own table', tables, (): undefined => undefined, 'CODE-1317'],
    ['then the list', { facts: rows }, (): undefined => undefined, CODE],
  ])('%s', (_, given, mapped, expected) => {
    expect(found(catalogWith(given, [goods()], mapped)).nationalCode).toBe(expected);
  });

  test('a mapping for a product that the list leaves without one', () => {
    const { nationalCode: _, ...bare } = goods();
    const catalog = catalogWith(tables, [bare], () => 'CODE-MAPPED');
    expect(found(catalog)).toMatchObject({ nationalCode: 'CODE-MAPPED', insuranceClass: 'B' });
  });
});
