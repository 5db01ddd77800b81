/**
 * The language between the till and the child process that holds the card binding. What goes to the card and
 * comes from it travels as bytes (`frames.ts`), because text could not be wiped after a PIN was in it. Both
 * sides check what they receive: a damaged message is dropped by the child and ends it at the parent.
 */
import { encodeBytes, encodeText } from './frames.ts';

export type HostRequest =
  | { readonly id: number; readonly op: 'open' }
  | { readonly id: number; readonly op: 'connect'; readonly reader: string }
  | {
      readonly id: number;
      readonly op: 'transmit';
      readonly handle: number;
      /** Sent one after the other; the first answer other than 9000 is the last. */
      readonly commands: readonly Uint8Array[];
      /** Follow 61xx and 6Cxx at once and go on over a missing record: a plan (`application/plan.ts`). */
      readonly follow: boolean;
      /** With so many commands still to come, what was said so far is sent ahead; 0 = nothing is. */
      readonly aheadOf: number;
    }
  | { readonly id: number; readonly op: 'disconnect'; readonly handle: number };

export type HostMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly id: number; readonly value: HostValue }
  /** The first answers of a transmit that is under way; `done` will bring the others. */
  | { readonly kind: 'some'; readonly id: number; readonly answers: readonly Uint8Array[] }
  /** `code`: PC/SC return code, 0 when there is none. */
  | { readonly kind: 'failed'; readonly id: number; readonly code: number; readonly text: string }
  | { readonly kind: 'reader-list'; readonly readers: readonly string[] }
  | {
      readonly kind: 'status';
      readonly reader: string;
      /** SCARD_STATE bits below, insertion counter in the upper 16. */
      readonly state: number;
      readonly atr: string;
    }
  | { readonly kind: 'reader-end'; readonly reader: string }
  /** The context may be dead without having said so; no reader is left, so a new child costs nothing. */
  | { readonly kind: 'stale' }
  /** The context is dead for ever; a new child is needed. */
  | { readonly kind: 'lost'; readonly code: number; readonly text: string };

export type HostValue =
  | { readonly of: 'open'; readonly readers: readonly string[] }
  | { readonly of: 'connect'; readonly handle: number; readonly protocol: number }
  | { readonly of: 'transmit'; readonly answers: readonly Uint8Array[] }
  | { readonly of: 'disconnect' };

const HEX = /^(?:[0-9A-F]{2})*$/i;
const LONGEST_NAME = 200;
/** Commands in one go; a whole file of records is the most. */
const MOST_COMMANDS = 16;
/** Each command may be asked again nine times. */
const MOST_ANSWERS = 160;
const LONGEST_BYTES = 2048;
/** Bytes of the numbers before the commands: id, handle, follow, aheadOf. */
const REQUEST_NUMBERS = 16;
/** Bytes of the numbers before the answers: id, 1 when more are to come. */
const ANSWER_NUMBERS = 8;
/** Extended answers are not used on these cards; 256 bytes and a status word are the most. */
const LONGEST_HEX = 4096;

/** A request as it is sent: a copy of its commands is in there, for the sender to wipe. */
export function encodeRequest(request: HostRequest): Uint8Array {
  if (request.op !== 'transmit') return encodeText(request);
  const { id, handle, follow, aheadOf } = request;
  return encodeBytes([id, handle, follow ? 1 : 0, aheadOf], request.commands);
}

/** A message as it is sent. */
export function encodeMessage(message: HostMessage): Uint8Array {
  if (message.kind === 'some') return encodeBytes([message.id, 1], message.answers);
  if (message.kind !== 'done' || message.value.of !== 'transmit') return encodeText(message);
  return encodeBytes([message.id, 0], message.value.answers);
}

/** The parts after the numbers, as views into the message itself; undefined when it is damaged, empty or too long. */
function partsOf(whole: Uint8Array, from: number, most: number): readonly Uint8Array[] | undefined {
  const parts: Uint8Array[] = [];
  let at = from;
  while (at < whole.length && parts.length < most) {
    const length = ((whole[at] ?? 0) << 8) | (whole[at + 1] ?? 0);
    const end = at + 2 + length;
    if (end > whole.length || length > LONGEST_BYTES) return undefined;
    parts.push(whole.subarray(at + 2, end));
    at = end;
  }
  return at === whole.length && parts.length > 0 ? parts : undefined;
}

/** A request as the child received it, or undefined when it is none. */
export function decodeRequest(raw: unknown): HostRequest | undefined {
  if (raw instanceof Uint8Array) return decodeTransmit(raw);
  if (!isRecord(raw) || !isCount(raw['id'])) return undefined;
  const id = raw['id'];
  switch (raw['op']) {
    case 'open':
      return { id, op: 'open' };
    case 'connect':
      return isName(raw['reader']) ? { id, op: 'connect', reader: raw['reader'] } : undefined;
    case 'disconnect':
      return isCount(raw['handle']) ? { id, op: 'disconnect', handle: raw['handle'] } : undefined;
    default:
      return undefined;
  }
}

function decodeTransmit(raw: Uint8Array): HostRequest | undefined {
  const commands = partsOf(raw, REQUEST_NUMBERS, MOST_COMMANDS);
  if (commands === undefined) return undefined;
  const numbers = new DataView(raw.buffer, raw.byteOffset, REQUEST_NUMBERS);
  const [id, handle] = [numbers.getUint32(0, true), numbers.getUint32(4, true)];
  const [follow, aheadOf] = [numbers.getUint32(8, true) === 1, numbers.getUint32(12, true)];
  return { id, op: 'transmit', handle, commands, follow, aheadOf };
}

function decodeAnswers(raw: Uint8Array): HostMessage | undefined {
  const answers = partsOf(raw, ANSWER_NUMBERS, MOST_ANSWERS);
  if (answers === undefined) return undefined;
  const numbers = new DataView(raw.buffer, raw.byteOffset, ANSWER_NUMBERS);
  const id = numbers.getUint32(0, true);
  return numbers.getUint32(4, true) === 1
    ? { kind: 'some', id, answers }
    : { kind: 'done', id, value: { of: 'transmit', answers } };
}

/** A message as the parent received it, or undefined when it is none. */
export function decodeMessage(raw: unknown): HostMessage | undefined {
  if (raw instanceof Uint8Array) return decodeAnswers(raw);
  if (!isRecord(raw)) return undefined;
  switch (raw['kind']) {
    case 'ready':
      return { kind: 'ready' };
    case 'done': {
      const value = decodeValue(raw['value']);
      return isCount(raw['id']) && value !== undefined ? { kind: 'done', id: raw['id'], value } : undefined;
    }
    case 'failed':
      return isCount(raw['id']) && isCount(raw['code']) && isText(raw['text'])
        ? { kind: 'failed', id: raw['id'], code: raw['code'], text: raw['text'] }
        : undefined;
    case 'reader-list':
      return isNames(raw['readers']) ? { kind: 'reader-list', readers: raw['readers'] } : undefined;
    case 'status':
      return isName(raw['reader']) && isCount(raw['state']) && isHex(raw['atr'])
        ? { kind: 'status', reader: raw['reader'], state: raw['state'], atr: raw['atr'] }
        : undefined;
    case 'reader-end':
      return isName(raw['reader']) ? { kind: 'reader-end', reader: raw['reader'] } : undefined;
    case 'stale':
      return { kind: 'stale' };
    case 'lost':
      return isCount(raw['code']) && isText(raw['text'])
        ? { kind: 'lost', code: raw['code'], text: raw['text'] }
        : undefined;
    default:
      return undefined;
  }
}

function decodeValue(raw: unknown): HostValue | undefined {
  if (!isRecord(raw)) return undefined;
  switch (raw['of']) {
    case 'open':
      return isNames(raw['readers']) ? { of: 'open', readers: raw['readers'] } : undefined;
    case 'connect':
      return isCount(raw['handle']) && isCount(raw['protocol'])
        ? { of: 'connect', handle: raw['handle'], protocol: raw['protocol'] }
        : undefined;
    case 'disconnect':
      return { of: 'disconnect' };
    default:
      return undefined;
  }
}

function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

function isCount(raw: unknown): raw is number {
  return typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= 0;
}

function isText(raw: unknown): raw is string {
  return typeof raw === 'string' && raw.length <= LONGEST_HEX;
}

function isName(raw: unknown): raw is string {
  return typeof raw === 'string' && raw.length > 0 && raw.length <= LONGEST_NAME;
}

function isNames(raw: unknown): raw is string[] {
  return Array.isArray(raw) && raw.length <= 64 && raw.every(isName);
}

function isHex(raw: unknown): raw is string {
  return typeof raw === 'string' && raw.length <= LONGEST_HEX && HEX.test(raw);
}
