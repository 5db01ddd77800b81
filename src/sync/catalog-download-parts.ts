import type { AgencyPort, MessageContext } from '#agency/port';
import type { Clock } from '#core/clock';
import type { AgencyTable } from '#core/domain/agency-catalog';
import type { Fault } from '#core/fault';
import type { AgencyCatalogVersion, AgencySource, BuildProgress } from '#core/ports/agency-catalog';
import type { ImportReport } from '#core/ports/catalog-store';
import type { Result } from '#core/result';
import type { TillStore } from '#store/port';
import type { SyncLog } from './parts.ts';

/** Why no version was made: the first fault, and what was found wrong in each source. */
export interface RefusedSources {
  readonly fault: Fault;
  readonly reports: readonly { readonly table: AgencyTable; readonly report: ImportReport }[];
}

/** How a download makes a version of what it fetched: `src/store/agency-catalog` in a shop, anything in a test. */
export type BuildAgencyCatalog = (
  sources: readonly AgencySource[],
  onProgress: (progress: BuildProgress) => void,
  signal: AbortSignal,
) => Promise<Result<{ readonly version: string }, RefusedSources>>;

/** What the download of the agency's catalogue works with. */
export interface CatalogDownloadParts {
  readonly agency: Pick<AgencyPort, 'catalogFile' | 'fetchCatalogFile' | 'catalogPage'>;
  readonly store: Pick<TillStore, 'setting' | 'setSetting'>;
  readonly clock: Clock;
  /** 0 ≤ value < 1: which minute of the night, and jitter. */
  readonly random: () => number;
  /** Folder of its own for what is fetched; made and removed as needed. */
  readonly folder: string;
  /** The version in use. */
  readonly held: () => AgencyCatalogVersion | undefined;
  readonly build: BuildAgencyCatalog;
  /** Puts a built version into use; the old one goes on when it does not open. */
  readonly use: (version: string) => Result<void, Fault>;
  /** Operator and sign-in of the messages; undefined while no shift is open. */
  readonly context: () => MessageContext | undefined;
  readonly linkUsable: () => boolean;
  /** 9001 again, when the agency no longer takes the sign-in. */
  readonly renewSignIn: () => Promise<void>;
  /** False while the till settles: the download holds its breath. */
  readonly mayWork: () => boolean;
  /** Whether it fetches by itself once a night. */
  readonly daily: boolean;
  readonly log: SyncLog;
  /** Rows asked for on a page (default 100, the most that any source names). */
  readonly pageSize?: number;
}

/** A table that the agency refused; what the till has of it stays. */
export interface SkippedTable {
  readonly table: AgencyTable;
  readonly fault: Fault;
  readonly agencyText: string;
}

export type DownloadPhase = 'idle' | 'waiting' | 'fetching' | 'building' | 'switching';

/** How far the download is. `waiting`: for a shift, the link or the next try. */
export interface CatalogDownloadState {
  readonly phase: DownloadPhase;
  /** The table that is being fetched or read. */
  readonly table?: AgencyTable;
  /** Rows of it so far. */
  readonly rows: number;
  /** Of the whole, 0 to 100. */
  readonly percent: number;
  /** Version of the agency's tables in use. */
  readonly version?: string;
  readonly skipped: readonly SkippedTable[];
  /** Why the last try did not come to its end; gone with the next success. */
  readonly lastFault?: Fault;
  /** What the import found wrong with what the agency sent. */
  readonly reports: RefusedSources['reports'];
  readonly lastDoneAtMs?: number;
  readonly nextAtMs?: number;
}

/** Why a table could not be had. */
export type Miss =
  /** The agency said no: the others go on. */
  | { readonly kind: 'skip'; readonly fault: Fault; readonly agencyText: string }
  /** The run ends: `kick` = until a shift is open or the link is back, `later` = after a while. */
  | { readonly kind: 'stop'; readonly fault: Fault; readonly again: 'kick' | 'later' };
