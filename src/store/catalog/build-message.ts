import type { CatalogVersion, ColumnReport, ImportReport } from '#core/ports/catalog-store';

/** What the builder's process is told on its command line, as JSON. */
export type BuildOrder = VersionOrder | ColumnsOrder;

interface CommonOrder {
  /** File with the shop's list. */
  readonly source: string;
  readonly folder: string;
  /** Module that exports `reader: CatalogReader`. */
  readonly readerModule: string;
}

/** Build a version. */
export interface VersionOrder extends CommonOrder {
  readonly task: 'build';
  /** Name of the list in the version's facts. */
  readonly sourceName: string;
  /** Begins the version's name: `yyyyMMdd-HHmmss`. */
  readonly stamp: string;
  readonly importedAtMs: number;
  /** File of the version in use, whose prices are compared. */
  readonly previousFile?: string;
  /** Columns confirmed for this list. */
  readonly columns?: Readonly<Record<string, string>>;
  /** File with columns confirmed before (JSON: a list of `ConfirmedColumns`). */
  readonly knownColumnsFile?: string;
}

/** Say what the columns of the list are, and build nothing. */
export interface ColumnsOrder extends CommonOrder {
  readonly task: 'columns';
}

/** What the builder's process answers, once. */
export type BuildAnswer =
  | { readonly kind: 'built'; readonly version: CatalogVersion; readonly report: ImportReport }
  | { readonly kind: 'refused'; readonly report: ImportReport }
  | { readonly kind: 'columns'; readonly report: ColumnReport }
  /** The machine failed (disk full, no right to write); `detail` is an error code and names no path. */
  | { readonly kind: 'failed'; readonly detail: string };
