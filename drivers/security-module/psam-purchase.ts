import { assert } from '#core/assert';
import { type Fault, fault } from '#core/fault';
import { concatBytes, fromHex, toHex } from '#core/hex';
import type { Money } from '#core/money';
import { err, ok, type Result } from '#core/result';
import type { ModulePurchase, ModulePurchaseStart } from './port.ts';
import { commandOf, exchange, missing, refusal, type Transmit } from './psam-commands.ts';
import { diversificationFactors } from './psam-keys.ts';

/** Transaction type of a settlement: ASCII 2, as public code passes it (card reference 4.8). */
const SETTLEMENT_TYPE = '32';
/** Diversifications of DPK left to the module: public code tries two, the standard lists one. */
const LEVELS = [2, 1] as const;
/** Key not there, or there with another number of levels. */
const TRY_NEXT = ['6A88', '6700'];
/** Modules answer either when MAC2 is not the card's. */
const WRONG_MAC2 = ['63CF', '9302'];
const AMOUNT_MAX = 0xffff_ffffn;

/** INIT SAM FOR PURCHASE (80 70) in the open application: terminal sequence and MAC1. */
export async function initForPurchase(
  transmit: Transmit,
  purchase: ModulePurchase,
): Promise<Result<ModulePurchaseStart, Fault>> {
  const terms = termsOf(purchase);
  const factors = diversificationFactors(purchase);
  let refused = '';
  for (const levels of LEVELS) {
    const command = concatBytes(
      commandOf('80700100', terms, factors.slice(0, 8 * levels)),
      Uint8Array.of(0x08),
    );
    const answer = await exchange(transmit, command);
    if (!answer.ok) return answer;
    const { data, status } = answer.value;
    if (status === '9000') {
      if (data.length !== 8) return missing('answer of wrong length');
      return ok({
        terminalSequence: toHex(data.slice(0, 4)),
        mac1: toHex(data.slice(4)),
        type: SETTLEMENT_TYPE,
      });
    }
    refused = refusal(command, status);
    if (!TRY_NEXT.includes(status)) return missing(refused);
  }
  return missing(`no key DPK (${refused})`);
}

/** CREDIT SAM FOR PURCHASE (80 72): the module gives one try for each begun purchase. */
export async function creditForPurchase(transmit: Transmit, mac2: string): Promise<Result<void, Fault>> {
  const bytes = fromHex(mac2);
  assert(bytes.length === 4, 'MAC2 has four bytes');
  const command = commandOf('80720000', bytes);
  const answer = await exchange(transmit, command);
  if (!answer.ok) return answer;
  const { status } = answer.value;
  if (status === '9000') return ok(undefined);
  if (WRONG_MAC2.includes(status)) return err(fault('security-module-mac-wrong', status));
  return missing(refusal(command, status));
}

/** Card random 4, card sequence 2, account, own, pool 4 each, type 1, time 7, key version 1, algorithm 1. */
function termsOf(purchase: ModulePurchase): Uint8Array {
  const { cardRandom, cardSequence, account, own, pool, time, keyVersion, cardAlgorithm } = purchase;
  const terms = concatBytes(
    fromHex(cardRandom),
    fromHex(cardSequence),
    ...[account, own, pool].map(amountBytes),
    fromHex(SETTLEMENT_TYPE),
    fromHex(time),
    fromHex(keyVersion),
    fromHex(cardAlgorithm),
  );
  assert(terms.length === 28, 'the terms of a purchase have 28 bytes');
  return terms;
}

function amountBytes(amount: Money): Uint8Array {
  assert(amount >= 0n && amount <= AMOUNT_MAX, 'a module takes amounts of four bytes');
  return fromHex(amount.toString(16).padStart(8, '0'));
}
