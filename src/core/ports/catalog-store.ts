import type { Product } from '../domain/product.ts';
import type { Fault } from '../fault.ts';
import type { UnitPrice } from '../money.ts';
import type { SearchIndex, Spoken } from './search-index.ts';

/** One imported version of the shop's catalogue; each is a database file of its own. */
export interface CatalogVersion {
  readonly version: string;
  readonly importedAtMs: number;
  readonly productCount: number;
  /** Where it came from: file name and SHA-256. */
  readonly source: string;
}

/**
 * One line of the price log (调价记录): a price that differs from the version in use before. No old price = the
 * product came new with this version; no new price = it left the list.
 */
export interface PriceChange {
  readonly shopCode: string;
  readonly genericName: string;
  readonly specification: string;
  readonly maker: string;
  readonly packUnit: string;
  readonly oldPrice?: UnitPrice;
  readonly newPrice?: UnitPrice;
  readonly changedAtMs: number;
  /** Version that brought the change. */
  readonly version: string;
}

/** The file under an open catalogue turned out to be damaged while it was read. */
export class CatalogUnreadable extends Error {
  override readonly name = 'CatalogUnreadable';
}

/**
 * What catalogue search and price need of a store: read-only look-ups in one version's file. Search keys
 * are made by `catalog/` at import (initials, full pinyin, hanzi) and asked for by prefix.
 * Look-ups throw `CatalogUnreadable` when the file is damaged.
 */
export interface CatalogStore {
  readonly version: CatalogVersion;
  /** Barcode or shop code, else national code, 本位码, approval number or the pack of a trace code. */
  byCode(code: string): readonly Product[];
  byShopCode(shopCode: string): Product | undefined;
  readonly index: SearchIndex;
  /** In the order of `ids`, which the index gave. */
  byIds(ids: readonly number[]): readonly Product[];
  /** How often products were sold, by shop code in capitals: from now on this ranks what fits equally well. */
  rankBySales(sold: ReadonlyMap<string, number>): void;
  /** Every product in the order of the list, but the first `skip`, read as they are asked for. */
  products(skip?: number): Iterable<Product>;
  /** Price log from `fromMs` (inclusive) to `toMs` (exclusive), oldest first, at most `limit`. */
  priceChanges(
    wanted: { readonly fromMs?: number; readonly toMs?: number; readonly shopCode?: string },
    limit: number,
  ): readonly PriceChange[];
  /** From this moment on the price log is whole: import of the first version in its chain. */
  readonly pricesSinceMs: number;
  close(): void;
}

/** One key under which a name is found; `whole` = it begins where the name begins, so it ranks higher. */
export interface SearchKey {
  readonly key: string;
  readonly whole: boolean;
}

/** Keys of one name: `name` for pieces of the written name, `pinyin` for initials and full pinyin. */
export interface NameKeys extends Spoken {
  readonly name: readonly SearchKey[];
  readonly pinyin: readonly SearchKey[];
}

/** What a search index is made with: the keys of names, and what is known of single hanzi. */
export interface SearchKeyMaker {
  keysOf(name: string): NameKeys;
  /** The pages of `glyphLayout`, the first one first. */
  glyphPages(): readonly string[];
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
  /** Set when the header was refused: what its unknown columns may be. */
  readonly proposal?: readonly ColumnProposal[];
  /** Set when the list was read with confirmed columns: to be kept for the next list with this header. */
  readonly confirmed?: ConfirmedColumns;
}

/** Columns that a person confirmed for lists with this header. */
export interface ConfirmedColumns {
  readonly header: readonly string[];
  /** Header → English header of the list's column (`shop_code`), or `-` = leave out. */
  readonly columns: Readonly<Record<string, string>>;
}

/** What a column of a list is, or may be. */
export interface ColumnProposal {
  /** Header as it stands in the file. */
  readonly header: string;
  /** Column of the list by its English header (`shop_code`); `-` = leave out; absent = nothing fits. */
  readonly column?: string;
  /** 0 to 1000; 1000 = a documented header, which is taken without asking. */
  readonly confidence: number;
  /** Money, shares, classes, days: never taken on a guess. */
  readonly money: boolean;
  /** Why, for the person who confirms. */
  readonly zh: string;
  readonly en: string;
  /** First cells that are not empty, cut. */
  readonly samples: readonly string[];
}

/** What `guitai catalog columns` shows of a file. */
export interface ColumnReport {
  readonly fault?: Fault;
  readonly encoding?: 'utf-8' | 'gb18030';
  /** Sheet that was read, of a workbook. */
  readonly sheet?: string;
  readonly columns: readonly ColumnProposal[];
  /** Required columns that nothing in the file fits, by English header. */
  readonly missing: readonly string[];
}

export interface ReadOptions {
  /** Confirmed columns for this list, as in `ConfirmedColumns`. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Columns confirmed before: used for a list with exactly the same header when `columns` is absent. */
  readonly known?: readonly ConfirmedColumns[];
  /** Rows read so far, and about how many there are. */
  readonly progress?: (done: number, total?: number) => void;
}

/**
 * Reads a shop's list for the builder of a catalogue file, which runs in a process of its own. `read` gives
 * each good product to `accept` in the order of the file as long as no error was found. `proposeColumns` reads
 * the header and the first rows only.
 */
export interface CatalogReader extends SearchKeyMaker {
  read(bytes: Uint8Array, accept: (product: Product) => void, options?: ReadOptions): Promise<ImportReport>;
  proposeColumns(bytes: Uint8Array): Promise<ColumnReport>;
}
