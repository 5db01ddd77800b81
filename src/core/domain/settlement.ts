import type { Money, Quantity, UnitPrice } from '../money.ts';
import type { ChronicDisease } from './entitlement.ts';
import type { Medium } from './holder.ts';
import type { OfflineProof } from './offline-proof.ts';
import type { HerbalDoses } from './product.ts';
import type { Split } from './split.ts';

/** One line of a settlement request (interface table 4.2.2). */
export interface SettlementLine {
  readonly lineNumber: number;
  readonly nationalCode: string;
  readonly shopCode: string;
  readonly quantity: Quantity;
  readonly price: UnitPrice;
  readonly amount: Money;
  readonly occurredAtMs: number;
  readonly herbalDoses?: HerbalDoses;
}

/** A pharmacy purchase as asked of the agency by 2101 (trial) or 2102 (settle). */
export interface SettlementRequest {
  readonly personNumber: string;
  readonly medium: Medium;
  readonly mediumNumber: string;
  readonly insuredRegion: string;
  readonly scheme: string;
  readonly beganAtMs: number;
  /** The sale's own number, the same in every try. */
  readonly saleNumber: string;
  readonly useAccount: boolean;
  readonly total: Money;
  readonly lines: readonly SettlementLine[];
  /** For this chronic disease (门诊慢特病); absent = an ordinary purchase. */
  readonly chronic?: ChronicDisease;
  /** Only at the upload of an offline sale: what proves it. */
  readonly offlineProof?: OfflineProof;
}

/** The agency's answer to a trial or settlement, in our words; `disputes` names broken money relations. */
export interface Settlement {
  /** Visit id (就诊ID). */
  readonly visitId: string;
  /** Settlement id (结算ID); absent on a trial. */
  readonly settlementId?: string;
  readonly personNumber: string;
  readonly settledAtMs?: number;
  readonly split: Split;
  /** Clearing office and type (清算经办机构, 清算类别): keys of the day's reconciliation. */
  readonly clearingOffice: string;
  readonly clearingType: string;
  /** Empty when every checked relation of interface section 11 holds. */
  readonly brokenRelations: readonly string[];
}

/** Amounts given back by a cancellation (2103), all negative or zero as answered. */
export interface Cancellation {
  readonly visitId: string;
  readonly settlementId: string;
  readonly total: Money;
  readonly fundTotal: Money;
  readonly account: Money;
  /** Given back to a relative's account (账户共济); absent = nothing. */
  readonly familyAccount?: Money;
  readonly balanceAfter?: Money;
}
