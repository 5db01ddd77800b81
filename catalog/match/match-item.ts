import type { ListedItem } from '#core/domain/agency-catalog';
import type { ItemMapping } from '#core/domain/item-mapping';
import type { Product } from '#core/domain/product';
import type { AgencyCatalogStore } from '#core/ports/agency-catalog';
import { type Candidate, weigh } from './candidate.ts';
import { nameParts, plainName } from './names.ts';

/** A match this sure, and clearly ahead of the next, is taken without a person. */
export const SURE = 950;
const CLEARLY = 60;
/** Below this a candidate is not worth a person's look. */
const WORTH = 300;
const OTHERS = 5;
const BY_NAME = 200;

export interface MatchQuestion {
  readonly product: Product;
  readonly agency: AgencyCatalogStore;
  readonly day: string;
  /** National codes of confirmed items that share the barcode. */
  readonly sameBarcode?: readonly string[];
}

/** The outcome before it becomes a row of the work-list. */
export type Match = Pick<
  ItemMapping,
  'state' | 'nationalCode' | 'listType' | 'basis' | 'confidence' | 'why' | 'others'
>;

/**
 * Finds the national code of a shop's item (B2): by its own code, by what the agency has (1317), 本位码, approval
 * number, barcode, then by name, form, specification and maker under the rules of the national list (凡例 7–10).
 * Sure ones come back `confirmed`, what the agency has already `uploaded`, all others `proposed` with what else
 * might fit.
 */
export function matchItem(question: MatchQuestion): Match {
  const { product, agency, day } = question;
  const own = ownCode(product, agency, day);
  if (own?.state === 'confirmed') return own;
  const known = agency.institutionMapping(product.shopCode, day);
  if (known !== undefined) {
    const { nationalCode, listType } = known;
    const why = '医保中心已有此商品的对照';
    return { state: 'uploaded', nationalCode, listType, basis: 'agency', confidence: 1000, why, others: [] };
  }
  const found = candidates(question);
  const [best, next] = found;
  if (best === undefined || best.confidence < WORTH)
    return (
      own ?? { state: 'proposed', confidence: 0, why: '医保目录中没有找到相近的条目', others: rest(found) }
    );
  if (own !== undefined) return { ...own, others: rest(found) };
  const ahead = next === undefined || best.confidence - next.confidence >= CLEARLY;
  const sure = best.confidence >= SURE && ahead;
  return {
    state: sure ? 'confirmed' : 'proposed',
    nationalCode: best.item.nationalCode,
    listType: listTypeOf(best.item),
    basis: best.basis,
    confidence: best.confidence,
    why: ahead ? best.why : `${best.why}；另有相近条目`,
    others: rest(found.slice(1)),
  };
}

/** The list's own code stands when the agency knows it and does not mean another drug by it. */
function ownCode(product: Product, agency: AgencyCatalogStore, day: string): Match | undefined {
  const { nationalCode } = product;
  if (nationalCode === undefined) return undefined;
  const item = agency.item(nationalCode, day);
  if (item === undefined) {
    const why = `商品表中的编码 ${nationalCode} 不在医保目录中，或已停用`;
    return { state: 'proposed', basis: 'code', confidence: 0, why, others: [] };
  }
  const { confidence, why } = weigh(product, item, 'approval-number');
  const shared = { nationalCode, listType: listTypeOf(item), basis: 'code' as const, others: [] };
  if (sameDrug(product, item)) return { ...shared, state: 'confirmed', confidence: 1000, why: '编码相同' };
  return { ...shared, state: 'proposed', confidence, why: `编码相同，但${why}` };
}

function sameDrug(product: Product, item: ListedItem): boolean {
  const ours = nameParts(product.genericName);
  return [item.name, item.registeredName, item.tradeName, item.aliases].some((name) => {
    if (name === undefined) return false;
    return plainName(name) === plainName(product.genericName) || nameParts(name).stem === ours.stem;
  });
}

/** Best first, each national code once under its best way. */
function candidates({ product, agency, day, sameBarcode = [] }: MatchQuestion): readonly Candidate[] {
  const best = new Map<string, Candidate>();
  const add = (items: readonly ListedItem[], basis: Candidate['basis']): void => {
    for (const item of items) {
      const candidate = weigh(product, item, basis);
      const known = best.get(item.nationalCode);
      if (known === undefined || known.confidence < candidate.confidence)
        best.set(item.nationalCode, candidate);
    }
  };
  if (product.standardCode !== undefined)
    add(agency.itemsByStandardCode(product.standardCode, day), 'standard-code');
  if (product.approvalNumber !== undefined)
    add(agency.itemsByApproval(product.approvalNumber, day), 'approval-number');
  const shared = sameBarcode.map((code) => agency.item(code, day)).filter((item) => item !== undefined);
  add(shared, 'barcode');
  const sure = [...best.values()].some(({ confidence }) => confidence >= SURE);
  if (!sure) for (const name of namesToTry(product)) add(agency.itemsByName(name, day, BY_NAME), 'name');
  return [...best.values()].sort(byConfidence);
}

/** As written, and without salt where that is another text. */
function namesToTry(product: Product): readonly string[] {
  const { stem, withSalt, form } = nameParts(product.genericName);
  const names = [product.genericName, withSalt, stem, `${stem}${form ?? ''}`];
  return [...new Set(names.filter((name) => name !== ''))];
}

function byConfidence(a: Candidate, b: Candidate): number {
  if (a.confidence !== b.confidence) return b.confidence - a.confidence;
  return a.item.nationalCode < b.item.nationalCode ? -1 : 1;
}

function rest(found: readonly Candidate[]): ItemMapping['others'] {
  return found
    .filter(({ confidence }) => confidence >= WORTH)
    .slice(0, OTHERS)
    .map(({ item, confidence, why }) => ({ nationalCode: item.nationalCode, confidence, why }));
}

/** Code list_type by the table of the row; herbal granules and folk medicine are not told apart by it. */
export function listTypeOf(item: ListedItem): string {
  const types = { '1301': '101', '1302': '102', '1303': '103', '1305': '201', '1306': '301' } as const;
  return types[item.table];
}
