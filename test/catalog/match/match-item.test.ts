import { describe, expect, test } from 'vitest';
import { matchItem } from '#catalog/match/match-item';
import type { InstitutionMapping, ListedItem } from '#core/domain/agency-catalog';
import type { Product } from '#core/domain/product';
import { price, ratio } from '#core/money';
import type { AgencyCatalogStore } from '#core/ports/agency-catalog';

const day = '2026-03-02';

function item(nationalCode: string, more: Partial<ListedItem> = {}): ListedItem {
  return {
    table: '1301',
    recordId: nationalCode,
    valid: true,
    version: '1',
    nationalCode,
    name: '盐酸二甲双胍片',
    form: '片剂',
    specification: '0.5g',
    unitsPerPack: '30',
    maker: '示例制药有限公司',
    approvalNumber: '国药准字H99010001',
    standardCode: '86990100000011',
    ...more,
  };
}

const thirty = item('XA10BAE065A001010100001');
const sixty = item('XA10BAE065A001010200001', { unitsPerPack: '60' });
const other = item('XA10BAE065A001010300002', {
  maker: '另一制药厂',
  approvalNumber: '国药准字H99010002',
  standardCode: '86990100000028',
});
const slow = item('XA10BAE065A012010100001', {
  name: '盐酸二甲双胍缓释片',
  form: '缓释片',
  approvalNumber: '国药准字H99010003',
  standardCode: '86990100000035',
});
const all = [thirty, sixty, other, slow];

/** The rows in a list; look-ups as the store does them. */
function agencyOf(
  items: readonly ListedItem[],
  mappings: readonly InstitutionMapping[] = [],
): AgencyCatalogStore {
  return {
    version: { version: 'test', importedAtMs: 0, tables: {} },
    item: (code) => items.find(({ nationalCode }) => nationalCode === code),
    itemsByStandardCode: (code) => items.filter(({ standardCode }) => standardCode === code),
    itemsByApproval: (number) => items.filter(({ approvalNumber }) => approvalNumber === number),
    itemsByName: (name) => items.filter((each) => each.name.includes(name) || name.includes(each.name)),
    searchItems: () => [],
    searchDiseases: () => [],
    insuranceFacts: () => undefined,
    institutionMapping: (code) => mappings.find(({ shopCode }) => shopCode === code),
    close: () => undefined,
  };
}

function product(more: Partial<Product> = {}): Product {
  return {
    shopCode: 'S1',
    genericName: '盐酸二甲双胍片',
    form: '片剂',
    specification: '0.5g×30片',
    maker: '示例制药有限公司',
    packUnit: '盒',
    price: price('12.50'),
    insuranceClass: 'A',
    firstSelfPayRatio: ratio('0'),
    category: 'drug',
    prescriptionOnly: true,
    ...more,
  };
}

function match(more: Partial<Product>, items = all, mappings: readonly InstitutionMapping[] = []) {
  return matchItem({ product: product(more), agency: agencyOf(items, mappings), day });
}

describe('the national code of a shop’s item', () => {
  test('its own code stands when the agency means the same drug by it', () => {
    expect(match({ nationalCode: thirty.nationalCode })).toMatchObject({
      state: 'confirmed',
      nationalCode: thirty.nationalCode,
      listType: '101',
      basis: 'code',
      confidence: 1000,
    });
  });

  test('its own code is asked about when the agency means another drug by it', () => {
    const found = match({ nationalCode: thirty.nationalCode, genericName: '阿莫西林胶囊', form: '胶囊剂' });
    expect(found).toMatchObject({ state: 'proposed', basis: 'code', nationalCode: thirty.nationalCode });
    expect(found.why).toContain('名称不同');
  });

  test('a code that the agency does not hold is never confirmed, and what fits otherwise is shown', () => {
    const found = match({ nationalCode: 'XA10BAE065A009999999999', approvalNumber: '国药准字H99010001' });
    expect(found).toMatchObject({ state: 'proposed', confidence: 0 });
    expect(found.nationalCode).toBeUndefined();
    expect(found.others[0]?.nationalCode).toBe(thirty.nationalCode);
  });

  test('what the agency has already (1317) is taken as it is', () => {
    const known: InstitutionMapping = {
      table: '1317',
      recordId: 'm',
      valid: true,
      version: '1',
      shopCode: 'S1',
      nationalCode: sixty.nationalCode,
      listType: '101',
    };
    expect(match({}, all, [known])).toMatchObject({
      state: 'uploaded',
      basis: 'agency',
      nationalCode: sixty.nationalCode,
    });
  });

  test('an approval number that two packs share is decided by the pack', () => {
    const found = match({ approvalNumber: '国药准字H99010001' });
    expect(found).toMatchObject({
      state: 'confirmed',
      basis: 'approval-number',
      nationalCode: thirty.nationalCode,
    });
    expect(found.others.map(({ nationalCode }) => nationalCode)).toEqual([sixty.nationalCode]);
    expect(match({ approvalNumber: '国药准字H99010001', specification: '0.5g×60片' }).nationalCode).toBe(
      sixty.nationalCode,
    );
  });

  test('an approval number that two packs share, and nothing tells the pack, is a person’s choice', () => {
    const found = match({ approvalNumber: '国药准字H99010001', specification: '0.5g' });
    expect(found.state).toBe('proposed');
    expect(found.others).toHaveLength(1);
    expect(found.why).toContain('另有相近条目');
  });

  test('the standard code leads to its drug', () => {
    expect(match({ standardCode: '86990100000028', maker: '另一制药厂' })).toMatchObject({
      state: 'confirmed',
      basis: 'standard-code',
      nationalCode: other.nationalCode,
    });
  });

  test('by name alone nothing is taken without a person, and form and maker decide the order', () => {
    const found = match({ genericName: '二甲双胍片' });
    expect(found).toMatchObject({ state: 'proposed', basis: 'name', nationalCode: thirty.nationalCode });
    expect(found.others.at(-1)?.nationalCode).toBe(slow.nationalCode);
    expect(match({ genericName: '二甲双胍缓释片', form: '缓释片' }).nationalCode).toBe(slow.nationalCode);
  });

  test('another strength is never sure, whatever code led there', () => {
    const found = match({ approvalNumber: '国药准字H99010001', specification: '0.25g×30片' });
    expect(found.state).toBe('proposed');
    expect(found.confidence).toBeLessThanOrEqual(600);
  });

  test('goods that no table knows stay without a code', () => {
    expect(match({ genericName: '一次性口罩', form: '', specification: '50只' })).toMatchObject({
      state: 'proposed',
      confidence: 0,
      others: [],
    });
  });
});
