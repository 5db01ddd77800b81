import type { Fault } from '#core/fault';
import type { Money } from '#core/money';
import type { OfflineAllowance } from '#core/offline-budget';

/** How a sale is to be paid: at the agency, offline under budgets, or by the holder alone. */
export type PaymentMode = 'insured' | 'offline' | 'own-pay';

/** What the guards need to know about a quote; the split itself stays with the service. */
export interface QuoteFacts {
  readonly mode: PaymentMode;
  readonly total: Money;
  /** What the personal account is to pay. */
  readonly account: Money;
  /** What the holder pays by cash or phone. */
  readonly cash: Money;
}

/** Limits in force for this holder, terminal and moment; absent = no limit of that kind. */
export interface Limits {
  readonly accountBalance?: Money;
  readonly accountPerSale?: Money;
  readonly accountLeftToday?: Money;
  readonly offline: OfflineLimits;
}

export interface OfflineLimits extends OfflineAllowance {
  readonly allowed: boolean;
  /** Why offline deduction is off, when it is. */
  readonly reason?: Fault;
}

export type CheckoutEvent =
  | { readonly type: 'card.inserted' }
  | { readonly type: 'card.read-again' }
  | { readonly type: 'card.removed'; readonly fault: Fault }
  | { readonly type: 'card.unusable'; readonly fault: Fault }
  | { readonly type: 'card.authenticating' }
  | { readonly type: 'credential.shown' }
  | { readonly type: 'holder.dropped' }
  | { readonly type: 'basket.changed'; readonly lineCount: number; readonly total: Money }
  | { readonly type: 'sale.quote' }
  | { readonly type: 'sale.back' }
  | {
      readonly type: 'sale.pay';
      readonly quote: QuoteFacts;
      readonly limits: Limits;
      readonly tendered: Money;
      readonly acceptsOfflineRisk: boolean;
    }
  | { readonly type: 'sale.next' }
  | { readonly type: 'sale.resolved'; readonly settled: boolean };

/** Result of reading and identifying a holder. */
export type ReadOutcome =
  | { readonly kind: 'identified' }
  | { readonly kind: 'refused'; readonly fault: Fault };

export type QuoteOutcome =
  | { readonly kind: 'quoted'; readonly quote: QuoteFacts }
  | { readonly kind: 'refused'; readonly fault: Fault };

/** Card there and right, PIN right (offline): asked just before anything is written. */
export type PresenceOutcome =
  | { readonly kind: 'present' }
  /** The holder may try once more, at the PIN: the quote stands. */
  | { readonly kind: 'again'; readonly fault: Fault }
  | { readonly kind: 'refused'; readonly fault: Fault };

export type IntentOutcome = { readonly kind: 'stored' } | { readonly kind: 'refused'; readonly fault: Fault };

export type SettleOutcome =
  | { readonly kind: 'settled'; readonly disputed: boolean }
  | { readonly kind: 'refused'; readonly fault: Fault }
  | { readonly kind: 'unknown'; readonly fault: Fault };
