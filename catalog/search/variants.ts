import { Converter } from 'opencc-js/t2cn';

/**
 * Spellings of names of drugs that are neither traditional nor mistakes: an older or another hanzi for the
 * same thing, before the usual one. Written for this program.
 */
const otherSpellings: ReadonlyMap<string, string> = new Map([
  ['黏', '粘'],
  ['甙', '苷'],
  ['檗', '柏'],
  ['醣', '糖'],
  ['葠', '参'],
  ['沈', '沉'],
  ['薰', '熏'],
  ['欝', '郁'],
  ['蝨', '虱'],
  ['痠', '酸'],
  ['癒', '愈'],
  ['嚥', '咽'],
  ['〇', '零'],
]);

const simplified = Converter({ from: 't', to: 'cn' });
const known = new Map<string, string>();

/**
 * Traditional and variant hanzi as their simplified, usual ones, character by character: what is compared is
 * alike, whatever way either side is written. Only for making keys: it loads the table of opencc.
 */
export function usualGlyphs(text: string): string {
  return [...text].map(usualGlyph).join('');
}

function usualGlyph(character: string): string {
  const before = known.get(character);
  if (before !== undefined) return before;
  const plain = simplified(otherSpellings.get(character) ?? character);
  // A phrase must not come out of one character: texts are compared place by place.
  const one = [...plain].length === 1 ? (otherSpellings.get(plain) ?? plain) : character;
  known.set(character, one);
  return one;
}
