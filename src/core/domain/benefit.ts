import type { Money, Quantity, Ratio, UnitPrice } from '../money.ts';
import type { InstitutionKind, InstitutionLevel, ItemCategory, Layer, VisitKind } from '../policy.ts';
import type { PersonTag } from './holder.ts';
import type { InsuranceClass } from './product.ts';
import type { Reason } from './split.ts';

/** One line of a visit, as the benefit engine sees it. */
export interface BenefitLine {
  /** Unique inside the case; the result names it again. */
  readonly lineNumber: number;
  readonly category: ItemCategory;
  readonly insuranceClass: InsuranceClass;
  /** False = no national code (B2): out of scope whole. */
  readonly mapped: boolean;
  readonly amount: Money;
  readonly quantity: Quantity;
  /** Absent = amount ÷ quantity, exactly. */
  readonly unitPrice?: UnitPrice;
  readonly ceiling?: UnitPrice;
  /** First self-pay share (先行自付比例) of class B. */
  readonly firstSelfPayRatio: Ratio;
  /** Doses (帖) of herbal medicine. */
  readonly doses?: Quantity;
  readonly prescription: boolean;
}

/** What this person has used of the calendar year before this case (split-rules, `usedThisYear`). */
export interface UsedThisYear {
  /** Deductible (起付线) already borne. */
  readonly deductible: Money;
  /** In-scope cost already counted. */
  readonly counted: Money;
  /** Paid by the basic layer under this policy. */
  readonly fundPaid: Money;
  /** Paid per layer, the basic one apart. */
  readonly byLayer: Readonly<Partial<Record<Layer, Money>>>;
  /** Earlier stays, and the highest level among them; absent = this level. */
  readonly stays: number;
  readonly highestLevel?: InstitutionLevel;
  readonly visits: number;
}

/** A visit or stay before it is split: everything that a policy document may ask about. */
export interface BenefitCase {
  readonly visitKind: VisitKind;
  readonly institution: { readonly level: InstitutionLevel; readonly kind: InstitutionKind };
  readonly person: {
    /** Code insutype. */
    readonly scheme: string;
    /** Id of a person group of the document. */
    readonly group: string;
    /** Whole years. */
    readonly age: number;
    readonly tags: readonly PersonTag[];
  };
  /** `yyyy-MM-dd`: decides which tags are valid. */
  readonly day: string;
  readonly usedThisYear: UsedThisYear;
  readonly thisMonth: { readonly deductibles: number };
  /** Cost that this visit has already counted in earlier settlements, by category. */
  readonly thisVisit: { readonly counted: Readonly<Partial<Record<ItemCategory, Money>>> };
  readonly stay: { readonly days: number };
  readonly quota?: { readonly disease: string; readonly amount: Money };
  readonly oneStop: { readonly possible: boolean; readonly reason: string };
  readonly lines: readonly BenefitLine[];
  /** Balance absent = not known: the account then pays nothing. */
  readonly account: { readonly balance?: Money; readonly use: boolean };
}

export interface BenefitLineSplit {
  readonly lineNumber: number;
  readonly total: Money;
  readonly outOfScope: Money;
  readonly overCeiling: Money;
  readonly firstSelfPay: Money;
  readonly firstSelfPayRatio: Ratio;
  readonly inScope: Money;
  /** Share of the funds, spread by in-scope amount, largest remainder, ties to the earlier line, never above the line. */
  readonly covered: Money;
  /** total − covered − the line's share of what the institution bears. */
  readonly own: Money;
  readonly reasons: readonly Reason[];
}

/**
 * The whole split. total = outOfScope + overCeiling + firstSelfPay + inScope;
 * own = total − fundTotal − institution = account + cash; nothing is negative.
 */
export interface BenefitSplit {
  readonly policy: string;
  readonly version: string;
  readonly total: Money;
  readonly outOfScope: Money;
  readonly overCeiling: Money;
  readonly firstSelfPay: Money;
  readonly inScope: Money;
  /** What limits left of inScope: the base of deductible and bands; added to the year's counted cost. */
  readonly counted: Money;
  readonly deductible: Money;
  readonly funds: Readonly<Record<Layer, Money>>;
  readonly fundTotal: Money;
  /** Borne by the institution (C9). */
  readonly institution: Money;
  readonly own: Money;
  readonly account: Money;
  readonly cash: Money;
  readonly lines: readonly BenefitLineSplit[];
  /** In the order of the document's steps; a reason may have parts (bands, lines). */
  readonly reasons: readonly Reason[];
}
