import { pinyin } from 'pinyin-pro';
import type { Catalog } from '#catalog/catalog';
import type { Product } from '#core/domain/product';
import { product } from '../src/benefits/lines.ts';

/** What somebody types (`text`) and the name that has to stand among the ten answers. */
export interface TruthCase {
  readonly way: string;
  readonly text: string;
  readonly name: string;
}

export interface WayFound {
  readonly way: string;
  readonly cases: number;
  readonly found: number;
  readonly misses: readonly TruthCase[];
}

const ANSWERS = 10;

/** How many cases of each way are found. */
export function foundByWay(catalog: Catalog, cases: readonly TruthCase[]): readonly WayFound[] {
  const ways = new Map<string, { cases: number; misses: TruthCase[] }>();
  for (const truth of cases) {
    const way = ways.get(truth.way) ?? { cases: 0, misses: [] };
    ways.set(truth.way, way);
    way.cases += 1;
    // The first answers of a longer list are those of a shorter one, and that is quicker to ask.
    const isFound = [1, ANSWERS].some((limit) =>
      catalog.search(truth.text, limit).some(({ genericName }) => genericName === truth.name),
    );
    if (!isFound) way.misses.push(truth);
  }
  return [...ways].map(([way, { cases: all, misses }]) => ({
    way,
    cases: all,
    found: all - misses.length,
    misses,
  }));
}

/** A product for each name. */
export function productsNamed(names: readonly string[]): Product[] {
  return names.map((genericName, at) => product({ shopCode: `N${at}`, genericName }));
}

/**
 * Readings of doubtful hanzi that this test knows by itself: both must be found. Of a phrase, the first hanzi
 * is the doubtful one.
 */
const doubtful: readonly (readonly [string, readonly string[]])[] = [
  ['枸橼', ['ju', 'gou']],
  ['参', ['shen', 'can']],
  ['咳', ['ke', 'hai']],
  ['粘', ['nian', 'zhan']],
  ['炔', ['que', 'gui']],
  ['重组', ['chong', 'zhong']],
  ['血', ['xue', 'xie']],
  ['阿胶', ['e', 'a']],
  ['白术', ['bai']],
  ['朴', ['pu', 'po']],
  ['柏', ['bai', 'bo']],
];

/** All that somebody may type for a name: as written, and read by the dictionary and in every doubtful way. */
export function casesOf(name: string): readonly TruthCase[] {
  const read = readingOf(name);
  const readings = [read];
  for (const [phrase, ways] of doubtful) {
    const at = name.indexOf(phrase);
    if (at < 0 || read.length !== [...name].length) continue;
    readings.push(...ways.map((way) => read.with([...name.slice(0, at)].length, way)));
  }
  const typed = readings.flatMap((syllables) => [
    { way: 'initials', text: syllables.map((syllable) => syllable.slice(0, 1)).join(''), name },
    { way: 'pinyin', text: syllables.join(''), name },
  ]);
  return [{ way: 'hanzi', text: name, name }, ...typed.filter(({ text }) => text !== '')];
}

/** One syllable per hanzi, letters and digits as they are, other signs as nothing. */
function readingOf(name: string): readonly string[] {
  const syllables = pinyin(name, { toneType: 'none', type: 'array', v: true });
  return syllables.map((syllable) => syllable.toLowerCase().replace(/[^a-z0-9]/g, ''));
}

export function summary(ways: readonly WayFound[]): string {
  return ways
    .map(({ way, cases, found, misses }) => {
      const share = `${way}: ${found} of ${cases} found (${((100 * found) / cases).toFixed(2)} %)`;
      return [share, ...misses.map(({ text, name }) => `  missed ${name} by ${text}`)].join('\n');
    })
    .join('\n');
}
