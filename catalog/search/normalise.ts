/** Longest query and key in characters; as many as names need to be told apart. */
export const LONGEST_KEY = 32;

const greek: Readonly<Record<string, string>> = {
  α: 'a',
  β: 'b',
  γ: 'g',
  δ: 'd',
  ε: 'e',
  κ: 'k',
  λ: 'l',
  μ: 'u',
  ω: 'o',
};

/**
 * What is compared when names are searched: NFKC (so Ⅱ is ii and full-width letters are plain), lower case,
 * Greek letters as their Latin ones, ü as v, and only letters, digits and hanzi. Everything else goes, so
 * wildcards, quotes and emoji cannot reach a query.
 */
export function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[α-ω]/g, (letter) => greek[letter] ?? '')
    .replace(/[üǖǘǚǜ]/g, 'v')
    .replace(/[^\p{Script=Han}a-z0-9]/gu, '');
}

/** Without the Greek letters and Roman numerals that nobody types: 人干扰素α1b, 丙戊酸钠Ⅰ. */
export function withoutSigns(text: string): string {
  return text.replace(/[Α-Ωα-ω\u2160-\u217f]/g, '');
}

export function hasHanzi(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}
