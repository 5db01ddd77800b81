import { keysOf } from '#catalog/search/keys';
import type { Product } from '#core/domain/product';
import { type Draw, seededDraw } from './generate-products.ts';

/** Ways of typing that have to be quick. */
export const exactKinds = ['initials', 'pinyin', 'hanzi', 'code'] as const;
export type QueryKind = (typeof exactKinds)[number] | 'typo';

export interface Query {
  readonly kind: QueryKind;
  readonly text: string;
  /** A product answers the query when its name holds this (names), or this is one of its codes. */
  readonly meant: string;
}

const SEED = 7;

/**
 * What cashiers type for products that are there: initials of three to six characters, full pinyin of two or
 * three, two to four written characters from anywhere in the name, a scanned barcode or the head of a code.
 */
export function mixedQueries(products: readonly Product[], count: number): readonly Query[] {
  return drawn(products, count, exactKinds);
}

/** The same with one character wrong, missing, extra or swapped, in four written characters or three in pinyin. */
export function typoQueries(products: readonly Product[], count: number): readonly Query[] {
  return drawn(products, count, ['typo']);
}

function drawn(products: readonly Product[], count: number, kinds: readonly QueryKind[]): readonly Query[] {
  const draw = seededDraw(SEED);
  const queries: Query[] = [];
  while (queries.length < count) {
    const product = products[draw(products.length)];
    const kind = kinds[queries.length % kinds.length];
    const query = product === undefined || kind === undefined ? undefined : queryFor(product, kind, draw);
    if (query !== undefined) queries.push(query);
  }
  return queries;
}

function queryFor(product: Product, kind: QueryKind, draw: Draw): Query | undefined {
  if (kind === 'code') return codeQuery(product, draw);
  const hanzi = /^\p{Script=Han}+/u.exec(product.genericName)?.[0] ?? '';
  if (hanzi.length < 4) return undefined;
  if (kind === 'typo') return typoQuery(hanzi, draw);
  if (kind === 'hanzi') {
    const length = 2 + draw(3);
    const from = draw(hanzi.length - length + 1);
    const text = hanzi.slice(from, from + length);
    return { kind, text, meant: text };
  }
  const meant = kind === 'initials' ? hanzi.slice(0, 3 + draw(4)) : hanzi.slice(0, 2 + draw(2));
  const [first, second] = keysOf(meant).pinyin;
  const text = (kind === 'initials' ? first : second)?.key;
  return text === undefined ? undefined : { kind, text, meant };
}

function codeQuery(product: Product, draw: Draw): Query | undefined {
  if (draw(2) === 0) {
    const { barcode } = product;
    return barcode === undefined ? undefined : { kind: 'code', text: barcode, meant: barcode };
  }
  return { kind: 'code', text: product.shopCode.slice(0, 7), meant: product.shopCode.slice(0, 7) };
}

const OTHER_HANZI = '西林片素酸钠复方胶囊颗';
const OTHER_LETTERS = 'aeioungzhl';

function typoQuery(hanzi: string, draw: Draw): Query | undefined {
  const inPinyin = draw(2) === 0;
  const meant = hanzi.slice(0, inPinyin ? 3 : 4);
  const typed = [...((inPinyin ? keysOf(meant).pinyin[1]?.key : meant) ?? '')];
  if (typed.length < 4) return undefined;
  // The first character is seldom the wrong one.
  const at = 1 + draw(typed.length - 2);
  const others = inPinyin ? OTHER_LETTERS : OTHER_HANZI;
  const other = others[draw(others.length)] ?? '';
  const [here = '', next = ''] = [typed[at], typed[at + 1]];
  const changed = [[other], [], [here, other], [next, here]][draw(4)] ?? [];
  const swaps = changed.length === 2 && changed[0] === next;
  const text = [...typed.slice(0, at), ...changed, ...typed.slice(at + (swaps ? 2 : 1))].join('');
  return text === typed.join('') ? undefined : { kind: 'typo', text, meant };
}

/** Whether a result is what the query meant. */
export function answers(query: Query, product: Product): boolean {
  const { genericName, barcode, shopCode } = product;
  if (query.kind !== 'code') return genericName.includes(query.meant);
  return barcode === query.meant || shopCode.startsWith(query.meant);
}
