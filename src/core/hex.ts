import { assert } from './assert.ts';

/** Bytes from hex text of even length, upper or lower case, no separators. */
export function fromHex(hex: string): Uint8Array {
  assert(/^(?:[0-9a-fA-F]{2})*$/.test(hex), 'hex text has an even number of hex digits');
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** Upper-case hex without separators, the way card traces are written. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase();
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
