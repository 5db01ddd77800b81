import type { Product } from '#core/domain/product';
import type { CatalogStore } from '#core/ports/catalog-store';
import { findDocuments } from './find.ts';

export { plainCode } from './find.ts';

/** Best match first; see `Catalog.search`. */
export function search(store: CatalogStore, text: string, limit: number): readonly Product[] {
  return store.byIds(findDocuments(store.index, text, limit));
}
