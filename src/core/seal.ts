import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
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
/** Random bytes are drawn for this many nonces at once: one draw costs as much as sealing a short text. */
const NONCES_AT_ONCE = 256;

/** Key streams kept ready, and how much text each is enough for: a step of a sale of ordinary size. */
const STREAMS_READY = 4;
const STREAM_BYTES = 8192;

/**
 * Makes a sealer from 32 bytes of key: SM4-CTR with a random nonce, then HMAC-SM3 over nonce, place and cipher
 * text (GB/T 32907, GB/T 32905). Keys for cipher, tag and digest come from the given one by HKDF-SM3. A key stream does
 * not depend on the text: some are made ahead while the program idles, each for a nonce of its own.
 */
export function createSealer(key: Uint8Array): Sealer {
  assert(key.length === KEY_BYTES, 'a sealing key has 32 bytes');
  const part = (use: string, bytes: number) =>
    createSecretKey(Buffer.from(hkdfSync('sm3', key, new Uint8Array(0), `guitai-seal-1-${use}`, bytes)));
  const cipherKey = part('cipher', 16);
  const tagging = keyedHash(part('tag', 32));
  const digesting = keyedHash(part('digest', 32));
  const nextNonce = nonceSource();
  const streams = new KeyStreams(nextNonce, (nonce, bytes) =>
    createCipheriv('sm4-ctr', cipherKey, nonce).update(bytes),
  );

  const tagOf = (nonce: Uint8Array, place: string, body: Uint8Array): Buffer =>
    tagging(Buffer.concat([nonce, framed(place)]), body);

  const sealBytes = (bytes: Uint8Array, place: string): Buffer => {
    const sealed = Buffer.allocUnsafe(NONCE_BYTES + bytes.length + TAG_BYTES);
    streams.cipher(bytes, sealed);
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
 * HMAC-SM3 of two parts one after the other. Both hashes are begun with the key once and copied for each value,
 * which saves setting an HMAC up: that takes as long as a kilobyte of text.
 */
function keyedHash(key: KeyObject): (first: Uint8Array, second: Uint8Array) => Buffer {
  const begun = (pad: number) => {
    const block = Buffer.alloc(BLOCK_BYTES, pad);
    const bytes = key.export();
    for (const [index, byte] of bytes.entries()) block[index] = byte ^ pad;
    bytes.fill(0);
    const hash = createHash('sm3').update(block);
    block.fill(0);
    return hash;
  };
  const inner = begun(0x36);
  const outer = begun(0x5c);
  return (first, second) => outer.copy().update(inner.copy().update(first).update(second).digest()).digest();
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

interface KeyStream {
  readonly nonce: Uint8Array;
  /** The cipher text of zeros: SM4-CTR of any text is the text XOR this. */
  readonly words: Uint32Array<ArrayBuffer>;
}

/**
 * A few key streams made ahead, refilled one at a time whenever the program idles. Each is taken out before it is
 * used and wiped after it, so that no nonce ciphers two texts; without one at hand the cipher itself does it.
 */
class KeyStreams {
  readonly #nextNonce: () => Uint8Array;
  readonly #cipher: (nonce: Uint8Array, bytes: Uint8Array) => Uint8Array;
  readonly #ready: KeyStream[] = [];
  readonly #text = new Uint32Array(STREAM_BYTES / 4);
  readonly #textBytes = new Uint8Array(this.#text.buffer);
  #filling = false;

  constructor(nextNonce: () => Uint8Array, cipher: (nonce: Uint8Array, bytes: Uint8Array) => Uint8Array) {
    this.#nextNonce = nextNonce;
    this.#cipher = cipher;
  }

  /** Writes nonce and cipher text to the beginning of `into`. */
  cipher(bytes: Uint8Array, into: Uint8Array): void {
    const stream = bytes.length > STREAM_BYTES ? undefined : this.#ready.pop();
    this.#fillWhenIdle();
    if (stream === undefined) {
      const nonce = this.#nextNonce();
      into.set(nonce);
      into.set(this.#cipher(nonce, bytes), NONCE_BYTES);
      return;
    }
    const { nonce, words } = stream;
    const used = (bytes.length + 3) >> 2;
    const text = this.#text;
    this.#textBytes.set(bytes);
    for (let index = 0; index < used; index += 1) text[index] = (text[index] ?? 0) ^ (words[index] ?? 0);
    into.set(nonce);
    into.set(this.#textBytes.subarray(0, bytes.length), NONCE_BYTES);
    // What is left after the text would be clear text of the one before, or key stream of this one.
    text.fill(0, 0, used);
    words.fill(0);
  }

  #fillWhenIdle(): void {
    if (this.#filling || this.#ready.length >= STREAMS_READY) return;
    this.#filling = true;
    setImmediate(() => {
      this.#filling = false;
      const nonce = this.#nextNonce();
      const stream = new Uint8Array(STREAM_BYTES);
      const made = this.#cipher(nonce, stream);
      stream.set(made);
      made.fill(0);
      this.#ready.push({ nonce, words: new Uint32Array(stream.buffer) });
      this.#fillWhenIdle();
    }).unref();
  }
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
