import { join } from 'node:path';
import type { Catalog } from '#catalog/catalog';
import { readerModule } from '#catalog/reader-module';
import { openCatalogFile, setCatalogInUse } from '#checkout/catalog-switch';
import { systemClock } from '#core/clock';
import type { Fault } from '#core/fault';
import type { ImportReport } from '#core/ports/catalog-store';
import { ok, type Result } from '#core/result';
import { type BuiltCatalog, buildCatalogVersion } from '#store/catalog/build';
import { openRecords, type RecordsPlace } from './records.ts';

/** Builds a catalogue version file in the data folder; the till that runs there goes on selling meanwhile. */
export function importCatalog(folder: string, source: string): Promise<Result<BuiltCatalog, ImportReport>> {
  return buildCatalogVersion({ source, folder: join(folder, 'catalog'), clock: systemClock, readerModule });
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
