import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalog, createCatalog } from '#catalog/catalog';
import type { Fault } from '#core/fault';
import { ok, type Result } from '#core/result';
import { openCatalogVersion } from '#store/catalog/open';
import type { TillStore } from '#store/port';

/** Setting that names the catalogue version in use: the one row by which a till switches. */
const IN_USE = 'catalog.in-use';

export interface CatalogSwitch {
  current(): Catalog | undefined;
  /** Opens the new version before the row changes; on an error the old one goes on. */
  use(version: string): Result<void, Fault>;
  close(): void;
}

/** The version in use, or none before the first import. Fails when the file it names cannot be opened. */
export function openCatalogInUse(store: TillStore, folder: string): Result<CatalogSwitch, Fault> {
  let current: Catalog | undefined;
  const use = (version: string): Result<void, Fault> => {
    const opened = openCatalogFile(folder, version);
    if (!opened.ok) return opened;
    setCatalogInUse(store, version);
    current?.close();
    current = opened.value;
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

export function openCatalogFile(folder: string, version: string): Result<Catalog, Fault> {
  const opened = openCatalogVersion(catalogFile(folder, version));
  return opened.ok ? ok(createCatalog(opened.value)) : opened;
}

/** Only characters of a version name, so that a name from outside never leaves the folder. */
function catalogFile(folder: string, version: string): string {
  return join(folder, 'catalog', `${version.replace(/[^\w.-]/g, '')}.db`);
}
