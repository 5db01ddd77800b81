import type { NameKeys, SearchKey } from '#core/ports/catalog-store';
import { LONGEST_KEY, normalise, withoutSigns } from './normalise.ts';
import { readingsOf, readingsOfCharacter } from './pinyin.ts';
import { usualGlyphs } from './variants.ts';

/** Names longer than this are found by their first characters only. */
const CHARACTERS_READ = 60;

/**
 * Every key under which a name is found by prefix: the written name from each of its characters on (so a
 * prefix look-up is a substring search), and initials and full pinyin from each syllable on. Also how it is
 * written plainly and read; of a single character, all its readings.
 */
export function keysOf(name: string): NameKeys {
  const written = cleaned(name);
  const plain = usualGlyphs(written);
  const characters = [...plain];
  const names = new Keys();
  addWritten(names, characters);
  const readings = plain === written ? readingsOf(plain) : [...readingsOf(plain), ...readingsOf(written)];
  const spoken = new Keys();
  for (const reading of readings) addSpoken(spoken, reading);

  const bare = withoutSigns(name);
  if (bare !== name) {
    const shorter = usualGlyphs(cleaned(bare));
    addWritten(names, [...shorter]);
    for (const reading of readingsOf(shorter)) addSpoken(spoken, reading);
  }
  const lattice =
    characters.length === 1 && /\p{Script=Han}/u.test(plain)
      ? [[...readingsOfCharacter(written), ...readingsOfCharacter(plain)]]
      : characters.map((_, at) => readings.map((reading) => reading[at] ?? ''));
  return {
    name: names.list(),
    pinyin: spoken.list(),
    plain,
    spoken: lattice.map((ways) => [...new Set(ways)].filter((way) => way !== '').join(',')).join(' '),
  };
}

function cleaned(name: string): string {
  return [...normalise(name)].slice(0, CHARACTERS_READ).join('');
}

function addWritten(names: Keys, characters: readonly string[]): void {
  for (const from of characters.keys()) names.add(characters.slice(from).join(''), from === 0);
}

function addSpoken(spoken: Keys, reading: readonly string[]): void {
  const initials = reading.map((syllable) => syllable.slice(0, 1));
  reading.forEach((_, from) => {
    const whole = from === 0;
    // One letter at the end of a name is found by nobody and would fill the index.
    if (!whole && reading.length - from < 2) return;
    spoken.add(initials.slice(from).join(''), whole);
    spoken.add(reading.slice(from).join(''), whole);
  });
}

class Keys {
  readonly #whole = new Map<string, boolean>();

  add(text: string, whole: boolean): void {
    const key = text.slice(0, LONGEST_KEY);
    if (key === '') return;
    this.#whole.set(key, whole || (this.#whole.get(key) ?? false));
  }

  list(): SearchKey[] {
    return [...this.#whole].map(([key, whole]) => ({ key, whole }));
  }
}
