import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
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
/** Random bytes are drawn for this many nonces at once: one draw costs as much as sealing a short text. */
const NONCES_AT_ONCE = 256;

/**
 * Makes a sealer from 32 bytes of key: SM4-CTR with a random nonce, then HMAC-SM3 over nonce, place and cipher
 * text (GB/T 32907, GB/T 32905). Keys for cipher, tag and digest come from the given one by HKDF-SM3.
 */
export function createSealer(key: Uint8Array): Sealer {
  assert(key.length === KEY_BYTES, 'a sealing key has 32 bytes');
  const part = (use: string, bytes: number) =>
    createSecretKey(Buffer.from(hkdfSync('sm3', key, new Uint8Array(0), `guitai-seal-1-${use}`, bytes)));
  const cipherKey = part('cipher', 16);
  const tagKey = part('tag', 32);
  const digestKey = part('digest', 32);
  const nextNonce = nonceSource();

  const tagOf = (nonce: Uint8Array, place: string, body: Uint8Array): Buffer =>
    createHmac('sm3', tagKey).update(nonce).update(framed(place)).update(body).digest();

  const sealBytes = (bytes: Uint8Array, place: string): Buffer => {
    const nonce = nextNonce();
    // A CTR cipher has nothing left to say at its end: update gives the whole cipher text.
    const body = createCipheriv('sm4-ctr', cipherKey, nonce).update(bytes);
    return Buffer.concat([nonce, body, tagOf(nonce, place, body)]);
  };
  const openBytes = (sealed: Uint8Array, place: string): Result<Buffer, Fault> => {
    if (sealed.length < NONCE_BYTES + TAG_BYTES)
      return err(fault('record-seal-broken', 'not in sealed form'));
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
    const tag = sealed.subarray(sealed.length - TAG_BYTES);
    if (!timingSafeEqual(tag, tagOf(nonce, place, body))) {
      return err(fault('record-seal-broken', 'seal does not fit'));
    }
    return ok(createDecipheriv('sm4-ctr', cipherKey, nonce).update(body));
  };

  return {
    sealBytes,
    openBytes,
    seal: (text, place) => FORM + sealBytes(Buffer.from(text, 'utf8'), place).toString('base64url'),
    open(sealed, place) {
      const bytes = bytesOf(sealed);
      if (bytes === undefined) return err(fault('record-seal-broken', 'not in sealed form'));
      const opened = openBytes(bytes, place);
      return opened.ok ? ok(opened.value.toString('utf8')) : opened;
    },
    digest: (text, place) =>
      createHmac('sm3', digestKey).update(framed(place)).update(text, 'utf8').digest('base64url'),
  };
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
