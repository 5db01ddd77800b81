import type { ListedItem } from '#core/domain/agency-catalog';
import type { MatchBasis } from '#core/domain/item-mapping';
import type { Product } from '#core/domain/product';
import { formGroup, type MedicineKind } from './form-groups.ts';
import { nameParts, plainName } from './names.ts';
import { compareAmounts, compareCounts, strengthOf } from './strength.ts';

/** How well one row of the agency fits an item of the shop, with the reasons for the person who decides. */
export interface Candidate {
  readonly item: ListedItem;
  readonly basis: MatchBasis;
  /** 0 to 1000. */
  readonly confidence: number;
  readonly why: string;
}

/** What the way to the candidate is worth before its facts are compared. */
const WAYS: Readonly<Partial<Record<MatchBasis, number>>> = {
  'standard-code': 930,
  'approval-number': 900,
  barcode: 880,
  name: 700,
};

/**
 * Weighs a candidate: what agrees adds, what differs takes away more than it could add, what is not told
 * changes nothing. Another main component, strength, pack or maker is never sure, whatever code led there.
 */
export function weigh(product: Product, item: ListedItem, basis: MatchBasis): Candidate {
  const facts = [
    nameFact(product, item),
    formFact(product, item),
    ...packFacts(product, item),
    makerFact(product, item),
  ];
  const sum = facts.reduce((all, fact) => all + fact.weight, WAYS[basis] ?? 0);
  const doubt = facts.some((fact) => fact.weight <= -100);
  const most = doubt ? 600 : 990;
  const confidence = Math.max(0, Math.min(most, Math.round(sum)));
  const words = facts.map((fact) => fact.zh).filter((text) => text !== '');
  return { item, basis, confidence, why: [WAY_ZH[basis] ?? '', ...words].join('；') };
}

interface Fact {
  readonly weight: number;
  readonly zh: string;
}

const nothing: Fact = { weight: 0, zh: '' };
const WAY_ZH: Readonly<Partial<Record<MatchBasis, string>>> = {
  'standard-code': '本位码相同',
  'approval-number': '批准文号相同',
  barcode: '条码相同的商品已对照',
  name: '按名称查找',
};

/** Generic names: the same, the same without salt (凡例, item 7), or another drug. */
function nameFact(product: Product, item: ListedItem): Fact {
  const ours = nameParts(product.genericName);
  const names = [item.name, item.registeredName ?? ''].filter((name) => name !== '');
  if (names.some((name) => plainName(name) === plainName(product.genericName)))
    return { weight: 80, zh: '通用名相同' };
  const theirs = names.map(nameParts);
  if (theirs.some((parts) => parts.withSalt === ours.withSalt)) return { weight: 60, zh: '通用名相同' };
  if (item.table === '1301' && theirs.some((parts) => parts.stem === ours.stem))
    return { weight: 20, zh: '主要成分相同，酸根或盐基不同' };
  return { weight: -400, zh: `名称不同：${item.name}` };
}

/** Forms under the merged groups (凡例, items 8 and 9). */
function formFact(product: Product, item: ListedItem): Fact {
  const kind: MedicineKind = item.nationalCode.startsWith('Z') ? 'patent' : 'western';
  const ours = formOf(product.genericName, product.form);
  const theirs = formOf(item.name, item.listForm ?? item.form ?? '');
  if (ours === '' || theirs === '') return nothing;
  if (ours === theirs) return { weight: 30, zh: '' };
  if (formGroup(ours, kind) === formGroup(theirs, kind)) return { weight: 0, zh: `剂型同组：${theirs}` };
  return { weight: -200, zh: `剂型不同：${theirs}` };
}

/** The form in the name is the sharper one: a column often says 片剂 for every kind of tablet. */
function formOf(name: string, column: string): string {
  return nameParts(name).form ?? column;
}

function packFacts(product: Product, item: ListedItem): Fact[] {
  const ours = strengthOf(product.specification);
  const theirs = strengthOf(`${item.specification ?? ''} ${item.packing ?? ''}`);
  const strength = {
    same: { weight: 40, zh: '规格相同' },
    other: { weight: -200, zh: `规格不同：${item.specification ?? ''}` },
    unknown: nothing,
  };
  const count = Number(item.unitsPerPack ?? '') || theirs.count;
  const packs = {
    same: { weight: 40, zh: '包装数量相同' },
    other: { weight: -120, zh: `包装数量不同：${count ?? ''}` },
    unknown: nothing,
  };
  return [strength[compareAmounts(ours, theirs)], packs[compareCounts(ours.count, count)]];
}

function makerFact(product: Product, item: ListedItem): Fact {
  if (item.maker === undefined || product.maker === '') return nothing;
  const [ours, theirs] = [makerCore(product.maker), makerCore(item.maker)];
  if (ours === theirs) return { weight: 40, zh: '生产企业相同' };
  if (ours.includes(theirs) || theirs.includes(ours)) return { weight: 20, zh: '' };
  return { weight: -150, zh: `生产企业不同：${item.maker}` };
}

/** 广州白云山制药股份有限公司 and 广州白云山制药 are one maker. */
function makerCore(maker: string): string {
  return plainName(maker).replace(/(股份)?(集团)?(股份)?(有限)?(责任)?公司|\(集团\)|集团|总厂|厂$/g, '');
}
