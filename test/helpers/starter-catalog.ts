import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalog, type CatalogOptions, createCatalog } from '#catalog/catalog';
import { starterProducts } from '#catalog/starter';
import { openCatalogVersion } from '#store/catalog/open';
import { catalogFile } from '../catalog/catalog-file.ts';

let made: Uint8Array | undefined;

/** A catalogue file of the starter list in `folder`, opened; built once in a process and then copied. */
export function starterCatalog(folder: string, options?: CatalogOptions): Catalog {
  made ??= buildStarter();
  const file = join(folder, 'starter.db');
  writeFileSync(file, made);
  const store = openCatalogVersion(file);
  if (!store.ok) throw new Error(store.error.detail);
  return createCatalog(store.value, options);
}

function buildStarter(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'guitai-starter-'));
  try {
    return readFileSync(catalogFile(folder, starterProducts()));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
