import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { assert } from '#core/assert';
import { businessDay } from '#core/business-time';
import type { ClearingKey, Sale } from '#core/domain/sale';
import { type Money, sumMoney, zeroMoney } from '#core/money';
import {
  decodeCancellation,
  decodeSale,
  decodeSettlement,
  encodeCancellation,
  encodeSale,
  encodeSettlement,
} from '../codec/values.ts';
import type { CancelledFacts, SettledFacts } from '../port.ts';
import { ByState, marks, moneyColumn, parsed } from './rows.ts';

const saleRow = z.object({ row: z.string() });
const settledRow = z.object({ sale_id: z.string(), message_id: z.string(), row: z.string() });

/** States in which the account has paid, will pay or may have paid: they count against the day's limit. */
const countingStates = ['committing', 'unknown', 'suspense', 'disputed', 'done', 'queued'];

/** Sales with their whole row as JSON and what is searched or summed as columns; settled facts beside. */
export class SaleTable {
  readonly #inState: ByState;
  readonly #insert: Statement;
  readonly #update: Statement;
  readonly #byId: Statement;
  readonly #byNumber: Statement;
  readonly #byDay: Statement;
  readonly #paid: Statement;
  readonly #settle: Statement;
  readonly #settled: Statement;
  readonly #settledOfDay: Statement;
  readonly #clearing: Statement;
  readonly #cancel: Statement;
  readonly #cancelledOfDay: Statement;
  readonly #used: Statement;

  constructor(db: Database) {
    this.#inState = new ByState(db, 'sales');
    this.#insert = db.prepare(
      `INSERT INTO sales (state, business_day, person_number, total, account, fund, deductible, row,
         sale_number, sale_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#update = db.prepare(
      `UPDATE sales SET state = ?, business_day = ?, person_number = ?, total = ?, account = ?,
         fund = ?, deductible = ?, row = ?
       WHERE sale_number = ? AND sale_id = ? AND state = ?`,
    );
    this.#byId = db.prepare('SELECT row FROM sales WHERE sale_id = ?');
    this.#byNumber = db.prepare('SELECT row FROM sales WHERE sale_number = ?');
    this.#byDay = db.prepare('SELECT row FROM sales WHERE business_day = ? ORDER BY place');
    this.#paid = db
      .prepare(
        `SELECT COALESCE(SUM(account), 0) FROM sales
         WHERE person_number = ? AND business_day = ? AND state IN (${marks(countingStates.length)})`,
      )
      .pluck();
    this.#settle = db.prepare('INSERT INTO settled VALUES (?, ?, ?, ?, ?, ?)');
    this.#settled = db.prepare('SELECT sale_id, message_id, row FROM settled WHERE sale_id = ?');
    this.#settledOfDay = db.prepare('SELECT sale_id, message_id, row FROM settled WHERE settled_day = ?');
    this.#cancel = db.prepare('INSERT INTO cancelled VALUES (?, ?, ?, ?)');
    this.#cancelledOfDay = db.prepare(
      'SELECT sale_id, message_id, row FROM cancelled WHERE cancelled_day = ?',
    );
    this.#used = db.prepare(
      `SELECT COALESCE(SUM(deductible), 0) AS deductible, COALESCE(SUM(fund), 0) AS fund FROM sales
       WHERE person_number = ? AND business_day BETWEEN ? AND ? AND state IN (${marks(countingStates.length)})`,
    );
    this.#clearing = db.prepare(
      'SELECT DISTINCT clearing_office AS office, clearing_type AS type FROM settled WHERE settled_day >= ?',
    );
  }

  insert(sale: Sale): void {
    this.#insert.run(...columns(sale), sale.saleNumber, sale.saleId);
  }

  /** Guarded: exactly one row in state `was`, else it throws. */
  update(sale: Sale, was: Sale['state']): void {
    const { changes } = this.#update.run(...columns(sale), sale.saleNumber, sale.saleId, was);
    assert(changes === 1, `sale ${sale.saleId} is stored in state ${was}`);
  }

  byId(saleId: string): Sale | undefined {
    return one(this.#byId.get(saleId));
  }

  byNumber(saleNumber: string): Sale | undefined {
    return one(this.#byNumber.get(saleNumber));
  }

  ofDay(day: string): readonly Sale[] {
    return this.#byDay.all(day).map(decoded);
  }

  inStates(states: readonly Sale['state'][]): readonly Sale[] {
    return this.#inState.all(states).map(decoded);
  }

  accountPaidOn(day: string, personNumber: string): Money {
    return parsed(() => moneyColumn.parse(this.#paid.get(personNumber, day, ...countingStates)));
  }

  /** The day of a settlement is the agency's (结算时间), because the detail of 3202 goes by it. */
  settle(saleId: string, { messageId, settlement }: SettledFacts, atMs: number): void {
    const day = businessDay(settlement.settledAtMs ?? atMs);
    const { clearingOffice, clearingType } = settlement;
    this.#settle.run(saleId, messageId, day, clearingOffice, clearingType, encodeSettlement(settlement));
  }

  settled(saleId: string): SettledFacts | undefined {
    const row = this.#settled.get(saleId);
    return row === undefined ? undefined : facts(row);
  }

  settledOfDay(day: string): readonly ({ readonly saleId: string } & SettledFacts)[] {
    return this.#settledOfDay.all(day).map(facts);
  }

  usedThisYear(personNumber: string, year: string): { readonly deductible: Money; readonly fundPaid: Money } {
    const row = this.#used.get(personNumber, `${year}-01-01`, `${year}-12-31`, ...countingStates);
    const used = parsed(() => z.object({ deductible: moneyColumn, fund: moneyColumn }).parse(row));
    return { deductible: used.deductible, fundPaid: used.fund };
  }

  cancel({ saleId, messageId, cancellation }: CancelledFacts, atMs: number): void {
    this.#cancel.run(saleId, messageId, businessDay(atMs), encodeCancellation(cancellation));
  }

  cancelledOfDay(day: string): readonly CancelledFacts[] {
    return this.#cancelledOfDay.all(day).map((row) =>
      parsed(() => {
        const found = settledRow.parse(row);
        const cancellation = decodeCancellation(found.row);
        return { saleId: found.sale_id, messageId: found.message_id, cancellation };
      }),
    );
  }

  clearingKeysSince(day: string): readonly ClearingKey[] {
    const key = z.object({ office: z.string(), type: z.string() });
    return this.#clearing.all(day).map((row) => parsed(() => key.parse(row)));
  }
}

function columns(sale: Sale): readonly (string | bigint | null)[] {
  return [
    sale.state,
    sale.businessDay,
    sale.holder?.personNumber ?? null,
    sumMoney(sale.lines.map((line) => line.amount)),
    sale.split?.account ?? zeroMoney,
    sale.split?.fundTotal ?? zeroMoney,
    sale.split?.deductible ?? zeroMoney,
    encodeSale(sale),
  ];
}

function decoded(row: unknown): Sale {
  return parsed(() => decodeSale(saleRow.parse(row).row));
}

function one(row: unknown): Sale | undefined {
  return row === undefined ? undefined : decoded(row);
}

function facts(row: unknown): { readonly saleId: string } & SettledFacts {
  return parsed(() => {
    const found = settledRow.parse(row);
    return { saleId: found.sale_id, messageId: found.message_id, settlement: decodeSettlement(found.row) };
  });
}
