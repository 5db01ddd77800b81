import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { numberColumn, parsed } from './rows.ts';

const soldRow = z.object({ shop_code: z.string(), sold: numberColumn });

/** How often each product was sold: only the order of search results hangs on it. */
export class SoldTable {
  readonly #count: Statement;
  readonly #all: Statement;

  constructor(db: Database) {
    this.#count = db.prepare(
      `INSERT INTO products_sold (shop_code, sold) VALUES (?, 1)
       ON CONFLICT (shop_code) DO UPDATE SET sold = sold + 1`,
    );
    this.#all = db.prepare('SELECT shop_code, sold FROM products_sold');
  }

  count(shopCodes: readonly string[]): void {
    for (const shopCode of shopCodes) this.#count.run(shopCode.toUpperCase());
  }

  all(): ReadonlyMap<string, number> {
    const rows = this.#all.all().map((row) => parsed(() => soldRow.parse(row)));
    return new Map(rows.map(({ shop_code, sold }) => [shop_code, sold]));
  }
}
