import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import type { TillView } from './view.ts';

/** A paper of the counter that is no slip of a sale. */
export type PaperAsk =
  /** Own-pay consent (自费知情同意) of the quoted sale, before it is paid. */
  | { readonly kind: 'consent' }
  /** Why the sale or holder on screen was refused (拒付凭条). */
  | { readonly kind: 'refusal' }
  /** Day summary (日结单); today without a day. */
  | { readonly kind: 'day-summary'; readonly day?: string }
  /** Price label (价签). */
  | { readonly kind: 'price-label'; readonly shopCode: string };

/** The holder's yes before the payment. */
export interface ConsentVerbs {
  /**
   * The holder agrees to the own-pay part of the quoted sale; `own`: the amount that was told. A changed basket,
   * quote or holder needs a new one. Faults: `sale-not-now` (none is needed), `sale-quote-changed`,
   * `consent-not-printed`.
   */
  confirmConsent(own: string): Promise<Result<TillView, Fault>>;
}

/** Verbs about those papers. `by`: who asks, when that is not the operator of the shift. */
export interface PaperVerbs {
  /**
   * Faults: `sale-not-now` (nothing quoted, or no refusal: an unknown outcome is none), `slip-none` (nothing to
   * consent to), `shift-not-open` for the two papers of a sale.
   */
  printPaper(ask: PaperAsk, by?: string): Promise<Result<TillView, Fault>>;
  /** The same as text lines and SVG picture, without printing. */
  paperPreview(ask: PaperAsk, by?: string): Result<{ readonly svg: string; readonly text: string }, Fault>;
}
