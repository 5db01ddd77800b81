import { assert } from '#core/assert';
import { concatBytes } from '#core/hex';

/** Frames of PROTOCOL.md section 1. */
export interface PadFrame {
  readonly sequence: number;
  readonly command: number;
  readonly payload: Uint8Array;
}

export type PadItem =
  | ({ readonly kind: 'frame' } & PadFrame)
  | { readonly kind: 'ack'; readonly sequence: number }
  | { readonly kind: 'nak' }
  /** A damaged frame, or a run of bytes that belong to none. */
  | { readonly kind: 'bad'; readonly reason: 'length' | 'crc' | 'end' | 'pause' | 'noise' };

/** Bytes of a frame that has not come in full; never longer than the longest frame. */
export interface FrameParser {
  readonly pending: Uint8Array;
}

const STX = 0x02;
const ETX = 0x03;
const ACK = 0x06;
const NAK = 0x15;
const payloadMax = 512;
const LENGTH_MIN = 2;
const LENGTH_MAX = payloadMax + LENGTH_MIN;
/** STX, length, CRC, ETX. */
const OVERHEAD = 6;

export const emptyParser: FrameParser = { pending: new Uint8Array() };

/** CRC-16 with polynomial 1021, start FFFF, no reflection: of `123456789` it is 29B1. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1)
      crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021) & 0xffff;
  }
  return crc;
}

export function encodeFrame(frame: PadFrame): Uint8Array {
  assert(frame.payload.length <= payloadMax, 'a frame for the PIN pad has at most 512 payload bytes');
  const length = frame.payload.length + LENGTH_MIN;
  const head = Uint8Array.of(length >> 8, length & 0xff, frame.sequence, frame.command);
  const body = concatBytes(head, frame.payload);
  const crc = crc16(body);
  return concatBytes(Uint8Array.of(STX), body, Uint8Array.of(crc >> 8, crc & 0xff, ETX));
}

export function encodeAck(sequence: number): Uint8Array {
  return Uint8Array.of(ACK, sequence);
}

export function encodeNak(sequence: number): Uint8Array {
  return Uint8Array.of(NAK, sequence);
}

/**
 * Takes whatever bytes come from a line, in any pieces. Pure and total: any bytes give items and a parser
 * whose memory is bounded. After a damaged frame it looks for the next one right behind the refused STX.
 */
export function parseFrames(
  parser: FrameParser,
  bytes: Uint8Array,
): { readonly next: FrameParser; readonly items: readonly PadItem[] } {
  const all = concatBytes(parser.pending, bytes);
  const items: PadItem[] = [];
  let at = 0;
  while (at < all.length) {
    const step = parseAt(all, at);
    if (step === undefined) break;
    const last = items.at(-1);
    const moreNoise = step.item.kind === 'bad' && step.item.reason === 'noise' && last?.kind === 'bad';
    if (!moreNoise) items.push(step.item);
    at += step.length;
  }
  return { next: { pending: all.slice(at) }, items };
}

/** A pause inside a frame: its beginning is damaged, and what follows in the buffer is looked at anew. */
export function endPause(parser: FrameParser): {
  readonly next: FrameParser;
  readonly items: readonly PadItem[];
} {
  if (parser.pending.length === 0) return { next: parser, items: [] };
  const rest = parseFrames(emptyParser, parser.pending.slice(1));
  const further = endPause(rest.next);
  const items: PadItem[] = [{ kind: 'bad', reason: 'pause' }, ...rest.items, ...further.items];
  return { next: further.next, items };
}

/** The item that begins at `at`; undefined when more bytes are needed to tell. */
function parseAt(
  all: Uint8Array,
  at: number,
): { readonly item: PadItem; readonly length: number } | undefined {
  const first = all[at];
  const second = all[at + 1];
  if (first === ACK || first === NAK) {
    if (second === undefined) return undefined;
    return { item: first === ACK ? { kind: 'ack', sequence: second } : { kind: 'nak' }, length: 2 };
  }
  if (first !== STX) return { item: { kind: 'bad', reason: 'noise' }, length: 1 };
  const third = all[at + 2];
  if (second === undefined || third === undefined) return undefined;
  const length = (second << 8) | third;
  if (length < LENGTH_MIN || length > LENGTH_MAX) return refused('length');
  if (all.length < at + length + OVERHEAD) return undefined;
  const body = all.subarray(at + 1, at + 3 + length);
  const [crcHigh = 0, crcLow = 0, end] = all.subarray(at + 3 + length, at + length + OVERHEAD);
  if (end !== ETX) return refused('end');
  if (crc16(body) !== ((crcHigh << 8) | crcLow)) return refused('crc');
  const [sequence = 0, command = 0] = body.subarray(2);
  return {
    item: { kind: 'frame', sequence, command, payload: body.slice(4) },
    length: length + OVERHEAD,
  };
}

function refused(reason: 'length' | 'crc' | 'end') {
  return { item: { kind: 'bad', reason }, length: 1 } as const;
}
