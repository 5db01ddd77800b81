import { Index } from 'flexsearch';
import type { Product } from '#core/domain/product';
import { createSpelling, tokensOf } from './search-words.ts';

/**
 * FlexSearch as a shop's program would set it up: the same words as for MiniSearch, found from their beginning
 * (`forward`), all words needed.
 */
export function flexSearchOver(products: readonly Product[]): (text: string, limit: number) => Product[] {
  const engine = new Index({ tokenize: 'forward', encode: tokensOf, cache: false });
  const spell = createSpelling();
  products.forEach((product, id) => {
    const { genericName, tradeName = '', shopCode, barcode = '', nationalCode = '' } = product;
    const [initials, pinyin] = spell(genericName);
    const codes = [shopCode, barcode, nationalCode];
    engine.add(id, [genericName, tradeName, initials, pinyin, ...codes].join(' '));
  });
  return (text, limit) => engine.search(text, { limit }).flatMap((id) => products[Number(id)] ?? []);
}
