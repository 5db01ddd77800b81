import iconv from 'iconv-lite';
import { fromHex, toHex } from '#core/hex';

/** One item of EF05 or EF06: its tag and the bytes of its value (reference 2.2). */
export interface Item {
  readonly tag: number;
  readonly length: number;
}

/** EF05, issuer data (发卡机构数据), in reading order. */
export const issuerItems = [
  { name: 'cardId', tag: 0x01, length: 0x10 },
  { name: 'cardClass', tag: 0x02, length: 0x01 },
  { name: 'version', tag: 0x03, length: 0x04 },
  { name: 'institution', tag: 0x04, length: 0x0c },
  { name: 'issueDate', tag: 0x05, length: 0x04 },
  { name: 'expiryDate', tag: 0x06, length: 0x04 },
  { name: 'cardNumber', tag: 0x07, length: 0x09 },
] as const satisfies readonly (Item & { readonly name: string })[];

/** EF06, holder data (持卡人基本信息); the name extension does not exist on 1.00 cards. */
export const holderItems = [
  { name: 'socialSecurityNumber', tag: 0x08, length: 0x12 },
  { name: 'name', tag: 0x09, length: 0x1e },
  { name: 'nameExtension', tag: 0x4e, length: 0x14 },
  { name: 'sex', tag: 0x0a, length: 0x01 },
  { name: 'nation', tag: 0x0b, length: 0x01 },
  { name: 'birthplace', tag: 0x0c, length: 0x03 },
  { name: 'birthDate', tag: 0x0d, length: 0x04 },
] as const satisfies readonly (Item & { readonly name: string })[];

/** Items of the files by their names; missing ones are missing. */
export function namedValues<Name extends string>(
  items: readonly (Item & { readonly name: Name })[],
  values: ReadonlyMap<number, Uint8Array>,
): Readonly<Partial<Record<Name, Uint8Array>>> {
  const named: Partial<Record<Name, Uint8Array>> = {};
  for (const { name, tag } of items) {
    const value = values.get(tag);
    if (value !== undefined) named[name] = value;
  }
  return named;
}

export type IssuerItem = (typeof issuerItems)[number]['name'];
export type HolderItem = (typeof holderItems)[number]['name'];

/** The value of a record `tag length value`; undefined when it is another record or cut short. */
export function recordValue(record: Uint8Array, tag: number): Uint8Array | undefined {
  const [actual, length] = record;
  if (actual !== tag || length === undefined || record.length < 2 + length) return undefined;
  return record.subarray(2, 2 + length);
}

/** Records in a row, as one READ RECORD of a whole file gives them; stops at the first damage. */
export function splitRecords(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const records = new Map<number, Uint8Array>();
  let at = 0;
  while (at + 2 <= bytes.length) {
    const tag = bytes[at] ?? 0;
    const value = recordValue(bytes.subarray(at), tag);
    if (value === undefined) break;
    // The same tag may occur several times; the first is the item of the file.
    if (!records.has(tag)) records.set(tag, value);
    at += 2 + value.length;
  }
  return records;
}

/** Never written: nothing but 00 or nothing but FF. */
export function isUnwritten(value: Uint8Array | undefined): boolean {
  if (value === undefined) return true;
  return value.every((byte) => byte === 0x00) || value.every((byte) => byte === 0xff);
}

/** an: ASCII, filled right with 00. Undefined when unwritten or not printable. */
export function asciiItem(value: Uint8Array | undefined): string | undefined {
  if (value === undefined || isUnwritten(value)) return undefined;
  const text = Buffer.from(value).toString('latin1').replace(/\0+$/, '').trim();
  return /^[\x20-\x7e]+$/.test(text) ? text : undefined;
}

const CARD_NUMBER_LENGTH = 9;

/** Card number (卡号): the first nine characters, some cards hold more. Undefined when there are fewer. */
export function cardNumberItem(value: Uint8Array | undefined): string | undefined {
  const text = asciiItem(value)?.slice(0, CARD_NUMBER_LENGTH);
  return text?.length === CARD_NUMBER_LENGTH ? text : undefined;
}

/** cn: BCD, filled right with F. Undefined when unwritten or a digit is none. */
export function digitItem(value: Uint8Array | undefined): string | undefined {
  if (value === undefined || isUnwritten(value)) return undefined;
  const digits = toHex(value).replace(/F+$/, '');
  return /^\d+$/.test(digits) ? digits : undefined;
}

/**
 * `yyyy-MM-dd` from four BCD bytes; undefined for anything else. Real cards hold ASCII years there, FF and
 * 00, and none of that may stop a reading (EF05-ALL-QUIRK).
 */
export function dateItem(value: Uint8Array | undefined): string | undefined {
  if (value?.length !== 4) return undefined;
  const digits = toHex(value);
  if (!/^\d{8}$/.test(digits)) return undefined;
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // A day that the month does not have comes out in the next one.
  const isDay = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return isDay && year !== '0000' ? `${year}-${month}-${day}` : undefined;
}

/**
 * The holder's name from items 09 and 4E. Joined as bytes first, because the border may fall inside a
 * character. GB18030 holds every GBK text. Control and format characters go: a name is printed, and ESC is a
 * printer command. Undefined when nothing readable is left.
 */
export function nameItem(
  name: Uint8Array | undefined,
  extension: Uint8Array | undefined,
): string | undefined {
  const parts = [name, extension].filter((part) => part !== undefined).filter((part) => !isUnwritten(part));
  const bytes = Buffer.concat(parts).filter((byte) => byte !== 0x00);
  const text = iconv
    .decode(bytes, 'gb18030')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
  return text === '' || text.includes('\ufffd') ? undefined : text;
}

const CHECK_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2] as const;

/**
 * Whether the ninth character of a card number fits the first eight (reference 2.2). A hint only: issued
 * cards with another character exist, so nothing is refused for it.
 */
export function cardNumberCheckFits(cardNumber: string): boolean {
  if (!/^[0-9A-Z]{8}[0-9X]$/.test(cardNumber)) return false;
  const sum = CHECK_WEIGHTS.reduce(
    (total, weight, index) => total + weight * Number.parseInt(cardNumber.charAt(index), 36),
    0,
  );
  return '0123456789X0'.charAt(11 - (sum % 11)) === cardNumber.charAt(8);
}

/** Eight bytes from hex, or undefined: outside data, so the shape is checked here. */
export function eightBytes(hex: string): Uint8Array | undefined {
  return /^[0-9A-F]{16}$/i.test(hex) ? fromHex(hex) : undefined;
}
