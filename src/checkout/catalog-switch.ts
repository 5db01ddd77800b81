import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalog, type CatalogOptions, createCatalog } from '#catalog/catalog';
import { findDocuments } from '#catalog/search/find';
import type { Fault } from '#core/fault';
import type { AgencyCatalogStore } from '#core/ports/agency-catalog';
import { ok, type Result } from '#core/result';
import { openAgencyCatalog } from '#store/agency-catalog/open';
import { openCatalogVersion } from '#store/catalog/open';
import { pruneVersions, versionFile } from '#store/catalog-file/versions';
import type { TillStore } from '#store/port';

/** Settings that name the versions in use: the one row each by which a till switches. */
const IN_USE = 'catalog.in-use';
const AGENCY_IN_USE = 'catalog.agency-in-use';

/** Where the versions of the two catalogues lie in the data folder. */
const listFolder = (folder: string) => join(folder, 'catalog');
const agencyFolder = (folder: string) => join(folder, 'catalog', 'agency');

export interface CatalogSwitch {
  current(): Catalog | undefined;
  /** Opens the new version before the row changes; on an error the old one goes on. */
  use(version: string): Result<void, Fault>;
  close(): void;
}

/**
 * The version in use, or none before the first import. Fails when the file it names cannot be opened. After a
 * switch only the newest `keep` versions stay on disk. `options` name what else a price depends on.
 */
export function openCatalogInUse(
  store: TillStore,
  folder: string,
  keep?: number,
  options?: CatalogOptions,
): Result<CatalogSwitch, Fault> {
  let current: Catalog | undefined;
  const use = (version: string): Result<void, Fault> => {
    const opened = openCatalogFile(folder, version, options);
    if (!opened.ok) return opened;
    setCatalogInUse(store, version);
    current?.close();
    current = opened.value;
    if (keep !== undefined) pruneVersions({ folder: listFolder(folder), inUse: version, keep });
    return ok(undefined);
  };
  const inUse = store.setting(IN_USE);
  const opened = inUse === undefined ? ok(undefined) : use(inUse);
  if (!opened.ok) return opened;
  return ok({ current: () => current, use, close: () => current?.close() });
}

export function setCatalogInUse(store: TillStore, version: string): void {
  store.setSetting(IN_USE, version);
}

/** Name of the version in use; its file may be gone. */
export function catalogVersionInUse(store: TillStore): string | undefined {
  return store.setting(IN_USE);
}

/** Whether a version is in use and its file is there. */
export function catalogInUse(store: TillStore, folder: string): boolean {
  const version = store.setting(IN_USE);
  return version !== undefined && existsSync(catalogFile(folder, version));
}

export function openCatalogFile(
  folder: string,
  version: string,
  options?: CatalogOptions,
): Result<Catalog, Fault> {
  const opened = openCatalogVersion(catalogFile(folder, version));
  return opened.ok ? ok(createCatalog(opened.value, options)) : opened;
}

function catalogFile(folder: string, version: string): string {
  return versionFile(listFolder(folder), version);
}

export interface AgencyCatalogSwitch {
  current(): AgencyCatalogStore | undefined;
  /** Opens the new version before the row changes; on an error the old one goes on. */
  use(version: string): Result<void, Fault>;
  /** Why the version named by the row could not be opened at the start. */
  fault(): Fault | undefined;
  close(): void;
}

/**
 * The agency's tables in use. Without them, or when their file cannot be opened, the shop sells by its own list:
 * `current` is then undefined. After a switch only the newest `keep` versions stay on disk.
 */
export function openAgencyCatalogInUse(store: TillStore, folder: string, keep: number): AgencyCatalogSwitch {
  let current: AgencyCatalogStore | undefined;
  let failed: Fault | undefined;
  const inUse = store.setting(AGENCY_IN_USE);
  if (inUse !== undefined) {
    const opened = openAgencyCatalogFile(folder, inUse);
    if (opened.ok) current = opened.value;
    else failed = opened.error;
  }
  return {
    current: () => current,
    use(version) {
      const opened = openAgencyCatalogFile(folder, version);
      if (!opened.ok) return opened;
      setAgencyCatalogInUse(store, version);
      current?.close();
      current = opened.value;
      failed = undefined;
      pruneVersions({ folder: agencyFolder(folder), inUse: version, keep });
      return ok(undefined);
    },
    fault: () => failed,
    close: () => current?.close(),
  };
}

export function setAgencyCatalogInUse(store: TillStore, version: string): void {
  store.setSetting(AGENCY_IN_USE, version);
}

/** Name of the version of the agency's tables in use; its file may be gone. */
export function agencyVersionInUse(store: TillStore): string | undefined {
  return store.setting(AGENCY_IN_USE);
}

export function openAgencyCatalogFile(folder: string, version: string): Result<AgencyCatalogStore, Fault> {
  return openAgencyCatalog(versionFile(agencyFolder(folder), version), findDocuments);
}
