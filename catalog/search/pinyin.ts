import { pinyin } from 'pinyin-pro';
import { assert } from '#core/assert';
import { hasHanzi } from './normalise.ts';
import { otherReadings, phraseReadings } from './overrides.ts';

const LONGEST_PHRASE = Math.max(...[...phraseReadings.keys()].map((phrase) => phrase.length));
/** Ways of reading one name that are kept; more than one doubtful character is rare. */
const MOST_READINGS = 8;

/**
 * The ways in which a normalised name is read, best first; one entry per character, Latin letters and
 * digits standing for themselves. ü is v, as input methods have it.
 */
export function readingsOf(name: string): readonly (readonly string[])[] {
  const characters = [...name];
  if (!hasHanzi(name)) return [characters];
  const plain = dictionaryReading(characters);
  const best = bestReading(characters, plain);
  const readings: string[][] = [best];
  addNew(readings, plain);
  const swaps = [...characters.keys()].flatMap((index) =>
    (otherReadings.get(characters[index] ?? '') ?? []).map((other) => ({ index, other })),
  );
  for (const swap of swaps) addNew(readings, swapped(best, swap));
  // Two doubtful characters may both be typed the other way (枸…参…).
  for (const [at, swap] of swaps.entries()) {
    for (const second of swaps.slice(at + 1)) {
      if (second.index !== swap.index) addNew(readings, swapped(swapped(best, swap), second));
    }
  }
  return readings.slice(0, MOST_READINGS);
}

/** All readings of one character, the usual one first; none of what is not read. */
export function readingsOfCharacter(character: string): readonly string[] {
  const every = pinyin(character, { toneType: 'none', type: 'array', v: true, multiple: true });
  const own = readingsOf(character).flat();
  return [...new Set([...own, ...every.map(plainSyllable)])].filter((syllable) => /^[a-z]+$/.test(syllable));
}

function swapped(reading: readonly string[], { index, other }: { index: number; other: string }): string[] {
  return reading.map((syllable, at) => (at === index ? other : syllable));
}

function bestReading(characters: readonly string[], plain: readonly string[]): string[] {
  const reading = [...plain];
  let at = 0;
  while (at < characters.length) {
    at += applyPhrase(characters, at, reading);
  }
  return reading;
}

function applyPhrase(characters: readonly string[], at: number, reading: string[]): number {
  for (let length = Math.min(LONGEST_PHRASE, characters.length - at); length > 0; length -= 1) {
    const syllables = phraseReadings.get(characters.slice(at, at + length).join(''))?.split(' ');
    if (syllables === undefined) continue;
    assert(syllables.length === length, 'a phrase has one syllable per character');
    syllables.forEach((syllable, index) => {
      reading[at + index] = syllable;
    });
    return length;
  }
  return 1;
}

function dictionaryReading(characters: readonly string[]): string[] {
  const whole = syllables(characters.join(''));
  // The dictionary joins or drops what it does not know; then each character is read by itself.
  if (whole.length === characters.length) return whole;
  return characters.map((character) => syllables(character)[0] ?? '');
}

function syllables(text: string): string[] {
  return pinyin(text, { toneType: 'none', type: 'array', v: true }).map(plainSyllable);
}

function plainSyllable(syllable: string): string {
  return syllable.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function addNew(readings: string[][], reading: string[]): void {
  const text = reading.join(' ');
  if (readings.every((known) => known.join(' ') !== text)) readings.push(reading);
}
