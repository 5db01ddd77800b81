import type { CardIdentity, Holder, Insurance } from '#core/domain/holder';
import type { ClearingKey, PayMode, Sale, Tender } from '#core/domain/sale';
import type { SettlementRequest } from '#core/domain/settlement';
import type { Split } from '#core/domain/split';
import type { Fault } from '#core/fault';
import type { Money } from '#core/money';

/** Who is at the counter, as far as the terminal knows. */
export interface CounterHolder {
  /** What the card said; a card that could not be opened has issuer data only. */
  readonly identity: CardIdentity;
  /** What the agency said, now or earlier; absent when this terminal never asked about the card. */
  readonly holder?: Holder;
  readonly source: 'agency' | 'cache';
  readonly warnings: readonly Fault[];
}

/** A quote that the cashier may accept: amounts, and what the agency would be asked. */
export interface Quote {
  readonly mode: PayMode;
  readonly split: Split;
  readonly request?: SettlementRequest;
  readonly clearing?: ClearingKey;
}

/** A payment between its key press and its outcome. The PIN is dropped as soon as the card has seen it. */
export interface Payment {
  readonly quote: Quote;
  readonly tenders: readonly Tender[];
  readonly changeDue: Money;
  pin: string | undefined;
}

/** What lies on the counter right now. Rows in the store are the truth; this is the working copy. */
export interface Counter {
  sale: Sale;
  useAccount: boolean;
  holder: CounterHolder | undefined;
  quote: Quote | undefined;
  payment: Payment | undefined;
  /** Counts reads, so that a slow one cannot put its holder over a later card. */
  readNumber: number;
}

/**
 * The one insurance that a sale is settled under: in force, employee before resident (A3: two schemes at
 * once resolve to one).
 */
export function insuranceOf(holder: Holder): Insurance | undefined {
  const inForce = holder.insurances.filter((insurance) => insurance.inForce);
  return [...inForce].sort((a, b) => (a.scheme < b.scheme ? -1 : 1))[0];
}
