import type { Fault } from '#core/fault';
import type { BuildProgress } from '#core/ports/agency-catalog';
import type { CatalogVersion, ColumnProposal, RowProblem } from '#core/ports/catalog-store';
import type { Result } from '#core/result';

/** What an import of the shop's own list found. */
export interface ListReport {
  readonly fileName: string;
  readonly rowsRead: number;
  readonly products: number;
  /** Version that was made and taken into use; absent = nothing was imported. */
  readonly version?: string;
  /** Errors first, then warnings; the first hundred. */
  readonly problems: readonly RowProblem[];
  readonly problemCount: number;
}

/** The shop's own list (本店商品表) as the back office shows it. */
export interface ListImportView {
  /** `off`: this till imports from the command line only. `confirming`: a person says what the columns are. */
  readonly phase: 'off' | 'idle' | 'reading' | 'confirming' | 'building';
  readonly fileName?: string;
  /** Sheet of a workbook that was read. */
  readonly sheet?: string;
  readonly columns: readonly ColumnProposal[];
  /** Required columns that nothing in the list fits. */
  readonly missing: readonly string[];
  /** Columns that may be chosen. */
  readonly choices: readonly {
    readonly column: string;
    readonly zh: string;
    readonly required: boolean;
  }[];
  readonly step?: BuildProgress['phase'];
  readonly percent: number;
  readonly report?: ListReport;
  readonly lastFault?: Fault;
  /** Versions on disk, newest first; an older one can be sold from again. */
  readonly versions: readonly (CatalogVersion & { readonly inUse: boolean })[];
}

/** Verbs about the shop's own list. */
export interface ListVerbs {
  listState(): ListImportView;
  /** A file (TSV, CSV, XLSX) with its name; answers with what its columns may be. */
  offerList(name: string, content: Uint8Array): Promise<Result<ListImportView, Fault>>;
  /** Header → column or `-`; begins to build and answers at once, `listState` tells how far it is. */
  importList(
    columns: Readonly<Record<string, string>>,
    operator: string,
  ): Promise<Result<ListImportView, Fault>>;
  dropList(): Promise<Result<ListImportView, Fault>>;
}
