import type { Product } from '../domain/product.ts';

/** One imported version of the shop's catalogue; each is a database file of its own. */
export interface CatalogVersion {
  readonly version: string;
  readonly importedAtMs: number;
  readonly productCount: number;
  /** Where it came from: file name and SHA-256. */
  readonly source: string;
}

/** How a code matched, best first. */
export type CodeKind = 'barcode' | 'shop-code' | 'national-code';

/**
 * What catalogue search and price need of a store: read-only look-ups in one version's file. Search keys
 * are made by `catalog/` at import (initials, full pinyin, hanzi, codes) and asked for here by prefix.
 */
export interface CatalogStore {
  readonly version: CatalogVersion;
  byCode(code: string): readonly Product[];
  byShopCode(shopCode: string): Product | undefined;
  /** Products with a search key that starts with `prefix`, best rank first, at most `limit`. */
  byKeyPrefix(prefix: string, limit: number): readonly Product[];
  /** Products whose names contain `text`, at most `limit`. */
  bySubstring(text: string, limit: number): readonly Product[];
  close(): void;
}
