import type { PrinterCharset } from '#core/printer-profile';

const CODES = 0x10000;
/** CJK ideographs of extension A: the four-byte codes that a GB 18030-2000 font must hold. */
const EXTENSION_A = [0x3400, 0x4db5] as const;
/**
 * Characters whose code differs between the editions of GB 18030: a printer of one edition prints another character
 * than the program of the other meant, so they count as lacking everywhere.
 */
const DISPUTED: readonly (readonly [number, number])[] = [
  [0x1e3f, 0x1e3f],
  [0x9fb4, 0x9fbb],
  [0xe000, 0xf8ff],
  [0xfe10, 0xfe19],
];

/** €, ǹ, 〾 and the description marks came into the two-byte codes with GB 18030; older fonts leave their places empty. */
const LATER = [0x20ac, 0x01f9, 0x303e, ...Array.from({ length: 12 }, (_, index) => 0x2ff0 + index)];

/** What nearly every slip is made of is in GBK and needs no closer look. */
const COMMON = /^[\x20-\x7e\u4e00-\u9fa5\u00b7\u00d7\u3001-\u3003\u3005\u3008-\u3011\uff01-\uff5e]*$/;

const known = new Map<PrinterCharset, Uint8Array>();

/**
 * Which characters of the first plane a printer's font holds, one byte each. Made at first use from the code
 * table of the platform: a GB 2312 font holds both bytes from A1 on, GBK every two-byte code.
 */
function heldBy(charset: PrinterCharset): Uint8Array {
  const made = known.get(charset);
  if (made !== undefined) return made;
  const held = new Uint8Array(CODES);
  held.fill(1, 0x20, 0x7f);
  const decoder = new TextDecoder('gb18030');
  const firstByte = charset === 'gb2312' ? 0xa1 : 0x81;
  for (let lead = firstByte; lead <= 0xfe; lead += 1) {
    for (let trail = charset === 'gb2312' ? 0xa1 : 0x40; trail <= 0xfe; trail += 1) {
      if (trail === 0x7f || (charset === 'gb2312' && !inGb2312(lead))) continue;
      if (charset === 'gbk' && lead === 0xfe && trail >= 0x50) continue;
      const code = decoder.decode(Uint8Array.of(lead, trail)).charCodeAt(0);
      if (code !== 0xfffd) held[code] = 1;
    }
  }
  if (charset === 'gb18030') held.fill(1, EXTENSION_A[0], EXTENSION_A[1] + 1);
  for (const [from, to] of DISPUTED) held.fill(0, from, to + 1);
  if (charset !== 'gb18030') for (const code of LATER) held[code] = 0;
  known.set(charset, held);
  return held;
}

/** Rows of GB 2312 with characters in them: 01–09 and 16–87. */
function inGb2312(lead: number): boolean {
  return lead <= 0xa9 || (lead >= 0xb0 && lead <= 0xf7);
}

/** Index of the first character that the font lacks; -1 when it holds all. */
export function firstLacking(text: string, charset: PrinterCharset): number {
  if (charset !== 'gb2312' && COMMON.test(text)) return -1;
  const held = heldBy(charset);
  for (let index = 0; index < text.length; index += 1) {
    if (held[text.charCodeAt(index)] === 0) return index;
  }
  return -1;
}

/** Whether the font holds the character. Nothing outside of the first plane is in a printer's font. */
export function holdsCharacter(char: string, charset: PrinterCharset): boolean {
  return firstLacking(char, charset) < 0;
}
