import { assert } from '#core/assert';
import { concatBytes } from '#core/hex';
import type { PinPurpose, PinRequest } from './port.ts';

/** Commands and bodies of PROTOCOL.md sections 4 and 5. */
export const padCommands = {
  hello: 0x01,
  enterPin: 0x10,
  cancel: 0x11,
  display: 0x12,
  beep: 0x13,
  status: 0x14,
  helloAnswer: 0x81,
  result: 0x90,
  key: 0x91,
  state: 0x94,
} as const;

const protocolVersion = 1;
export const randomBytesInHello = 16;
const CHALLENGE_BYTES = 8;
const TENTHS_MAX = 0xffff;
const TEXT_BYTES_MAX = 60;
const purposes: Readonly<Record<PinPurpose, number>> = { verify: 1, old: 2, new: 3, 'new-again': 4 };

export const capabilities = { cardBlock: 1, digits: 2, display: 4, beep: 8 } as const;

export interface PadHello {
  readonly padRandom: Uint8Array;
  readonly tampered: boolean;
  readonly capabilities: number;
  readonly keyCheckValue: Uint8Array;
  readonly serial: string;
  readonly firmware: string;
  /** The bytes that the MAC covers, and the MAC. */
  readonly covered: Uint8Array;
  readonly mac: Uint8Array;
}

export type PadOutcome =
  | { readonly kind: 'block' | 'digits'; readonly secret: Uint8Array }
  | { readonly kind: 'cancelled' | 'timeout' | 'busy' | 'tampered' };

export function encodeHello(terminalRandom: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(protocolVersion), terminalRandom);
}

/** Undefined for anything but an answer of this protocol version. */
export function decodeHello(payload: Uint8Array): PadHello | undefined {
  const fixed = 1 + randomBytesInHello + 1 + 1 + 3;
  if (payload[0] !== protocolVersion) return undefined;
  const serial = textAt(payload, fixed);
  const firmware = serial === undefined ? undefined : textAt(payload, serial.end);
  if (serial === undefined || firmware === undefined || payload.length !== firmware.end + 16)
    return undefined;
  const after = 1 + randomBytesInHello;
  return {
    padRandom: payload.slice(1, after),
    // Anything but a clear "sound" counts as tampered.
    tampered: payload[after] !== 0,
    capabilities: payload[after + 1] ?? 0,
    keyCheckValue: payload.slice(after + 2, after + 5),
    serial: serial.text,
    firmware: firmware.text,
    covered: payload.slice(0, firmware.end),
    mac: payload.slice(firmware.end),
  };
}

/** Body of ENTER-PIN; the challenge goes along only when the pad can make card blocks. */
export function encodeEnterPin(entry: number, request: PinRequest, withChallenge: boolean): Uint8Array {
  const challenge = withChallenge ? (request.challenge ?? new Uint8Array()) : new Uint8Array();
  assert(
    challenge.length === 0 || challenge.length === CHALLENGE_BYTES,
    'the challenge of a card has eight bytes',
  );
  const tenths = Math.min(TENTHS_MAX, Math.max(1, Math.ceil(request.timeoutMs / 100)));
  return concatBytes(
    twoBytes(entry),
    Uint8Array.of(purposes[request.purpose]),
    twoBytes(tenths),
    Uint8Array.of(challenge.length),
    challenge,
    lengthAndText(request.amount ?? ''),
  );
}

export function encodeCancel(entry: number): Uint8Array {
  return twoBytes(entry);
}

export function encodeDisplay(upper: string, lower: string): Uint8Array {
  return concatBytes(lengthAndText(upper), lengthAndText(lower));
}

/** Body of RESULT; undefined when it is none. */
export function decodeResult(
  body: Uint8Array,
): { readonly entry: number; readonly outcome: PadOutcome } | undefined {
  const [high, low, code] = body;
  if (high === undefined || low === undefined || code === undefined) return undefined;
  const entry = (high << 8) | low;
  const secret = body.subarray(3);
  if (code <= 1) {
    if (secret.length !== 16) return undefined;
    return { entry, outcome: { kind: code === 0 ? 'block' : 'digits', secret } };
  }
  if (secret.length !== 0) return undefined;
  const kinds = ['cancelled', 'timeout', 'busy', 'tampered', 'cancelled'] as const;
  const kind = kinds[code - 2];
  return kind === undefined ? undefined : { entry, outcome: { kind } };
}

/** Body of STATE; undefined when it is none. */
export function decodeState(body: Uint8Array): { readonly tampered: boolean } | undefined {
  return body.length === 2 ? { tampered: body[0] !== 0 } : undefined;
}

function textAt(bytes: Uint8Array, at: number): { readonly text: string; readonly end: number } | undefined {
  const length = bytes[at];
  if (length === undefined || bytes.length < at + 1 + length) return undefined;
  const text = Buffer.from(bytes.subarray(at + 1, at + 1 + length)).toString('latin1');
  return { text: text.replace(/[^\x20-\x7e]/g, '?'), end: at + 1 + length };
}

function lengthAndText(text: string): Uint8Array {
  let short = text;
  while (Buffer.byteLength(short) > TEXT_BYTES_MAX) short = short.slice(0, -1);
  const bytes = Buffer.from(short);
  return concatBytes(Uint8Array.of(bytes.length), bytes);
}

function twoBytes(value: number): Uint8Array {
  return Uint8Array.of((value >> 8) & 0xff, value & 0xff);
}
