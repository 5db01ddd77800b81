import { z } from 'zod';
import { institutionKinds, institutionLevels, visitKinds } from './words.ts';

/**
 * When an entry of a document holds: every condition that is named must hold, an absent one always does.
 * Ages in whole years; `ageFrom` 70 means that exactly 70 counts (A4).
 */
export const condition = z.strictObject({
  visitKinds: z.array(z.enum(visitKinds)).min(1).optional(),
  levels: z.array(z.enum(institutionLevels)).min(1).optional(),
  kinds: z.array(z.enum(institutionKinds)).min(1).optional(),
  /** Ids of the document's person groups. */
  groups: z.array(z.string().min(1)).min(1).optional(),
  ageFrom: z.int().min(0).max(150).optional(),
  ageBelow: z.int().min(0).max(150).optional(),
  /** Any of these special identities, valid on the day of the case. */
  tags: z.array(z.string().min(1)).min(1).optional(),
  withoutTags: z.array(z.string().min(1)).min(1).optional(),
  /** Earlier stays of the year: at least, fewer than. */
  staysFrom: z.int().min(0).optional(),
  staysBelow: z.int().min(0).optional(),
  /** First and last day on which the entry holds, inside the document's own days. */
  from: z.string().optional(),
  to: z.string().optional(),
});

export type Condition = z.output<typeof condition>;
