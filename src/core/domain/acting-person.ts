/** Relation of someone who acts for the holder (代办人与持卡人关系). */
export const actingRelations = ['spouse', 'parent', 'child', 'other-relative', 'other'] as const;
export type ActingRelation = (typeof actingRelations)[number];

/** Someone who acts for the holder (代办, requirement A6); kept with the sale, the number sealed at rest. */
export interface ActingPerson {
  readonly relation: ActingRelation;
  readonly name: string;
  /** Identity number as shown by the person. */
  readonly identityNumber: string;
}
