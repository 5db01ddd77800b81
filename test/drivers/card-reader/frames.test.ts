import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeBytes, encodeText, FrameReader } from '#drivers/card-reader/frames';

const frames = [
  encodeText({ kind: 'ready', name: '读卡器 00' }),
  encodeBytes([1, 0xffff_fffe], [Uint8Array.of(0x90, 0x00), Uint8Array.of(), Uint8Array.of(7)]),
  encodeText({ id: 2 }),
];
const told = [
  { kind: 'ready', name: '读卡器 00' },
  Uint8Array.of(1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0, 2, 0x90, 0x00, 0, 0, 0, 1, 7),
  { id: 2 },
];

test('messages come out whole, however the pipe cuts them', () => {
  const seed = Number(process.env['GUITAI_SEED'] ?? Date.now() % 2 ** 31);
  console.info(`frames: seed ${seed}`);
  const whole = Buffer.concat(frames);
  const cuts = fc.array(fc.nat(whole.length), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, (places) => {
      const reader = new FrameReader();
      const edges = [0, ...places.toSorted((a, b) => a - b), whole.length];
      const parts = edges.slice(1).map((end, index) => Uint8Array.from(whole.subarray(edges[index], end)));
      expect(parts.flatMap((part) => reader.take(part))).toEqual(told);
    }),
    { seed, numRuns: 300 },
  );
});

test('a message that came in two pieces leaves nothing in them', () => {
  const [, frame = Buffer.alloc(0)] = frames;
  const pieces = [Uint8Array.from(frame.subarray(0, 12)), Uint8Array.from(frame.subarray(12))];
  const reader = new FrameReader();
  expect(pieces.flatMap((piece) => reader.take(piece))).toHaveLength(1);
  for (const piece of pieces) expect(piece.every((byte) => byte === 0)).toBe(true);
});

test.each([
  ['no JSON', Buffer.from('0300000000000000aabbcc', 'hex')],
  ['no object', Buffer.from('0100000000000000' + '31', 'hex')],
  ['text and bytes at once', Buffer.from('0200000001000000' + '7b7d' + '00', 'hex')],
  ['no end', Buffer.from('ffffffffffffffff', 'hex')],
])('what is no message is told as undefined: %s', (_name, bytes) => {
  expect(new FrameReader().take(bytes)).toEqual([undefined]);
});
