import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { assert } from '#core/assert';
import { businessDay } from '#core/business-time';
import type { ClearingKey, Sale } from '#core/domain/sale';
import type { Settlement } from '#core/domain/settlement';
import { type Money, sumMoney, zeroMoney } from '#core/money';
import {
  decodeCancellation,
  decodeSale,
  decodeSettlement,
  encodeCancellation,
  encodeSale,
  encodeSettlement,
} from '../codec/values.ts';
import type { CancelledFacts, KnownUse, SettledFacts } from '../port.ts';
import { eachReadable, type Seals } from '../seals.ts';
import { ByState, marks, moneyColumn, numberColumn, parsed } from './rows.ts';

const saleRow = z.object({ sale_id: z.string(), row: z.string() });
const settledRow = z.object({ sale_id: z.string(), message_id: z.string(), row: z.string() });

const usedRow = z.object({
  deductible: moneyColumn,
  fund: moneyColumn,
  counted: moneyColumn,
  visits: numberColumn,
  this_month: numberColumn,
});

/** States in which the account has paid, will pay or may have paid: they count against the day's limit. */
const countingStates = ['committing', 'unknown', 'suspense', 'disputed', 'done', 'queued'];

/** States in which the outcome of a purchase on the card is open. */
const pendingStates: readonly Sale['state'][] = ['committing', 'unknown'];

/** Sales with their whole row sealed and what is searched or summed as columns; settled facts beside. */
export class SaleTable {
  readonly #seals: Seals;
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
  readonly #state: Statement;
  readonly #torn: Statement;

  constructor(db: Database, seals: Seals) {
    this.#seals = seals;
    this.#inState = new ByState(db, 'sales');
    this.#insert = db.prepare(
      `INSERT INTO sales (state, business_day, person_number, total, account, fund, deductible, in_scope,
         pending_card, row, sale_number, sale_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#update = db.prepare(
      `UPDATE sales SET state = ?, business_day = ?, person_number = ?, total = ?, account = ?,
         fund = ?, deductible = ?, in_scope = ?, pending_card = ?, row = ?
       WHERE sale_number = ? AND sale_id = ? AND state = ?`,
    );
    this.#byId = db.prepare('SELECT sale_id, row FROM sales WHERE sale_id = ?');
    this.#byNumber = db.prepare('SELECT sale_id, row FROM sales WHERE sale_number = ?');
    this.#byDay = db.prepare('SELECT sale_id, row FROM sales WHERE business_day = ? ORDER BY place');
    this.#state = db.prepare('SELECT state FROM sales WHERE sale_id = ?').pluck();
    this.#torn = db.prepare('SELECT sale_id, row FROM sales WHERE pending_card = ?');
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
      `SELECT COALESCE(SUM(deductible), 0) AS deductible, COALESCE(SUM(fund), 0) AS fund,
         COALESCE(SUM(in_scope), 0) AS counted, COUNT(*) AS visits,
         COUNT(*) FILTER (WHERE deductible > 0 AND business_day >= ?) AS this_month
       FROM sales WHERE person_number = ? AND business_day BETWEEN ? AND ? AND state IN (${marks(countingStates.length)})`,
    );
    this.#clearing = db.prepare(
      'SELECT DISTINCT clearing_office AS office, clearing_type AS type FROM settled WHERE settled_day >= ?',
    );
  }

  insert(sale: Sale): void {
    this.#insert.run(...this.#columns(sale), sale.saleNumber, sale.saleId);
  }

  /** Guarded: exactly one row in state `was`, else it throws. */
  update(sale: Sale, was: Sale['state']): void {
    const { changes } = this.#update.run(...this.#columns(sale), sale.saleNumber, sale.saleId, was);
    assert(changes === 1, `sale ${sale.saleId} is stored in state ${was}`);
  }

  byId(saleId: string): Sale | undefined {
    return this.#one(this.#byId.get(saleId));
  }

  byNumber(saleNumber: string): Sale | undefined {
    return this.#one(this.#byNumber.get(saleNumber));
  }

  ofDay(day: string): readonly Sale[] {
    return this.#each(this.#byDay.all(day));
  }

  inStates(states: readonly Sale['state'][]): readonly Sale[] {
    return this.#each(this.#inState.all(states));
  }

  accountPaidOn(day: string, personNumber: string): Money {
    return parsed(() =>
      moneyColumn.parse(this.#paid.get(this.#person(personNumber), day, ...countingStates)),
    );
  }

  /** The day of a settlement is the agency's (结算时间), because the detail of 3202 goes by it. */
  settle(saleId: string, { messageId, settlement }: SettledFacts, atMs: number): void {
    const day = businessDay(settlement.settledAtMs ?? atMs);
    const { clearingOffice, clearingType } = settlement;
    const row = this.#seals.seal('settled.row', saleId, encodeSettlement(settlement));
    this.#settle.run(saleId, messageId, day, clearingOffice, clearingType, row);
  }

  settled(saleId: string): SettledFacts | undefined {
    const row = this.#settled.get(saleId);
    return row === undefined ? undefined : this.#facts(row);
  }

  settledOfDay(day: string): readonly ({ readonly saleId: string } & SettledFacts)[] {
    return eachReadable(this.#settledOfDay.all(day), (row) => ({ ...this.#facts(row) }));
  }

  usedThisYear(personNumber: string, day: string): KnownUse {
    const row = this.#used.get(
      `${day.slice(0, 8)}01`,
      this.#person(personNumber),
      `${day.slice(0, 4)}-01-01`,
      day,
      ...countingStates,
    );
    const used = parsed(() => usedRow.parse(row));
    return {
      deductible: used.deductible,
      fundPaid: used.fund,
      counted: used.counted,
      visits: used.visits,
      deductiblesThisMonth: used.this_month,
    };
  }

  cancel({ saleId, messageId, cancellation }: CancelledFacts, atMs: number): void {
    const row = this.#seals.seal('cancelled.row', saleId, encodeCancellation(cancellation));
    this.#cancel.run(saleId, messageId, businessDay(atMs), row);
  }

  cancelledOfDay(day: string): readonly CancelledFacts[] {
    return eachReadable(this.#cancelledOfDay.all(day), (row) => {
      const { sale_id: saleId, message_id: messageId, row: sealed } = parsed(() => settledRow.parse(row));
      const text = this.#seals.open('cancelled.row', saleId, sealed);
      return { saleId, messageId, cancellation: parsed(() => decodeCancellation(text)) };
    });
  }

  clearingKeysSince(day: string): readonly ClearingKey[] {
    const key = z.object({ office: z.string(), type: z.string() });
    return this.#clearing.all(day).map((row) => parsed(() => key.parse(row)));
  }

  /** State without opening the row. */
  state(saleId: string): string | undefined {
    return parsed(() => z.string().optional().parse(this.#state.get(saleId)));
  }

  /** The sale of which a purchase was put to this card and has no outcome yet. */
  pendingOn(cardId: string): Sale | undefined {
    return this.#one(this.#torn.get(this.#seals.digest('card', cardId)));
  }

  #columns(sale: Sale): readonly (string | bigint | null)[] {
    return [
      sale.state,
      sale.businessDay,
      sale.holder === undefined ? null : this.#person(sale.holder.personNumber),
      sumMoney(sale.lines.map((line) => line.amount)),
      sale.split?.account ?? zeroMoney,
      sale.split?.fundTotal ?? zeroMoney,
      sale.split?.deductible ?? zeroMoney,
      sale.split?.inScope ?? zeroMoney,
      sale.cardPurchase !== undefined && pendingStates.includes(sale.state)
        ? this.#seals.digest('card', sale.cardPurchase.cardId)
        : null,
      this.#seals.seal('sales.row', sale.saleId, encodeSale(sale)),
    ];
  }

  #person(personNumber: string): string {
    return this.#seals.digest('person-number', personNumber);
  }

  #one(row: unknown): Sale | undefined {
    return row === undefined ? undefined : this.#sale(row);
  }

  #each(rows: readonly unknown[]): readonly Sale[] {
    return eachReadable(rows, (row) => this.#sale(row));
  }

  #sale(row: unknown): Sale {
    const { sale_id: saleId, row: sealed } = parsed(() => saleRow.parse(row));
    const text = this.#seals.open('sales.row', saleId, sealed);
    return parsed(() => decodeSale(text));
  }

  /** The settlement is opened when it is read: mostly only its message id is asked for. */
  #facts(row: unknown): { readonly saleId: string } & SettledFacts {
    const { sale_id: saleId, message_id: messageId, row: sealed } = parsed(() => settledRow.parse(row));
    const open = () => this.#seals.open('settled.row', saleId, sealed);
    let opened: Settlement | undefined;
    return {
      saleId,
      messageId,
      get settlement(): Settlement {
        if (opened === undefined) {
          const text = open();
          opened = parsed(() => decodeSettlement(text));
        }
        return opened;
      },
    };
  }
}
