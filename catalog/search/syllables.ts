/** Finals that each initial takes (普通话音节表); an empty initial stands for the syllables that have none. */
const finals: Readonly<Record<string, string>> = {
  '': 'a ai an ang ao e ei en eng er o ou',
  b: 'a ai an ang ao ei en eng i ian iao ie in ing o u',
  p: 'a ai an ang ao ei en eng i ian iao ie in ing o ou u',
  m: 'a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u',
  f: 'a an ang ei en eng o ou u iao',
  d: 'a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo',
  t: 'a ai an ang ao e ei eng i ian iao ie ing ong ou u uan ui un uo',
  n: 'a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo v ve',
  l: 'a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve',
  g: 'a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo',
  k: 'a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo',
  h: 'a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo',
  j: 'i ia ian iang iao ie in ing iong iu u uan ue un',
  q: 'i ia ian iang iao ie in ing iong iu u uan ue un',
  x: 'i ia ian iang iao ie in ing iong iu u uan ue un',
  zh: 'a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo',
  ch: 'a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo',
  sh: 'a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo',
  r: 'an ang ao e en eng i ong ou u ua uan ui un uo',
  z: 'a ai an ang ao e ei en eng i ong ou u uan ui un uo',
  c: 'a ai an ang ao e en eng i ong ou u uan ui un uo',
  s: 'a ai an ang ao e en eng i ong ou u uan ui un uo',
  y: 'a an ang ao e i in ing o ong ou u uan ue un',
  w: 'a ai an ang ei en eng o u',
};

const beginnings = new Set<string>();
for (const [initial, endings] of Object.entries(finals)) {
  for (const ending of endings.split(' ')) {
    const syllable = initial + ending;
    for (let length = 1; length <= syllable.length; length += 1) beginnings.add(syllable.slice(0, length));
  }
}

const LONGEST_SYLLABLE = 6;

/** One character of a name as it was typed: the hanzi, a digit, or the beginning of its reading. */
export type Element = string;

/**
 * The ways to take mixed input apart into one element per character: `amoxl` is a-mo-x-l. Whole syllables go
 * before single letters; at most `most` ways.
 */
export function elementsOf(text: string, most: number): readonly (readonly Element[])[] {
  const characters = [...text];
  const ways: Element[][] = [];
  const take = (at: number, before: readonly Element[]): void => {
    if (ways.length >= most) return;
    const character = characters[at];
    if (character === undefined) {
      ways.push([...before]);
      return;
    }
    if (!/[a-z]/.test(character)) {
      take(at + 1, [...before, character]);
      return;
    }
    for (let length = LONGEST_SYLLABLE; length > 0; length -= 1) {
      const piece = characters.slice(at, at + length).join('');
      if (piece.length !== length) continue;
      // Names hold Latin letters too (维生素B6), so a letter alone always stands for itself.
      if (length === 1 || beginnings.has(piece)) take(at + length, [...before, piece]);
    }
  };
  take(0, []);
  return ways;
}
