import type {
  AgencyCatalogRow,
  AgencyTable,
  InstitutionMapping,
  InsuranceFacts,
  ListedDisease,
  ListedItem,
} from '../domain/agency-catalog.ts';
import type { ImportReport, SearchKeyMaker } from './catalog-store.ts';

/** One version of the agency's tables; each is a database file of its own. */
export interface AgencyCatalogVersion {
  readonly version: string;
  readonly importedAtMs: number;
  /** Rows of each table, and the greatest agency version among them: from there the next download goes on. */
  readonly tables: Readonly<
    Partial<Record<AgencyTable, { readonly rows: number; readonly agencyVersion: string }>>
  >;
}

/** Look-ups in one version's file, read-only. They throw `CatalogUnreadable` when the file is damaged. */
export interface AgencyCatalogStore {
  readonly version: AgencyCatalogVersion;
  /** Rows in effect on `day`, latest beginning first. */
  item(nationalCode: string, day: string): ListedItem | undefined;
  itemsByStandardCode(standardCode: string, day: string): readonly ListedItem[];
  itemsByApproval(approvalNumber: string, day: string): readonly ListedItem[];
  /** Same generic name, at most `limit`. */
  itemsByName(name: string, day: string, limit: number): readonly ListedItem[];
  /** One box over all items, as `Catalog.search`; at most `limit`. */
  searchItems(text: string, day: string, limit: number): readonly ListedItem[];
  searchDiseases(text: string, limit: number): readonly ListedDisease[];
  /** Class, ratio and ceiling for people insured in `region` on `day`; undefined = the code is not listed. */
  insuranceFacts(nationalCode: string, region: string, day: string): InsuranceFacts | undefined;
  institutionMapping(shopCode: string, day: string): InstitutionMapping | undefined;
  close(): void;
}

/** One source file or download to be taken into a new version. */
export interface AgencySource {
  readonly table: AgencyTable;
  /** Zip with one txt, a bare txt, or a file of JSON lines with the rows of a paged query. */
  readonly file: string;
  /** `full` replaces the table; `changes` adds, replaces by record id and withdraws. */
  readonly scope: 'full' | 'changes';
}

/** Bytes of a source, taken piece by piece: a province's table need not lie in memory as a whole. */
export interface SourceBytes {
  readonly sizeBytes: number;
  /** Bytes from `from` to before `to`; good until the next call. */
  read(from: number, to: number): Uint8Array;
}

/**
 * Reads one source for the builder, which runs in a process of its own. `accept` gets every good row in the
 * order of the source as long as no error was found; a report with a `fault` means that none of them counts.
 * Of a row that pages gave twice, the later one counts.
 */
export interface AgencyCatalogReader extends SearchKeyMaker {
  read(
    source: AgencySource,
    bytes: SourceBytes,
    accept: (row: AgencyCatalogRow) => void,
  ): Promise<ImportReport>;
}

/** How far a build has come, told about four times a second. */
export interface BuildProgress {
  readonly phase: 'reading' | 'rows' | 'index' | 'sync';
  /** What is read now: table number, or `shop`. */
  readonly of: string;
  /** In bytes of the source while rows are read, else in steps. */
  readonly done: number;
  /** Absent when it cannot be known. */
  readonly total?: number;
}
