import iconv from 'iconv-lite';
import { err, ok, type Result } from '#core/result';

/** Text of a list with the encoding that it was found in. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: 'utf-8' | 'gb18030';
}

/** Why a file is not taken as text; technical words for the report. */
export type NotText =
  | 'spreadsheet workbook, not text'
  | 'UTF-16 text'
  | 'binary data'
  | 'bytes that are neither UTF-8 nor GB18030'
  | 'replacement characters: text was lost when the file was written'
  | 'UTF-8 text that was read as GBK and stored again';

const RUNS_LOOKED_AT = 400;

/**
 * Finds UTF-8 (with or without byte order mark) or GB18030 and refuses the rest (B6): a damaged name on a
 * slip cannot be mended later, so a doubtful file is refused rather than guessed at.
 */
export function decodeText(bytes: Uint8Array): Result<DecodedText, NotText> {
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) {
    return err('spreadsheet workbook, not text');
  }
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) return err('UTF-16 text');
  if (bytes.includes(0)) return err('binary data');
  const decoded = utf8(bytes) ?? gb18030(bytes);
  if (decoded === undefined) return err('bytes that are neither UTF-8 nor GB18030');
  if (decoded.text.includes('\uFFFD')) {
    return err('replacement characters: text was lost when the file was written');
  }
  if (mostlyGarbled(decoded.text)) return err('UTF-8 text that was read as GBK and stored again');
  return ok(decoded);
}

/**
 * True for text such as `闃胯帿瑗挎灄`: its GBK bytes are whole UTF-8 words of Chinese. Six characters or more
 * are asked for, because the bytes of two or three real ones may be valid UTF-8 by chance.
 */
export function isGarbled(text: string): boolean {
  if (/[\u00a1-\u00ff]{4}|锟斤拷|烫烫烫|屯屯屯/.test(text)) return true;
  const run = /[\u3400-\u9fff\ue000-\uf8ff]{6,}/.exec(text)?.[0];
  if (run === undefined || !looksLikeUtf8(iconv.encode(run.slice(0, 3), 'gb18030'))) return false;
  const bytes = iconv.encode(run, 'gb18030');
  for (let cut = 0; cut <= 2; cut += 1) {
    const inner = strictUtf8(bytes.subarray(0, bytes.length - cut));
    if (inner !== undefined && /^[\u3000-\u9fff\uff00-\uffef]+$/.test(inner)) return true;
  }
  return false;
}

/** Two three-byte words in a row: a cheap look that spares real names the full decoding. */
function looksLikeUtf8(bytes: Uint8Array): boolean {
  return [0, 3].every((at) => {
    const [lead = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
    return lead >= 0xe3 && lead <= 0xef && second >> 6 === 2 && third >> 6 === 2;
  });
}

function utf8(bytes: Uint8Array): DecodedText | undefined {
  const text = strictUtf8(bytes);
  return text === undefined ? undefined : { text: withoutMark(text), encoding: 'utf-8' };
}

function gb18030(bytes: Uint8Array): DecodedText | undefined {
  const text = iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 'gb18030');
  return text.includes('\uFFFD') ? undefined : { text: withoutMark(text), encoding: 'gb18030' };
}

function strictUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function mostlyGarbled(text: string): boolean {
  let runs = 0;
  let garbled = 0;
  for (const [run] of text.matchAll(/[\u3400-\u9fff\ue000-\uf8ff]{6,60}/g)) {
    runs += 1;
    if (isGarbled(run)) garbled += 1;
    if (runs === RUNS_LOOKED_AT) break;
  }
  return garbled > 0 && garbled * 10 >= runs * 3;
}

function startsWith(bytes: Uint8Array, head: readonly number[]): boolean {
  return head.every((byte, index) => bytes[index] === byte);
}
