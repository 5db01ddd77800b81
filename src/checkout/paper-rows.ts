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

/** Verbs about those papers. */
export interface PaperVerbs {
  /** Faults: `sale-not-now` (nothing quoted, or no refusal: an unknown outcome is none), `slip-none` (nothing to consent to). */
  printPaper(ask: PaperAsk): Promise<Result<TillView, Fault>>;
  /** The same as text lines and SVG picture, without printing. */
  paperPreview(ask: PaperAsk): Result<{ readonly svg: string; readonly text: string }, Fault>;
}
