import type { InsuranceClass } from '#core/domain/product';
import type { Money, Ratio, UnitPrice } from '#core/money';
import type { SlipActingPerson, SlipDocument, SlipHolder, SlipInstitution, SlipLine } from './document.ts';

/** What stands on every paper that is not the slip of a sale. */
export interface PaperHead {
  readonly training: boolean;
  readonly institution: SlipInstitution;
  readonly terminal: string;
  readonly operator: string;
  /** Business date-time, `yyyy-MM-dd HH:mm:ss`. */
  readonly printedAt: string;
  readonly notices: readonly string[];
  /** Telephone of the report line (举报投诉电话, F5). */
  readonly reportLine?: string;
}

/**
 * Own-pay consent (自费知情同意, E8): what the insurance does not pay, printed before the settlement and signed by
 * the holder or whoever acts for them.
 */
export interface ConsentDocument extends PaperHead {
  readonly kind: 'consent';
  readonly saleNumber: string;
  readonly holder?: SlipHolder;
  readonly actingPerson?: SlipActingPerson;
  /** Only lines with a part that nobody but the holder pays; `parts` as the split has them. */
  readonly lines: readonly SlipLine[];
  /** Own parts of these lines together. */
  readonly own: Money;
}

/** Refusal (拒付凭条): why nothing was settled, what is safe, what to do next; once and completely (E7). */
export interface RefusalDocument extends PaperHead {
  readonly kind: 'refusal';
  readonly saleNumber?: string;
  readonly holder?: SlipHolder;
  /** Code of the fault, for whoever is asked for help. */
  readonly code: string;
  readonly reasonZh: string;
  /** What the agency itself said, when it said something. */
  readonly agencyText?: string;
  readonly nextZh: string;
  /** Amount of the sale that was not settled. */
  readonly total?: Money;
}

/** A labelled amount or count of a day summary. */
export interface DayRow {
  readonly nameZh: string;
  readonly count?: number;
  readonly amount?: Money;
}

/** Day summary (日结单, H1): the sales and the ledger of one business day; signed by two people (H2). */
export interface DaySummaryDocument extends PaperHead {
  readonly kind: 'day-summary';
  readonly businessDay: string;
  /** Person-times by way of paying, with what they came to. */
  readonly sales: readonly DayRow[];
  /** Who paid what of it, from the ledger's postings of the day; its sum is the total of the sales. */
  readonly payers: readonly DayRow[];
  readonly total: Money;
  /** What still has to be done: uploads, open outcomes, slips. */
  readonly open: readonly DayRow[];
  /** Head of the journal, as a person reads it out. */
  readonly journalHead?: string;
}

/** Price label (价签) of a shelf: clearly priced goods (明码标价) with their insurance class. */
export interface PriceLabelDocument extends PaperHead {
  readonly kind: 'price-label';
  readonly genericName: string;
  readonly tradeName?: string;
  readonly specification: string;
  readonly maker: string;
  readonly unit: string;
  readonly price: UnitPrice;
  readonly shopCode: string;
  readonly nationalCode?: string;
  readonly insuranceClass: InsuranceClass;
  readonly firstSelfPayRatio: Ratio;
  readonly prescriptionOnly: boolean;
  /** Business day from which the price holds. */
  readonly validFrom?: string;
}

/** Everything that the counter prints, as values: layout, bytes and pictures are made from this alone. */
export type PaperDocument =
  | SlipDocument
  | ConsentDocument
  | RefusalDocument
  | DaySummaryDocument
  | PriceLabelDocument;

/** Whether the paper is the slip of a sale. */
export function isSaleSlip(document: PaperDocument): document is SlipDocument {
  return 'split' in document;
}
