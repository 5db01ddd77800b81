/**
 * The language between the till and the child process that holds the card binding. What goes to the card and
 * comes from it travels as bytes (structured clone), because text could not be wiped after a PIN was in it.
 * Both sides check what they receive: a damaged message is dropped by the child and ends it at the parent.
 */
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
    }
  | { readonly id: number; readonly op: 'disconnect'; readonly handle: number };

export type HostMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly id: number; readonly value: HostValue }
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
/** Extended answers are not used on these cards; 256 bytes and a status word are the most. */
const LONGEST_HEX = 4096;

/** A request as the child received it, or undefined when it is none. */
export function decodeRequest(raw: unknown): HostRequest | undefined {
  if (!isRecord(raw) || !isCount(raw['id'])) return undefined;
  const id = raw['id'];
  switch (raw['op']) {
    case 'open':
      return { id, op: 'open' };
    case 'connect':
      return isName(raw['reader']) ? { id, op: 'connect', reader: raw['reader'] } : undefined;
    case 'transmit':
      return isCount(raw['handle']) &&
        isBytesList(raw['commands'], MOST_COMMANDS) &&
        typeof raw['follow'] === 'boolean'
        ? { id, op: 'transmit', handle: raw['handle'], commands: raw['commands'], follow: raw['follow'] }
        : undefined;
    case 'disconnect':
      return isCount(raw['handle']) ? { id, op: 'disconnect', handle: raw['handle'] } : undefined;
    default:
      return undefined;
  }
}

/** A message as the parent received it, or undefined when it is none. */
export function decodeMessage(raw: unknown): HostMessage | undefined {
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
    case 'transmit':
      return isBytesList(raw['answers'], MOST_ANSWERS)
        ? { of: 'transmit', answers: raw['answers'] }
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

function isBytesList(raw: unknown, most: number): raw is Uint8Array[] {
  return Array.isArray(raw) && raw.length > 0 && raw.length <= most && raw.every(isBytes);
}

function isBytes(raw: unknown): raw is Uint8Array {
  return raw instanceof Uint8Array && raw.length <= LONGEST_BYTES;
}

function isHex(raw: unknown): raw is string {
  return typeof raw === 'string' && raw.length <= LONGEST_HEX && HEX.test(raw);
}
