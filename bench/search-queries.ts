import { keysOf } from '#catalog/search/keys';
import type { Product } from '#core/domain/product';
import { seededDraw } from './generate-products.ts';

export type QueryKind = 'initials' | 'pinyin' | 'hanzi' | 'code';

export interface Query {
  readonly kind: QueryKind;
  readonly text: string;
  /** A product answers the query when its name holds this (names), or this is one of its codes. */
  readonly meant: string;
}

const kinds: readonly QueryKind[] = ['initials', 'pinyin', 'hanzi', 'code'];
const SEED = 7;

/**
 * What cashiers type for products that are there: initials of three to six characters, full pinyin of two or
 * three, two to four written characters from anywhere in the name, a scanned barcode or the head of a code.
 */
export function mixedQueries(products: readonly Product[], count: number): readonly Query[] {
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

function queryFor(product: Product, kind: QueryKind, draw: (limit: number) => number): Query | undefined {
  if (kind === 'code') return codeQuery(product, draw);
  const hanzi = /^\p{Script=Han}+/u.exec(product.genericName)?.[0] ?? '';
  if (hanzi.length < 4) return undefined;
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

function codeQuery(product: Product, draw: (limit: number) => number): Query | undefined {
  if (draw(2) === 0) {
    const { barcode } = product;
    return barcode === undefined ? undefined : { kind: 'code', text: barcode, meant: barcode };
  }
  return { kind: 'code', text: product.shopCode.slice(0, 7), meant: product.shopCode.slice(0, 7) };
}

/** Whether a result is what the query meant. */
export function answers(query: Query, product: Product): boolean {
  const { genericName, barcode, shopCode } = product;
  if (query.kind !== 'code') return genericName.includes(query.meant);
  return barcode === query.meant || shopCode.startsWith(query.meant);
}
