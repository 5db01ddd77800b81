import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '#core/hex';
import {
  decryptSm2,
  encryptSm2,
  generateSm2,
  isPrivateKey,
  SM2_USER_ID,
  signSm2,
  sm2KeyId,
  sm2PublicKey,
  verifySm2,
} from '#core/sm2';

const text = (value: string): Uint8Array => Uint8Array.from(Buffer.from(value));

describe('the vector of the agency interface, computed elsewhere', () => {
  const secret = 'EXAMPLESECRET0123456789ABCDEF';
  const signed = text(
    'appId=EXAMPLEAPPID0001EXAMPLE&data={"fixmedinsCode":"P33010699901","hiRxno":"33000020250912000000000001",' +
      `"medDays":"7"}&encType=SM4&signType=SM2&timestamp=1757644200000&version=2.0.1&key=${secret}`,
  );
  const privateKey = fromHex('1B6F3A2C9D8E7F605142332415060718293A4B5C6D7E8F90A1B2C3D4E5F60718');
  const publicKey =
    '04908D64BE75344712769FF8BC4D053D90129495685D288DD3217F1644742B91C3' +
    'E13CC2D4768A54C70B57ED8A402F94107B86817955CFDE5A1E3422487AAF77D3';
  const signature = toHex(
    Uint8Array.from(
      Buffer.from(
        'rK5b3uTPAS3dD0r2lYkMvhA/3Vuaw345qrbHrEMR7fcEYdoNpYnV3EQ2CitAKlMjqfdTnoPv1QS7ByTjN10ZVg==',
        'base64',
      ),
    ),
  );

  it('has the public key of its private key', () => {
    expect(sm2PublicKey(privateKey)).toBe(publicKey);
  });

  it('verifies with the user id that it names and with no other', () => {
    expect(verifySm2(signed, signature, publicKey, secret)).toBe(true);
    expect(verifySm2(signed, signature, publicKey)).toBe(false);
    expect(verifySm2(signed, signature, publicKey, '')).toBe(false);
  });

  it('and what is signed here with that id verifies too', () => {
    expect(verifySm2(signed, signSm2(signed, { privateKey, publicKey }, secret), publicKey, secret)).toBe(
      true,
    );
  });
});

describe('beside the openssl command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guitai-sm2-'));
  const path = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { stdio: 'pipe' });
  const distid = `distid:${SM2_USER_ID}`;
  const key = generateSm2();

  beforeAll(() => {
    // SEC1 form of the key with the curve's object identifier 1.2.156.10197.1.301.
    const sec1 = `30770201010420${toHex(key.privateKey)}a00a06082a811ccf5501822da144034200${key.publicKey}`;
    writeFileSync(path('key.der'), fromHex(sec1));
    openssl('ec', '-inform', 'DER', '-in', path('key.der'), '-out', path('key.pem'));
    openssl('ec', '-in', path('key.pem'), '-pubout', '-out', path('public.pem'));
    writeFileSync(path('data'), 'offline proof 离线');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('a signature made by it verifies here', () => {
    const sign = ['-sign', '-inkey', path('key.pem'), '-rawin', '-digest', 'sm3', '-pkeyopt', distid];
    openssl('pkeyutl', ...sign, '-in', path('data'), '-out', path('signature.der'));
    const raw = rawSignature(readFileSync(path('signature.der')));
    expect(verifySm2(readFileSync(path('data')), raw, key.publicKey)).toBe(true);
  });

  it('a signature made here verifies there', () => {
    writeFileSync(path('own.der'), derSignature(signSm2(readFileSync(path('data')), key)));
    const verify = [
      '-verify',
      '-pubin',
      '-inkey',
      path('public.pem'),
      '-rawin',
      '-digest',
      'sm3',
      '-pkeyopt',
      distid,
    ];
    const said = openssl('pkeyutl', ...verify, '-in', path('data'), '-sigfile', path('own.der'));
    expect(said.toString()).toContain('Signature Verified Successfully');
  });
});

describe('an SM2 signature', () => {
  const key = generateSm2();
  const data = text('12.50');
  const signature = signSm2(data, key);

  it('differs at every call and verifies each time', () => {
    const all = Array.from({ length: 20 }, () => signSm2(data, key));
    expect(new Set(all).size).toBe(20);
    for (const one of all) {
      expect(one).toMatch(/^[0-9A-F]{128}$/);
      expect(verifySm2(data, one, key.publicKey)).toBe(true);
    }
  });

  it('does not fit other data, another key, or after any change', () => {
    expect(verifySm2(text('12.51'), signature, key.publicKey)).toBe(false);
    expect(verifySm2(data, signature, generateSm2().publicKey)).toBe(false);
    for (let place = 0; place < signature.length; place += 9) {
      const digit = signature[place] === '0' ? '1' : '0';
      const changed = signature.slice(0, place) + digit + signature.slice(place + 1);
      expect(verifySm2(data, changed, key.publicKey), `digit ${place}`).toBe(false);
    }
  });

  it('is refused without a crash when signature or key are anything else', () => {
    const order = 'FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123';
    const zero = '0'.repeat(64);
    const one = `${'0'.repeat(63)}1`;
    for (const bad of [
      '',
      zero + zero,
      zero + one,
      one + zero,
      order + one,
      one + order,
      'g'.repeat(128),
      `${signature}0`,
    ]) {
      expect(verifySm2(data, bad, key.publicKey), bad).toBe(false);
    }
    for (const bad of ['', '04', `04${zero}${zero}`, `04${one}${one}`, `02${key.publicKey.slice(2)}`]) {
      expect(verifySm2(data, signature, bad), bad).toBe(false);
    }
    const hex128 = fc.stringMatching(/^[0-9A-F]{128}$/);
    fc.assert(
      fc.property(hex128, (bad) => !verifySm2(data, bad, key.publicKey)),
      { numRuns: 50 },
    );
  });
});

describe('an SM2 key', () => {
  it('has a name that depends on its public part only', () => {
    const key = generateSm2();
    expect(sm2KeyId(key.publicKey)).toMatch(/^[0-9A-F]{16}$/);
    expect(sm2KeyId(key.publicKey.toLowerCase())).toBe(sm2KeyId(key.publicKey));
    expect(sm2KeyId(generateSm2().publicKey)).not.toBe(sm2KeyId(key.publicKey));
  });

  it('is a number from 1 to n - 2', () => {
    const order = 'FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D541';
    expect(isPrivateKey(fromHex(`${order}21`))).toBe(true);
    expect(isPrivateKey(fromHex(`${order}22`))).toBe(false);
    expect(isPrivateKey(new Uint8Array(32))).toBe(false);
    expect(isPrivateKey(new Uint8Array(31).fill(1))).toBe(false);
    expect(() => sm2PublicKey(new Uint8Array(32))).toThrow('1 to n - 2');
  });
});

/** 30 len 02 len r 02 len s. */
function rawSignature(der: Uint8Array): string {
  const first = 4 + (der[3] ?? 0);
  const part = (from: number, length: number): string =>
    toHex(der.slice(from, from + length)).replace(/^00/, '');
  const r = part(4, der[3] ?? 0);
  const s = part(first + 2, der[first + 1] ?? 0);
  return r.padStart(64, '0') + s.padStart(64, '0');
}

function derSignature(raw: string): Uint8Array {
  const integer = (hex: string): string => {
    const short = hex.replace(/^(?:00)+(?=..)/, '');
    const value = Number.parseInt(short.slice(0, 2), 16) > 0x7f ? `00${short}` : short;
    return `02${(value.length / 2).toString(16).padStart(2, '0')}${value}`;
  };
  const body = integer(raw.slice(0, 64)) + integer(raw.slice(64));
  return fromHex(`30${(body.length / 2).toString(16).padStart(2, '0')}${body}`);
}

it('what is hidden for one key opens with it alone; a bad key or text is no crash', () => {
  const [ours, other] = [generateSm2(), generateSm2()];
  const secret = Uint8Array.of(1, 2, 3);
  const cipher = encryptSm2(secret, ours.publicKey) ?? '';
  expect(decryptSm2(cipher, ours.privateKey)).toEqual(secret);
  expect(encryptSm2(secret, ours.publicKey)).not.toBe(cipher);
  expect(decryptSm2(cipher, other.privateKey)).toBeUndefined();
  for (let at = 0; at < cipher.length; at += 7) {
    const changed = `${cipher.slice(0, at)}${cipher[at] === 'A' ? 'B' : 'A'}${cipher.slice(at + 1)}`;
    expect(decryptSm2(changed, ours.privateKey), `digit ${at}`).toBeUndefined();
  }
  for (const text of ['', 'zz', cipher.slice(2), cipher.toLowerCase(), 'F'.repeat(200)])
    expect(decryptSm2(text, ours.privateKey)).toBeUndefined();
  expect(encryptSm2(secret, `04${'1'.repeat(128)}`)).toBeUndefined();
});
