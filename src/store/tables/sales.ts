import type { Database, RunResult, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { assert } from '#core/assert';
import { businessDay } from '#core/business-time';
import type { ClearingKey, Sale } from '#core/domain/sale';
import type { Cancellation, Settlement } from '#core/domain/settlement';
import { type Money, subtractMoney, sumMoney, zeroMoney } from '#core/money';
import { Recent } from '#core/recent';
import {
  decodeCancellation,
  decodeSettlement,
  encodeCancellation,
  encodeSettlement,
} from '../codec/values.ts';
import type { CancelledFacts, KnownUse, SettledFacts } from '../port.ts';
import { eachReadable, type Seals, unlessBroken } from '../seals.ts';
import type { EventContents } from './contents.ts';
import { ByState, marks, maybeNumber, moneyColumn, numberColumn, parsed } from './rows.ts';
import { SaleValues, saleColumns } from './sale-values.ts';

const settledRow = z.object({
  sale_id: z.string(),
  message_id: z.string(),
  row: z.string(),
  content_event: maybeNumber,
});
type SettledRow = z.output<typeof settledRow>;

const answerRow = z.object({ kind: z.enum(['settled', 'cancelled']), sale_id: z.string() });

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

/** So many settlements that were read are kept: the balances of the day are asked for after every sale. */
const SETTLEMENTS_KEPT = 128;

const factColumns = 'sale_id, message_id, row, content_event';

/** What the agency answered about a person's sales, with what is asked by name: `person` and `event`. */
function answersSince(table: 'settled' | 'cancelled'): string {
  return `SELECT '${table}' AS kind, ${factColumns.replaceAll(/\w+/g, `${table}.$& AS $&`)} FROM ${table} JOIN sales USING (sale_id)
    WHERE person_number = :person AND ${table}.content_event > :event`;
}

/** Sales with their value sealed and what is searched or summed as columns; settled facts beside. */
export class SaleTable {
  readonly #seals: Seals;
  readonly #contents: EventContents;
  readonly #values: SaleValues;
  readonly #settlements = new Recent<{ readonly event: number; readonly settlement: Settlement }>(
    SETTLEMENTS_KEPT,
  );
  readonly #inState: ByState;
  readonly #insert: Statement;
  readonly #update: Statement;
  readonly #change: Statement;
  readonly #move: Statement;
  readonly #advance: Statement;
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
  readonly #isTorn: Statement;
  readonly #answersSince: Statement;
  readonly #cancelledSince: Statement;

  constructor(db: Database, seals: Seals, contents: EventContents) {
    this.#seals = seals;
    this.#contents = contents;
    this.#values = new SaleValues(db, seals, contents);
    this.#inState = new ByState(db, 'sales', 'sales LEFT JOIN baskets USING (place)');
    this.#insert = db.prepare(
      `INSERT INTO sales (state, total, account, fund, deductible, in_scope, pending_card, business_day,
         person_number, row, sale_number, sale_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)`,
    );
    const sums =
      'state = ?, total = ?, account = ?, fund = ?, deductible = ?, in_scope = ?, pending_card = ?';
    const found = 'WHERE sale_number = ? AND sale_id = ? AND state = ?';
    this.#update = db.prepare(
      `UPDATE sales SET ${sums}, business_day = ?, person_number = ?, row = '', content_event = NULL ${found}`,
    );
    this.#change = db.prepare(
      `UPDATE sales SET ${sums}, business_day = ?, person_number = ?, content_event = ? ${found}`,
    );
    // Day and person rarely change: not named, their indexes are not touched.
    this.#move = db.prepare(`UPDATE sales SET ${sums}, content_event = ? ${found}`);
    this.#advance = db.prepare(`UPDATE sales SET state = ?, content_event = ? ${found}`);
    const sales = `SELECT ${saleColumns} FROM sales LEFT JOIN baskets USING (place)`;
    this.#byId = db.prepare(`${sales} WHERE sale_id = ?`);
    this.#byNumber = db.prepare(`${sales} WHERE sale_number = ?`);
    this.#byDay = db.prepare(`${sales} WHERE business_day = ? ORDER BY place`);
    this.#state = db.prepare('SELECT state FROM sales WHERE sale_id = ?').pluck();
    this.#torn = db.prepare(`${sales} WHERE pending_card = ?`);
    this.#isTorn = db.prepare('SELECT 1 FROM sales WHERE pending_card = ?').pluck();
    this.#paid = db
      .prepare(
        `SELECT COALESCE(SUM(account), 0) FROM sales
         WHERE person_number = ? AND business_day = ? AND state IN (${marks(countingStates.length)})`,
      )
      .pluck();
    this.#settle = db.prepare(
      `INSERT INTO settled (sale_id, message_id, settled_day, clearing_office, clearing_type, row, content_event)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#settled = db.prepare(`SELECT ${factColumns} FROM settled WHERE sale_id = ?`);
    this.#settledOfDay = db.prepare(`SELECT ${factColumns} FROM settled WHERE settled_day = ?`);
    this.#answersSince = db.prepare(
      `${answersSince('settled')} UNION ALL ${answersSince('cancelled')} ORDER BY content_event DESC`,
    );
    this.#cancel = db.prepare(
      'INSERT INTO cancelled (sale_id, message_id, cancelled_day, row, content_event) VALUES (?, ?, ?, ?, ?)',
    );
    this.#cancelledOfDay = db.prepare(`SELECT ${factColumns} FROM cancelled WHERE cancelled_day = ?`);
    this.#cancelledSince = db.prepare(answersSince('cancelled'));
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
    this.#insert.run(...this.#sums(sale), ...this.#index(sale), sale.saleNumber, sale.saleId);
    this.#values.keepWhole(sale);
  }

  /** Keeps the whole sale anew. Guarded: exactly one row in state `was`, else it throws. */
  update(sale: Sale, was: Sale['state']): void {
    assert(this.#settled.get(sale.saleId) === undefined, 'a settled sale changes by events alone');
    const { changes } = this.#update.run(
      ...this.#sums(sale),
      ...this.#index(sale),
      ...[sale.saleNumber, sale.saleId, was],
    );
    assert(changes === 1, `sale ${sale.saleId} is stored in state ${was}`);
    this.#values.keepWhole(sale);
  }

  /** Lets the step's event carry what changed. Guarded: exactly one row in state `was`, else it throws. */
  change(sale: Sale, was: Sale['state']): void {
    const kept = this.#values.keepChange(sale);
    if (kept === undefined) {
      this.update(sale, was);
      return;
    }
    const { changes } = this.#write(sale, kept.before, [kept.event, sale.saleNumber, sale.saleId, was]);
    assert(changes === 1, `sale ${sale.saleId} is stored in state ${was}`);
  }

  /** Names the columns only that may have changed: a step of most sales changes the state and nothing else. */
  #write(sale: Sale, before: Sale | undefined, found: readonly (string | number | null)[]): RunResult {
    const samePlace =
      before?.businessDay === sale.businessDay && before.holder?.personNumber === sale.holder?.personNumber;
    if (!samePlace) return this.#change.run(...this.#sums(sale), ...this.#index(sale), ...found);
    const sameSums = before.split === sale.split && before.lines === sale.lines;
    const onCard = before.cardPurchase !== undefined || sale.cardPurchase !== undefined;
    if (sameSums && !onCard) return this.#advance.run(sale.state, ...found);
    return this.#move.run(...this.#sums(sale), ...found);
  }

  /** Reads from disk again: what was written last may have been undone. */
  forget(): void {
    this.#values.forget();
    this.#settlements.clear();
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
    const event = this.#contents.keep('settlement', saleId, this.#values.settlementText(saleId, settlement));
    const row =
      event === undefined ? this.#seals.seal('settled.row', saleId, encodeSettlement(settlement)) : '';
    this.#settle.run(saleId, messageId, day, clearingOffice, clearingType, row, event ?? null);
  }

  settled(saleId: string): SettledFacts | undefined {
    const row = this.#settled.get(saleId);
    return row === undefined ? undefined : this.#facts(row);
  }

  settledOfDay(day: string): readonly ({ readonly saleId: string } & SettledFacts)[] {
    return eachReadable(this.#settledOfDay.all(day), (row) => ({ ...this.#facts(row) }));
  }

  /**
   * Balances that settlements and cancellations have told of a person's accounts since an event, by scheme (险种); the
   * last one wins. One whose seal is broken is left out. Read backwards until each of the schemes is known: a card may
   * have come with hundreds of sales since the agency was asked, and its holder is looked up after every step of their
   * upload.
   */
  balancesSince(personNumber: string, event: number, schemes: readonly string[]): ReadonlyMap<string, Money> {
    const balances = new Map<string, Money>();
    const isLooked = (scheme: string): boolean => schemes.includes(scheme) && !balances.has(scheme);
    for (const row of this.#answersSince.iterate({ person: this.#person(personNumber), event })) {
      unlessBroken(() => {
        const { kind, sale_id: saleId } = parsed(() => answerRow.parse(row));
        const scheme = this.byId(saleId)?.request?.scheme;
        const told =
          kind === 'settled' ? this.#facts(row).settlement.split : this.#cancellation(row).cancellation;
        if (scheme !== undefined && told.balanceAfter !== undefined && isLooked(scheme))
          balances.set(scheme, told.balanceAfter);
      });
      if (schemes.every((scheme) => balances.has(scheme))) break;
    }
    return balances;
  }

  /** What cancellations have given back to an account (险种) of a person since an event. */
  returnedSince(personNumber: string, event: number, scheme: string): Money {
    let returned = zeroMoney;
    for (const row of this.#cancelledSince.all({ person: this.#person(personNumber), event })) {
      unlessBroken(() => {
        const { saleId, cancellation } = this.#cancellation(row);
        const isOfScheme = this.byId(saleId)?.request?.scheme === scheme;
        // A cancellation states its amounts with all signs reversed (relation 15).
        if (isOfScheme && cancellation.account < 0n) returned = subtractMoney(returned, cancellation.account);
      });
    }
    return returned;
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
    const text = encodeCancellation(cancellation);
    const event = this.#contents.keep('cancellation', saleId, text);
    const row = event === undefined ? this.#seals.seal('cancelled.row', saleId, text) : '';
    this.#cancel.run(saleId, messageId, businessDay(atMs), row, event ?? null);
  }

  cancelledOfDay(day: string): readonly CancelledFacts[] {
    return eachReadable(this.#cancelledOfDay.all(day), (row) => this.#cancellation(row));
  }

  #cancellation(row: unknown): CancelledFacts {
    const found = parsed(() => settledRow.parse(row));
    const { sale_id: saleId, message_id: messageId } = found;
    return { saleId, messageId, cancellation: this.#openCancellation(found) };
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

  /** Whether a purchase was put to this card and has no outcome yet. */
  isPendingOn(cardId: string): boolean {
    return this.#isTorn.get(this.#seals.digest('card', cardId)) !== undefined;
  }

  /** Columns that are written anew with every step. */
  #sums(sale: Sale): readonly (string | bigint | null)[] {
    return [
      sale.state,
      sumMoney(sale.lines.map((line) => line.amount)),
      sale.split?.account ?? zeroMoney,
      sale.split?.fundTotal ?? zeroMoney,
      sale.split?.deductible ?? zeroMoney,
      sale.split?.inScope ?? zeroMoney,
      sale.cardPurchase !== undefined && pendingStates.includes(sale.state)
        ? this.#seals.digest('card', sale.cardPurchase.cardId)
        : null,
    ];
  }

  #index(sale: Sale): readonly (string | null)[] {
    const { businessDay: day, holder } = sale;
    return [day, holder === undefined ? null : this.#person(holder.personNumber)];
  }

  #person(personNumber: string): string {
    return this.#seals.digest('person-number', personNumber);
  }

  #one(row: unknown): Sale | undefined {
    return row === undefined ? undefined : this.#values.open(row);
  }

  #each(rows: readonly unknown[]): readonly Sale[] {
    return eachReadable(rows, (row) => this.#values.read(row));
  }

  #openSettlement({ sale_id: saleId, row: sealed, content_event: event }: SettledRow): Settlement {
    if (event !== null) {
      const known = this.#settlements.get(saleId);
      if (known?.event === event) return known.settlement;
      const part = this.#contents.read(event, 'settlement', saleId, 'settled.row');
      const settlement = this.#values.settlement(saleId, part);
      this.#settlements.set(saleId, { event, settlement });
      return settlement;
    }
    const text = this.#seals.open('settled.row', saleId, sealed);
    return parsed(() => decodeSettlement(text));
  }

  #openCancellation({ sale_id: saleId, row: sealed, content_event: event }: SettledRow): Cancellation {
    const text =
      event === null
        ? this.#seals.open('cancelled.row', saleId, sealed)
        : this.#contents.read(event, 'cancellation', saleId, 'cancelled.row');
    return parsed(() => decodeCancellation(text));
  }

  /** The settlement is opened when it is read: mostly only its message id is asked for. */
  #facts(row: unknown): { readonly saleId: string } & SettledFacts {
    const found = parsed(() => settledRow.parse(row));
    const open = () => this.#openSettlement(found);
    let opened: Settlement | undefined;
    return {
      saleId: found.sale_id,
      messageId: found.message_id,
      get settlement(): Settlement {
        if (opened === undefined) {
          opened = open();
        }
        return opened;
      },
    };
  }
}
