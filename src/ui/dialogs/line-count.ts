import type { LineView } from '#server/api-types';

/** What a typed figure counts. */
export type CountMode = 'pack' | 'smallest' | 'doses';

/** Body of `PATCH /api/sale/lines/:lineNumber` for how much is sold. */
export type LineChange =
  | { readonly quantity: string; readonly unit: LineView['unit'] }
  | NonNullable<LineView['herbalDoses']>;

/** The ways in which a line's product can be counted, in the order in which F2 goes through them. */
export function modesOf({ product }: LineView): readonly CountMode[] {
  const breakable = product.unitsPerPack !== undefined && product.smallestUnit !== undefined;
  return [
    'pack',
    ...(breakable ? ['smallest' as const] : []),
    ...(product.byDoses ? ['doses' as const] : []),
  ];
}

/** Number of doses (付数) of the newest line that has them. */
export function lastDoses(lines: readonly LineView[]): string | undefined {
  return lines.findLast(({ herbalDoses }) => herbalDoses !== undefined)?.herbalDoses?.doses;
}
