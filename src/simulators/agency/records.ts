import type { Money } from '#core/money';
import type { InstitutionLevel, Layer, VisitKind } from '#core/policy';

/** What one fund paid of a settlement: a row of setldetail. */
export interface PayerRow {
  readonly layer: Layer;
  readonly code: string;
  readonly nameZh: string;
  readonly amount: Money;
}

/** One booked settlement (结算) or cancellation record (撤销记录), as the agency keeps it. Amounts in fen. */
export interface SettlementRecord {
  readonly settlementId: string;
  readonly visitId: string;
  /** Sender message id that booked it. */
  readonly messageId: string;
  readonly kind: 'settlement' | 'cancellation';
  /** cancelled: undone by a 2103; reversed: undone by a 2601. */
  readonly state: 'booked' | 'cancelled' | 'reversed';
  readonly institution: string;
  readonly personNumber: string;
  readonly scheme: string;
  /** Benefit year, by the time of purchase. */
  readonly year: string;
  /** Day of the visit, `yyyy-MM-dd`; what came before the day was kept has an empty one. */
  readonly visitDay: string;
  readonly visitKind: VisitKind;
  readonly level: InstitutionLevel;
  /** Insured region = clearing office (清算经办机构). */
  readonly region: string;
  readonly clearingType: string;
  readonly atMs: number;
  readonly businessDay: string;
  /** Invoice number (发票号) as sent; empty when none. */
  readonly saleNumber: string;
  readonly total: Money;
  readonly outOfScope: Money;
  readonly overCeiling: Money;
  readonly firstSelfPay: Money;
  readonly inScope: Money;
  /** What limits left of inScope. */
  readonly counted: Money;
  readonly deductible: Money;
  /** All funds together. */
  readonly fund: Money;
  /** The funds one by one; empty in what was booked before they were kept. */
  readonly payers: readonly PayerRow[];
  /** Borne by the institution. */
  readonly institutionShare: Money;
  readonly own: Money;
  readonly account: Money;
  /** Paid from a relative's account (账户共济). */
  readonly family: Money;
  readonly cash: Money;
  /** Share of the fund, 10⁻⁴. */
  readonly ratio: bigint;
  readonly balanceAfter: Money;
  /** The settlement that a cancellation undoes. */
  readonly originalId?: string;
  /** It arrived after a 2601 for it had been accepted. */
  readonly afterReversal: boolean;
}

export type LedgerEventKind = 'settled' | 'cancelled' | 'reversed' | 'cancellation-reversed';

/** One change of money at the agency: `account`, `family` and `fund` are what they paid (negative: got back). */
export interface LedgerEvent {
  readonly sequence: number;
  readonly kind: LedgerEventKind;
  readonly settlementId: string;
  /** Message whose effect this is about. */
  readonly messageId: string;
  /** Message that caused the event (the 2103 or 2601; the 2102 itself when settled). */
  readonly byMessageId: string;
  readonly personNumber: string;
  readonly atMs: number;
  readonly account: Money;
  readonly family: Money;
  readonly fund: Money;
}

/** What a person has used of one benefit year, by the settlements that stand. */
export interface YearlyUse {
  readonly deductible: Money;
  readonly counted: Money;
  /** All funds together, and layer by layer. */
  readonly fund: Money;
  readonly byLayer: Readonly<Partial<Record<Layer, Money>>>;
  readonly visits: number;
  readonly stays: number;
  readonly highestLevel?: InstitutionLevel;
}

/** A person's account as it stands, with the use of every scheme and year. */
export interface AccountState {
  readonly personNumber: string;
  readonly balance: Money;
  /** Account of the relative who shares (账户共济); zero when nobody does. */
  readonly relativeBalance: Money;
  readonly years: readonly (YearlyUse & { readonly scheme: string; readonly year: string })[];
}

/** An accepted 2601. `found` says whether there was something to undo. */
export interface ReversalRecord {
  readonly originalMessageId: string;
  readonly messageId: string;
  readonly personNumber: string;
  readonly atMs: number;
  readonly found: boolean;
}
