import { concatBytes, equalBytes, toHex } from '#core/hex';
import { type Answer, answerData, type Command, statusOnly, sw } from './apdu.ts';
import type { KeyedAlgorithm } from './card-keys.ts';
import { diversifiedFor, FACTOR_BYTES, type PsamKey } from './psam-keys.ts';
import { fourBytes, type PurchaseTerms, purchaseKey, purchaseMac1, purchaseMac2 } from './purchase-codes.ts';

const PURCHASE_KIND = 2;
/** Data of INIT SAM FOR PURCHASE before the diversification factors. */
const TERMS_BYTES = 0x1c;
const COUNTER_MAX = 0xffff_ffff;

/** Algorithm byte of the purchase as cards give it; 03 for SM4 is our choice, as in FCI tag 86. */
const ALGORITHM_CODE: Record<KeyedAlgorithm, number> = { tdes: 0x00, sm4: 0x03 };

export interface PurchaseSetting {
  readonly algorithm: KeyedAlgorithm;
  readonly keys: readonly PsamKey[];
  /** Six bytes BCD. */
  readonly terminal: Uint8Array;
}

/**
 * The module's half of a purchase (card reference 4.5, 4.8): MAC1 for the card, then the check of the card's
 * MAC2. The transaction counter (终端交易序号) is the last number given; it outlives the power, a begun
 * purchase does not.
 */
export class PsamPurchase {
  #counter: number;
  readonly #wrongMac2Status: number;
  #expectedMac2: Uint8Array | undefined;

  constructor(counter: number, wrongMac2Status: number) {
    this.#counter = counter;
    this.#wrongMac2Status = wrongMac2Status;
  }

  /** Last terminal sequence given. */
  get counter(): number {
    return this.#counter;
  }

  get counterBytes(): Uint8Array {
    return fourBytes(BigInt(this.#counter));
  }

  abandon(): void {
    this.#expectedMac2 = undefined;
  }

  /**
   * INIT SAM FOR PURCHASE 80 70 01 00: card random 4, card sequence 2, three amounts, type 1, time 7, key
   * version 1, algorithm 1, then one factor for each level: card, city, province. Every good call counts up.
   */
  begin({ p1, p2, data }: Command, { algorithm, keys, terminal }: PurchaseSetting): Answer {
    this.abandon();
    if (p1 !== 0x01 || p2 !== 0x00) return statusOnly(sw.wrongP1P2);
    const [version, code] = [data[26], data[27]];
    if (version === undefined || code === undefined) return statusOnly(sw.wrongLength);
    const key = keys.find(({ usage, id }) => (usage & 0x1f) === PURCHASE_KIND && id === version);
    if (key === undefined || code !== ALGORITHM_CODE[algorithm]) return statusOnly(sw.keyNotFound);
    const levels = key.usage >> 5;
    if (data.length !== TERMS_BYTES + FACTOR_BYTES * levels) return statusOnly(sw.wrongLength);
    const terms = termsOf(data, terminal);
    if (terms === undefined) return statusOnly(sw.wrongData);
    if (this.#counter >= COUNTER_MAX) return statusOnly(sw.counterFull);
    this.#counter += 1;
    const cardDpk = diversifiedFor(algorithm, key, data.slice(TERMS_BYTES), levels);
    const session = purchaseKey(algorithm, cardDpk, data.slice(0, 4), data.slice(4, 6), this.counterBytes);
    this.#expectedMac2 = purchaseMac2(algorithm, session, terms);
    return answerData(concatBytes(this.counterBytes, purchaseMac1(algorithm, session, terms)));
  }

  /** CREDIT SAM FOR PURCHASE 80 72 00 00 04 MAC2: one try for each begun purchase. */
  finish({ p1, p2, data }: Command): number {
    const expected = this.#expectedMac2;
    this.abandon();
    if (p1 !== 0 || p2 !== 0) return sw.wrongP1P2;
    if (data.length !== 4) return sw.wrongLength;
    if (expected === undefined) return sw.conditionsNotMet;
    return equalBytes(expected, data) ? sw.ok : this.#wrongMac2Status;
  }
}

function termsOf(data: Uint8Array, terminal: Uint8Array): PurchaseTerms | undefined {
  const amount = (offset: number): bigint => BigInt(`0x${toHex(data.slice(offset, offset + 4))}`);
  const [type = 0, time] = [data[18], data.slice(19, 26)];
  if (!/^\d{14}$/.test(toHex(time))) return undefined;
  return { account: amount(6), own: amount(10), pool: amount(14), type, terminal, time };
}
