import { businessDay, parseBusinessDateTime } from '#core/business-time';
import type { Clock } from '#core/clock';
import type { AgencyTable } from '#core/domain/agency-catalog';
import { price, type UnitPrice } from '#core/money';
import { ceilingRow, entryOf, type Goods, itemTables, listCode, type NewRow, rowsOf } from './goods.ts';
import type { InsuredGoods } from './insured-goods.ts';
import { type CatalogueRegister, fieldsOf, type ListedRow } from './register.ts';

const DAY_MS = 86_400_000;

/** A mapping that a shop uploaded. */
export interface UploadedMapping {
  readonly shopCode: string;
  readonly nationalCode: string;
  readonly valid: boolean;
}

/** Changes the agency's catalogue while it runs: the tables that shops download and what settlement goes by, together. */
export class CatalogueControl {
  readonly #register: CatalogueRegister;
  readonly #goods: InsuredGoods;
  readonly #clock: Clock;
  readonly #region: string;

  constructor(parts: { register: CatalogueRegister; goods: InsuredGoods; clock: Clock; region: string }) {
    this.#register = parts.register;
    this.#goods = parts.goods;
    this.#clock = parts.clock;
    this.#region = parts.region;
  }

  /** Rows in force by table. */
  counts(): Readonly<Record<string, number>> {
    return this.#register.counts();
  }

  /** Lists a thing, or changes it, from today. */
  list(goods: Goods): void {
    const today = this.#today();
    this.#register.put(rowsOf(goods, this.#region, goods.from ?? today));
    this.#goods.list(entryOf(goods), goods.from ?? today);
  }

  /** Single rows as they are, without any effect on settlement. */
  putRows(rows: Iterable<NewRow>): void {
    this.#register.put(rows);
  }

  withdrawRow(table: AgencyTable, recordId: string): boolean {
    return this.#register.withdraw(table, recordId);
  }

  /** Takes a thing off the lists from today; false when it does not stand on them. */
  withdraw(nationalCode: string): boolean {
    const rows = this.#register.ofCode(nationalCode, [...itemTables, '1316']);
    for (const row of rows) this.#register.withdraw(row.table, row.recordId);
    const wasInsured = this.#goods.has(nationalCode);
    if (wasInsured) this.#goods.withdraw(nationalCode, this.#today());
    return rows.length > 0 || wasInsured;
  }

  /** A new ceiling (yuan in 10⁻⁶; undefined = none) from a day on; the one before ends on the day before. */
  setCeiling(nationalCode: string, ceiling: UnitPrice | undefined, fromDay: string): void {
    const rows: NewRow[] = this.#ceilings(nationalCode)
      .filter((row) => (fieldsOf(row)['enddate'] ?? '9999-12-31') >= fromDay)
      .flatMap((row) => this.#ended(nationalCode, row, fromDay));
    if (ceiling !== undefined) rows.push(ceilingRow(nationalCode, ceiling, this.#region, fromDay));
    this.#register.put(rows);
    this.#goods.setCeiling(nationalCode, ceiling, fromDay);
  }

  /** What an institution uploaded, in the order of upload. */
  mappings(institution: string): readonly UploadedMapping[] {
    return this.#register.changedAfter('1317', '', institution).map((row) => ({
      shopCode: String(fieldsOf(row)['medins_list_codg'] ?? ''),
      nationalCode: row.nationalCode,
      valid: row.valid,
    }));
  }

  #ceilings(nationalCode: string): readonly ListedRow[] {
    const code = listCode(nationalCode);
    return this.#register
      .since('1318', '')
      .filter((row) => row.valid && fieldsOf(row)['hilist_code'] === code);
  }

  /** An earlier ceiling that ends; one that would only begin then is withdrawn. */
  #ended(nationalCode: string, row: ListedRow, fromDay: string): readonly NewRow[] {
    const fields = fieldsOf(row);
    const from = String(fields['begndate'] ?? '');
    if (from >= fromDay) {
      this.#register.withdraw('1318', row.recordId);
      return [];
    }
    const to = businessDay((parseBusinessDateTime(`${fromDay} 00:00:00`) ?? 0) - DAY_MS);
    const ceiling = price(String(fields['hilist_pric_uplmt_amt'] ?? '0'));
    const before = ceilingRow(nationalCode, ceiling, this.#region, from);
    return [{ ...before, recordId: row.recordId, to }];
  }

  #today(): string {
    return businessDay(this.#clock.nowMs());
  }
}
