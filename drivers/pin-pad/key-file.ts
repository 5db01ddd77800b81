import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';

const HEX_DIGITS = 32;
const SIZE_MAX = 64;

/**
 * The pad's transport key from its file: 32 hex digits, white space around them allowed. Fault
 * `pin-pad-key-wrong`: the file cannot be read, other users can read it, or it holds something else.
 */
export function readPadKey(path: string): Result<Uint8Array, Fault> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return err(fault('pin-pad-key-wrong', 'the key file cannot be read'));
  }
  // Not read as text: the key would stay in a string that nobody can wipe.
  const bytes = new Uint8Array(SIZE_MAX);
  try {
    const found = fstatSync(file);
    // Windows has no such bits: there the folder's own rights keep other users out.
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
      return err(fault('pin-pad-key-wrong', 'other users can read the key file (chmod 600)'));
    const count = found.isFile() ? readSync(file, bytes) : 0;
    const key = fromHexBytes(bytes.subarray(0, count));
    return key === undefined
      ? err(fault('pin-pad-key-wrong', 'the key file holds no 32 hex digits'))
      : ok(key);
  } catch {
    return err(fault('pin-pad-key-wrong', 'the key file cannot be read'));
  } finally {
    bytes.fill(0);
    closeSync(file);
  }
}

function fromHexBytes(text: Uint8Array): Uint8Array | undefined {
  const digits: number[] = [];
  let ended = false;
  for (const byte of text) {
    const value = hexValue(byte);
    const isSpace = byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
    if (isSpace) ended = digits.length > 0;
    else if (value === undefined || ended) return undefined;
    else digits.push(value);
  }
  if (digits.length !== HEX_DIGITS) return undefined;
  return Uint8Array.from({ length: 16 }, (_, at) => ((digits[2 * at] ?? 0) << 4) | (digits[2 * at + 1] ?? 0));
}

function hexValue(byte: number): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : undefined;
}
