import { assert } from '#core/assert';
import { type Fault, fault } from '#core/fault';
import { concatBytes, fromHex, toHex } from '#core/hex';
import { fen, type Money } from '#core/money';
import { err, ok, type Result } from '#core/result';
import type { CardPurchase, CardPurchaseProof, CardPurchaseStart } from '../port.ts';
import { statusText, statusWord } from './apdu.ts';
import { lockedFault } from './pin.ts';

/** Purchase on the card's own account (card reference 4.8; example DEBIT). Amounts are fen, four bytes. */
const INITIALIZE = fromHex('B028010113');
const DEBIT = fromHex('B02C01000F');
const FIRST_KEY = Uint8Array.of(0x01);
const START_LENGTH = 0x16;
const PROOF_LENGTH = 0x08;
const MOST_FEN = 0xffff_ffffn;

/**
 * Transaction types that GET TRANSACTION PROOF may want in P2. The example has 02; public code passes the
 * settlement as byte 32, so that is asked too when 02 gave nothing (unconfirmed which one cards take).
 */
export const proofTypes: readonly number[] = [0x02, 0x32];

/** Nothing was deducted: the card said no before it touched its money. */
const refusals: ReadonlySet<number> = new Set([
  0x6700, 0x6901, 0x6982, 0x6983, 0x6984, 0x6985, 0x6a80, 0x6a81, 0x6a82, 0x6a86, 0x6a88, 0x6b00, 0x6d00,
  0x6e00, 0x9302, 0x9303, 0x9401, 0x9402, 0x9403, 0x9406,
]);

/** INITIALIZE FOR PURCHASE: key index, account, own, pool, terminal number. */
export function beginPurchaseCommand(purchase: CardPurchase): Uint8Array {
  const { account, own, pool, terminalNumber } = purchase;
  assert(/^\d{12}$/.test(terminalNumber), 'a terminal number has twelve digits');
  const amounts = concatBytes(...[account, own, pool].map(amountBytes));
  return concatBytes(INITIALIZE, FIRST_KEY, amounts, fromHex(terminalNumber), Uint8Array.of(START_LENGTH));
}

/** Balance 4, own sum 4, pool sum 4, year 2, sequence 2, key version 1, algorithm 1, random 4. */
export function purchaseStart(answer: {
  readonly data: Uint8Array;
  readonly status: number;
}): Result<CardPurchaseStart, Fault> {
  const { data, status } = answer;
  if (status !== statusWord.ok) return err(purchaseFault(status));
  if (data.length !== START_LENGTH) return err(fault('card-purchase-refused', 'answer of other length'));
  const hex = (from: number, to: number): string => toHex(data.subarray(from, to));
  return ok({
    balance: fen(BigInt(`0x${hex(0, 4)}`)),
    cardSequence: hex(14, 16),
    keyVersion: hex(16, 17),
    algorithm: hex(17, 18),
    random: hex(18, 22),
  });
}

/** DEBIT FOR PURCHASE: terminal sequence, time, MAC1 of the module. */
export function debitCommand(order: {
  readonly terminalSequence: string;
  readonly time: string;
  readonly mac1: string;
}): Uint8Array {
  const { terminalSequence, time, mac1 } = order;
  assert(/^[0-9A-F]{8}$/i.test(terminalSequence), 'a terminal sequence has eight hex digits');
  assert(/^\d{14}$/.test(time), 'a time has fourteen digits');
  assert(/^[0-9A-F]{8}$/i.test(mac1), 'MAC1 has eight hex digits');
  return concatBytes(DEBIT, fromHex(`${terminalSequence}${time}${mac1}`), Uint8Array.of(PROOF_LENGTH));
}

/**
 * What DEBIT answered. Only a status from which it is sure that no money moved is a refusal, and only when
 * the card said so at once: after 61xx it had already deducted.
 */
export function debitOutcome(answer: {
  readonly data: Uint8Array;
  readonly status: number;
  readonly rounds: number;
}): Result<CardPurchaseProof, Fault> {
  const { data, status, rounds } = answer;
  if (status === statusWord.ok && data.length === PROOF_LENGTH) {
    return ok({ tac: toHex(data.subarray(0, 4)), mac2: toHex(data.subarray(4)) });
  }
  if (rounds === 0 && refusals.has(status)) return err(purchaseFault(status));
  return err(fault('card-purchase-unknown', statusText(status)));
}

/** GET TRANSACTION PROOF of the purchase with that card sequence, four hex digits. */
export function purchaseProofCommand(type: number, cardSequence: string): Uint8Array {
  assert(/^[0-9A-F]{4}$/i.test(cardSequence), 'a card sequence has four hex digits');
  const header = Uint8Array.of(0xb0, 0x2e, 0x00, type, 0x02);
  return concatBytes(header, fromHex(cardSequence), Uint8Array.of(PROOF_LENGTH));
}

export type ProofAnswer =
  | { readonly kind: 'deducted'; readonly proof: CardPurchaseProof }
  /** 9406: this card has no proof of such a purchase. */
  | { readonly kind: 'nothing' }
  /** The card does not take this type. */
  | { readonly kind: 'other-type' }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** MAC 4, TAC 4: the other way round than DEBIT answers them. */
export function proofAnswer(answer: { readonly data: Uint8Array; readonly status: number }): ProofAnswer {
  const { data, status } = answer;
  if (status === statusWord.ok && data.length === PROOF_LENGTH) {
    const proof = { mac2: toHex(data.subarray(0, 4)), tac: toHex(data.subarray(4)) };
    return { kind: 'deducted', proof };
  }
  if (status === statusWord.noProof) return { kind: 'nothing' };
  if (status === statusWord.wrongP1P2 || status === statusWord.wrongData) return { kind: 'other-type' };
  return {
    kind: 'failed',
    fault: lockedFault(status) ?? fault('card-purchase-unknown', statusText(status)),
  };
}

/** The fault of a refused purchase (card reference 1.6). */
function purchaseFault(status: number): Fault {
  if (status === statusWord.balanceShort) return fault('card-balance-short');
  if (status === statusWord.counterFull) return fault('card-counter-full');
  return lockedFault(status) ?? fault('card-purchase-refused', statusText(status));
}

function amountBytes(amount: Money): Uint8Array {
  assert(amount >= 0n && amount <= MOST_FEN, 'an amount on the card has four bytes');
  return fromHex(amount.toString(16).padStart(8, '0'));
}
