import MiniSearch from 'minisearch';
import { keysOf } from '#catalog/search/keys';
import type { Product } from '#core/domain/product';

interface Entry {
  readonly id: number;
  readonly name: string;
  readonly trade: string;
  readonly initials: string;
  readonly pinyin: string;
  readonly codes: string;
}

const fields = ['name', 'trade', 'initials', 'pinyin', 'codes'];
const hanzi = /\p{Script=Han}/u;

/**
 * MiniSearch as a shop's program would set it up: written names in pairs of characters, initials, full pinyin
 * and codes as words with prefix search, all words needed.
 */
export function miniSearchOver(products: readonly Product[]): (text: string, limit: number) => Product[] {
  const engine = new MiniSearch<Entry>({
    fields,
    tokenize: tokens,
    searchOptions: { prefix: true, combineWith: 'AND' },
  });
  const spoken = new Map<string, readonly [string, string]>();
  engine.addAll(products.map((product, id) => entryOf(product, id, spoken)));
  return (text, limit) =>
    engine
      .search(text)
      .slice(0, limit)
      .flatMap(({ id }) => products[Number(id)] ?? []);
}

function entryOf(product: Product, id: number, spoken: Map<string, readonly [string, string]>): Entry {
  const { genericName, tradeName = '', shopCode, barcode = '', nationalCode = '' } = product;
  // There are far fewer names than products: each is spelt once.
  const [initials, pinyin] = spoken.get(genericName) ?? spell(genericName);
  spoken.set(genericName, [initials, pinyin]);
  return {
    id,
    name: genericName,
    trade: tradeName,
    initials,
    pinyin,
    codes: `${shopCode} ${barcode} ${nationalCode}`,
  };
}

function spell(name: string): readonly [string, string] {
  const [initials, pinyin] = keysOf(name).pinyin;
  return [initials?.key ?? '', pinyin?.key ?? ''];
}

function tokens(text: string): string[] {
  const plain = text.toLowerCase();
  if (!hanzi.test(plain)) return plain.split(/\s+/).filter((word) => word !== '');
  const characters = [...plain];
  return characters.slice(0, -1).map((character, at) => character + (characters[at + 1] ?? ''));
}
