import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import type { PaidSums, TillView } from './view.ts';

/** So much of a line comes back; in the unit in which the line was sold. */
export interface LineBack {
  readonly lineNumber: number;
  readonly quantity: string;
}

/** What taking those lines back would give back to whom; amounts in yuan. */
export interface RefundPreview {
  /** Everything comes back: the sale is cancelled and nothing is sold anew. */
  readonly whole: boolean;
  readonly goods: string;
  readonly before: PaidSums;
  /** The sale of what is kept, and the difference; absent = cannot be told before its quote. */
  readonly rest?: PaidSums;
  readonly back?: PaidSums;
  /** By the terminal's own rules: the agency's quote of the rest decides. */
  readonly estimate: boolean;
}

/** Taking back single lines (部分退货). */
export interface RefundVerbs {
  /** Changes nothing. Faults as `refundLines`. */
  refundPreview(saleId: string, back: readonly LineBack[]): Result<RefundPreview, Fault>;
  /**
   * Cancels the whole sale by two people and lays what the customer keeps on the counter as a sale of its own, tied to
   * the first one. Faults: `refund-nothing`, `refund-beyond-sold`, `refund-replaced`, `refund-not-uploaded`,
   * `sale-in-progress` (the counter is not free), and those of a cancellation.
   */
  refundLines(
    saleId: string,
    back: readonly LineBack[],
    second: { readonly number: string; readonly pin: string },
    reason: string,
  ): Promise<Result<TillView, Fault>>;
  /** The customer keeps nothing after all: the rest on the counter is not sold. */
  giveUpRest(): Promise<Result<TillView, Fault>>;
}
