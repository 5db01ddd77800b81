import { basename, join } from 'node:path';
import type { Catalog } from '#catalog/catalog';
import { columnMapText, parseColumnMap } from '#catalog/import/column-map-file';
import { csvLine, dayPriceTable, priceLogTable } from '#catalog/price/price-table';
import { readerModule } from '#catalog/reader-module';
import { catalogVersionInUse, openCatalogFile, setCatalogInUse } from '#checkout/catalog-switch';
import { systemClock } from '#core/clock';
import type { Fault } from '#core/fault';
import type { BuildProgress } from '#core/ports/agency-catalog';
import type { ColumnReport, ImportReport } from '#core/ports/catalog-store';
import { ok, type Result } from '#core/result';
import {
  type BuiltCatalog,
  buildCatalogVersion,
  listCatalogVersions,
  proposeColumns,
} from '#store/catalog/build';
import { openRecords, type RecordsPlace } from './records.ts';

export { columnMapText, csvLine, dayPriceTable, parseColumnMap, priceLogTable };

export interface CatalogImport {
  /** Version in use, whose prices are compared; absent = the newest one. */
  readonly previous?: string;
  /** Columns confirmed for this list. */
  readonly columns?: Readonly<Record<string, string>>;
  readonly onProgress?: (progress: BuildProgress) => void;
}

/** Builds a catalogue version file in the data folder; the till that runs there goes on selling meanwhile. */
export function importCatalog(
  folder: string,
  source: string,
  options: CatalogImport = {},
): Promise<Result<BuiltCatalog, ImportReport>> {
  const previous = options.previous ?? newestCatalog(folder);
  const rest = previous === undefined ? {} : { previous };
  const place = { source, folder: join(folder, 'catalog'), clock: systemClock, readerModule };
  return buildCatalogVersion({ ...place, ...options, ...rest });
}

/** What the columns of a list may be; nothing is imported. */
export function proposeCatalogColumns(source: string): Promise<ColumnReport> {
  return proposeColumns({ source, clock: systemClock, readerModule });
}

/** Name of the version in the data folder that was imported last. */
export function newestCatalog(folder: string): string | undefined {
  const file = listCatalogVersions(join(folder, 'catalog')).at(-1);
  return file === undefined ? undefined : basename(file, '.db');
}

/** Version in use, by the records, when no till runs on the folder; fault `store-locked` when one does. */
export async function catalogInUseOffline(place: RecordsPlace): Promise<Result<string | undefined, Fault>> {
  const records = await openRecords(place);
  if (!records.ok) return records;
  const version = catalogVersionInUse(records.value.store);
  await records.value.close();
  return ok(version);
}

/** Opens a catalogue version of the data folder for a search on the command line. */
export function openCatalog(folder: string, version: string): Result<Catalog, Fault> {
  return openCatalogFile(folder, version);
}

/** Names the version in use when no till runs on the folder; fault `store-locked` when one does. */
export async function useCatalogOffline(place: RecordsPlace, version: string): Promise<Result<void, Fault>> {
  const records = await openRecords(place);
  if (!records.ok) return records;
  setCatalogInUse(records.value.store, version);
  await records.value.close();
  return ok(undefined);
}
