import { assert } from '#core/assert';
import { concatBytes, equalBytes, fromHex, toHex } from '#core/hex';
import { type Answer, answerData, type Command, statusOnly, sw } from './apdu.ts';
import type { PurseDefinition, PurseKeys } from './card-definition.ts';
import type { KeyedAlgorithm } from './card-keys.ts';
import { loadKey, loadMac1, loadMac2, loadTac } from './load-codes.ts';
import {
  AMOUNT_MAX,
  amountBytes,
  fourBytes,
  purchaseKey,
  purchaseMac1,
  purchaseMac2,
  purchaseTac,
  transactionType,
  twoBytes,
} from './purchase-codes.ts';

const COUNTER_FULL = 0xffff;
const LIST_LENGTH = 30;
const RANDOM_BYTES = 4;
/** Key version and algorithm as the card names them in its answers; 03 for SM4 as in FCI tag 86 is our choice. */
const KEY_VERSION = 0x01;
const ALGORITHM_CODE: Record<KeyedAlgorithm, number> = { tdes: 0x00, sm4: 0x03 };

interface Begun {
  readonly kind: 'purchase' | 'load';
  readonly keys: PurseKeys;
  readonly random: Uint8Array;
  readonly terminal: Uint8Array;
  readonly account: bigint;
  readonly own: bigint;
  readonly pool: bigint;
}

interface Proof {
  readonly sequence: number;
  readonly codes: Uint8Array;
}

/**
 * Money on the card (card reference 4.8): balance, the year's sums, counters, the transaction list EF08. All
 * of it outlives the power; a purchase that was begun does not. Class B0, in DF04, behind the PIN.
 */
export class Purse {
  readonly #definition: PurseDefinition;
  readonly #algorithm: KeyedAlgorithm;
  readonly #random: (length: number) => Uint8Array;
  #balance: bigint;
  #ownSum: bigint;
  #poolSum: bigint;
  #year: number;
  #startDay: string;
  #sequence: number;
  #loadSequence: number;
  #list: Uint8Array[] = [];
  #begun: Begun | undefined;
  readonly #proofs = new Map<Begun['kind'], Proof>();

  constructor(
    definition: PurseDefinition,
    algorithm: KeyedAlgorithm,
    random: (length: number) => Uint8Array,
  ) {
    this.#definition = definition;
    this.#algorithm = algorithm;
    this.#random = random;
    this.#balance = definition.balance;
    this.#ownSum = definition.ownSum ?? 0n;
    this.#poolSum = definition.poolSum ?? 0n;
    this.#year = definition.year;
    this.#startDay = definition.startDay ?? '0101';
    this.#sequence = definition.sequence ?? 1;
    this.#loadSequence = definition.loadSequence ?? 1;
  }

  /** Balance on the card, fen. */
  get balance(): bigint {
    return this.#balance;
  }

  /** Records of the transaction list (医疗交易明细), newest first. */
  get transactions(): readonly Uint8Array[] {
    return this.#list;
  }

  /** Power-off, another application or any command in between: what was begun is over. */
  abandon(): void {
    this.#begun = undefined;
  }

  /** One command of class B0. `pinProved` and `mayUpdate` are the security status of the application. */
  execute(command: Command, pinProved: boolean, mayUpdate: boolean): Answer {
    const begun = this.#begun;
    this.abandon();
    // A torn transaction is asked for after a new power-on, before any PIN.
    if (command.ins === 0x2e) return this.#transactionProof(command);
    if (command.ins === 0x56) return this.#startOfYear(command, mayUpdate);
    if (!pinProved) return statusOnly(sw.securityNotSatisfied);
    switch (command.ins) {
      case 0x26:
        return this.#getBalance(command);
      case 0x28:
        return this.#initialize(command);
      case 0x2c:
        return this.#debit(command, begun);
      case 0x2a:
        return this.#credit(command, begun);
      default:
        return statusOnly(sw.wrongInstruction);
    }
  }

  #getBalance({ p1, p2, data }: Command): Answer {
    if (p1 !== 0 || p2 < 1 || p2 > 3) return statusOnly(sw.wrongP1P2);
    if (data.length > 0) return statusOnly(sw.wrongLength);
    if (p2 === 1) return answerData(fourBytes(this.#balance));
    return answerData(concatBytes(fourBytes(p2 === 2 ? this.#ownSum : this.#poolSum), yearBytes(this.#year)));
  }

  #initialize(command: Command): Answer {
    if (command.p2 !== 0x01 || command.p1 > 1) return statusOnly(sw.wrongP1P2);
    return command.p1 === 1 ? this.#beginPurchase(command.data) : this.#beginLoad(command.data);
  }

  #beginPurchase(data: Uint8Array): Answer {
    if (data.length !== 19) return statusOnly(sw.wrongLength);
    const keys = this.#definition.keys.get(data[0] ?? 0);
    if (keys === undefined) return statusOnly(sw.keyIndexUnknown);
    const [account, own, pool] = [numberAt(data, 1), numberAt(data, 5), numberAt(data, 9)];
    const terminal = data.slice(13);
    if (!isDecimal(terminal)) return statusOnly(sw.wrongData);
    if (this.#sequence >= COUNTER_FULL) return statusOnly(sw.counterFull);
    if (account > this.#balance) return statusOnly(sw.notEnoughMoney);
    const random = this.#random(RANDOM_BYTES);
    assert(random.length === RANDOM_BYTES, 'the card has a random source of any length');
    this.#begun = { kind: 'purchase', keys, random, terminal, account, own, pool };
    const state = concatBytes(fourBytes(this.#balance), fourBytes(this.#ownSum), fourBytes(this.#poolSum));
    const codes = Uint8Array.of(KEY_VERSION, ALGORITHM_CODE[this.#algorithm]);
    return answerData(concatBytes(state, yearBytes(this.#year), twoBytes(this.#sequence), codes, random));
  }

  #beginLoad(data: Uint8Array): Answer {
    if (data.length !== 11) return statusOnly(sw.wrongLength);
    const keys = this.#definition.keys.get(data[0] ?? 0);
    if (keys === undefined) return statusOnly(sw.keyIndexUnknown);
    const [account, terminal] = [numberAt(data, 1), data.slice(5)];
    if (!isDecimal(terminal)) return statusOnly(sw.wrongData);
    if (this.#loadSequence >= COUNTER_FULL) return statusOnly(sw.counterFull);
    if (this.#balance + account > AMOUNT_MAX) return statusOnly(sw.conditionsNotMet);
    const random = this.#random(RANDOM_BYTES);
    this.#begun = { kind: 'load', keys, random, terminal, account, own: 0n, pool: 0n };
    const sequence = twoBytes(this.#loadSequence);
    const key = loadKey(this.#algorithm, keys.load, random, sequence);
    const mac1 = loadMac1(this.#algorithm, key, { balance: this.#balance, amount: account, terminal });
    const codes = Uint8Array.of(KEY_VERSION, ALGORITHM_CODE[this.#algorithm]);
    return answerData(concatBytes(fourBytes(this.#balance), sequence, codes, random, mac1));
  }

  #debit({ p1, p2, data }: Command, begun: Begun | undefined): Answer {
    if (p1 !== 0x01 || p2 !== 0x00) return statusOnly(sw.wrongP1P2);
    if (data.length !== 15) return statusOnly(sw.wrongLength);
    if (begun?.kind !== 'purchase') return statusOnly(sw.conditionsNotMet);
    const [terminalSequence, time] = [data.slice(0, 4), data.slice(4, 11)];
    if (!isDecimal(time)) return statusOnly(sw.wrongData);
    const sequence = twoBytes(this.#sequence);
    const terms = { ...begun, type: transactionType.purchase, time };
    const key = purchaseKey(this.#algorithm, begun.keys.purchase, begun.random, sequence, terminalSequence);
    if (!equalBytes(purchaseMac1(this.#algorithm, key, terms), data.slice(11))) {
      return statusOnly(sw.purseMacInvalid);
    }
    const year = this.#settlementYear(time);
    const fresh = year !== this.#year;
    const ownSum = (fresh ? 0n : this.#ownSum) + begun.own;
    const poolSum = (fresh ? 0n : this.#poolSum) + begun.pool;
    if (ownSum > AMOUNT_MAX || poolSum > AMOUNT_MAX) return statusOnly(sw.conditionsNotMet);
    this.#balance -= begun.account;
    [this.#ownSum, this.#poolSum, this.#year] = [ownSum, poolSum, year];
    this.#write('purchase', this.#sequence, begun, time);
    const mac2 = purchaseMac2(this.#algorithm, key, begun);
    const tac = purchaseTac(this.#algorithm, begun.keys.proof, terms, terminalSequence);
    this.#proofs.set('purchase', { sequence: this.#sequence, codes: concatBytes(mac2, tac) });
    this.#sequence += 1;
    return answerData(concatBytes(tac, mac2));
  }

  #credit({ p1, p2, data }: Command, begun: Begun | undefined): Answer {
    if (p1 !== 0 || p2 !== 0) return statusOnly(sw.wrongP1P2);
    if (data.length !== 11) return statusOnly(sw.wrongLength);
    if (begun?.kind !== 'load') return statusOnly(sw.conditionsNotMet);
    const [time, mac2] = [data.slice(0, 7), data.slice(7)];
    if (!isDecimal(time)) return statusOnly(sw.wrongData);
    const sequence = twoBytes(this.#loadSequence);
    const { account: amount, terminal, keys } = begun;
    const key = loadKey(this.#algorithm, keys.load, begun.random, sequence);
    const terms = { amount, terminal, time };
    if (!equalBytes(loadMac2(this.#algorithm, key, terms), mac2)) return statusOnly(sw.purseMacInvalid);
    this.#balance += amount;
    this.#write('load', this.#loadSequence, begun, time);
    const tac = loadTac(this.#algorithm, keys.proof, { ...terms, balance: this.#balance, sequence });
    this.#proofs.set('load', { sequence: this.#loadSequence, codes: concatBytes(mac2, tac) });
    this.#loadSequence += 1;
    return answerData(tac);
  }

  /** Codes of the last transaction of its kind: MAC, then TAC; 9406 when that one was not written. */
  #transactionProof({ p1, p2, data }: Command): Answer {
    const { proofParameter } = this.#definition;
    // Whether cards want the number or the character is not settled: both, unless the card is made otherwise.
    const kind = p2 === 0x02 || p2 === 0x32 ? 'purchase' : p2 === 0x01 || p2 === 0x31 ? 'load' : undefined;
    if (p1 !== 0 || kind === undefined) return statusOnly(sw.wrongP1P2);
    const isCharacter = (p2 & 0x30) !== 0;
    if (proofParameter !== undefined && isCharacter !== (proofParameter === 'character')) {
      return statusOnly(sw.wrongP1P2);
    }
    if (data.length !== 2) return statusOnly(sw.wrongLength);
    const proof = this.#proofs.get(kind);
    if (proof === undefined || !equalBytes(twoBytes(proof.sequence), data)) return statusOnly(sw.noProof);
    return answerData(proof.codes);
  }

  /** Month and day on which the settlement year begins: P1 01 reads, P1 00 writes. */
  #startOfYear({ p1, p2, data }: Command, mayUpdate: boolean): Answer {
    if (p2 !== 0 || p1 > 1) return statusOnly(sw.wrongP1P2);
    if (p1 === 1) return data.length > 0 ? statusOnly(sw.wrongLength) : answerData(fromHex(this.#startDay));
    if (data.length !== 2) return statusOnly(sw.wrongLength);
    if (!mayUpdate) return statusOnly(sw.securityNotSatisfied);
    if (!/^(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(toHex(data))) return statusOnly(sw.wrongData);
    this.#startDay = toHex(data);
    return statusOnly(sw.ok);
  }

  #settlementYear(time: Uint8Array): number {
    const digits = toHex(time);
    const year = Number(digits.slice(0, 4));
    return digits.slice(4, 8) >= this.#startDay ? year : Math.max(0, year - 1);
  }

  #write(kind: Begun['kind'], sequence: number, begun: Begun, time: Uint8Array): void {
    const type = Uint8Array.of(transactionType[kind]);
    const record = concatBytes(twoBytes(sequence), type, begun.terminal, time, amountBytes(begun));
    this.#list = [record, ...this.#list].slice(0, LIST_LENGTH);
  }
}

function numberAt(data: Uint8Array, offset: number): bigint {
  return BigInt(`0x${toHex(data.slice(offset, offset + 4))}`);
}

function yearBytes(year: number): Uint8Array {
  return fromHex(String(year).padStart(4, '0'));
}

function isDecimal(bytes: Uint8Array): boolean {
  return /^\d+$/.test(toHex(bytes));
}
