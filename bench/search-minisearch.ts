import MiniSearch from 'minisearch';
import type { Product } from '#core/domain/product';
import { createSpelling, tokensOf } from './search-words.ts';

interface Entry {
  readonly id: number;
  readonly name: string;
  readonly trade: string;
  readonly initials: string;
  readonly pinyin: string;
  readonly codes: string;
}

const fields = ['name', 'trade', 'initials', 'pinyin', 'codes'];

/**
 * MiniSearch as a shop's program would set it up: written names in pairs of characters, initials, full pinyin
 * and codes as words with prefix search, all words needed; one error forgiven where asked.
 */
export function miniSearchOver(
  products: readonly Product[],
): (text: string, limit: number, forgiving: boolean) => Product[] {
  const engine = new MiniSearch<Entry>({
    fields,
    tokenize: tokensOf,
    searchOptions: { prefix: true, combineWith: 'AND' },
  });
  const spell = createSpelling();
  engine.addAll(products.map((product, id) => entryOf(product, id, spell)));
  return (text, limit, forgiving) =>
    engine
      .search(text, forgiving ? { fuzzy: 1 } : {})
      .slice(0, limit)
      .flatMap(({ id }) => products[Number(id)] ?? []);
}

function entryOf(product: Product, id: number, spell: ReturnType<typeof createSpelling>): Entry {
  const { genericName, tradeName = '', shopCode, barcode = '', nationalCode = '' } = product;
  const [initials, pinyin] = spell(genericName);
  return {
    id,
    name: genericName,
    trade: tradeName,
    initials,
    pinyin,
    codes: `${shopCode} ${barcode} ${nationalCode}`,
  };
}
