import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import type { SplitComparison } from '#core/domain/split-comparison';
import { decodeComparison, encodeComparison } from '../codec/values.ts';
import { numberColumn, parsed } from './rows.ts';

const factsRow = z.object({ facts: z.string() });
const countsRow = z.object({ compared: numberColumn, different: numberColumn });

/** Our splits beside the agency's answers: sums and line numbers, no persons' data. */
export class ComparisonTable {
  readonly #note: Statement;
  readonly #of: Statement;
  readonly #between: Statement;
  readonly #counts: Statement;

  constructor(db: Database) {
    this.#note = db.prepare(
      `INSERT INTO split_comparisons (sale_id, against, business_day, at_ms, difference_count, facts)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (sale_id, against) DO UPDATE SET business_day = excluded.business_day,
         at_ms = excluded.at_ms, difference_count = excluded.difference_count, facts = excluded.facts`,
    );
    this.#of = db.prepare('SELECT facts FROM split_comparisons WHERE sale_id = ? AND against = ?');
    this.#between = db.prepare(
      `SELECT facts FROM split_comparisons WHERE business_day BETWEEN ? AND ? AND difference_count >= ?
       ORDER BY at_ms DESC LIMIT ?`,
    );
    this.#counts = db.prepare(
      `SELECT COUNT(*) AS compared, COUNT(*) FILTER (WHERE difference_count > 0) AS different
       FROM split_comparisons WHERE business_day BETWEEN ? AND ?`,
    );
  }

  note(comparison: SplitComparison): void {
    const { saleId, against, businessDay, atMs, differences } = comparison;
    const facts = encodeComparison(comparison);
    this.#note.run(saleId, against, businessDay, Math.round(atMs), differences.length, facts);
  }

  of(saleId: string, against: SplitComparison['against']): SplitComparison | undefined {
    const row = this.#of.get(saleId, against);
    return row === undefined ? undefined : parsed(() => decodeComparison(factsRow.parse(row).facts));
  }

  /** Latest first. */
  between(
    fromDay: string,
    toDay: string,
    only: 'all' | 'different',
    limit: number,
  ): readonly SplitComparison[] {
    const rows = this.#between.all(fromDay, toDay, only === 'all' ? 0 : 1, limit);
    return rows.map((row) => parsed(() => decodeComparison(factsRow.parse(row).facts)));
  }

  counts(fromDay: string, toDay: string): { readonly compared: number; readonly different: number } {
    return parsed(() => countsRow.parse(this.#counts.get(fromDay, toDay)));
  }
}
