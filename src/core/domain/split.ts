import type { Money, Ratio } from '../money.ts';

/** A sentence that explains an amount: rule, version, words (P4, C13). */
export interface Reason {
  /** Step of the policy, for example `first-self-pay`. */
  readonly step: string;
  /** Policy document id and version, or `agency`. */
  readonly policy: string;
  readonly version: string;
  /** Number of the rule in the document, for example `C1.2`; absent where the agency or the program decided. */
  readonly rule?: string;
  readonly amount: Money;
  readonly zh: string;
  readonly en: string;
  /** What the amount is made of: bands, lines. */
  readonly parts?: readonly Reason[];
}

/** How one line falls apart; total = outOfScope + overCeiling + firstSelfPay + inScope (relation 10). */
export interface LineSplit {
  readonly lineNumber: number;
  readonly total: Money;
  /** Own pay, not in the catalogue's scope (全自费). */
  readonly outOfScope: Money;
  /** Above the price ceiling (超限价). */
  readonly overCeiling: Money;
  /** First self-pay (先行自付). */
  readonly firstSelfPay: Money;
  /** In the policy's scope (符合政策范围). */
  readonly inScope: Money;
  readonly firstSelfPayRatio: Ratio;
  readonly reasons: readonly Reason[];
}

/** One paying fund (基金) with the interface's fund code, for example 310100 统筹基金. */
export interface FundPayment {
  readonly fund: string;
  readonly nameZh: string;
  readonly amount: Money;
}

/**
 * The whole split of a sale. total = outOfScope + overCeiling + firstSelfPay + inScope,
 * own = total − fundTotal = account + familyAccount + cash.
 */
export interface Split {
  readonly total: Money;
  readonly outOfScope: Money;
  readonly overCeiling: Money;
  readonly firstSelfPay: Money;
  readonly inScope: Money;
  /** Deductible (起付线) used up by this sale; part of inScope. */
  readonly deductible: Money;
  readonly funds: readonly FundPayment[];
  readonly fundTotal: Money;
  /** Borne by the institution itself (quota payment, C9); absent = nothing. own = total − fundTotal − institution. */
  readonly institution?: Money;
  readonly own: Money;
  /** Personal account (个人账户). */
  readonly account: Money;
  /** Paid from a relative's account (账户共济); absent = nothing. */
  readonly familyAccount?: Money;
  readonly cash: Money;
  /** Account balance before and after, when known. */
  readonly balanceBefore?: Money;
  readonly balanceAfter?: Money;
  readonly lines: readonly LineSplit[];
  readonly reasons: readonly Reason[];
  readonly source: 'agency' | 'offline' | 'own-pay';
}
