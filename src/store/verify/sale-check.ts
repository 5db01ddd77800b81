import type { Database } from 'better-sqlite3';
import { businessDay } from '#core/business-time';
import { formatMoney, type Money, parseMoney, sumMoney, zeroMoney } from '#core/money';
import type { CancelledFacts } from '../port.ts';
import type { Seals } from '../seals.ts';
import { StoreError } from '../store-error.ts';
import { EventContents } from '../tables/contents.ts';
import type { JournalTable } from '../tables/journal.ts';
import { MessageTable } from '../tables/messages.ts';
import { SaleTable } from '../tables/sales.ts';
import type { FindingKind } from './finding.ts';
import type { Findings } from './findings.ts';
import { type ExpectedSale, replay } from './replay.ts';
import { ClearRows, type SaleColumns } from './rows.ts';

type Place = { readonly saleId: string; readonly saleNumber: string; readonly sequence?: number };

/** Compares the rows of each sale with what its events say, and with the sealed record when the key is at hand. */
export class SaleCheck {
  readonly #journal: JournalTable;
  readonly #findings: Findings;
  readonly #rows: ClearRows;
  readonly #sealed: { readonly sales: SaleTable; readonly messages: MessageTable } | undefined;
  readonly #seals: Seals | undefined;
  #cancelledDay: { readonly day: string; readonly bySale: ReadonlyMap<string, CancelledFacts> } | undefined;

  constructor(db: Database, journal: JournalTable, findings: Findings, seals: Seals | undefined) {
    this.#journal = journal;
    this.#findings = findings;
    this.#rows = new ClearRows(db);
    this.#seals = seals;
    this.#sealed = seals === undefined ? undefined : sealedTables(db, seals);
  }

  /** One page of sales; answers the place of the last one, undefined when there are no more. */
  page(afterPlace: number, limit: number): number | undefined {
    const rows = this.#rows.sales(afterPlace, limit);
    for (const row of rows) this.#sale(row);
    return rows.length < limit ? undefined : rows.at(-1)?.place;
  }

  #sale(row: SaleColumns): void {
    const expected = replay(this.#journal.ofSale(row.sale_id));
    const { sequence } = expected;
    const place: Place = {
      saleId: row.sale_id,
      saleNumber: row.sale_number,
      ...(sequence === undefined ? {} : { sequence }),
    };
    this.#columns(row, expected, place);
    this.#messages(expected, place);
    this.#settled(expected, place);
    this.#cancelled(expected, place);
    this.#upload(expected, place);
    this.#slips(expected, place);
    this.#sealedSale(row, place);
  }

  #columns(row: SaleColumns, expected: ExpectedSale, place: Place): void {
    const states = [...expected.states].map(String);
    if (!states.includes(row.state))
      this.#findings.add('sale-differs', place, `state ${row.state} ≠ ${states.join(' | ')}`);
    this.#same('sale-differs', place, 'sale_number', row.sale_number, expected.saleNumber);
    for (const [name, column, wanted] of [
      ['total', row.total, expected.total],
      ['account', row.account, expected.account],
      ['fund', row.fund, expected.fund],
    ] as const)
      this.#same('sale-differs', place, name, formatMoney(column), wanted);
  }

  #messages(expected: ExpectedSale, { saleId, saleNumber }: Place): void {
    const rows = this.#rows.messages(saleId);
    for (const row of rows) {
      const messageId = row.message_id;
      const wanted = expected.messages.get(messageId);
      const place = {
        saleId,
        saleNumber,
        messageId,
        ...(wanted === undefined ? {} : { sequence: wanted.sequence }),
      };
      if (wanted === undefined) {
        const again = row.transaction_number === '2103' && row.original_message_id !== null;
        if (!again || !expected.secondCharges.has(row.original_message_id ?? ''))
          this.#findings.add('message-foreign', place, row.transaction_number);
      } else {
        if (!wanted.states.map(String).includes(row.state))
          this.#findings.add('message-differs', place, `state ${row.state} ≠ ${wanted.states.join(' | ')}`);
        this.#same('message-differs', place, 'transaction', row.transaction_number, wanted.transaction);
      }
      this.#opens('message-unreadable', place, () => {
        const stored = this.#sealed?.messages.byId(messageId);
        return [stored?.body, stored?.answer];
      });
    }
    const stored = new Set(rows.map((row) => row.message_id));
    for (const [messageId, { sequence, transaction }] of expected.messages) {
      if (!stored.has(messageId))
        this.#findings.add('message-missing', { saleId, saleNumber, messageId, sequence }, transaction);
    }
  }

  #settled(expected: ExpectedSale, place: Place): void {
    const row = this.#rows.settled(place.saleId);
    const wanted = expected.settled;
    if (wanted === undefined) {
      if (row !== undefined) this.#findings.add('settled-foreign', place, row.message_id);
      return;
    }
    const at = { ...place, sequence: wanted.sequence };
    if (row === undefined) {
      this.#findings.add('settled-missing', at);
      return;
    }
    const { messageId, facts, atMs } = wanted;
    this.#same('settled-differs', at, 'message', row.message_id, messageId);
    this.#same('settled-differs', at, 'clearing office', row.clearing_office, facts.clearingOffice);
    this.#same('settled-differs', at, 'clearing type', row.clearing_type, facts.clearingType);
    this.#opens('settled-unreadable', at, () => {
      const settlement = this.#sealed?.sales.settled(place.saleId)?.settlement;
      if (settlement === undefined) return;
      const { split, settledAtMs } = settlement;
      this.#same('settled-differs', at, 'total', formatMoney(split.total), facts.total);
      this.#same('settled-differs', at, 'account', formatMoney(split.account), facts.account);
      this.#same('settled-differs', at, 'fund', formatMoney(split.fundTotal), facts.fundTotal);
      this.#same('settled-differs', at, 'cash', formatMoney(split.cash), facts.cash);
      this.#same('settled-differs', at, 'day', row.settled_day, businessDay(settledAtMs ?? atMs));
    });
  }

  #cancelled(expected: ExpectedSale, place: Place): void {
    const row = this.#rows.cancelled(place.saleId);
    const wanted = expected.cancelled;
    if (wanted === undefined || wanted.row === 'none') {
      if (row !== undefined) this.#findings.add('cancelled-foreign', place, row.message_id);
      return;
    }
    const at = { ...place, sequence: wanted.sequence };
    if (row === undefined) {
      if (wanted.row === 'must') this.#findings.add('cancelled-missing', at);
      return;
    }
    const { messageId, facts, atMs } = wanted;
    this.#same('cancelled-differs', at, 'message', row.message_id, messageId);
    this.#same('cancelled-differs', at, 'day', row.cancelled_day, businessDay(atMs));
    this.#opens('cancelled-unreadable', at, () => {
      const given = this.#cancellationOf(place.saleId, row.cancelled_day);
      // A row whose seal is broken is left out of the list.
      if (given === undefined) {
        this.#findings.add('cancelled-unreadable', at);
        return;
      }
      const { total, account, fundTotal } = given.cancellation;
      this.#same('cancelled-differs', at, 'total', formatMoney(total), facts.answeredTotal);
      this.#same('cancelled-differs', at, 'account', formatMoney(account), facts.answeredAccount);
      this.#same('cancelled-differs', at, 'fund', formatMoney(fundTotal), facts.answeredFundTotal);
    });
  }

  /** A day's cancellations are opened once for all of its sales; one made since then is read with the next try. */
  #cancellationOf(saleId: string, day: string): CancelledFacts | undefined {
    const known = this.#cancelledDay?.day === day ? this.#cancelledDay.bySale.get(saleId) : undefined;
    if (known !== undefined) return known;
    const rows = this.#sealed?.sales.cancelledOfDay(day) ?? [];
    this.#cancelledDay = { day, bySale: new Map(rows.map((row) => [row.saleId, row])) };
    return this.#cancelledDay.bySale.get(saleId);
  }

  #upload(expected: ExpectedSale, place: Place): void {
    const row = this.#rows.upload(place.saleId);
    const wanted = expected.upload;
    if (wanted === undefined) {
      if (row !== undefined) this.#findings.add('upload-foreign', place, row.state);
      return;
    }
    const at = { ...place, sequence: wanted.sequence };
    if (row === undefined) {
      this.#findings.add('upload-missing', at);
      return;
    }
    if (!wanted.states.map(String).includes(row.state))
      this.#findings.add('upload-differs', at, `state ${row.state} ≠ ${wanted.states.join(' | ')}`);
    this.#same('upload-differs', at, 'account', formatMoney(row.account), wanted.account);
  }

  #slips(expected: ExpectedSale, { saleId, saleNumber }: Place): void {
    const rows = this.#rows.slips(saleId);
    for (const row of rows) {
      const known = expected.slips.get(row.kind as 'settlement');
      const place = { saleId, saleNumber, ...(known === undefined ? {} : { sequence: known.sequence }) };
      const said = expected.printed.get(row.slip_id) ?? { originals: 0, copies: 0 };
      const original = said.originals === (row.state === 'printed' ? 1 : 0);
      if (known === undefined || !original)
        this.#findings.add('slip-row-differs', place, `${row.kind}: ${row.state}`);
      this.#same('slip-row-differs', place, `${row.kind} copies`, String(row.copies), String(said.copies));
    }
    const stored = new Set(rows.map(({ kind }) => kind));
    for (const [kind, { sequence }] of expected.slips) {
      if (!stored.has(kind)) this.#findings.add('slip-row-missing', { saleId, saleNumber, sequence }, kind);
    }
  }

  /** The sealed record says the same as the columns that were taken from it. */
  #sealedSale(row: SaleColumns, place: Place): void {
    this.#opens('sale-unreadable', place, () => {
      const sale = this.#sealed?.sales.byId(place.saleId);
      if (sale === undefined) return;
      const { split, holder } = sale;
      const person =
        holder === undefined ? 'none' : (this.#seals?.digest('person-number', holder.personNumber) ?? '');
      const total = sumMoney(sale.lines.map(({ amount }) => amount));
      const kept = (amount: Money | undefined) => formatMoney(amount ?? zeroMoney);
      for (const [name, column, value] of [
        ['state', row.state, sale.state],
        ['day', row.business_day, sale.businessDay],
        ['number', row.sale_number, sale.saleNumber],
        ['person', row.person_number ?? 'none', person],
        ['total', formatMoney(row.total), formatMoney(total)],
        ['account', formatMoney(row.account), kept(split?.account)],
        ['fund', formatMoney(row.fund), kept(split?.fundTotal)],
        ['deductible', formatMoney(row.deductible), kept(split?.deductible)],
        // Sales made before the column was there have none.
        [
          'in-scope cost',
          row.in_scope === 0n ? kept(split?.inScope) : formatMoney(row.in_scope),
          kept(split?.inScope),
        ],
      ] as const) {
        const shown = name === 'person' ? ['column', 'record'] : [column, value];
        if (column !== value) this.#findings.add('sale-differs', place, `${name}: ${shown[0]} ≠ ${shown[1]}`);
      }
    });
  }

  /** Reads what is sealed; a seal that does not open is a finding, and no key is no finding. */
  #opens(kind: FindingKind, place: Parameters<Findings['add']>[1], read: () => unknown): void {
    if (this.#sealed === undefined) return;
    try {
      read();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#findings.add(kind, place, error.fault.code);
    }
  }

  /** Adds a finding unless both say the same, or the events say nothing of it. */
  #same(
    kind: FindingKind,
    place: Parameters<Findings['add']>[1],
    name: string,
    found: string,
    wanted: string | undefined,
  ): void {
    if (wanted === undefined || found === wanted) return;
    const [a, b] = [parseMoney(found), parseMoney(wanted)];
    if (a.ok && b.ok && a.value === b.value) return;
    this.#findings.add(kind, place, `${name} ${found} ≠ ${wanted}`);
  }
}

function sealedTables(db: Database, seals: Seals) {
  const contents = new EventContents(db, seals);
  return { sales: new SaleTable(db, seals, contents), messages: new MessageTable(db, seals, contents) };
}
