import type { BasketLine, Product } from '#core/domain/product';
import { type Fault, fault } from '#core/fault';
import { lineAmount, type Quantity } from '#core/money';
import { type CatalogStore, CatalogUnreadable, type CatalogVersion } from '#core/ports/catalog-store';
import { err, ok, type Result } from '#core/result';
import { hasHanzi, LONGEST_KEY, normalise } from './search/normalise.ts';

/** A line before it has its number in the sale. */
export type PricedLine = Omit<BasketLine, 'lineNumber'>;

export interface Catalog {
  readonly version: CatalogVersion;
  /**
   * One box for everything: codes, initials, pinyin, hanzi, several words apart by spaces. Best match
   * first, goods in stock before others. Any text is safe; nothing found is an empty list. A damaged file
   * gives an empty list too and shows in `damage`.
   */
  search(text: string, limit: number): readonly Product[];
  /**
   * What a scanner or a typed code means: barcode or shop code, else national code. Several packs may share
   * a barcode: all are given and the cashier chooses. Errors: `catalog-product-unknown`, `catalog-damaged`.
   */
  findByCode(code: string): Result<readonly Product[], Fault>;
  /** Errors as `findByCode`. */
  findByShopCode(shopCode: string): Result<Product, Fault>;
  /** Amount half up to the fen, once per line (interface relation 11). */
  priceLine(product: Product, quantity: Quantity): PricedLine;
  /** `catalog-damaged` once a look-up met a damaged file. */
  damage(): Fault | undefined;
  close(): void;
}

const MOST_RESULTS = 100;
const MOST_WORDS = 4;
/** Products among which further words choose. */
const MOST_CANDIDATES = 60;

/** Search, look-up and price over one opened catalogue version. */
export function createCatalog(store: CatalogStore): Catalog {
  let damaged: Fault | undefined;
  function guarded<T>(look: () => T): Result<T, Fault> {
    try {
      return ok(look());
    } catch (error) {
      if (!(error instanceof CatalogUnreadable)) throw error;
      damaged = fault('catalog-damaged', error.message);
      return err(damaged);
    }
  }
  return {
    version: store.version,
    search(text, limit) {
      const found = guarded(() => search(store, text, Math.max(0, Math.min(limit, MOST_RESULTS))));
      return found.ok ? found.value : [];
    },
    findByCode(code) {
      const plain = plainCode(code);
      const found = guarded(() => (plain === '' ? [] : store.byCode(plain)));
      if (!found.ok || found.value.length > 0) return found;
      return err(fault('catalog-product-unknown', plain));
    },
    findByShopCode(shopCode) {
      const found = guarded(() => store.byShopCode(plainCode(shopCode)));
      if (!found.ok) return found;
      return found.value === undefined ? err(fault('catalog-product-unknown')) : ok(found.value);
    },
    priceLine: (product, quantity) => ({
      product,
      quantity,
      amount: lineAmount(product.price, quantity, 'half-up'),
      catalogVersion: store.version.version,
    }),
    damage: () => damaged,
    close: () => store.close(),
  };
}

function search(store: CatalogStore, text: string, limit: number): readonly Product[] {
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
function plainCode(text: string): string {
  const plain = text.normalize('NFKC').trim();
  return /^[\x21-\x7e]{1,64}$/.test(plain) ? plain : '';
}
