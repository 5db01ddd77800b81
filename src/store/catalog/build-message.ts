import type { CatalogVersion, ImportReport } from '#core/ports/catalog-store';

/** What the builder's process is told on its command line, as JSON. */
export interface BuildOrder {
  /** File with the shop's list. */
  readonly source: string;
  /** Name of the list in the version's facts. */
  readonly sourceName: string;
  readonly folder: string;
  /** Begins the version's name: `yyyyMMdd-HHmmss`. */
  readonly stamp: string;
  readonly importedAtMs: number;
  /** Module that exports `reader: CatalogReader`. */
  readonly readerModule: string;
}

/** What the builder's process answers, once. */
export type BuildAnswer =
  | { readonly kind: 'built'; readonly version: CatalogVersion; readonly report: ImportReport }
  | { readonly kind: 'refused'; readonly report: ImportReport }
  /** The machine failed (disk full, no right to write); `detail` is an error code and names no path. */
  | { readonly kind: 'failed'; readonly detail: string };
