import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '#core/hex';
import { crc16, emptyParser, encodeFrame, parseFrames } from '#drivers/pin-pad/frames';
import { decodeHello, decodeResult, encodeHello, padCommands } from '#drivers/pin-pad/messages';
import { deriveKeys, keyCheckValue, SecureChannel } from '#drivers/pin-pad/secure';
import { cardBlock, PadSession, padKeyCheckValue } from '#simulators/pin-pad/pad-keys';
import { checksum, packFrame, WireReader } from '#simulators/pin-pad/wire';

/** Values of PROTOCOL.md section 6 by the words in front of them: the page itself is the source. */
const page = readFileSync(new URL('../../../drivers/pin-pad/PROTOCOL.md', import.meta.url), 'utf8');
function example(words: string): string {
  const row = page.split('\n').find((line) => line.startsWith(`| ${words}`));
  const value = /`([0-9A-F]+)`/.exec(row ?? '')?.[1];
  if (value === undefined) throw new Error(`PROTOCOL.md has no example ${words}`);
  return value;
}

const transportKey = Uint8Array.from({ length: 16 }, (_, index) => index);
const terminalRandom = new Uint8Array(16).fill(0xa1);
const padRandom = new Uint8Array(16).fill(0xb2);
const keys = () => deriveKeys(transportKey, terminalRandom, padRandom);
const check = new TextEncoder().encode('123456789');

describe('the examples of the protocol page', () => {
  test('both sides agree on the CRC and the key check value', () => {
    expect([crc16(check), checksum(check)]).toEqual([0x29b1, 0x29b1]);
    expect(toHex(keyCheckValue(transportKey))).toBe(example('key check value'));
    expect(toHex(padKeyCheckValue(transportKey))).toBe(example('key check value'));
  });

  test('the terminal says HELLO and BEEP byte for byte', () => {
    const hello = { sequence: 0, command: padCommands.hello, payload: encodeHello(terminalRandom) };
    expect(toHex(encodeFrame(hello))).toBe(example('HELLO'));
    const payload = new SecureChannel(keys()).seal(padCommands.beep, Uint8Array.of(2));
    expect(toHex(encodeFrame({ sequence: 1, command: padCommands.beep, payload }))).toBe(example('BEEP'));
  });

  test('the terminal derives the keys and deciphers the secrets', () => {
    expect(toHex(keys().cipherKey)).toBe(example('cipher key'));
    expect(toHex(keys().macKey)).toBe(example('MAC key'));
    const channel = new SecureChannel(keys());
    const block = channel.decipher(fromHex(example('the same enciphered')), 2);
    expect(toHex(block)).toBe(example('card block'));
    const digits = channel.decipher(fromHex(example('digits 123456')), 2);
    expect(toHex(digits)).toBe('06313233343536000000000000000000');
  });

  test('the pad makes the card block and the RESULT byte for byte', () => {
    const digits = new TextEncoder().encode('123456');
    const challenge = fromHex('0102030405060708');
    expect(toHex(cardBlock(digits, challenge))).toBe(example('card block'));
    const session = new PadSession(transportKey, terminalRandom, padRandom);
    session.secure(0x94, Uint8Array.of(0, 0));
    const secret = fromHex('06313233343536000000000000000000');
    const payload = session.secure(0x90, Uint8Array.of(0, 7, 1), secret);
    expect(toHex(packFrame(2, 0x90, payload))).toBe(example('RESULT'));
  });

  test('the pad takes the BEEP of the terminal once and never again', () => {
    const [arrival] = new WireReader().read(fromHex(example('BEEP')));
    if (arrival?.what !== 'frame') throw new Error('no frame was read');
    const session = new PadSession(transportKey, terminalRandom, padRandom);
    expect(session.unwrap(arrival.command, arrival.payload)).toEqual(Buffer.of(2));
    expect(session.unwrap(arrival.command, arrival.payload)).toBeUndefined();
  });
});

describe('what the terminal refuses', () => {
  const secured = (count: number): Uint8Array => {
    const session = new PadSession(transportKey, terminalRandom, padRandom);
    for (let sent = 1; sent < count; sent += 1) session.secure(0x94, Uint8Array.of(0, 0));
    return Uint8Array.from(session.secure(0x94, Uint8Array.of(0, 1)));
  };

  test('a repeated payload, one out of turn, one of another command and one of its own are refused', () => {
    const channel = new SecureChannel(keys());
    expect(channel.open(0x94, secured(2))).toBeUndefined();
    expect(channel.open(0x90, secured(1))).toBeUndefined();
    expect(channel.open(0x94, secured(1))).toMatchObject({ counter: 1 });
    expect(channel.open(0x94, secured(1))).toBeUndefined();
    const own = new SecureChannel(keys()).seal(0x94, Uint8Array.of(0, 1));
    expect(new SecureChannel(keys()).open(0x94, own)).toBeUndefined();
  });

  test('any single changed byte of a secured payload is refused', () => {
    const sound = secured(1);
    for (let at = 0; at < sound.length; at += 1) {
      const changed = Uint8Array.from(sound);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(new SecureChannel(keys()).open(0x94, changed), `byte ${at}`).toBeUndefined();
    }
    expect(new SecureChannel(keys()).open(0x94, sound.subarray(0, 19))).toBeUndefined();
  });

  test('any single changed bit of a frame is no frame', () => {
    const sound = fromHex(example('RESULT'));
    for (let bit = 0; bit < sound.length * 8; bit += 1) {
      const changed = Uint8Array.from(sound);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { items } = parseFrames(emptyParser, changed);
      expect(items.filter(({ kind }) => kind === 'frame')).toEqual([]);
    }
  });

  test('greetings and results of a wrong length are undefined, never half read', () => {
    for (let length = 0; length < 60; length += 1) {
      const bytes = new Uint8Array(length).fill(1);
      expect(decodeHello(bytes)?.mac.length ?? 16).toBe(16);
      if (length !== 19) expect(decodeResult(bytes)).toBeUndefined();
    }
    expect(decodeResult(Uint8Array.of(0, 1, 7))).toBeUndefined();
  });
});
