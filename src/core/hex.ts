import { assert } from './assert.ts';

/** Bytes from hex text of even length, upper or lower case, no separators. */
export function fromHex(hex: string): Uint8Array {
  assert(/^(?:[0-9a-fA-F]{2})*$/.test(hex), 'hex text has an even number of hex digits');
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

/** Upper-case hex without separators, the way card traces are written. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase();
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
