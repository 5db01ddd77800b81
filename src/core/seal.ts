import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto';
import { assert } from './assert.ts';
import { type Fault, fault } from './fault.ts';
import { err, ok, type Result } from './result.ts';

/** Seals texts of one store at rest (design section 5). `place` names table, column and row: `persons.body.42`. */
export interface Sealer {
  /** `s1.` and base64url of nonce 16, cipher text, tag 32. Never the same twice for the same text. */
  seal(text: string, place: string): string;
  /** Fault `record-seal-broken`: changed, cut, sealed with another key or for another place. */
  open(sealed: string, place: string): Result<string, Fault>;
  /** The same for bytes, without the text form: nonce 16, cipher text, tag 32. */
  sealBytes(bytes: Uint8Array, place: string): Uint8Array;
  /** The opened bytes are the caller's own, to be wiped if they are keys. */
  openBytes(sealed: Uint8Array, place: string): Result<Uint8Array, Fault>;
  /** Whether sealed bytes would open at that place, without opening them. */
  fits(sealed: Uint8Array, place: string): boolean;
  /**
   * Keyed digest (HMAC-SM3, 43 base64url characters), the same for the same text and place: to look a row up
   * by a value that stands sealed in it. Here `place` names table and column only.
   */
  digest(text: string, place: string): string;
}

const FORM = 's1.';
const KEY_BYTES = 32;
const NONCE_BYTES = 16;
const TAG_BYTES = 32;
/** SM3 hashes in blocks of this size; an HMAC key fills one. */
const BLOCK_BYTES = 64;
/** As much is hashed behind a key without memory of its own: a step of a sale of ordinary size. */
const HASHED_BYTES = 16 * 1024;
/** Random bytes are drawn for this many nonces at once: one draw costs as much as sealing a short text. */
const NONCES_AT_ONCE = 256;

/** The cipher counts blocks of this size. */
const CIPHER_BLOCK_BYTES = 16;
/** Key stream made at once: about ten steps of a sale. */
const STREAM_BYTES = 32 * 1024;
/** With less left a new one is made. */
const LITTLE_STREAM_BYTES = 8 * 1024;

/**
 * Makes a sealer from 32 bytes of key: SM4-CTR with a random nonce, then HMAC-SM3 over nonce, place and cipher
 * text (GB/T 32907, GB/T 32905). Keys for cipher, tag and digest come from the given one by HKDF-SM3. A key stream does
 * not depend on the text: it is made ahead while the program idles.
 */
export function createSealer(key: Uint8Array): Sealer {
  assert(key.length === KEY_BYTES, 'a sealing key has 32 bytes');
  const part = (use: string, bytes: number) =>
    createSecretKey(Buffer.from(hkdfSync('sm3', key, new Uint8Array(0), `guitai-seal-1-${use}`, bytes)));
  const cipherKey = part('cipher', 16);
  const tagging = keyedHash(part('tag', 32));
  const digesting = keyedHash(part('digest', 32));
  const nextNonce = nonceSource();
  const stream = new KeyStream(nextNonce, (nonce, bytes) =>
    createCipheriv('sm4-ctr', cipherKey, nonce).update(bytes),
  );

  const tagOf = (nonce: Uint8Array, place: string, body: Uint8Array): Buffer =>
    tagging(nonce, framed(place), body);

  const sealBytes = (bytes: Uint8Array, place: string): Buffer => {
    const sealed = Buffer.allocUnsafe(NONCE_BYTES + bytes.length + TAG_BYTES);
    stream.cipher(bytes, sealed);
    const end = NONCE_BYTES + bytes.length;
    const tag = tagOf(sealed.subarray(0, NONCE_BYTES), place, sealed.subarray(NONCE_BYTES, end));
    tag.copy(sealed, end);
    return sealed;
  };
  const fits = (sealed: Uint8Array, place: string): boolean => {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) return false;
    const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
    const tag = tagOf(sealed.subarray(0, NONCE_BYTES), place, body);
    return timingSafeEqual(sealed.subarray(sealed.length - TAG_BYTES), tag);
  };
  const openBytes = (sealed: Uint8Array, place: string): Result<Buffer, Fault> => {
    if (!fits(sealed, place)) return err(fault('record-seal-broken', 'seal does not fit'));
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
    return ok(createDecipheriv('sm4-ctr', cipherKey, nonce).update(body));
  };

  return {
    sealBytes,
    openBytes,
    fits,
    seal: (text, place) => FORM + sealBytes(Buffer.from(text, 'utf8'), place).toString('base64url'),
    open(sealed, place) {
      const bytes = bytesOf(sealed);
      if (bytes === undefined) return err(fault('record-seal-broken', 'not in sealed form'));
      const opened = openBytes(bytes, place);
      return opened.ok ? ok(opened.value.toString('utf8')) : opened;
    },
    digest: (text, place) => digesting(framed(place), Buffer.from(text, 'utf8')).toString('base64url'),
  };
}

/**
 * HMAC-SM3 of parts one after the other, as two hashes in one call each. An object of `createHmac` or `createHash` costs
 * twice: setting it up takes as long as a kilobyte of text, and a dozen for each sale held the collector of young
 * objects up for 5 to 8 ms, at a moment of its own choice.
 */
function keyedHash(key: KeyObject): (...parts: readonly Uint8Array[]) => Buffer {
  const inner = paddedKey(key, 0x36, HASHED_BYTES);
  const outer = paddedKey(key, 0x5c, TAG_BYTES);
  return (...parts) => {
    outer.set(hashBehind(inner, parts), BLOCK_BYTES);
    const digest = hash('sm3', outer, 'buffer');
    outer.fill(0, BLOCK_BYTES);
    return digest;
  };
}

/** The padded key with room behind it. */
function paddedKey(key: KeyObject, pad: number, behind: number): Buffer {
  const room = Buffer.allocUnsafeSlow(BLOCK_BYTES + behind).fill(pad, 0, BLOCK_BYTES);
  const bytes = key.export();
  for (const [index, byte] of bytes.entries()) room[index] = byte ^ pad;
  bytes.fill(0);
  return room;
}

/** SM3 of the padded key and parts behind it. Both lie in one place of memory, wiped but for the key after each use. */
function hashBehind(room: Buffer, parts: readonly Uint8Array[]): Buffer {
  let end = BLOCK_BYTES;
  for (const part of parts) end += part.length;
  const all = end <= room.length ? room : Buffer.allocUnsafeSlow(end);
  if (all !== room) room.copy(all, 0, 0, BLOCK_BYTES);
  let at = BLOCK_BYTES;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  const digest = hash('sm3', all.subarray(0, end), 'buffer');
  all.fill(0, all === room ? BLOCK_BYTES : 0, end);
  return digest;
}

/** The length in front keeps apart where the place ends and what follows begins. */
function framed(place: string): Buffer {
  const bytes = Buffer.byteLength(place);
  const out = Buffer.allocUnsafe(4 + bytes);
  out.writeUInt32BE(bytes);
  out.write(place, 4);
  return out;
}

function bytesOf(sealed: string): Buffer | undefined {
  if (!sealed.startsWith(FORM)) return undefined;
  const text = sealed.slice(FORM.length);
  const bytes = Buffer.from(text, 'base64url');
  // The decoder skips strange characters: a text with other bytes in it must not open.
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/**
 * A key stream made ahead while the program idles. CTR counts its nonce up by one for each block, so the stream behind the
 * first n blocks is that of the nonce n further on: each text takes the next blocks and their nonce, which are wiped
 * with it, so that no block ciphers two texts. Without enough at hand the cipher itself does it, with a new nonce.
 */
class KeyStream {
  readonly #nextNonce: () => Uint8Array;
  readonly #cipher: (nonce: Uint8Array, bytes: Uint8Array) => Uint8Array;
  readonly #bytes = new Uint8Array(STREAM_BYTES);
  readonly #words = new Uint32Array(this.#bytes.buffer);
  readonly #text = new Uint32Array(STREAM_BYTES / 4);
  readonly #textBytes = new Uint8Array(this.#text.buffer);
  #first: Uint8Array = new Uint8Array(NONCE_BYTES);
  /** Bytes that are used up, in whole blocks. */
  #used = STREAM_BYTES;
  #filling = false;

  constructor(nextNonce: () => Uint8Array, cipher: (nonce: Uint8Array, bytes: Uint8Array) => Uint8Array) {
    this.#nextNonce = nextNonce;
    this.#cipher = cipher;
  }

  /** Writes nonce and cipher text to the beginning of `into`. */
  cipher(bytes: Uint8Array, into: Uint8Array): void {
    // An empty text takes a block as well: its nonce must not come again.
    const taken = Math.max(1, Math.ceil(bytes.length / CIPHER_BLOCK_BYTES)) * CIPHER_BLOCK_BYTES;
    if (this.#used + taken <= STREAM_BYTES) {
      this.#cipherAhead(bytes, taken, into);
    } else {
      const nonce = this.#nextNonce();
      into.set(nonce);
      into.set(this.#cipher(nonce, bytes), NONCE_BYTES);
    }
    this.#fillWhenIdle();
  }

  #cipherAhead(bytes: Uint8Array, taken: number, into: Uint8Array): void {
    const from = this.#used;
    this.#used += taken;
    const [text, words, first, count] = [this.#text, this.#words, from / 4, taken / 4];
    this.#textBytes.set(bytes);
    for (let at = 0; at < count; at += 1) text[at] = (text[at] ?? 0) ^ (words[first + at] ?? 0);
    into.set(furtherOn(this.#first, from / CIPHER_BLOCK_BYTES));
    into.set(this.#textBytes.subarray(0, bytes.length), NONCE_BYTES);
    // What is left after the text would be clear text of the one before, or key stream of this one.
    text.fill(0, 0, count);
    words.fill(0, first, first + count);
  }

  #fillWhenIdle(): void {
    if (this.#filling || this.#used + LITTLE_STREAM_BYTES <= STREAM_BYTES) return;
    this.#filling = true;
    setImmediate(() => {
      this.#filling = false;
      this.#first = this.#nextNonce();
      const made = this.#cipher(this.#first, this.#bytes.fill(0));
      this.#bytes.set(made);
      made.fill(0);
      this.#used = 0;
    }).unref();
  }
}

/** The nonce, a number of 128 bits, and `blocks`. */
function furtherOn(nonce: Uint8Array, blocks: number): Uint8Array {
  const counted = nonce.slice();
  let carry = blocks;
  for (let index = counted.length - 1; index >= 0 && carry > 0; index -= 1) {
    carry += counted[index] ?? 0;
    counted[index] = carry & 0xff;
    carry >>>= 8;
  }
  return counted;
}

function nonceSource(): () => Uint8Array {
  const pool = new Uint8Array(NONCE_BYTES * NONCES_AT_ONCE);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += NONCE_BYTES;
    return pool.slice(used - NONCE_BYTES, used);
  };
}
