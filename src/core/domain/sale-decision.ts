export const decisionKinds = [
  'upload-again',
  'collected-cash',
  'collected-mobile',
  'written-off',
  'settled',
  'not-settled',
  'not-deducted',
] as const;

/**
 * What two people decide about a sale that the terminal cannot clear up by itself. Of a rejected offline sale: the
 * holder paid the insured part after all, the shop bears it, or it is uploaded once more. Of one in suspense
 * (挂账): the agency says by other means that it has settled it, or that it has not. Of a purchase torn out of the
 * reader: the card will not come back, and nothing counts as deducted.
 */
export type SaleDecision =
  | { readonly kind: Exclude<(typeof decisionKinds)[number], 'settled' | 'not-settled'> }
  | { readonly kind: 'not-settled' }
  | { readonly kind: 'settled'; readonly settlementId: string; readonly visitId: string };
