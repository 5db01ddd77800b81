import { createHash } from 'node:crypto';
import { assert } from './assert.ts';

/** The place of a journal entry and the beginning of its hash, as a person types it from a slip. */
export interface JournalCode {
  readonly sequence: number;
  /** Nine characters for the first 45 bits of the entry's SM3 hash, and one that checks the typing. */
  readonly code: string;
}

/** Crockford's digits: no I, L, O, U, so that nothing is mistaken for another when it is read aloud or typed. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const HASH_CHARACTERS = 9;
const CODE_CHARACTERS = HASH_CHARACTERS + 1;
const HASH_BITS = 5 * HASH_CHARACTERS;

/** Check code (校验码) of the entry with this sequence and SM3 hash (64 hex digits): ten characters. */
export function journalCode(sequence: number, hash: string): JournalCode {
  assert(/^[0-9a-fA-F]{64}$/.test(hash), 'a journal hash has 64 hex digits');
  let bits = BigInt(`0x${hash}`) >> BigInt(256 - HASH_BITS);
  let code = '';
  for (let i = 0; i < HASH_CHARACTERS; i += 1) {
    code = DIGITS.charAt(Number(bits & 31n)) + code;
    bits >>= 5n;
  }
  return { sequence, code: code + checkCharacter(sequence, code) };
}

/** `1234-ABCDE-FGHJK`, as it stands on slips and in reports. */
export function journalCodeText({ sequence, code }: JournalCode): string {
  return `${sequence}-${code.slice(0, 5)}-${code.slice(5)}`;
}

/**
 * Reads what a person typed: any case, with or without spaces and dashes, O for 0, I and L for 1; also the text of
 * the slip's QR code. Undefined when it is no such code or was mistyped (a wrong character passes one time in 32).
 */
export function parseJournalCode(text: string): JournalCode | undefined {
  const typed = text.trim().toUpperCase();
  const scanned =
    /^GUITAI1\/[^/]+\/[^/]+\/(\d{1,15})\/([0-9A-Z]{10})$/.exec(typed) ??
    /^GUITAI2(?:\/[^/]+){9}\/(\d{1,15})\/([0-9A-Z]{10})\/[0-9A-F]{16}\/[0-9A-Z]+$/.exec(typed);
  const bare = scanned === null ? typed : `${scanned[1] ?? ''}${scanned[2] ?? ''}`;
  const plain = bare.replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  const sequence = plain.slice(0, -CODE_CHARACTERS);
  const code = plain.slice(-CODE_CHARACTERS);
  if (!/^\d{1,15}$/.test(sequence) || [...code].some((digit) => !DIGITS.includes(digit))) return undefined;
  const place = Number(sequence);
  if (code.at(-1) !== checkCharacter(place, code.slice(0, HASH_CHARACTERS))) return undefined;
  return { sequence: place, code };
}

/** Whether the entry at the code's sequence has the hash that the code was made from. */
export function codeFits({ sequence, code }: JournalCode, hash: string): boolean {
  return journalCode(sequence, hash).code === code;
}

/** Five bits of SM3 over both parts: whatever is mistyped, the chance to fit is one in 32. */
function checkCharacter(sequence: number, code: string): string {
  const digest = createHash('sm3').update(`${sequence}-${code}`, 'utf8').digest();
  return DIGITS.charAt((digest[0] ?? 0) & 31);
}
