import type { Product } from '#core/domain/product';
import type { CatalogStore } from '#core/ports/catalog-store';
import { hasHanzi, LONGEST_KEY, normalise } from './normalise.ts';

const MOST_WORDS = 4;
/** Products among which further words choose. */
const MOST_CANDIDATES = 60;

/** Best match first; see `Catalog.search`. */
export function search(store: CatalogStore, text: string, limit: number): readonly Product[] {
  if (limit === 0) return [];
  const cut = text.slice(0, 4 * LONGEST_KEY);
  const whole = searchWord(store, cut, limit);
  if (whole.length > 0) return whole;
  const words = cut.split(/\s+/u).filter((word) => normalise(word) !== '');
  return words.length < 2 ? [] : searchWords(store, words.slice(0, MOST_WORDS), limit);
}

function searchWord(store: CatalogStore, text: string, limit: number): readonly Product[] {
  const code = plainCode(text);
  const key = normalise(text).slice(0, LONGEST_KEY);
  const found = new Map<string, Product>();
  const add = (products: readonly Product[]) => {
    for (const product of products) if (found.size < limit) found.set(product.shopCode, product);
  };
  if (code !== '') add(store.byCode(code));
  const codesFirst = /^\d/.test(key);
  if (codesFirst && code !== '') add(store.byCodePrefix(code, limit));
  if (key !== '' && found.size < limit) {
    add(hasHanzi(key) ? store.bySubstring(key, limit) : store.byKeyPrefix(key, limit));
  }
  if (!codesFirst && code !== '' && found.size < limit) add(store.byCodePrefix(code, limit));
  return [...found.values()];
}

/** Several words must all fit: the longest one that finds anything gives the candidates, the others choose. */
function searchWords(store: CatalogStore, words: readonly string[], limit: number): readonly Product[] {
  const byLength = [...words].sort((a, b) => b.length - a.length);
  let candidates: readonly Product[] = [];
  let rest: readonly string[] = [];
  for (const [index, word] of byLength.entries()) {
    candidates = searchWord(store, word, MOST_CANDIDATES);
    rest = byLength.toSpliced(index, 1);
    if (candidates.length > 0) break;
  }
  for (const word of rest) {
    const said = candidates.filter((product) => says(product, word));
    if (said.length > 0 || hasHanzi(word)) {
      candidates = said;
      continue;
    }
    const spelt = new Set(searchWord(store, word, MOST_CANDIDATES).map((product) => product.shopCode));
    candidates = candidates.filter((product) => spelt.has(product.shopCode));
  }
  return candidates.slice(0, limit);
}

function says(product: Product, word: string): boolean {
  const { genericName, tradeName = '', form, specification, maker } = product;
  return normalise(`${genericName} ${tradeName} ${form} ${specification} ${maker}`).includes(normalise(word));
}

/** A code as scanned or typed: full-width signs made plain; empty when it cannot be a code. */
export function plainCode(text: string): string {
  const plain = text.normalize('NFKC').trim();
  return /^[\x21-\x7e]{1,64}$/.test(plain) ? plain : '';
}
