import { createHash, randomBytes } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';
import { assert } from './assert.ts';
import { toHex } from './hex.ts';

/**
 * SM2 signatures (GB/T 32918.2) over SM3 with Z. The user id is part of what is signed and always said: the
 * defaults of programs differ, and one that takes an empty id verifies nothing of another's.
 */
export const SM2_USER_ID = '1234567812345678';

export interface Sm2KeyPair {
  /** 32 bytes; wipe them when done. */
  readonly privateKey: Uint8Array;
  /** 04 ‖ x ‖ y, 130 upper-case hex digits. */
  readonly publicKey: string;
}

const PRIVATE_BYTES = 32;
/** Order n of the group (GB/T 32918.5). A private key lies in 1 … n − 2, r and s in 1 … n − 1. */
const GROUP_ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const PUBLIC_KEY = /^04[0-9a-fA-F]{128}$/;
const SIGNATURE = /^[0-9a-fA-F]{128}$/;
/** C1 64 bytes, C3 32 bytes, C2 at least one. */
const CIPHER = /^[0-9A-F]{194,8192}$/;

/** A new key pair from the system's random numbers. */
export function generateSm2(): Sm2KeyPair {
  for (;;) {
    const privateKey = Uint8Array.from(randomBytes(PRIVATE_BYTES));
    if (isPrivateKey(privateKey)) return { privateKey, publicKey: sm2PublicKey(privateKey) };
  }
}

/** Whether 32 bytes are a private key of the curve. */
export function isPrivateKey(bytes: Uint8Array): boolean {
  if (bytes.length !== PRIVATE_BYTES) return false;
  const value = BigInt(`0x${toHex(bytes)}`);
  return value >= 1n && value <= GROUP_ORDER - 2n;
}

/** The public key of a private one: 04 ‖ x ‖ y, 130 upper-case hex digits. */
export function sm2PublicKey(privateKey: Uint8Array): string {
  assert(isPrivateKey(privateKey), 'an SM2 private key is a number from 1 to n - 2');
  return sm2.getPublicKeyFromPrivateKey(toHex(privateKey)).toUpperCase();
}

/** First 16 hex digits of SM3 over the 65 bytes of the public key: the name of the key. */
export function sm2KeyId(publicKey: string): string {
  assert(PUBLIC_KEY.test(publicKey), 'an SM2 public key is 04 and 128 hex digits');
  return toHex(createHash('sm3').update(publicKey, 'hex').digest()).slice(0, 16);
}

/** r ‖ s, 128 upper-case hex digits; another one at every call. */
export function signSm2(data: Uint8Array, key: Sm2KeyPair, userId = SM2_USER_ID): string {
  assert(isPrivateKey(key.privateKey), 'an SM2 private key is a number from 1 to n - 2');
  // The library takes the key as text only; it cannot be wiped, so none is kept longer than this call.
  return sm2
    .doSignature(digestOf(data, key.publicKey, userId), toHex(key.privateKey), { hash: false })
    .toUpperCase();
}

/** Whether `signature` (r ‖ s, hex) is one of `publicKey` (04 ‖ x ‖ y, hex). Never throws, whatever it is given. */
export function verifySm2(
  data: Uint8Array,
  signature: string,
  publicKey: string,
  userId = SM2_USER_ID,
): boolean {
  if (!PUBLIC_KEY.test(publicKey) || !SIGNATURE.test(signature)) return false;
  if (![signature.slice(0, 64), signature.slice(64)].every(inRange)) return false;
  try {
    return sm2.doVerifySignature(digestOf(data, publicKey, userId), signature, publicKey, { hash: false });
  } catch {
    // A public key that is no point of the curve, or sums that end at infinity.
    return false;
  }
}

/**
 * Encrypts a few bytes for the holder of one private key (GB/T 32918.4, order C1C3C2, C1 without its 04): hex in
 * capitals, another text at every call. Undefined when the public key is no point of the curve.
 */
export function encryptSm2(bytes: Uint8Array, publicKey: string): string | undefined {
  if (!PUBLIC_KEY.test(publicKey) || bytes.length === 0) return undefined;
  try {
    return sm2.doEncrypt(bytes, publicKey, 1).toUpperCase();
  } catch {
    return undefined;
  }
}

/** What `encryptSm2` hid; undefined for another key or a changed text. Never throws, whatever it is given. */
export function decryptSm2(cipher: string, privateKey: Uint8Array): Uint8Array | undefined {
  if (!CIPHER.test(cipher) || !isPrivateKey(privateKey)) return undefined;
  try {
    const bytes = sm2.doDecrypt(cipher, toHex(privateKey), 1, { output: 'array' });
    return bytes.length === 0 ? undefined : Uint8Array.from(bytes);
  } catch {
    return undefined;
  }
}

function inRange(hex: string): boolean {
  const value = BigInt(`0x${hex}`);
  return value >= 1n && value < GROUP_ORDER;
}

/** e = SM3(Z ‖ data), in native code because the data may be a whole day report. */
function digestOf(data: Uint8Array, publicKey: string, userId: string): Uint8Array {
  const z = sm2.getZ(publicKey, userId);
  return Uint8Array.from(createHash('sm3').update(z).update(data).digest());
}
