import { type Fault, fault } from './fault.ts';
import { err, ok, type Result } from './result.ts';
import { parseElementString, parseGs1Link } from './scan-gs1.ts';

/** Kinds of numbers that carry a check digit of their own. */
export type CheckedKind = 'ean-13' | 'ean-8' | 'drug-standard' | 'gtin-14';

/**
 * What a scanned text is. `code` is what a catalogue is asked for; `text` is the whole text without prefixes and
 * control characters, under which a shop may have filed the thing itself.
 */
export type ScanCode = { readonly text: string } & (
  | { readonly kind: 'ean-13' | 'ean-8'; readonly code: string }
  /** 药品本位码: 86, 9, enterprise 5, product 5, check digit. */
  | { readonly kind: 'drug-standard'; readonly code: string }
  /** 药品追溯码, 20 digits, one per pack; its first seven name the drug. */
  | { readonly kind: 'trace'; readonly code: string; readonly drug: string }
  | ({ readonly kind: 'gs1'; readonly code: string } & Gs1Facts)
  /** Code of the national catalogue (国家医保编码): drug 20 or 23, piece 10, consumable 20 characters. */
  | { readonly kind: 'national'; readonly code: string }
  /** One-time QR of an electronic certificate (医保电子凭证). */
  | { readonly kind: 'certificate'; readonly code: string }
  /** A shop's own code. `suspect`: it has the shape of such a number and a wrong check digit. */
  | { readonly kind: 'shop'; readonly code: string; readonly suspect?: CheckedKind }
);

/** What GS1 application identifiers say (GS1 General Specifications, section 3). */
export interface Gs1Facts {
  /** AI 01, 14 digits, check digit proved. */
  readonly gtin: string;
  /** AI 21. */
  readonly serial?: string;
  /** AI 10. */
  readonly batch?: string;
  /** AI 17, `yyyy-MM-dd`; day 00 is the last day of its month. */
  readonly expiry?: string;
  /** The serial, where it is a 20-digit trace code. */
  readonly trace?: string;
}

export interface ScanOptions {
  /** What the text of an electronic certificate's QR looks like in this region. */
  readonly certificatePattern: RegExp;
}

/** Longest text that is looked at. */
const SCAN_LENGTH_MAX = 512;

/** Group separator: how a scanner sends the FNC1 between two GS1 values. */
const GS = '\u001d';
const SHOP_CODE_LENGTH_MAX = 64;
const TRACE = /^8\d{19}$/;
const DRUG_STANDARD = /^86\d{12}$/;
const NATIONAL = [
  /^X[A-Z]\d{2}[A-Z]{3}\d{3}[A-Z]\d{12}$/,
  /^Z[A-Z]\d{2}[A-Z]{3}\d{13}$/,
  /^T\d{9}$/,
  /^C\d{19}$/,
];

/**
 * Tells what a scanned text is. Faults: `scan-check-digit` (detail: the kind of number), `scan-unreadable`
 * (nothing left, or longer than 512 characters), `scan-not-goods` (a link or text that names no goods). A
 * catalogue that knows the text itself may be asked first: shops file codes of every shape. Never throws.
 */
export function classifyScan(text: string, options: ScanOptions): Result<ScanCode, Fault> {
  if (text.length > SCAN_LENGTH_MAX) return err(fault('scan-unreadable', `${text.length} characters`));
  const plain = tidy(text);
  if (plain === '') return err(fault('scan-unreadable', 'no characters'));
  return once(plain, options);
}

/** The last digit of EAN-8, EAN-13, GTIN-14 and 本位码 (GB 18937): mod 10, weights 3, 1, 3 … from the right. */
export function hasCheckDigit(digits: string): boolean {
  if (!/^\d{2,18}$/.test(digits)) return false;
  let sum = 0;
  for (let index = digits.length - 2, weight = 3; index >= 0; index -= 1, weight = 4 - weight) {
    sum += weight * Number(digits[index]);
  }
  return (10 - (sum % 10)) % 10 === Number(digits.at(-1));
}

function once(plain: string, options: ScanOptions): Result<ScanCode, Fault> {
  const half = halfOfDoubled(plain);
  if (half !== undefined) {
    const found = single(half, options);
    // Only what proves itself is halved: a shop may have a code of two equal parts.
    if (found.ok && found.value.kind !== 'shop') return found;
  }
  return single(plain, options);
}

function single(plain: string, options: ScanOptions): Result<ScanCode, Fault> {
  const { aim, body } = splitAim(plain);
  const text = body.replaceAll(GS, '').trim();
  if (text === '') return err(fault('scan-unreadable', 'no characters'));
  if (matches(options.certificatePattern, text)) return ok({ kind: 'certificate', code: text, text });
  if (/^https?:\/\//i.test(text)) return fromLink(text);
  const element = fromElements(aim, body, text);
  if (element !== undefined) return element;
  return numbered(aim, text) ?? named(text);
}

/** GS1 by its symbology (]C1, ]d2, ]Q3, ]e0), by a leading FNC1, by brackets, or by a proved 01 and more behind. */
function fromElements(aim: string, body: string, text: string): Result<ScanCode, Fault> | undefined {
  const told = ['C1', 'd2', 'Q3', 'e0'].includes(aim) || body.startsWith(GS) || /^\(\d{2,4}\)/.test(body);
  const shaped = /^01\d{14}./.test(body) && hasCheckDigit(body.slice(2, 16));
  if (!told && !shaped) return undefined;
  const facts = parseElementString(body);
  if (facts?.gtin === undefined) return undefined;
  return fromGs1(facts.gtin, facts, text);
}

function fromGs1(
  gtin: string,
  rest: Omit<Gs1Facts, 'gtin' | 'trace'>,
  text: string,
): Result<ScanCode, Fault> {
  if (!hasCheckDigit(gtin)) return err(fault('scan-check-digit', 'gtin-14'));
  const { serial, batch, expiry } = rest;
  return ok({
    kind: 'gs1',
    gtin,
    code: gtin.startsWith('0') ? gtin.slice(1) : gtin,
    text,
    ...(serial === undefined ? {} : { serial }),
    ...(batch === undefined ? {} : { batch }),
    ...(expiry === undefined ? {} : { expiry }),
    ...(serial !== undefined && TRACE.test(serial) ? { trace: serial } : {}),
  });
}

function fromLink(text: string): Result<ScanCode, Fault> {
  const trace = /(?<!\d)8\d{19}(?!\d)/.exec(text)?.[0];
  if (trace !== undefined) return ok({ kind: 'trace', code: trace, drug: trace.slice(0, 7), text });
  const facts = parseGs1Link(text);
  return facts?.gtin === undefined ? err(fault('scan-not-goods', 'link')) : fromGs1(facts.gtin, facts, text);
}

function numbered(aim: string, text: string): Result<ScanCode, Fault> | undefined {
  if (TRACE.test(text)) return ok({ kind: 'trace', code: text, drug: text.slice(0, 7), text });
  const kind = kindByShape(aim, text);
  if (kind === undefined) return undefined;
  if (hasCheckDigit(text)) return ok(checked(kind, text));
  // Shops number their own goods with eight or twelve digits too; with thirteen and fourteen nobody does.
  const sure = kind === 'ean-8' ? aim === 'E4' : text.length > 12;
  if (sure) return err(fault('scan-check-digit', kind));
  return ok({ kind: 'shop', code: text, text, suspect: kind });
}

function kindByShape(aim: string, text: string): CheckedKind | undefined {
  if (DRUG_STANDARD.test(text)) return 'drug-standard';
  if (/^\d{12,13}$/.test(text)) return 'ean-13';
  if (/^\d{8}$/.test(text)) return 'ean-8';
  if (/^\d{14}$/.test(text) && (aim.startsWith('I') || hasCheckDigit(text))) return 'gtin-14';
  return undefined;
}

function checked(kind: CheckedKind, text: string): ScanCode {
  // UPC-A has twelve digits; as EAN-13 it begins with 0.
  if (kind === 'ean-13') return { kind, code: text.padStart(13, '0'), text };
  if (kind === 'gtin-14') {
    return { kind: 'gs1', gtin: text, code: text.startsWith('0') ? text.slice(1) : text, text };
  }
  return { kind, code: text, text };
}

function named(text: string): Result<ScanCode, Fault> {
  const upper = text.toUpperCase();
  if (NATIONAL.some((pattern) => pattern.test(upper))) return ok({ kind: 'national', code: upper, text });
  if (text.length > SHOP_CODE_LENGTH_MAX) return err(fault('scan-not-goods', `${text.length} characters`));
  return ok({ kind: 'shop', code: text, text });
}

/** Full-width signs of an input method made plain; control characters go, only GS stays, which GS1 needs. */
function tidy(text: string): string {
  return text
    .replaceAll(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replaceAll(/[\ufeff\u200b\ufffd]|\p{Cc}/gu, (sign) => (sign === GS ? GS : ''))
    .trim();
}

/** `]` and two signs that name the symbology (ISO/IEC 15424), when the scanner sends them. */
function splitAim(text: string): { readonly aim: string; readonly body: string } {
  const found = /^\]([A-Za-z][0-9A-Za-z])/.exec(text)?.[1];
  return found === undefined ? { aim: '', body: text } : { aim: found, body: text.slice(3).trim() };
}

/** One half of a text that is the same code twice, as a bouncing trigger sends it. */
function halfOfDoubled(text: string): string | undefined {
  const half = text.slice(0, text.length >> 1).trimEnd();
  return half.length >= 8 && text.slice(half.length).trimStart() === half ? half : undefined;
}

function matches(pattern: RegExp, text: string): boolean {
  // A pattern with the flags g or y remembers where it stood.
  pattern.lastIndex = 0;
  return pattern.test(text);
}
