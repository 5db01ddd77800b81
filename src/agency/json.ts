import { isLosslessNumber, LosslessNumber, parse, stringify } from 'lossless-json';
import { assert } from '#core/assert';
import { err, ok, type Result } from '#core/result';

/** Why a text is not taken as JSON. None of these says anything of what was in it. */
export type JsonProblem = 'too-large' | 'wrong-encoding' | 'too-deep' | 'not-json';

/** Largest answer that is read at all, bytes. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** Deepest nesting that is read; real answers need five levels. */
const MAX_DEPTH = 64;

/** Bytes of a body as UTF-8 text; a byte order mark is dropped, any other encoding refused. */
export function decodeUtf8(bytes: Uint8Array): Result<string, JsonProblem> {
  if (bytes.byteLength > MAX_ANSWER_BYTES) return err('too-large');
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return err('wrong-encoding');
  }
}

/**
 * JSON text with every number kept as its source text (`LosslessNumber`), so money never passes a float.
 * The same key twice with different values is refused: nobody can say which of the two was meant.
 */
export function parseJson(text: string): Result<unknown, JsonProblem> {
  if (text.length > MAX_ANSWER_BYTES) return err('too-large');
  // The parser recurses: without this a few thousand brackets would exhaust the stack.
  if (deeperThan(text, MAX_DEPTH)) return err('too-deep');
  try {
    return ok(parse(text));
  } catch {
    return err('not-json');
  }
}

/** JSON text of a message; every number in it must be a `LosslessNumber`, written as its exact text. */
export function toJson(value: unknown): string {
  const text = stringify(value);
  assert(text !== undefined, 'a message has a JSON form');
  return text;
}

/** A JSON number with exactly this text, for example `12.30`. */
export function exactNumber(text: string): LosslessNumber {
  return new LosslessNumber(text);
}

export { isLosslessNumber, type LosslessNumber };

function deeperThan(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charCodeAt(index);
    if (inString) {
      if (char === 0x5c) index += 1;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x7b || char === 0x5b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (char === 0x7d || char === 0x5d) depth -= 1;
  }
  return false;
}
