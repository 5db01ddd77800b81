import { assert } from '#core/assert';
import type { CardKeyName } from '#core/domain/card-proof';
import type { Fault } from '#core/fault';
import { concatBytes, fromHex, toHex } from '#core/hex';
import { ok, type Result } from '#core/result';
import {
  BLOCK_BYTES,
  commandOf,
  exchange,
  filled,
  type ModuleAlgorithm,
  missing,
  refusal,
  type StatusAnswer,
  type Transmit,
} from './psam-commands.ts';

/** Keys of the module: those of a card, IRK (internal authentication) and its own MAC key (terminal MAC key). */
export type ModuleKeyName = CardKeyName | 'IRK' | 'terminal MAC';

/**
 * Usage (top three bits levels, low five kind) and id, card reference 4.5. Several where issuers differ: STK
 * has two levels in public code and one in the standard; the first that the module holds is taken.
 */
const PLACES: Record<ModuleKeyName, readonly [string, ...string[]]> = {
  IRK: ['6708'],
  RKSSSE: ['670A'],
  RK1DF01: ['672E'],
  RK1DF02: ['6735'],
  RK1DF03: ['672B'],
  RK2DF03: ['672C'],
  RK1DF04: ['672D'],
  PUK: ['4810'],
  STK: ['4809', '2609'],
  // Not named by any public source: kind 6 (MAC), no levels, a free id.
  'terminal MAC': ['0630'],
};

/** Key not there, or there with another number of levels. */
const TRY_NEXT = ['6A88', '6700'];

/** What selects the keys of one card: region (EF05/01) and historical bytes of the ATR. */
export interface CardKeySelector {
  readonly region: string;
  readonly historicalBytes: string;
}

/** No card: for a key that is not diversified. */
const NO_FACTORS = new Uint8Array(0);

export interface SessionOrder {
  readonly algorithm: ModuleAlgorithm;
  readonly key: ModuleKeyName;
  readonly card?: CardKeySelector;
  /** Process factor, eight bytes. */
  readonly factor: Uint8Array;
}

/**
 * DELIVER SESSION KEY (BF DE): the module makes the key of one card and from it the key of one calculation.
 * Modules forget it after that calculation, so it is delivered anew before each.
 */
export async function deliverSessionKey(
  transmit: Transmit,
  { algorithm, key, card, factor }: SessionOrder,
): Promise<Result<void, Fault>> {
  const factors = card === undefined ? NO_FACTORS : diversificationFactors(card);
  const random = filled(factor, BLOCK_BYTES[algorithm]);
  let refused = '';
  for (const place of PLACES[key]) {
    const levels = Number.parseInt(place.slice(0, 2), 16) >> 5;
    const command = commandOf(`BFDE${place}`, factors.slice(0, 8 * levels), random);
    const answer = await exchange(transmit, command);
    if (!answer.ok) return answer;
    const { status } = answer.value;
    if (status === '9000') return ok(undefined);
    refused = refusal(command, status);
    if (!TRY_NEXT.includes(status)) return missing(refused);
  }
  return missing(`no key ${key} (${refused})`);
}

/**
 * One cipher over whole blocks (80 FA 00) under the session key of `order`, one block at a time. The command
 * may hold a PIN and is wiped.
 */
export async function encipher(
  transmit: Transmit,
  order: SessionOrder,
  plain: Uint8Array,
): Promise<Result<Uint8Array, Fault>> {
  const size = BLOCK_BYTES[order.algorithm];
  assert(plain.length % size === 0, 'a module enciphers whole blocks');
  const out: Uint8Array[] = [];
  for (let start = 0; start < plain.length; start += size) {
    const delivered = await deliverSessionKey(transmit, order);
    if (!delivered.ok) return delivered;
    const block = plain.slice(start, start + size);
    const command = commandOf('80FA0000', block);
    const cipher = await calculation(transmit, command, order);
    block.fill(0);
    command.fill(0);
    if (!cipher.ok) return cipher;
    out.push(cipher.value);
  }
  return ok(concatBytes(...out));
}

/**
 * Last block of a chained MAC from zero over `message` with its fill 80 00… The module takes a single block
 * with its IV (80 FA 05), so each result is the IV of the next.
 */
export async function chainedMac(
  transmit: Transmit,
  order: SessionOrder,
  message: Uint8Array,
): Promise<Result<Uint8Array, Fault>> {
  const size = BLOCK_BYTES[order.algorithm];
  const padded = filled(
    concatBytes(message, Uint8Array.of(0x80)),
    Math.ceil((message.length + 1) / size) * size,
  );
  let last: Uint8Array = new Uint8Array(size);
  for (let start = 0; start < padded.length; start += size) {
    const delivered = await deliverSessionKey(transmit, order);
    if (!delivered.ok) return delivered;
    const command = commandOf('80FA0500', last, padded.slice(start, start + size));
    const result = await calculation(transmit, command, order);
    if (!result.ok) return result;
    last = result.value;
  }
  return ok(last);
}

/** Authentication data of eight bytes, hex. A 16-byte block is folded here, as the card folds it. */
export async function authenticationData(
  transmit: Transmit,
  order: SessionOrder,
  raw: Uint8Array,
): Promise<Result<string, Fault>> {
  const cipher = await encipher(transmit, order, filled(raw, BLOCK_BYTES[order.algorithm]));
  return cipher.ok ? ok(toHex(xorOfParts(cipher.value, 8))) : cipher;
}

/** Cipher part and MAC of a maintenance command under STK, hex (card reference 3, 4.2). */
export async function maintenanceData(
  transmit: Transmit,
  order: SessionOrder,
  header: Uint8Array,
  plain: Uint8Array,
): Promise<Result<string, Fault>> {
  assert(header.length === 5, 'a maintenance header is CLA INS P1 P2 Lc');
  const size = BLOCK_BYTES[order.algorithm];
  const whole = Math.ceil(plain.length / size) * size;
  const block = filled(plain, whole);
  if (whole > plain.length) block[plain.length] = 0x80;
  const cipher = await encipher(transmit, order, block);
  block.fill(0);
  if (!cipher.ok) return cipher;
  const last = await chainedMac(transmit, order, concatBytes(header, cipher.value));
  if (!last.ok) return last;
  // Four bytes: the left ones of an 8-byte block, all four words xored of a 16-byte one.
  const mac = size === 8 ? last.value.slice(0, 4) : xorOfParts(last.value, 4);
  return ok(toHex(concatBytes(cipher.value, mac)));
}

/** Card, city, province: the order in which the module takes them (card reference 4.3, 4.5). */
export function diversificationFactors({ region, historicalBytes }: CardKeySelector): Uint8Array {
  const card = fromHex(historicalBytes).slice(-8);
  assert(/^\d{6}$/.test(region) && card.length === 8, 'a card read before has a region and historical bytes');
  const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'ascii'));
  return concatBytes(card, ascii(`${region}sx`), ascii(`${region.slice(0, 2)}0000sh`));
}

/** One block out of the module; anything else than a block is a module out of order. */
async function calculation(
  transmit: Transmit,
  command: Uint8Array,
  { algorithm, key }: SessionOrder,
): Promise<Result<Uint8Array, Fault>> {
  const answer: Result<StatusAnswer, Fault> = await exchange(transmit, command);
  if (!answer.ok) return answer;
  const { data, status } = answer.value;
  // The key is there, but is not one for this kind of calculation.
  if (status === '6985') return missing(`no key ${key} (${refusal(command, status)})`);
  if (status !== '9000') return missing(refusal(command, status));
  return data.length === BLOCK_BYTES[algorithm] ? ok(data) : missing('answer of wrong length');
}

function xorOfParts(block: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  block.forEach((byte, index) => {
    out[index % size] = (out[index % size] ?? 0) ^ byte;
  });
  return out;
}
