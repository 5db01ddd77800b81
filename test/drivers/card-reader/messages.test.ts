import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '#core/hex';
import { encodeBytes, FrameReader } from '#drivers/card-reader/frames';
import {
  decodeMessage,
  decodeRequest,
  encodeMessage,
  encodeRequest,
  type HostMessage,
} from '#drivers/card-reader/messages';
import { codeInText, faultOfPcscCode } from '#drivers/card-reader/pcsc-codes';

test('messages that are whole are taken as they are', () => {
  const messages: readonly HostMessage[] = [
    { kind: 'ready' },
    { kind: 'done', id: 1, value: { of: 'open', readers: ['R'] } },
    { kind: 'done', id: 2, value: { of: 'transmit', answers: [Uint8Array.of(0x90, 0x00)] } },
    { kind: 'some', id: 2, answers: [Uint8Array.of(0x6a, 0x83), Uint8Array.of(0x90, 0x00)] },
    { kind: 'failed', id: 3, code: 0x80100069, text: 'removed' },
    { kind: 'status', reader: 'R', state: 0x10022, atr: '3B00' },
  ];
  for (const message of messages) {
    const [raw] = new FrameReader().take(encodeMessage(message));
    expect(decodeMessage(raw)).toEqual(message);
  }
  const commands = [fromHex('0084000008'), fromHex('00B2010012')];
  const request = { id: 1, op: 'transmit', handle: 7, commands, follow: true, aheadOf: 1 } as const;
  const sent = encodeRequest(request);
  const [raw] = new FrameReader().take(sent);
  expect(decodeRequest(raw)).toEqual(request);
  sent.fill(0);
  expect(decodeRequest(raw)).not.toEqual(request);
  expect(request.commands.map(toHex)).toEqual(['0084000008', '00B2010012']);
});

test.each([
  null,
  'ready',
  { kind: 'done', id: 1 },
  { kind: 'done', id: -1, value: { of: 'disconnect' } },
  { kind: 'done', id: 1, value: { of: 'transmit' } },
  { kind: 'status', reader: '', state: 1, atr: '' },
  { kind: 'status', reader: 'R', state: 1.5, atr: '' },
  { kind: 'reader-list', readers: [1] },
  { id: 1, op: 'transmit', handle: 1, commands: ['0084000008'], follow: false, aheadOf: 0 },
  new Uint8Array(),
  { id: 1, op: 'exec', command: '00' },
])('a damaged message %j is none', (raw) => {
  expect(decodeMessage(raw)).toBeUndefined();
  expect(decodeRequest(raw)).toBeUndefined();
});

test.each([
  ['a number too few', [1], ['9000']],
  ['no answer', [1, 0], []],
  ['a piece missing', [1, 0], ['9000'], 1],
  ['too many answers', [1, 0], Array.from({ length: 161 }, () => '9000')],
])('answers with %s are none', (_name, numbers, parts, cut = 0) => {
  const [raw] = new FrameReader().take(encodeBytes(numbers, parts.map(fromHex)));
  const bytes = raw instanceof Uint8Array ? raw : new Uint8Array();
  expect(decodeMessage(bytes.subarray(0, bytes.length - cut))).toBeUndefined();
});

test.each([
  ['a number too few', [1, 1, 0], ['84']],
  ['no command', [1, 1, 0, 0], []],
  ['a piece missing', [1, 1, 0, 0], ['0084000008'], 1],
  ['too many commands', [1, 1, 0, 0], Array.from({ length: 17 }, () => '0084000008')],
])('a request with %s is none', (_name, numbers, parts, cut = 0) => {
  const [raw] = new FrameReader().take(encodeBytes(numbers, parts.map(fromHex)));
  const bytes = raw instanceof Uint8Array ? raw : new Uint8Array();
  expect(decodeRequest(bytes.subarray(0, bytes.length - cut))).toBeUndefined();
});

test('no message of any shape makes a decoder throw', () => {
  const seed = Number(process.env['GUITAI_SEED'] ?? Date.now() % 2 ** 31);
  console.info(`messages: seed ${seed}`);
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.uint8Array({ maxLength: 64 })), (raw) => {
      decodeMessage(raw);
      decodeRequest(raw);
    }),
    { seed, numRuns: 500 },
  );
});

test('error texts of the binding become coded faults', () => {
  const of = (text: string): string => faultOfPcscCode(codeInText(text), text).code;
  expect(of('SCardConnect error: Sharing violation.(0x8010000b)')).toBe('reader-busy');
  expect(of('SCardTransmit error: Transaction failed.(0x80100016)')).toBe('card-removed');
  expect(of('SCardTransmit error: Card was removed.(0x80100069)')).toBe('card-removed');
  expect(of('SCardConnect error: Card is unpowered.(0x80100067)')).toBe('card-mute');
  expect(of('SCardConnect error: Card protocol mismatch.(0x8010000f)')).toBe('card-mute');
  expect(of('SCardEstablishContext error: Service not available.(0x8010001D)')).toBe('reader-service-down');
  expect(of('SCardGetStatusChange error: RPC transport error.(0x80100013)')).toBe('reader-service-down');
  expect(of('something new (0x80109999)')).toBe('reader-fault');
  expect(of('no code at all')).toBe('reader-fault');
});
