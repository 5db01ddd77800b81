/**
 * How a shop's item came to its national code (B2): by the item's own code, approval number, 药监本位码, barcode,
 * the list's rules on names (凡例), or a person.
 */
export const matchBases = [
  'code',
  'standard-code',
  'approval-number',
  'barcode',
  'name',
  'person',
  // As the agency has it (1317).
  'agency',
] as const;
export type MatchBasis = (typeof matchBases)[number];

/**
 * `proposed` waits for a person; `confirmed` is to be uploaded (3301); `uploaded` is known to the agency; `refused`
 * was sent back with words; `declined` = a person said that the item has no code; `revoking` and `revoked` (3302).
 * Only `confirmed` and `uploaded` ones are used in sales. An item without such a row is sold by the code of the
 * shop's list or of the agency's own mappings, a declined one by none: its lines are own pay.
 */
export const mappingStates = [
  'proposed',
  'confirmed',
  'uploaded',
  'refused',
  'declined',
  'revoking',
  'revoked',
] as const;
export type MappingState = (typeof mappingStates)[number];

/** One item's mapping, a row of the work-list. */
export interface ItemMapping {
  readonly shopCode: string;
  readonly state: MappingState;
  /** Absent while nothing fitting was found. */
  readonly nationalCode?: string;
  /** Code list_type: 101 western and patent medicine, 102 herbal pieces, 201 services, 301 materials. */
  readonly listType?: string;
  readonly basis?: MatchBasis;
  /** 0 to 1000: how sure the match is; 1000 = the same code. */
  readonly confidence: number;
  /** Why, in words for the person who decides. */
  readonly why: string;
  /** Further candidates, best first. */
  readonly others: readonly {
    readonly nationalCode: string;
    readonly confidence: number;
    readonly why: string;
  }[];
  readonly from?: string;
  readonly to?: string;
  readonly changedAtMs: number;
  /** Operator number, or `till`. */
  readonly by: string;
  readonly faultCode?: string;
  readonly agencyText?: string;
}
