import { join } from 'node:path';
import { type Catalog, type CatalogOptions, createCatalog } from '#catalog/catalog';
import { searchKeys } from '#catalog/search/search-keys';
import type { Product } from '#core/domain/product';
import { openCatalogVersion } from '#store/catalog/open';
import { writeCatalog } from '#store/catalog/write-catalog';

/** Writes a real catalogue file in this process and answers where it is. */
export function catalogFile(folder: string, products: Iterable<Product>): string {
  const file = join(folder, 'test.db');
  const writer = writeCatalog(join(folder, 'test.building'), file, searchKeys);
  for (const product of products) writer.add(product);
  writer.finish({ version: 'test', importedAtMs: 0, source: 'test' });
  return file;
}

export function openedCatalog(
  folder: string,
  products: Iterable<Product>,
  options?: CatalogOptions,
): Catalog {
  const store = openCatalogVersion(catalogFile(folder, products));
  if (!store.ok) throw new Error(store.error.detail);
  return createCatalog(store.value, options);
}
