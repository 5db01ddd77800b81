import type { BasketLine } from '#core/domain/product';
import type { Money } from '#core/money';
import type { Policy } from '#core/policy';

/** What this person has already used in the calendar year of the sale, in money. */
export interface UsedThisYear {
  /** Deductible (起付线) already borne. */
  readonly deductible: Money;
  /** Already paid by the fund under this policy. */
  readonly fundPaid: Money;
}

export interface Purchase {
  readonly policy: Policy;
  readonly lines: readonly BasketLine[];
  /** Scheme and psn_type must fit the policy: take it from `choosePolicy`. */
  readonly person: { readonly scheme: string; readonly personType: string };
  readonly usedThisYear: UsedThisYear;
  /** Balance of the personal account (个人账户); absent = not known, then the account pays nothing. */
  readonly balance?: Money;
  readonly useAccount: boolean;
}
