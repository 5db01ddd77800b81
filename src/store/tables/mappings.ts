import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { assert } from '#core/assert';
import { type ItemMapping, type MappingState, mappingStates } from '#core/domain/item-mapping';
import { decodeMapping, encodeMapping } from '../codec/values.ts';
import { numberColumn, parsed, WithList } from './rows.ts';

const factsRow = z.object({ facts: z.string() });
const countRow = z.object({
  state: z.enum(mappingStates),
  count: numberColumn,
});

/** The work-list of own items and their national codes (B2); no persons' data is in it. */
export class MappingTable {
  readonly #byShopCode: Statement;
  readonly #inStates: WithList;
  readonly #counts: Statement;
  readonly #state: Statement;
  readonly #set: Statement;

  constructor(db: Database) {
    this.#byShopCode = db.prepare('SELECT facts FROM item_mappings WHERE shop_code = ?');
    this.#inStates = new WithList(
      db,
      (marks) =>
        `SELECT facts FROM item_mappings WHERE state IN (${marks}) ORDER BY confidence DESC, shop_code LIMIT ?`,
    );
    this.#counts = db.prepare('SELECT state, COUNT(*) AS count FROM item_mappings GROUP BY state');
    this.#state = db.prepare('SELECT state FROM item_mappings WHERE shop_code = ?').pluck();
    this.#set = db.prepare(
      `INSERT INTO item_mappings (shop_code, state, national_code, confidence, changed_at_ms, facts)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (shop_code) DO UPDATE SET state = excluded.state, national_code = excluded.national_code,
         confidence = excluded.confidence, changed_at_ms = excluded.changed_at_ms, facts = excluded.facts`,
    );
  }

  byShopCode(shopCode: string): ItemMapping | undefined {
    const row = this.#byShopCode.get(shopCode);
    return row === undefined ? undefined : mappingOf(row);
  }

  inStates(states: readonly MappingState[], limit: number): readonly ItemMapping[] {
    return this.#inStates
      .of(states.length)
      .all(...states, limit)
      .map(mappingOf);
  }

  counts(): ReadonlyMap<MappingState, number> {
    const rows = this.#counts.all().map((row) => parsed(() => countRow.parse(row)));
    return new Map(rows.map(({ state, count }) => [state, count]));
  }

  /** Guarded: throws when the row is in no state of `was` (undefined = there is no row). */
  set(row: ItemMapping, was: readonly (MappingState | undefined)[]): void {
    const stored: unknown = this.#state.get(row.shopCode);
    assert(
      was.some((state) => state === stored),
      `the mapping of ${row.shopCode} is in one of the states it is moved from`,
    );
    this.#set.run(
      row.shopCode,
      row.state,
      row.nationalCode ?? null,
      row.confidence,
      Math.round(row.changedAtMs),
      encodeMapping(row),
    );
  }
}

function mappingOf(row: unknown): ItemMapping {
  return parsed(() => decodeMapping(factsRow.parse(row).facts));
}
