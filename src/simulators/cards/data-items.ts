import iconv from 'iconv-lite';
import { assert } from '#core/assert';
import { toHex } from '#core/hex';

/** Data items of the card as hex text: tag, length, value (card reference 2.1). Lengths in bytes. */

/** an: text in GBK, filled right with 00. */
export function textItem(tag: string, length: number, text: string): string {
  return item(tag, length, textValue(text, length));
}

/** cn: BCD digits, filled right with F. */
export function digitItem(tag: string, length: number, digits: string): string {
  return item(tag, length, digitValue(digits, length));
}

/** Items inside an item (B-TLV). */
export function nested(tag: string, length: number, ...items: readonly string[]): string {
  return item(tag, length, items.join(''));
}

/** Value of an an field without tag and length, as records of fixed length have it. */
export function textValue(text: string, length: number): string {
  const hex = iconv.encode(text, 'gbk').toString('hex').toUpperCase();
  assert(hex.length <= 2 * length, `a text fits its ${length} bytes`);
  return hex.padEnd(2 * length, '0');
}

/** Value of a cn field without tag and length. */
export function digitValue(digits: string, length: number): string {
  assert(/^\d*$/.test(digits) && digits.length <= 2 * length, `digits fit ${length} bytes`);
  return digits.padEnd(2 * length, 'F');
}

/**
 * An item of a 1.00 card that was rewritten with its 2.00 meaning: the old length stays, filled right with E
 * (card reference 2.6).
 */
export function rewrittenItem(tag: string, oldLength: number, value: string): string {
  assert(value.length < 2 * oldLength, 'the new value leaves room for the mark at the end');
  return item(tag, oldLength, value.padEnd(2 * oldLength, 'E'));
}

function item(tag: string, length: number, value: string): string {
  assert(value.length === 2 * length, `item ${tag} has ${length} bytes`);
  return `${tag}${toHex(Uint8Array.of(length))}${value}`;
}
