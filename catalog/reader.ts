import type { CatalogReader } from '#core/ports/catalog-store';
import { reportColumns } from './import/propose-columns.ts';
import { readAnyList } from './import/read-list.ts';
import { searchKeys } from './search/search-keys.ts';

/** What the builder of a catalogue file needs of this folder; loaded by name in the builder's own process. */
export const reader: CatalogReader = { read: readAnyList, proposeColumns: reportColumns, ...searchKeys };

export { readerModule } from './reader-module.ts';
