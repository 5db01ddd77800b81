import type { Product } from '../domain/product.ts';
import type { Fault } from '../fault.ts';

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

/** The file under an open catalogue turned out to be damaged while it was read. */
export class CatalogUnreadable extends Error {
  override readonly name = 'CatalogUnreadable';
}

/**
 * What catalogue search and price need of a store: read-only look-ups in one version's file. Search keys
 * are made by `catalog/` at import (initials, full pinyin, hanzi, codes) and asked for here by prefix.
 * Look-ups throw `CatalogUnreadable` when the file is damaged.
 */
export interface CatalogStore {
  readonly version: CatalogVersion;
  byCode(code: string): readonly Product[];
  /** Products whose shop code, barcode or national code starts with `prefix`, at most `limit`. */
  byCodePrefix(prefix: string, limit: number): readonly Product[];
  byShopCode(shopCode: string): Product | undefined;
  /** Products with a search key that starts with `prefix`, best rank first, at most `limit`. */
  byKeyPrefix(prefix: string, limit: number): readonly Product[];
  /** Products whose names contain `text`, at most `limit`. */
  bySubstring(text: string, limit: number): readonly Product[];
  close(): void;
}

/** One key under which a name is found; `whole` = it begins where the name begins, so it ranks higher. */
export interface SearchKey {
  readonly key: string;
  readonly whole: boolean;
}

/** Keys of one name: `name` for pieces of the written name, `pinyin` for initials and full pinyin. */
export interface NameKeys {
  readonly name: readonly SearchKey[];
  readonly pinyin: readonly SearchKey[];
}

/** A thing wrong with one row of the shop's list; line 1 is the first line of the file. */
export interface RowProblem {
  readonly line: number;
  /** Header of the column as it stands in the file, or absent when the whole row is meant. */
  readonly column?: string;
  /** The text that was refused, cut to 60 characters. */
  readonly value?: string;
  readonly zh: string;
  readonly en: string;
}

/** What an import found. Errors stop it as a whole, warnings do not. */
export interface ImportReport {
  readonly rowsRead: number;
  readonly products: number;
  readonly encoding?: 'utf-8' | 'gb18030';
  /** Why nothing was imported; absent when it may go on. */
  readonly fault?: Fault;
  /** Bad rows in order of the file; at most `MAX_LISTED`, `errorCount` counts all. */
  readonly errors: readonly RowProblem[];
  readonly errorCount: number;
  readonly warnings: readonly RowProblem[];
  readonly warningCount: number;
}

/**
 * Reads a shop's list for the builder of a catalogue file, which runs in a process of its own. `read` gives
 * each good product to `accept` in the order of the file as long as no error was found.
 */
export interface CatalogReader {
  read(bytes: Uint8Array, accept: (product: Product) => void): ImportReport;
  keysOf(name: string): NameKeys;
}
