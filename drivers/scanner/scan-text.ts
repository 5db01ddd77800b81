import iconv from 'iconv-lite';
import { err, ok, type Result } from '#core/result';

const TEXT_LENGTH_MAX = 512;
/** Four bytes a character at the most, in UTF-8 as in GB18030. */
export const BYTES_MAX = TEXT_LENGTH_MAX * 4;

const GS = '\u001d';
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The text of one scan: UTF-8, or GB18030 where it is no UTF-8, without control characters (GS stays). Undefined
 * when nothing is left. The error says what is wrong, in English, without a part of the text.
 */
export function scanText(bytes: Uint8Array): Result<string | undefined, string> {
  const text = decoded(bytes);
  if (text === undefined) return err('neither UTF-8 nor GB18030');
  const plain = text.replaceAll(/[\ufeff\p{Cc}]/gu, (sign) => (sign === GS ? GS : '')).trim();
  if (plain.length > TEXT_LENGTH_MAX) return err(`${plain.length} characters`);
  return ok(plain === '' ? undefined : plain);
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    const text = iconv.decode(Buffer.from(bytes), 'gb18030');
    return text.includes('\ufffd') ? undefined : text;
  }
}
