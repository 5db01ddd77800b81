import type { Money } from '../money.ts';

/** Accounts of the double-entry ledger (账户). Every event's postings add up to zero. */
export type LedgerAccount =
  /** Receivable from a fund, by fund code (基金应收). */
  | `receivable:fund:${string}`
  /** Receivable from the agency for personal accounts (个人账户应收). */
  | 'receivable:account'
  | 'tender:cash'
  | 'tender:mobile'
  | 'revenue'
  /** Money whose fate at the agency is unknown (在途). */
  | 'suspense'
  | 'suspense:contra'
  /** Deducted offline and not yet accepted by the agency (脱机在途). */
  | 'offline-at-risk';

export interface Posting {
  readonly account: LedgerAccount;
  /** Debit positive, credit negative. */
  readonly amount: Money;
}

export type JournalKind =
  | 'shift-opened'
  | 'shift-closed'
  | 'settlement-intended'
  | 'settlement-unknown'
  | 'settlement-refused'
  | 'settled'
  | 'settled-disputed'
  | 'dispute-accepted'
  | 'own-pay-sold'
  | 'offline-authorised'
  | 'offline-accepted'
  | 'offline-adjusted'
  | 'offline-rejected'
  | 'reversal-intended'
  | 'reversal-accepted'
  | 'reversal-refused'
  | 'reversal-proved'
  | 'second-charge-found'
  | 'second-charge-returned'
  | 'sale-abandoned'
  | 'cancel-intended'
  | 'cancelled'
  | 'cancel-refused'
  | 'cancel-unknown'
  | 'parked-in-suspense'
  | 'slip-printed'
  | 'slip-copied'
  | 'operator-decided'
  /** An operator was added, changed or disabled. */
  | 'operator-changed'
  /** Another version of the shop's own list is sold from. */
  | 'list-switched'
  /** A step for two people was taken by one alone, and that somebody else has seen it. */
  | 'break-glass'
  | 'break-glass-seen'
  /** An offline purchase is about to be put to the card: it may deduct from now on. */
  | 'offline-intended'
  /** The card left while it was being debited: only the same card can tell what became of it. */
  | 'offline-torn'
  /** The card says that nothing was deducted, or it was never asked. */
  | 'offline-not-deducted'
  | 'drawer-opened'
  /** The holder agreed to what the insurance does not pay. */
  | 'own-pay-consent'
  /** What the customer keeps of a cancelled sale (部分退货) lies as a basket of its own. */
  | 'rest-begun'
  /** That basket was given up: the whole sale was taken back. */
  | 'rest-given-up'
  | 'blacklist-received'
  | 'terminal-key'
  | 'card-pin-changed'
  | 'identified-by-hand'
  /** A file of offline sales for another terminal, or of their outcomes: made, not written after all, read. */
  | 'carry-file'
  /** The sale is out in a carry file: another terminal uploads it. */
  | 'carried-out'
  /** The sale is no longer out: it waits for its upload here again. */
  | 'carried-back'
  /** In the book of carried sales: an offline sale of another terminal waits for its upload here. */
  | 'carried-in'
  /** The head of the journal under the terminal's key, or why it could not be signed. */
  | 'journal-signed'
  /** These records were put back from a backup: a new epoch begins, and what came after it may be lost. */
  | 'restored'
  /** The days since the backup are compared with the agency: insured sales go on. */
  | 'restore-reconciled';

/** One append-only event; a correction is a new event. */
export interface JournalEntry {
  readonly sequence: number;
  readonly kind: JournalKind;
  readonly saleId?: string;
  readonly atMs: number;
  readonly businessDay: string;
  readonly operator: string;
  /** Canonical JSON of the event's facts: sorted keys, money as text. No name, no identity number. */
  readonly facts: string;
  /** Seal (tag, base64url) of what the event carries under a seal: with it the hash covers that as well. */
  readonly contentSeal?: string;
  readonly postings: readonly Posting[];
  /** SM3 over previous hash ‖ canonical event, hex. */
  readonly hash: string;
  readonly previousHash: string;
}
