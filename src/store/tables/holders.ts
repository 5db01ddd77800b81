import { type Holder, withBalances } from '#core/domain/holder';
import { addMoney, type Money } from '#core/money';
import type { NoteTable } from './notes.ts';
import type { SaleTable } from './sales.ts';

/** What the agency told about people: when it was asked, and since then in its answers about their sales. */
export class HolderTable {
  readonly #notes: NoteTable;
  readonly #sales: SaleTable;

  constructor(notes: NoteTable, sales: SaleTable) {
    this.#notes = notes;
    this.#sales = sales;
  }

  /** `asOfEvent` is the last journal entry when the agency was asked. */
  set(key: string, holder: Holder, asOfEvent: number): void {
    this.#notes.setPerson(key, { holder, asOfEvent });
  }

  /**
   * With the balances that settlements have told since the agency was asked: an offline sale right after one must
   * not spend the same money again.
   */
  get(key: string): Holder | undefined {
    const known = this.#notes.person(key);
    if (known === undefined) return undefined;
    const { holder, asOfEvent } = known;
    const schemes = holder.insurances.map(({ scheme }) => scheme);
    return withBalances(holder, this.#sales.balancesSince(holder.personNumber, asOfEvent, schemes));
  }

  /** What the agency told of an account (险种) when it was asked, with what cancellations have given back since. */
  balanceAtMost(key: string, scheme: string): Money | undefined {
    const known = this.#notes.person(key);
    const asked = known?.holder.insurances.find((insurance) => insurance.scheme === scheme);
    if (known === undefined || asked === undefined) return undefined;
    const { holder, asOfEvent } = known;
    return addMoney(asked.balance, this.#sales.returnedSince(holder.personNumber, asOfEvent, scheme));
  }
}
