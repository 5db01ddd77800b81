import { assert } from '#core/assert';
import { fromHex, toHex } from '#core/hex';
import type { CardLike } from '#drivers/card-reader/port';
import type { KeyedAlgorithm } from '#simulators/cards/card-keys';

export const TERMINAL = '990100000001';
export const TIME = '20260315103000';

const ENVIRONMENT: Record<KeyedAlgorithm, string> = { tdes: '31', sm4: '33' };

export function send(card: CardLike, command: string): string {
  const answer = card.transmit(fromHex(command));
  assert(answer !== undefined, 'the card answers');
  return toHex(answer);
}

export function sendAll(card: CardLike, ...commands: string[]): string[] {
  return commands.map((command) => send(card, command));
}

export interface Purchase {
  readonly algorithm: KeyedAlgorithm;
  /** Eight bytes each, hex: card, city, province, as far as the module's levels go. */
  readonly factors: string;
  /** Fen. */
  readonly account: number;
  readonly own?: number;
  readonly pool?: number;
  readonly time?: string;
  /** Default TERMINAL. */
  readonly terminal?: string;
}

/** Four bytes of an amount, hex. */
export function amount(fen = 0): string {
  return fen.toString(16).toUpperCase().padStart(8, '0');
}

/** Application DF04 with the PIN 123456 shown. */
export function openMedical(card: CardLike): void {
  sendAll(card, '00A4000002DF04', '0020000003123456');
}

/** Application DF01 of the module, in the environment of the algorithm. */
export function openModule(module: CardLike, algorithm: KeyedAlgorithm): void {
  sendAll(module, `00A404000F7378${ENVIRONMENT[algorithm]}2E73682EC9E7BBE1B1A3D5CF`, '00A4000002DF01');
}

/** INITIALIZE FOR PURCHASE; the answer with its status word. */
export function initialize(card: CardLike, terms: Purchase): string {
  const { account, own, pool, terminal = TERMINAL } = terms;
  return send(card, `B02801011301${amount(account)}${amount(own)}${amount(pool)}${terminal}16`);
}

/** INIT SAM FOR PURCHASE for what the card answered to `initialize`. */
export function initSam(module: CardLike, initialized: string, terms: Purchase, type = '32'): string {
  const { account, own, pool, time = TIME, factors } = terms;
  const [sequence, codes, random] = [
    initialized.slice(28, 32),
    initialized.slice(32, 36),
    initialized.slice(36, 44),
  ];
  const amounts = `${amount(account)}${amount(own)}${amount(pool)}`;
  const data = `${random}${sequence}${amounts}${type}${time}${codes}${factors}`;
  return send(module, `80700100${toHex(Uint8Array.of(data.length / 2))}${data}08`);
}

/** DEBIT FOR PURCHASE with what the module answered to `initSam`: TAC, MAC2 and status word. */
export function debit(card: CardLike, fromModule: string, time = TIME): string {
  return send(card, `B02C01000F${fromModule.slice(0, 8)}${time}${fromModule.slice(8, 16)}08`);
}
