import type { TillView } from '#checkout/view';
import { type Money, yuan } from '#core/money';
import type { Customer } from './cards.ts';

/** What the cashier was told of one sale, and what the checker knows besides. */
export interface Told {
  readonly saleId: string;
  readonly saleNumber: string;
  /** The best news so far: `done` is never taken back but by a cancellation. */
  state: 'done' | 'unknown' | 'failed';
  mode: 'insured' | 'own-pay' | 'offline' | undefined;
  total: Money;
  account: Money;
  /** Whose card lay in the reader when the payment began. */
  customer: Customer | undefined;
  isCancelled: boolean;
}

/** The checker's own book-keeping: nothing in it comes from the till's records, only from its screen. */
export class Books {
  readonly told = new Map<string, Told>();
  /** Sales that the present step touched. */
  readonly touched = new Set<string>();

  readonly #payers = new Map<string, Customer | undefined>();

  /** A payment begins while this card lies in the reader. */
  paying(saleId: string, customer: Customer | undefined): void {
    this.#payers.set(saleId, customer);
  }

  /** Somebody looks at the screen; answers the sale about which it now says done. */
  look(view: TillView): Told | undefined {
    const { saleId, saleNumber, state, mode, total, split } = view.sale;
    if (saleNumber === '' || saleId === '') return undefined;
    this.touched.add(saleId);
    if (state !== 'done' && state !== 'delivering' && state !== 'unknown') return undefined;
    const told = this.told.get(saleId) ?? this.#toldOf(view, 'unknown');
    this.told.set(saleId, told);
    const isNews = state !== 'unknown' && told.state !== 'done';
    if (isNews) {
      const account = yuan(split?.account ?? '0.00');
      Object.assign(told, {
        state: 'done',
        mode,
        account,
        total: yuan(total),
        customer: this.#payers.get(saleId),
      });
    }
    return isNews ? told : undefined;
  }

  /** A payment ended with a fault, and the basket is open again. */
  failed(view: TillView): Told {
    const told = this.#toldOf(view, 'failed');
    if (!this.told.has(told.saleId)) this.told.set(told.saleId, told);
    return told;
  }

  #toldOf({ sale }: TillView, state: Told['state']): Told {
    const { saleId, saleNumber, mode, total, split } = sale;
    return {
      saleId,
      saleNumber,
      state,
      mode,
      total: yuan(total),
      account: yuan(split?.account ?? '0.00'),
      customer: this.#payers.get(saleId),
      isCancelled: false,
    };
  }
}
