import type Database from 'better-sqlite3';
import type { Fault } from '#core/fault';
import type { AgencyCatalogStore, AgencyCatalogVersion } from '#core/ports/agency-catalog';
import type { FindDocuments } from '#core/ports/search-index';
import { ok, type Result } from '#core/result';
import { type OpenedFile, openVersionFile, verifyPages } from '../catalog-file/read-file.ts';
import { createInsuranceLookups } from './insurance-lookups.ts';
import { createItemLookups } from './item-lookups.ts';
import { readVersion } from './meta.ts';
import { AGENCY_FILE } from './schema.ts';

/**
 * Opens one version of the agency's tables read-only. Looks at head, format, size and counts, which is quick at
 * any size; `verifyAgencyCatalog` reads every page. `find` is `findDocuments` of `catalog/search/find`. Errors:
 * `catalog-none` (no such file), `catalog-damaged`, `catalog-newer-format`.
 */
export function openAgencyCatalog(file: string, find: FindDocuments): Result<AgencyCatalogStore, Fault> {
  const opened = openAgencyFile(file);
  if (!opened.ok) return opened;
  const { db, facts: version } = opened.value;
  db.defaultSafeIntegers(true);
  // 8 MB keep the upper pages of the indexes at hand.
  db.pragma('cache_size = -8192');
  const items = createItemLookups(db, find);
  return ok({
    version,
    ...items,
    ...createInsuranceLookups(db),
    close: () => db.close(),
  });
}

/** Reads the whole file: for `doctor` and after a copy. Errors as `openAgencyCatalog`. */
export function verifyAgencyCatalog(file: string): Result<AgencyCatalogVersion, Fault> {
  const opened = openAgencyFile(file);
  return opened.ok ? verifyPages(opened.value) : opened;
}

/** The open database with the facts about its version; the caller closes it. */
export function openAgencyFile(file: string): Result<OpenedFile<AgencyCatalogVersion>, Fault> {
  return openVersionFile(file, AGENCY_FILE, (db: Database.Database) => readVersion(db));
}
