/** What a specification says in figures: 0.25g×24片 is 250,000 µg and 24. */
export interface Strength {
  /** Amounts per unit, each normalised (µg, µl, IU, %), in ascending order of text. */
  readonly amounts: readonly string[];
  /** Units in a pack, when the specification tells it. */
  readonly count?: number;
}

const MASS: Readonly<Record<string, number>> = {
  kg: 1_000_000_000,
  g: 1_000_000,
  克: 1_000_000,
  mg: 1_000,
  毫克: 1_000,
  ug: 1,
  μg: 1,
  µg: 1,
  mcg: 1,
  微克: 1,
};
const VOLUME: Readonly<Record<string, number>> = {
  l: 1_000_000,
  升: 1_000_000,
  ml: 1_000,
  毫升: 1_000,
  ul: 1,
  μl: 1,
};
const UNITS: Readonly<Record<string, number>> = {
  万iu: 10_000,
  万单位: 10_000,
  万u: 10_000,
  iu: 1,
  单位: 1,
  u: 1,
};
const AMOUNT =
  /(\d+(?:\.\d+)?)\s*(万iu|万单位|万u|kg|mg|mcg|ug|μg|µg|毫克|微克|克|g|ml|ul|μl|毫升|升|l|iu|单位|u|%)/g;
const COUNT = /(\d+)\s*(片|粒|丸|袋|支|瓶|贴|枚|包|板|盒|s|颗|张|块|揿|喷|滴|吸|个)/g;

/** Reads what can be read; text without figures gives nothing, which fits anything. */
export function strengthOf(specification: string): Strength {
  const plain = specification.normalize('NFKC').toLowerCase().replace(/\s/g, '');
  const amounts = new Set<string>();
  for (const [, figure = '', unit = ''] of plain.matchAll(AMOUNT))
    amounts.add(normalised(Number(figure), unit));
  const count = countOf(plain);
  return { amounts: [...amounts].sort(), ...(count === undefined ? {} : { count }) };
}

/** `same`, `other`, or `unknown` when one of the two says nothing. */
export function compareAmounts(a: Strength, b: Strength): 'same' | 'other' | 'unknown' {
  if (a.amounts.length === 0 || b.amounts.length === 0) return 'unknown';
  const [few, many] = a.amounts.length <= b.amounts.length ? [a.amounts, b.amounts] : [b.amounts, a.amounts];
  // One side may name the volume too (10ml:50mg beside 50mg): what both name must agree.
  return few.every((amount) => many.includes(amount)) ? 'same' : 'other';
}

export function compareCounts(a: number | undefined, b: number | undefined): 'same' | 'other' | 'unknown' {
  if (a === undefined || b === undefined) return 'unknown';
  return a === b ? 'same' : 'other';
}

/** 12片×2板 is 24: counts behind a multiplication sign belong together, boxes and bottles of one are left out. */
function countOf(plain: string): number | undefined {
  const counts = [...plain.matchAll(COUNT)]
    .map(([, figure = '']) => Number(figure))
    .filter((count) => count > 0);
  const bare = /[×x*](\d+)(?:[×x*](\d+))?(?:$|\/)/.exec(plain);
  if (counts.length === 0 && bare !== null) return Number(bare[1]) * Number(bare[2] ?? '1');
  if (counts.length === 0) return undefined;
  return counts.reduce((product, count) => product * count, 1);
}

/** Whole numbers of the smallest unit as text; figures have at most six decimals, which a double holds. */
function normalised(figure: number, unit: string): string {
  if (unit === '%') return `${figure}%`;
  const mass = MASS[unit];
  if (mass !== undefined) return `${Math.round(figure * mass)}ug`;
  const volume = VOLUME[unit];
  if (volume !== undefined) return `${Math.round(figure * volume)}ul`;
  return `${Math.round(figure * (UNITS[unit] ?? 1))}iu`;
}
