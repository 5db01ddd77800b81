import { createCipheriv, createDecipheriv } from 'node:crypto';
import { assert } from '#core/assert';
import type { CardAlgorithm } from '#core/domain/holder';
import { concatBytes, fromHex, toHex } from '#core/hex';

/**
 * Key derivation of the social-security card (card reference sections 4.2 and 4.3), on `node:crypto` only.
 * SSF33 is not a public algorithm and is left out.
 */
export type KeyedAlgorithm = Exclude<CardAlgorithm, 'ssf33'>;

/** What selects the keys of one card: six region digits (EF05/01) and the 13 historical bytes, hex. */
export interface CardFactors {
  readonly region: string;
  readonly historicalBytes: string;
}

const BLOCK_BYTES: Record<KeyedAlgorithm, number> = { tdes: 8, sm4: 16 };

/** Bytes of one cipher block: 8 (3DES, single DES) or 16 (SM4). */
export function blockBytes(algorithm: KeyedAlgorithm): number {
  return BLOCK_BYTES[algorithm];
}

/** Level 1, province (省级分散因子): two region digits, `0000sh` in ASCII. */
export function provinceFactor(region: string): Uint8Array {
  assert(/^\d{6}$/.test(region), 'a region is six digits');
  return Uint8Array.from(Buffer.from(`${region.slice(0, 2)}0000sh`, 'ascii'));
}

/** Level 2, city (市级分散因子): six region digits, `sx` in ASCII. */
export function cityFactor(region: string): Uint8Array {
  assert(/^\d{6}$/.test(region), 'a region is six digits');
  return Uint8Array.from(Buffer.from(`${region}sx`, 'ascii'));
}

/** Level 3, card (卡片分散因子): historical bytes 6 to 13. */
export function cardFactor(historicalBytes: string): Uint8Array {
  const bytes = fromHex(historicalBytes);
  assert(bytes.length === 13, 'a social-security card has 13 historical bytes');
  return bytes.slice(5);
}

/** One level of diversification: two blocks side by side (16-byte key), one block (8-byte key or SM4). */
export function diversify(algorithm: KeyedAlgorithm, key: Uint8Array, factor: Uint8Array): Uint8Array {
  assert(factor.length === 8, 'a diversification factor has eight bytes');
  const inverse = factor.map((byte) => ~byte & 0xff);
  if (algorithm === 'sm4') return encrypt('sm4', key, concatBytes(factor, inverse));
  if (key.length === 8) return encrypt('tdes', key, factor);
  return encrypt('tdes', key, concatBytes(factor, inverse));
}

/** The key on the card: province, city, card, in this order. */
export function cardKey(algorithm: KeyedAlgorithm, rootKey: Uint8Array, card: CardFactors): Uint8Array {
  const factors = [provinceFactor(card.region), cityFactor(card.region), cardFactor(card.historicalBytes)];
  return factors.reduce((key, factor) => diversify(algorithm, key, factor), rootKey);
}

/** Process key (过程密钥) of one exchange; shorter factors are filled right with 00. 8 bytes, SM4 16. */
export function sessionKey(algorithm: KeyedAlgorithm, key: Uint8Array, factor: Uint8Array): Uint8Array {
  return encrypt(algorithm, key, filled(factor, blockBytes(algorithm)));
}

/** Eight bytes of authentication data (鉴别数据) from a process key; SM4 folds its block in half. */
export function authenticate(algorithm: KeyedAlgorithm, processKey: Uint8Array, raw: Uint8Array): Uint8Array {
  const block = encrypt(algorithm, processKey, filled(raw, blockBytes(algorithm)));
  return foldToEight(block);
}

/** Left half xor right half of a 16-byte block; an 8-byte block stays as it is. */
export function foldToEight(block: Uint8Array): Uint8Array {
  if (block.length === 8) return block;
  const left = block.slice(0, 8);
  return left.map((byte, index) => byte ^ (block[index + 8] ?? 0));
}

/**
 * What a genuine card answers to INTERNAL AUTHENTICATION, and what opens it in EXTERNAL AUTHENTICATION,
 * from the root key of the issuer: hex in, 16 hex digits out.
 */
export function authenticationData(
  algorithm: KeyedAlgorithm,
  rootKeyHex: string,
  card: CardFactors,
  factorHex: string,
  rawHex: string,
): string {
  const key = cardKey(algorithm, fromHex(rootKeyHex), card);
  return toHex(authenticate(algorithm, sessionKey(algorithm, key, fromHex(factorHex)), fromHex(rawHex)));
}

/** Message authentication code of four bytes: CBC from zero, fill 80 00…, left four or the words' xor. */
export function mac4(algorithm: KeyedAlgorithm, processKey: Uint8Array, message: Uint8Array): Uint8Array {
  const size = blockBytes(algorithm);
  return shortenMac(chain(algorithm, processKey, new Uint8Array(size), padded(message, size)));
}

/** CBC over whole blocks; answers the last block. */
export function chain(
  algorithm: KeyedAlgorithm,
  processKey: Uint8Array,
  initial: Uint8Array,
  blocks: Uint8Array,
): Uint8Array {
  const name = algorithm === 'sm4' ? 'sm4-cbc' : 'des-ede-cbc';
  const cipher = createCipheriv(name, wide(algorithm, processKey), initial);
  cipher.setAutoPadding(false);
  const out = Buffer.concat([cipher.update(blocks), cipher.final()]);
  return Uint8Array.from(out.subarray(-blockBytes(algorithm)));
}

/** Four bytes from the last CBC block. */
function shortenMac(block: Uint8Array): Uint8Array {
  if (block.length === 8) return block.slice(0, 4);
  return block
    .slice(0, 4)
    .map(
      (byte, index) => byte ^ (block[index + 4] ?? 0) ^ (block[index + 8] ?? 0) ^ (block[index + 12] ?? 0),
    );
}

/** Whole blocks, electronic code book; 8-byte keys are single DES. */
export function encrypt(algorithm: KeyedAlgorithm, key: Uint8Array, blocks: Uint8Array): Uint8Array {
  const cipher = createCipheriv(ecbName(algorithm), wide(algorithm, key), null);
  cipher.setAutoPadding(false);
  return Uint8Array.from(Buffer.concat([cipher.update(blocks), cipher.final()]));
}

export function decrypt(algorithm: KeyedAlgorithm, key: Uint8Array, blocks: Uint8Array): Uint8Array {
  const decipher = createDecipheriv(ecbName(algorithm), wide(algorithm, key), null);
  decipher.setAutoPadding(false);
  return Uint8Array.from(Buffer.concat([decipher.update(blocks), decipher.final()]));
}

/** 80 00… up to whole blocks, always at least one byte. */
export function padded(message: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(Math.ceil((message.length + 1) / size) * size);
  out.set(message);
  out[message.length] = 0x80;
  return out;
}

function ecbName(algorithm: KeyedAlgorithm): string {
  return algorithm === 'sm4' ? 'sm4-ecb' : 'des-ede';
}

// OpenSSL 3 refuses single DES: 3DES under K‖K gives the same bytes.
function wide(algorithm: KeyedAlgorithm, key: Uint8Array): Uint8Array {
  return algorithm === 'tdes' && key.length === 8 ? concatBytes(key, key) : key;
}

function filled(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  out.set(bytes.slice(0, size));
  return out;
}
