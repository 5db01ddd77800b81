import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { agencyReaderModule } from '#catalog/agency/reader-module';
import { tableOfFile } from '#catalog/agency/table-of-file';
import {
  type AgencyCatalogSwitch,
  agencyVersionInUse,
  openAgencyCatalogFile,
  setAgencyCatalogInUse,
} from '#checkout/catalog-switch';
import type { CheckoutParts } from '#checkout/parts';
import { systemClock } from '#core/clock';
import type { Fault } from '#core/fault';
import type { AgencyCatalogVersion, AgencySource, BuildProgress } from '#core/ports/agency-catalog';
import { ok, type Result } from '#core/result';
import {
  type BuiltAgencyCatalog,
  buildAgencyVersion,
  type RefusedAgencyBuild,
} from '#store/agency-catalog/build';
import { pruneVersions, versionFile } from '#store/catalog-file/versions';
import { openRecords, type RecordsPlace } from './records.ts';

export { type BuiltAgencyCatalog, type RefusedAgencyBuild, tableOfFile };

export interface AgencyImport {
  /** Version in use: what no source replaces is kept from it. */
  readonly inUse?: string;
  readonly onProgress?: (progress: BuildProgress) => void;
  readonly signal?: AbortSignal;
}

/** Builds a version of the agency's tables in the data folder; the till that runs there goes on selling. */
export function importAgencyTables(
  folder: string,
  sources: readonly AgencySource[],
  { inUse, ...rest }: AgencyImport = {},
): Promise<Result<BuiltAgencyCatalog, RefusedAgencyBuild>> {
  return buildAgencyVersion({
    sources,
    folder: agencyFolder(folder),
    ...(inUse === undefined ? {} : { base: versionFile(agencyFolder(folder), inUse) }),
    clock: systemClock,
    readerModule: agencyReaderModule,
    ...rest,
  });
}

/** What the till's download builds with and switches to. */
export function agencyDownloader(
  folder: string,
  tables: AgencyCatalogSwitch,
): NonNullable<CheckoutParts['downloader']> {
  const held = () => tables.current()?.version;
  return {
    folder: join(folder, 'catalog', 'download'),
    held,
    use: tables.use,
    build: (sources, onProgress, signal) => {
      const inUse = held()?.version;
      return importAgencyTables(folder, sources, {
        ...(inUse === undefined ? {} : { inUse }),
        onProgress,
        signal,
      });
    },
  };
}

/** Version of the agency's tables in use, by the records, when no till runs on the folder. */
export async function agencyInUseOffline(place: RecordsPlace): Promise<Result<string | undefined, Fault>> {
  const records = await openRecords(place);
  if (!records.ok) return records;
  const version = agencyVersionInUse(records.value.store);
  await records.value.close();
  return ok(
    version !== undefined && existsSync(versionFile(agencyFolder(place.folder), version))
      ? version
      : undefined,
  );
}

/** Names the version in use when no till runs on the folder; fault `store-locked` when one does. */
export async function useAgencyCatalogOffline(
  place: RecordsPlace,
  version: string,
): Promise<Result<void, Fault>> {
  const opened = openAgencyCatalogFile(place.folder, version);
  if (!opened.ok) return opened;
  opened.value.close();
  const records = await openRecords(place);
  if (!records.ok) return records;
  setAgencyCatalogInUse(records.value.store, version);
  await records.value.close();
  const keep = place.config.catalog.keep_versions;
  pruneVersions({ folder: agencyFolder(place.folder), inUse: version, keep });
  return ok(undefined);
}

/** Tables that a version of the data folder holds; none when it cannot be opened. */
export function agencyTablesOf(folder: string, version: string): AgencyCatalogVersion['tables'] {
  const opened = openAgencyCatalogFile(folder, version);
  if (!opened.ok) return {};
  opened.value.close();
  return opened.value.version.tables;
}

function agencyFolder(folder: string): string {
  return join(folder, 'catalog', 'agency');
}
