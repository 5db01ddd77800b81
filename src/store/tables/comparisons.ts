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
  readonly #agreed: Statement;
  readonly #meet: Statement;
  readonly #agreedAt: Statement;

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
    // Once an hour is often enough for an age in hours, and spares the sale a write.
    this.#agreed = db.prepare(
      `INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value
       WHERE ABS(CAST(excluded.value AS INTEGER) - CAST(value AS INTEGER)) > 3600000`,
    );
    this.#meet = db.prepare('INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO NOTHING');
    this.#agreedAt = db.prepare('SELECT value FROM settings WHERE name = ?').pluck();
  }

  note(comparison: SplitComparison): void {
    const { saleId, against, businessDay, atMs, differences } = comparison;
    const facts = encodeComparison(comparison);
    this.#note.run(saleId, against, businessDay, Math.round(atMs), differences.length, facts);
    const { policy, policyVersion } = comparison;
    if (policy === undefined || policyVersion === undefined || differences.length > 0) return;
    this.#agreed.run(agreedName(policy, policyVersion), String(Math.round(atMs)));
  }

  /** A policy that was never compared counts from the day on which it came to this till. */
  meet(policy: string, version: string, nowMs: number): void {
    this.#meet.run(agreedName(policy, version), String(Math.round(nowMs)));
  }

  /** When the policy last agreed with an answer of the agency, or came to this till. */
  agreedAtMs(policy: string, version: string): number | undefined {
    const value: unknown = this.#agreedAt.get(agreedName(policy, version));
    return value === undefined ? undefined : Number(value);
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

function agreedName(policy: string, version: string): string {
  return `policy-agreed:${policy}@${version}`;
}
