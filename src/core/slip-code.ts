import { assert } from './assert.ts';
import { type JournalCode, parseJournalCode } from './journal-code.ts';
import { fen, type Money } from './money.ts';
import { verifySm2 } from './sm2.ts';

/** What the QR code of a slip says under the terminal's signature: whose slip, which sale, how much, which entry. */
export interface SlipFacts {
  readonly institution: string;
  readonly terminal: string;
  readonly saleNumber: string;
  readonly kind: SlipFactKind;
  /** Business date-time, `yyyy-MM-dd HH:mm:ss`. */
  readonly at: string;
  readonly total: Money;
  readonly fund: Money;
  /** Own account and a relative's together. */
  readonly account: Money;
  readonly cash: Money;
  readonly check: JournalCode;
}

export type SlipFactKind = 'settlement' | 'offline' | 'own-pay' | 'cancellation';

/** The terminal's signature over the facts. */
export interface SlipSeal {
  /** First 16 hex digits of SM3 over the public key. */
  readonly keyId: string;
  /** r ‖ s, 128 hex digits. */
  readonly signature: string;
}

/** What a slip's code was read as: with facts and seal from a signed QR code, else sequence and short hash alone. */
export interface ReadSlipCode {
  readonly check: JournalCode;
  /** Of the unsigned QR code too; a typed check code names neither. */
  readonly institution?: string;
  readonly saleNumber?: string;
  readonly signed?: { readonly facts: SlipFacts; readonly seal: SlipSeal };
}

const LETTERS: Readonly<Record<SlipFactKind, string>> = {
  settlement: 'S',
  offline: 'O',
  'own-pay': 'P',
  cancellation: 'C',
};
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SIGNATURE_CHARACTERS = 103;
const AMOUNT = /^-?\d{1,16}$/;

/** The bytes that the terminal signs: everything in the code but the signature itself. */
export function slipCodeBytes(facts: SlipFacts, keyId: string): Uint8Array {
  return new TextEncoder().encode(signedPart(facts, keyId));
}

/**
 * Text of a signed QR code, in the characters of its alphanumeric mode where the parts allow it, which keeps the
 * picture small.
 */
export function slipCodeText(facts: SlipFacts, { keyId, signature }: SlipSeal): string {
  return `${signedPart(facts, keyId)}/${toBase32(signature)}`;
}

function signedPart(facts: SlipFacts, keyId: string): string {
  const { institution, terminal, saleNumber, kind, at, total, fund, account, cash, check } = facts;
  const time = at.replaceAll(/\D/g, '');
  const place = [institution, terminal, saleNumber, LETTERS[kind], time];
  const amounts = [total, fund, account, cash].map(String);
  return ['GUITAI2', ...place, ...amounts, check.sequence, check.code, keyId.toUpperCase()].join('/');
}

/** Reads a QR code's text or a typed check code; undefined when it is none, or was mistyped. */
export function parseSlipCode(text: string): ReadSlipCode | undefined {
  const parts = text.trim().split('/');
  if (parts[0]?.toUpperCase() === 'GUITAI2') return parseSigned(parts);
  const check = parseJournalCode(text);
  if (check === undefined) return undefined;
  const [form, institution, saleNumber] = parts;
  return form?.toUpperCase() === 'GUITAI1' && institution !== undefined && saleNumber !== undefined
    ? { check, institution, saleNumber }
    : { check };
}

function parseSigned(parts: readonly string[]): ReadSlipCode | undefined {
  const [, institution, terminal, saleNumber, letter, time, ...rest] = parts;
  const [total, fund, account, cash, sequence, code, keyId, encoded] = rest;
  if (parts.length !== 14 || institution === undefined || terminal === undefined) return undefined;
  if (saleNumber === undefined || keyId === undefined || !/^[0-9A-F]{16}$/.test(keyId)) return undefined;
  const kind = (Object.keys(LETTERS) as SlipFactKind[]).find((one) => LETTERS[one] === letter);
  const at = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(time ?? '');
  const amounts = [total, fund, account, cash].map((amount) =>
    AMOUNT.test(amount ?? '') ? fen(BigInt(amount ?? '')) : undefined,
  );
  const check = parseJournalCode(`${sequence}-${code}`);
  const signature = fromBase32(encoded ?? '');
  if (kind === undefined || at === null || check === undefined || signature === undefined) return undefined;
  const [a, b, c, d] = amounts;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  const [, year, month, day, hour, minute, second] = at;
  const facts: SlipFacts = {
    institution,
    terminal,
    saleNumber,
    kind,
    at: `${year}-${month}-${day} ${hour}:${minute}:${second}`,
    total: a,
    fund: b,
    account: c,
    cash: d,
    check,
  };
  return { check, institution, saleNumber, signed: { facts, seal: { keyId, signature } } };
}

/** Whether the holder of the public key signed exactly these facts. */
export function slipSealFits(facts: SlipFacts, { keyId, signature }: SlipSeal, publicKey: string): boolean {
  return verifySm2(slipCodeBytes(facts, keyId), signature, publicKey);
}

function toBase32(hex: string): string {
  assert(/^[0-9a-fA-F]{128}$/.test(hex), 'an SM2 signature has 128 hex digits');
  let value = BigInt(`0x${hex}`);
  let text = '';
  for (let index = 0; index < SIGNATURE_CHARACTERS; index += 1) {
    text = DIGITS.charAt(Number(value & 31n)) + text;
    value >>= 5n;
  }
  return text;
}

function fromBase32(text: string): string | undefined {
  if (text.length !== SIGNATURE_CHARACTERS) return undefined;
  let value = 0n;
  for (const char of text) {
    const digit = DIGITS.indexOf(char);
    if (digit < 0) return undefined;
    value = (value << 5n) | BigInt(digit);
  }
  const hex = value.toString(16).toUpperCase().padStart(128, '0');
  return hex.length === 128 ? hex : undefined;
}
