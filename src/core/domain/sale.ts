import type { Money, Quantity } from '../money.ts';
import type { ActingPerson } from './acting-person.ts';
import type { ChronicVisit } from './entitlement.ts';
import type { Holder } from './holder.ts';
import type { OfflineProof } from './offline-proof.ts';
import type { BasketLine } from './product.ts';
import type { OperatorRole } from './rights.ts';
import type { SettlementRequest } from './settlement.ts';
import type { Split } from './split.ts';

/** What the holder hands over for the part that neither fund nor account pays. */
export type TenderKind = 'cash' | 'mobile';

export interface Tender {
  readonly kind: TenderKind;
  readonly amount: Money;
  /** Reference typed from the payment slip of a mobile payment. */
  readonly reference?: string;
}

/** Person at the counter (经办人). */
export interface Operator {
  readonly number: string;
  readonly name: string;
  readonly role: OperatorRole;
}

/**
 * Where a sale stands, in words that a screen may show. `unknown` is never shown as failed or done (P3);
 * `disputed` has taken the money and is under check; `queued` is an offline sale that still has to be uploaded.
 */
export type SaleState =
  | 'open'
  | 'held'
  | 'committing'
  | 'unknown'
  | 'suspense'
  | 'disputed'
  | 'done'
  | 'queued'
  | 'rejected'
  | 'refused'
  | 'abandoned'
  | 'cancelled';

export type PayMode = 'insured' | 'own-pay' | 'offline';

export interface Sale {
  readonly saleId: string;
  /** Number printed on the slip and sent as invoice number (发票号), at most 20 characters. */
  readonly saleNumber: string;
  readonly state: SaleState;
  readonly businessDay: string;
  readonly createdAtMs: number;
  readonly operator: Operator;
  readonly holder?: Holder;
  /** Someone who acts for the holder (代办). */
  readonly actingPerson?: ActingPerson;
  /** Sold as a chronic patient's visit (门诊慢特病); absent = an ordinary purchase. */
  readonly chronic?: ChronicVisit;
  /** Why the identity number was typed by hand (medium `identity-number`). */
  readonly manualReason?: string;
  readonly lines: readonly BasketLine[];
  readonly split?: Split;
  readonly mode?: PayMode;
  readonly tenders: readonly Tender[];
  readonly changeDue?: Money;
  /** What the agency was asked at commit: a settling again and an upload ask exactly the same. */
  readonly request?: SettlementRequest;
  /** Put to the card, outcome not known yet: set while an offline purchase is `committing` or `unknown`. */
  readonly cardPurchase?: PendingCardPurchase;
  /** What proves an offline sale to the agency. */
  readonly offlineProof?: OfflineProof;
  /** Clearing keys (清算经办机构, 清算类别) of the trial: under them the day's detail lists an unanswered settlement. */
  readonly clearing?: ClearingKey;
  /** The holder's yes to what the insurance does not pay, taken before the payment. */
  readonly consent?: OwnPayConsent;
  /** Lines are taken back (部分退货): what the customer keeps is sold anew. Holds once this sale is cancelled. */
  readonly rest?: SaleRest;
  /** The sale (原单) of which this one sells what the customer keeps. */
  readonly replaces?: ReplacedSale;
  /** Digest of the reference of the program whose order this basket is; an emptied basket is nobody's order. */
  readonly orderDigest?: string;
}

/** What a customer keeps of a sale that is cancelled, and the sale that it becomes. */
export interface SaleRest {
  readonly saleId: string;
  readonly lines: readonly { readonly lineNumber: number; readonly quantity: Quantity }[];
}

/** The cancelled sale behind the sale of its rest. */
export interface ReplacedSale {
  readonly saleId: string;
  readonly saleNumber: string;
  readonly mode: PayMode;
}

/** Own-pay consent (自费知情同意, E8): who took it when, and to which lines and amounts it was given. */
export interface OwnPayConsent {
  readonly atMs: number;
  /** Number of the operator who took it. */
  readonly operator: string;
  /** On the signed paper, read on the screen, or taken by the program that sold the basket. */
  readonly how: 'printed' | 'screen' | 'program';
  /** Lines with a part that nobody but the holder pays. */
  readonly lines: readonly { readonly lineNumber: number; readonly own: Money }[];
  readonly own: Money;
  /** Digest of holder, goods and amounts: another basket needs another consent. */
  readonly basis: string;
}

/** Keys of one 3202 call (interface 6.3): clearing office and clearing type. */
export interface ClearingKey {
  readonly office: string;
  readonly type: string;
}

/** A purchase on the card's own account between intent and answer (card reference 4.8). */
export interface PendingCardPurchase {
  readonly cardId: string;
  readonly region: string;
  readonly historicalBytes: string;
  readonly algorithm: 'tdes' | 'sm4';
  /** Card's transaction counter, 4 hex digits: names the purchase when the card is asked for its proof. */
  readonly cardSequence: string;
  readonly terminalNumber: string;
  /** 8 hex digits. */
  readonly terminalSequence: string;
  /** `yyyyMMddHHmmss`. */
  readonly time: string;
  /** Transaction type byte, two hex digits. */
  readonly type: string;
}
