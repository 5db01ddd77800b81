import type Database from 'better-sqlite3';
import type { SearchIndex } from '#core/ports/search-index';
import { guarded } from '../catalog-file/read-file.ts';
import { createBest } from './best.ts';
import { type CodeColumns, createCodes } from './codes.ts';
import { createGlyphs } from './glyph-pages.ts';
import { createSales, type Sales, type Standing } from './sales.ts';
import { hasTable } from './statements.ts';
import { createTermLookups } from './terms.ts';

/** Which documents an index is over. */
export interface IndexedTable extends CodeColumns {
  /** Begins the names of the index's tables. */
  readonly space?: string;
}

/** An opened index. */
export interface OpenIndex extends SearchIndex {
  /** How often documents were sold: ranks what fits equally well. */
  rankBySales(sold: readonly Standing[]): void;
}

/**
 * Opens the index of a table read-only; look-ups throw `CatalogUnreadable` when the file is damaged. Files of
 * the first format have neither terms nor glyphs; what needs them then finds nothing.
 */
export function openIndex(db: Database.Database, over: IndexedTable): OpenIndex {
  const space = over.space ?? '';
  let sales: Sales | undefined;
  const { terms, ...lookups } = createTermLookups(db, space);
  const codes = createCodes(db, over);
  const best = createBest(db, space, () => sales);
  const glyph = hasTable(db, 'glyph_page') ? createGlyphs(db) : () => undefined;
  return {
    terms: guarded((kind, prefix) => {
      const found = terms(kind, prefix);
      return sales === undefined ? found : sales.withSold(found, kind, prefix);
    }),
    spokenTerms: guarded(lookups.spokenTerms),
    spokenOf: guarded(lookups.spokenOf),
    keyFrom: guarded(lookups.keyFrom),
    glyph: guarded(glyph),
    best: guarded(best),
    byCode: guarded(codes.byCode),
    byCodePrefix: guarded(codes.byCodePrefix),
    rankBySales: guarded((sold) => {
      sales = hasTable(db, `${space}term`) ? createSales(db, space, sold) : undefined;
    }),
  };
}
