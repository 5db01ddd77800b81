import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  emptyParser,
  encodeAck,
  encodeFrame,
  encodeNak,
  endPause,
  type FrameParser,
  type PadItem,
  parseFrames,
} from '#drivers/pin-pad/frames';

const seed = Number(process.env['GUITAI_SEED'] ?? Date.now() % 1_000_000);
const runs = (numRuns: number) => ({ seed, numRuns });

const frame = fc.record({
  sequence: fc.integer({ min: 0, max: 255 }),
  command: fc.integer({ min: 0, max: 255 }),
  payload: fc.uint8Array({ maxLength: 512 }),
});

/** Bytes that look like the protocol more often than chance would have it. */
const hostile = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      frame.map(encodeFrame),
      fc
        .tuple(frame.map(encodeFrame), fc.nat(520), fc.integer({ min: 1, max: 255 }))
        .map(([bytes, at, change]) => {
          const changed = Uint8Array.from(bytes);
          changed[at % changed.length] = (changed[at % changed.length] ?? 0) ^ change;
          return changed;
        }),
      fc.constantFrom(Uint8Array.of(2), Uint8Array.of(2, 2, 2), Uint8Array.of(6), Uint8Array.of(0x15)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

function feed(bytes: Uint8Array, cuts: readonly number[]): { items: PadItem[]; parser: FrameParser } {
  let parser = emptyParser;
  const items: PadItem[] = [];
  let at = 0;
  for (const cut of [
    ...cuts.map((value) => value % (bytes.length + 1)).sort((a, b) => a - b),
    bytes.length,
  ]) {
    const step = parseFrames(parser, bytes.subarray(at, cut));
    parser = step.next;
    items.push(...step.items);
    at = cut;
  }
  return { items, parser };
}

const good = (items: readonly PadItem[]) => items.filter(({ kind }) => kind !== 'bad');

test(`any bytes in any pieces: no crash, bounded memory, the same frames (seed ${seed})`, () => {
  fc.assert(
    fc.property(hostile, fc.array(fc.nat(6_000), { maxLength: 8 }), (bytes, cuts) => {
      const whole = feed(bytes, []);
      const pieces = feed(bytes, cuts);
      expect(good(pieces.items)).toEqual(good(whole.items));
      expect(pieces.parser.pending.length).toBeLessThan(520);
      expect(whole.items.length).toBeLessThanOrEqual(bytes.length);
      expect(endPause(pieces.parser).next.pending.length).toBe(0);
    }),
    runs(400),
  );
});

test(`a sound frame is found behind any damaged one once the line pauses (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30 }), frame, (rubbish, wanted) => {
      // A NAK or ACK at the end of the rubbish would take the STX for its sequence.
      const behind = Uint8Array.from([...rubbish, 0, 0, ...encodeFrame(wanted)]);
      const first = parseFrames(emptyParser, behind);
      const items = [...first.items, ...endPause(first.next).items];
      expect(items).toContainEqual({ kind: 'frame', ...wanted });
    }),
    runs(300),
  );
});

test('what the terminal encodes it reads again', () => {
  const sent = { sequence: 255, command: 0x90, payload: Uint8Array.of(2, 3, 6, 0x15) };
  const bytes = Uint8Array.from([...encodeAck(2), ...encodeFrame(sent), ...encodeNak(3)]);
  expect(parseFrames(emptyParser, bytes).items).toEqual([
    { kind: 'ack', sequence: 2 },
    { kind: 'frame', ...sent },
    { kind: 'nak' },
  ]);
});
