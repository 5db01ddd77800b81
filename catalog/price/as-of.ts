import type { InsuranceFacts } from '#core/domain/agency-catalog';
import type { Product } from '#core/domain/product';
import { ratio, wholeRatio } from '#core/money';
import type { AgencyCatalogStore } from '#core/ports/agency-catalog';
import { CatalogUnreadable } from '#core/ports/catalog-store';

/** What the price of a product depends on besides the shop's list. */
export interface PriceSources {
  /** The agency's tables in use; undefined before the first download. */
  readonly agency?: () => AgencyCatalogStore | undefined;
  /** Region (统筹区) whose insurance list counts. */
  readonly region: string;
  /**
   * Confirmed mapping (对照) of a shop code; undefined = none; null = a person declined what the list or the agency
   * names for it.
   */
  readonly mappedCode?: (shopCode: string) => string | null | undefined;
}

export interface AsOf {
  readonly product: Product;
  /** Version of the agency's tables that were asked; absent = the shop's list alone. */
  readonly agencyVersion?: string;
  /** The agency's file is damaged: the shop's list stands in. */
  readonly unreadable?: CatalogUnreadable;
}

const noShare = ratio('0');

/**
 * A product of the shop's list as it counts on `day`: the national code by a confirmed mapping, else by the
 * agency's own table (1317), else as listed; class, first self-pay share, ceiling and restriction by the
 * agency's tables where they say something, else as listed. Where the insurance list (1312) is loaded and does not
 * hold the code on that day, the product is own pay. Without a code it stays as listed: the benefit engine
 * takes such a line as own pay (B2). A code that a person declined counts no more: none of its facts are used, and
 * the product is own pay until another code is confirmed for it.
 */
export function asOf(product: Product, day: string, sources: PriceSources): AsOf {
  const agency = sources.agency?.();
  const mapped = sources.mappedCode?.(product.shopCode);
  if (mapped === null) return { product: withoutCode(product) };
  try {
    const code =
      mapped ?? agency?.institutionMapping(product.shopCode, day)?.nationalCode ?? product.nationalCode;
    const coded =
      code === undefined || code === product.nationalCode ? product : { ...product, nationalCode: code };
    if (agency === undefined || code === undefined) return { product: coded };
    const facts = agency.insuranceFacts(code, sources.region, day);
    const agencyVersion = agency.version.version;
    if (facts !== undefined) return { product: withFacts(coded, facts), agencyVersion };
    return isWhole(agency) ? { product: notListed(coded), agencyVersion } : { product: coded };
  } catch (error) {
    // Damage in the agency's file must not stop a sale; the list's own facts are what there was before it.
    if (!(error instanceof CatalogUnreadable)) throw error;
    const code = mapped ?? product.nationalCode;
    return { product: code === undefined ? product : { ...product, nationalCode: code }, unreadable: error };
  }
}

/** Whether the agency's insurance list is there: only then does a missing code mean "not covered". */
function isWhole(agency: AgencyCatalogStore): boolean {
  return (agency.version.tables['1312']?.rows ?? 0) > 0;
}

function withFacts(product: Product, facts: InsuranceFacts): Product {
  const insuranceClass = facts.insuranceClass ?? product.insuranceClass;
  const remark = facts.restriction ?? facts.remark ?? product.remark;
  return {
    ...product,
    insuranceClass,
    firstSelfPayRatio: shareOf(product, facts, insuranceClass),
    ...(facts.ceiling === undefined ? {} : { ceiling: facts.ceiling }),
    ...(remark === undefined ? {} : { remark }),
  };
}

/** 甲 has none and 丙 is all own; for 乙 the agency's share, else the list's, else none. */
function shareOf(product: Product, facts: InsuranceFacts, insuranceClass: Product['insuranceClass']) {
  if (insuranceClass === 'C') return wholeRatio;
  if (facts.firstSelfPayRatio !== undefined) return facts.firstSelfPayRatio;
  if (insuranceClass === 'A') return noShare;
  return product.insuranceClass === 'B' ? product.firstSelfPayRatio : noShare;
}

/** The restriction and the ceiling went with the code. */
function withoutCode(product: Product): Product {
  if (product.nationalCode === undefined) return product;
  const { nationalCode: _, ...rest } = notListed(product);
  return { ...rest, remark: '国家编码对照已被否定，未对应，按自费结算' };
}

function notListed(product: Product): Product {
  const { ceiling: _, ...rest } = product;
  return { ...rest, insuranceClass: 'C', firstSelfPayRatio: wholeRatio };
}
