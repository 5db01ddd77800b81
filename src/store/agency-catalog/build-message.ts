import type { Fault } from '#core/fault';
import type { AgencyCatalogVersion, AgencySource } from '#core/ports/agency-catalog';
import type { ImportReport } from '#core/ports/catalog-store';

/** What the builder's process is told on its command line, as JSON. */
export interface AgencyBuildOrder {
  /** In the order in which they are taken. */
  readonly sources: readonly AgencySource[];
  readonly folder: string;
  /** Version file that goes on: tables that no source replaces are kept. */
  readonly base?: string;
  /** Begins the version's name: `yyyyMMdd-HHmmss`. */
  readonly stamp: string;
  readonly importedAtMs: number;
  /** Module that exports `reader: AgencyCatalogReader`. */
  readonly readerModule: string;
}

/** What was found in one source. */
export interface SourceReport {
  readonly table: AgencySource['table'];
  /** Name of the file, without its folder. */
  readonly file: string;
  readonly report: ImportReport;
}

/** What the builder's process answers, once. */
export type AgencyBuildAnswer =
  | {
      readonly kind: 'built';
      readonly version: AgencyCatalogVersion;
      readonly reports: readonly SourceReport[];
      /** Greatest resident memory of the builder, in bytes. */
      readonly peakBytes: number;
    }
  | { readonly kind: 'refused'; readonly fault: Fault; readonly reports: readonly SourceReport[] }
  /** The machine failed (disk full, no right to write); `detail` is an error code and names no path. */
  | { readonly kind: 'failed'; readonly detail: string };
