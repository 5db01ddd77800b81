import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import type { Sale } from '#core/domain/sale';
import type { Settlement } from '#core/domain/settlement';
import { Recent } from '#core/recent';
import { applied, delta } from '../codec/delta.ts';
import type { Json } from '../codec/json.ts';
import { encodeSale, saleFrom, settlementFrom } from '../codec/values.ts';
import { type Seals, unlessBroken } from '../seals.ts';
import { bytesColumn, type EventContents } from './contents.ts';
import { maybeNumber, parsed } from './rows.ts';

/** Columns of a row from which `SaleValues.read` makes the sale, for `FROM sales LEFT JOIN baskets USING (place)`. */
export const saleColumns = 'sale_id, row, content_event, content';
const saleRow = z.object({
  sale_id: z.string(),
  row: z.string(),
  content_event: maybeNumber,
  content: bytesColumn.nullable(),
});
/** What a sale's part of an event holds: the event before (or one of the two below), mark of the basket, delta. */
const changePart = z.tuple([z.number().int(), z.string().nullable(), z.custom<Json>()]);
/** In place of the event before: the change is one of the basket, or of nothing. */
const [ofBasket, ofNothing] = [0, -1];

/** What a settlement's part of an event holds: the sale's event whose split it is compared with, and the delta. */
const settlementPart = z.tuple([z.number().int(), z.custom<Json>()]);
const withSplit = z.object({ split: z.custom<Json>().optional() });

/** A sale as it is stored: `event` is the last one that changed it, `mark` tells its basket from any other. */
interface StoredSale {
  readonly sale: Sale;
  readonly event: number;
  readonly mark: string | null;
}

/** A sale that was read, with what it was made of: the next look at the same version opens nothing. */
interface ReadSale extends StoredSale {
  readonly basket: Basket;
  readonly value: Json;
}

/** So many sales are held beside the file: their next step need not read them. */
const SALES_HELD = 64;
/** So many that were read are kept: a till looks at its open sales again and again. */
const SALES_KEPT = 128;

/**
 * Whole sales: the basket sealed in a row of its own, and what each step changed in the content of its event. Rows of
 * older programs keep their basket in `sales.row`.
 */
export class SaleValues {
  readonly #seals: Seals;
  readonly #contents: EventContents;
  readonly #basket: Statement;
  readonly #byId: Statement;
  readonly #held = new Recent<StoredSale>(SALES_HELD);
  readonly #known = new Recent<ReadSale>(SALES_KEPT);

  constructor(db: Database, seals: Seals, contents: EventContents) {
    this.#seals = seals;
    this.#contents = contents;
    this.#basket = db.prepare(
      `INSERT INTO baskets (place, content) SELECT place, ? FROM sales WHERE sale_id = ?
       ON CONFLICT (place) DO UPDATE SET content = excluded.content`,
    );
    this.#byId = db.prepare(
      `SELECT ${saleColumns} FROM sales LEFT JOIN baskets USING (place) WHERE sale_id = ?`,
    );
  }

  /** Writes the whole sale as its basket; `sales.row` and `content_event` are to be emptied by the caller. */
  keepWhole(sale: Sale): void {
    const sealed = this.#seals.sealBlob('sales.row', sale.saleId, encodeSale(sale));
    this.#basket.run(sealed, sale.saleId);
    this.#hold({ sale, event: ofBasket, mark: markOf(sealed) });
  }

  /**
   * Gives what differs from the stored sale to the step's event. Answers what was stored (undefined when its seal is
   * broken) and the event that now changed the sale last (null = none did, the basket is the sale), or undefined when
   * the step makes no event.
   */
  keepChange(sale: Sale): { readonly before: Sale | undefined; readonly event: number | null } | undefined {
    const { saleId } = sale;
    const stored = this.#stored(saleId) ?? { sale: undefined, event: ofNothing, mark: null };
    const before = stored.sale;
    const changed = delta(before ?? {}, sale);
    if (changed === undefined) return { before, event: stored.event === ofBasket ? null : stored.event };
    const mark = stored.event === ofBasket ? `"${stored.mark ?? ''}"` : 'null';
    const event = this.#contents.keep('sale', saleId, `[${stored.event},${mark},${changed}]`);
    if (event === undefined) return undefined;
    this.#hold({ sale, event, mark: null });
    return { before, event };
  }

  /**
   * A settlement as an event carries it: mostly the agency's split is the one that the sale has now, so only what
   * differs is written. From then on the sale changes by events alone (`keepWhole` would take the split away).
   */
  settlementText(saleId: string, settlement: Settlement): string {
    const { sale, event } = this.#stored(saleId) ?? { sale: undefined, event: ofNothing };
    const from = sale?.split === undefined ? {} : { split: sale.split };
    return `[${event},${delta(from, settlement) ?? '[]'}]`;
  }

  /** Reads what `settlementText` wrote. */
  settlement(saleId: string, text: string): Settlement {
    const [event, change] = parsed(() => settlementPart.parse(JSON.parse(text)));
    const row = event === ofNothing ? undefined : this.#byId.get(saleId);
    if (row === undefined) return parsed(() => settlementFrom(applied({}, change)));
    const sale = this.#asOf(saleId, event, basketOf(parsed(() => saleRow.parse(row))), 'settled.row');
    const { split } = parsed(() => withSplit.parse(sale));
    return parsed(() => settlementFrom(applied(split === undefined ? {} : { split }, change)));
  }

  read(row: unknown): Sale {
    return this.#read(row).sale;
  }

  /** Reads one that will likely go on: its next step compares with what was read. */
  open(row: unknown): Sale {
    const read = this.#read(row);
    this.#hold(read);
    return read.sale;
  }

  /** What is held may not be what is on disk: a step was undone. */
  forget(): void {
    this.#held.clear();
    this.#known.clear();
  }

  #stored(saleId: string): StoredSale | undefined {
    const held = this.#held.get(saleId);
    if (held !== undefined) return held;
    const row = this.#byId.get(saleId);
    return row === undefined ? undefined : unlessBroken(() => this.#read(row));
  }

  #hold(stored: StoredSale): void {
    this.#held.set(stored.sale.saleId, stored);
  }

  #read(row: unknown): StoredSale {
    const found = parsed(() => saleRow.parse(row));
    const { sale_id: saleId, content_event: event } = found;
    const basket = basketOf(found);
    const known = this.#knownOf(saleId, event ?? ofBasket, basket);
    if (known !== undefined) return known;
    const value = this.#asOf(saleId, event ?? ofBasket, basket, 'sales.row');
    const sale = parsed(() => saleFrom(value));
    const mark = event === null ? markOf(basket ?? '') : null;
    const read = { sale, event: event ?? ofBasket, mark, basket, value };
    this.#known.set(saleId, read);
    return read;
  }

  /** What was read of a sale before, if it was this version: events never change, a basket has the same bytes. */
  #knownOf(saleId: string, event: number, basket: Basket): ReadSale | undefined {
    const known = this.#known.get(saleId);
    return known?.event === event && sameBasket(known.basket, basket) ? known : undefined;
  }

  /** The sale after an event: the basket and one change after the other. `column` is what is broken if it is. */
  #asOf(saleId: string, last: number, basket: Basket, column: ReadColumn): Json {
    const changes: Json[] = [];
    for (let event = last; event !== ofBasket; ) {
      const known = this.#knownOf(saleId, event, basket);
      if (known !== undefined) return changes.reduceRight(applyTo, known.value);
      const part = this.#contents.read(event, 'sale', saleId, column);
      const [before, mark, change] = parsed(() => changePart.parse(JSON.parse(part)));
      // Each event stands after the one that it changes; else somebody has led the records in a circle.
      if (before >= event) return this.#seals.refuse(column, saleId);
      if (before === ofBasket && mark !== markOf(basket ?? '')) return this.#seals.refuse(column, saleId);
      changes.push(change);
      if (before === ofNothing) return changes.reduceRight(applyTo, {});
      event = before;
    }
    const opened = this.#openBasket(saleId, basket, column);
    return parsed(() => changes.reduceRight(applyTo, JSON.parse(opened)));
  }

  #openBasket(saleId: string, basket: Basket, column: ReadColumn): string {
    const sealedAs = 'sales.row';
    const opened = unlessBroken(() => {
      if (basket === null) return undefined;
      if (typeof basket === 'string') return this.#seals.open(sealedAs, saleId, basket);
      return this.#seals.openBlob(sealedAs, saleId, basket);
    });
    return opened ?? this.#seals.refuse(column, saleId);
  }
}

/** Which record is read, and is broken when a seal on the way is. */
type ReadColumn = 'sales.row' | 'settled.row';
type Basket = string | Uint8Array | null;

function basketOf({ row, content }: z.output<typeof saleRow>): Basket {
  return row === '' ? content : row;
}

function applyTo(value: Json, change: Json): Json {
  return parsed(() => applied(value, change));
}

function sameBasket(a: Basket, b: Basket): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return a === b;
}

/** The end of a seal's tag. */
function markOf(sealed: string | Uint8Array): string {
  if (typeof sealed === 'string') return sealed.slice(-24);
  return Buffer.from(sealed.subarray(Math.max(0, sealed.length - 18))).toString('base64url');
}
