import { toJson } from './json.ts';
import { MOST_MAPPINGS, mappingRowOf } from './messages/item-mapping.ts';
import type { MappingUpload } from './port.ts';

/** The input node may have 40,000 characters (table 1.1); a hundred long names would break that. */
const MOST_CHARACTERS = 39_000;

/** Cuts a list of own items into what one 3301 can carry each: 100 rows, and no more text than an input may have. */
export function mappingBatches(items: readonly MappingUpload[]): readonly (readonly MappingUpload[])[] {
  const batches: MappingUpload[][] = [];
  let size = 0;
  for (const item of items) {
    const length = toJson(mappingRowOf(item)).length + 1;
    const last = batches.at(-1);
    if (last !== undefined && last.length < MOST_MAPPINGS && size + length <= MOST_CHARACTERS) {
      last.push(item);
      size += length;
    } else {
      batches.push([item]);
      size = length;
    }
  }
  return batches;
}
