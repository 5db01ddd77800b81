import type { AgencyCatalogReader } from '#core/ports/agency-catalog';
import { searchKeys } from '../search/search-keys.ts';
import { readSource } from './read-source.ts';

/** What the builder of the agency's tables needs of this folder; loaded by name in the builder's own process. */
export const reader: AgencyCatalogReader = { read: readSource, ...searchKeys };
