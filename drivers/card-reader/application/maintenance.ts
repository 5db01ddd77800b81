import type { CardAlgorithm } from '#core/domain/holder';
import { fromHex, toHex } from '#core/hex';
import { secretCommand } from './apdu.ts';

const UNBLOCK = 0x84240000;
const RESET = 0x84240001;
const MAC_LENGTH = 4;
const BLOCK_LENGTH: Readonly<Record<CardAlgorithm, number>> = { tdes: 8, ssf33: 16, sm4: 16 };

/** PIN CHANGE/UNBLOCK as it is handed to whoever holds STK (card reference 3, 4.2). */
export interface MaintenanceOrder {
  /** CLA INS P1 P2 Lc, ten hex digits: the beginning of what the MAC covers. */
  readonly header: string;
  /** Whole blocks to be enciphered, empty for the counter alone; holds the PIN, wiped by the caller. */
  readonly plain: Uint8Array;
}

/** Unblock: only the try counter (P2 00). Reset: with a new PIN (P2 01), BCD as `Pin` holds it. */
export function maintenanceOrder(algorithm: CardAlgorithm, replacement?: Uint8Array): MaintenanceOrder {
  const plain = replacement === undefined ? new Uint8Array() : pinBlock(algorithm, replacement);
  const head = Uint8Array.of(plain.length + MAC_LENGTH);
  const command = replacement === undefined ? UNBLOCK : RESET;
  return { header: `${command.toString(16).toUpperCase()}${toHex(head)}`, plain };
}

/**
 * The command itself from cipher part and MAC, hex; undefined when these are not as long as the header says:
 * outside data, and a wrong MAC brings the unblocking key nearer to its lock.
 */
export function maintenanceCommand(order: MaintenanceOrder, secured: string): Uint8Array | undefined {
  const length = order.plain.length + MAC_LENGTH;
  if (!/^[0-9A-F]*$/i.test(secured) || secured.length !== 2 * length) return undefined;
  return secretCommand(Number.parseInt(order.header.slice(0, 8), 16), fromHex(secured));
}

/** Length byte, PIN, 80, 00… up to whole blocks; a PIN has at most six bytes, so one block always holds it. */
function pinBlock(algorithm: CardAlgorithm, pin: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK_LENGTH[algorithm]);
  block[0] = pin.length;
  block.set(pin, 1);
  block[1 + pin.length] = 0x80;
  return block;
}
