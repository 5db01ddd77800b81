import { concatBytes, fromHex } from '#core/hex';
import { foldToEight, type KeyedAlgorithm, mac4, sessionKey } from './card-keys.ts';

/** Transaction types as they go into the codes: ASCII 1 load, ASCII 2 settlement (public code: 32). */
export const transactionType = { load: 0x31, purchase: 0x32 } as const;

/** The three amounts of a purchase (card reference 4.8), fen. */
export interface PurchaseAmounts {
  /** From the personal account on the card (账户). */
  readonly account: bigint;
  /** Own pay outside the account (自付). */
  readonly own: bigint;
  /** Pooled fund (统筹). */
  readonly pool: bigint;
}

/** What both sides of a purchase put into the codes. */
export interface PurchaseTerms extends PurchaseAmounts {
  readonly type: number;
  /** Terminal number (终端机编号), six bytes BCD. */
  readonly terminal: Uint8Array;
  /** `yyyyMMddHHmmss`, seven bytes BCD. */
  readonly time: Uint8Array;
}

/** Amounts travel as four bytes, most significant first. */
export const AMOUNT_MAX = 0xffff_ffffn;

/** Four bytes, most significant first. */
export function fourBytes(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(8, '0'));
}

/** Two bytes, most significant first. */
export function twoBytes(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

/** Account, own, pool: 12 bytes. */
export function amountBytes({ account, own, pool }: PurchaseAmounts): Uint8Array {
  return concatBytes(fourBytes(account), fourBytes(own), fourBytes(pool));
}

/** Process key of a purchase: card random, card sequence, last two bytes of the terminal sequence. */
export function purchaseKey(
  algorithm: KeyedAlgorithm,
  cardDpk: Uint8Array,
  cardRandom: Uint8Array,
  cardSequence: Uint8Array,
  terminalSequence: Uint8Array,
): Uint8Array {
  return sessionKey(algorithm, cardDpk, concatBytes(cardRandom, cardSequence, terminalSequence.slice(2)));
}

/** MAC1, from the module to the card: amounts, type, terminal, time. */
export function purchaseMac1(algorithm: KeyedAlgorithm, key: Uint8Array, terms: PurchaseTerms): Uint8Array {
  const { type, terminal, time } = terms;
  return mac4(algorithm, key, concatBytes(amountBytes(terms), Uint8Array.of(type), terminal, time));
}

/** MAC2, from the card to the module: the amounts. */
export function purchaseMac2(
  algorithm: KeyedAlgorithm,
  key: Uint8Array,
  amounts: PurchaseAmounts,
): Uint8Array {
  return mac4(algorithm, key, amountBytes(amounts));
}

/** Transaction authentication code (TAC) of a purchase: amounts, type, terminal, terminal sequence, time. */
export function purchaseTac(
  algorithm: KeyedAlgorithm,
  cardDtk: Uint8Array,
  terms: PurchaseTerms,
  terminalSequence: Uint8Array,
): Uint8Array {
  const { type, terminal, time } = terms;
  const message = concatBytes(amountBytes(terms), Uint8Array.of(type), terminal, terminalSequence, time);
  return mac4(algorithm, tacKey(algorithm, cardDtk), message);
}

/** DTK itself for 16-byte blocks, its halves xored for 8-byte blocks (card reference 4.2). */
export function tacKey(algorithm: KeyedAlgorithm, cardDtk: Uint8Array): Uint8Array {
  return algorithm === 'sm4' ? cardDtk : foldToEight(cardDtk);
}
