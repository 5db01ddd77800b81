import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { moneyColumn, numberColumn, parsed } from '../tables/rows.ts';

const saleRow = z.object({
  place: numberColumn,
  sale_id: z.string(),
  sale_number: z.string(),
  state: z.string(),
  business_day: z.string(),
  person_number: z.string().nullable(),
  total: moneyColumn,
  account: moneyColumn,
  fund: moneyColumn,
  deductible: moneyColumn,
  in_scope: moneyColumn,
});
export type SaleColumns = z.output<typeof saleRow>;

const messageRow = z.object({
  message_id: z.string(),
  transaction_number: z.string(),
  original_message_id: z.string().nullable(),
  state: z.string(),
});
const settledRow = z.object({
  message_id: z.string(),
  settled_day: z.string(),
  clearing_office: z.string(),
  clearing_type: z.string(),
});
const cancelledRow = z.object({ message_id: z.string(), cancelled_day: z.string() });
const uploadRow = z.object({ state: z.string(), account: moneyColumn });
const slipRow = z.object({ slip_id: z.string(), kind: z.string(), state: z.string(), copies: numberColumn });

/** The columns in clear of one sale's rows, read without any key. */
export class ClearRows {
  readonly #sales: Statement;
  readonly #messages: Statement;
  readonly #settled: Statement;
  readonly #cancelled: Statement;
  readonly #upload: Statement;
  readonly #slips: Statement;

  constructor(db: Database) {
    this.#sales = db.prepare(
      `SELECT place, sale_id, sale_number, state, business_day, person_number, total, account, fund,
         deductible, in_scope FROM sales WHERE place > ? ORDER BY place LIMIT ?`,
    );
    this.#messages = db.prepare(
      `SELECT message_id, transaction_number, original_message_id, state FROM messages
       WHERE sale_id = ? ORDER BY place`,
    );
    this.#settled = db.prepare(
      'SELECT message_id, settled_day, clearing_office, clearing_type FROM settled WHERE sale_id = ?',
    );
    this.#cancelled = db.prepare('SELECT message_id, cancelled_day FROM cancelled WHERE sale_id = ?');
    this.#upload = db.prepare('SELECT state, account FROM uploads WHERE sale_id = ?');
    this.#slips = db.prepare('SELECT slip_id, kind, state, copies FROM slips WHERE sale_id = ?');
  }

  sales(afterPlace: number, limit: number): readonly SaleColumns[] {
    return this.#sales.all(BigInt(afterPlace), limit).map((row) => parsed(() => saleRow.parse(row)));
  }

  messages(saleId: string): readonly z.output<typeof messageRow>[] {
    return this.#messages.all(saleId).map((row) => parsed(() => messageRow.parse(row)));
  }

  settled(saleId: string): z.output<typeof settledRow> | undefined {
    return parsed(() => settledRow.optional().parse(this.#settled.get(saleId)));
  }

  cancelled(saleId: string): z.output<typeof cancelledRow> | undefined {
    return parsed(() => cancelledRow.optional().parse(this.#cancelled.get(saleId)));
  }

  upload(saleId: string): z.output<typeof uploadRow> | undefined {
    return parsed(() => uploadRow.optional().parse(this.#upload.get(saleId)));
  }

  slips(saleId: string): readonly z.output<typeof slipRow>[] {
    return this.#slips.all(saleId).map((row) => parsed(() => slipRow.parse(row)));
  }
}

/** Tables with rows that belong to sales, and how they are walked. */
const owned = ['messages', 'settled', 'cancelled', 'uploads', 'slips'] as const;
const orphanRow = z.object({ key: z.string(), place: z.union([z.bigint(), z.string()]), owner: z.unknown() });

export interface Orphan {
  readonly table: (typeof owned)[number];
  readonly saleId: string;
}

/** Rows whose sale is gone, page by page; each answer is one piece of work. */
export function* orphans(db: Database, page: number): Generator<readonly Orphan[]> {
  for (const table of owned) {
    const place = table === 'settled' || table === 'cancelled' ? 'sale_id' : 'place';
    const read = db.prepare(
      `SELECT ${table}.sale_id AS key, ${table}.${place} AS place, sales.place AS owner FROM ${table}
       LEFT JOIN sales USING (sale_id) WHERE ${table}.${place} > ? ORDER BY ${table}.${place} LIMIT ?`,
    );
    let after: bigint | string = place === 'place' ? -(2n ** 62n) : '';
    for (;;) {
      const rows = read.all(after, page).map((row) => parsed(() => orphanRow.parse(row)));
      yield rows.filter(({ owner }) => owner === null).map(({ key }) => ({ table, saleId: key }));
      const last = rows.at(-1);
      if (last === undefined || rows.length < page) break;
      after = last.place;
    }
  }
}
