import { keysOf } from '#catalog/search/keys';

/** Written words in pairs of characters, others as they are: what both peers are given to index. */
export function tokensOf(text: string): string[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return words.flatMap((word) => (/\p{Script=Han}/u.test(word) ? pairsOf(word) : [word]));
}

function pairsOf(word: string): string[] {
  const characters = [...word];
  if (characters.length < 2) return characters;
  return characters.slice(0, -1).map((character, at) => character + (characters[at + 1] ?? ''));
}

/** Initials and full pinyin of a name; there are far fewer names than products, so each is spelt once. */
export function createSpelling(): (name: string) => readonly [string, string] {
  const spelt = new Map<string, readonly [string, string]>();
  return (name) => {
    const known = spelt.get(name);
    if (known !== undefined) return known;
    const [initials, pinyin] = keysOf(name).pinyin;
    const spelling = [initials?.key ?? '', pinyin?.key ?? ''] as const;
    spelt.set(name, spelling);
    return spelling;
  };
}
