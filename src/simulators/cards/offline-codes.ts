import { assert } from '#core/assert';
import { moduleProofText, type OfflineProof } from '#core/domain/offline-proof';
import { concatBytes, fromHex, toHex } from '#core/hex';
import {
  blockBytes,
  cardKey,
  chain,
  diversify,
  type KeyedAlgorithm,
  padded,
  sessionKey,
} from './card-keys.ts';
import { AMOUNT_MAX, purchaseTac } from './purchase-codes.ts';
import { testRootKey } from './test-root-keys.ts';

/** Fields of an offline proof that select the card's key and go into its TAC. */
export type TacFields = Pick<
  OfflineProof,
  | 'region'
  | 'historicalBytes'
  | 'algorithm'
  | 'terminalNumber'
  | 'terminalSequence'
  | 'time'
  | 'account'
  | 'own'
  | 'pool'
> & {
  /** Transaction type, two hex digits. */
  readonly type: string;
};

/**
 * The TAC that the genuine card gives for this purchase, 8 hex digits, from the test roots: what the agency
 * compares at upload. The card's own sequence goes into MAC1 and MAC2 and not into the TAC (card reference
 * 4.8), so it cannot be checked here.
 */
export function expectedTac(fields: TacFields): string {
  const { algorithm, terminalNumber, terminalSequence, time, account, own, pool, type } = fields;
  for (const amount of [account, own, pool]) {
    assert(amount >= 0n && amount <= AMOUNT_MAX, 'a card signs amounts of four bytes');
  }
  const terms = {
    account,
    own,
    pool,
    type: Number.parseInt(type, 16),
    terminal: fromHex(terminalNumber),
    time: fromHex(time),
  };
  const dtk = cardKey(algorithm, fromHex(testRootKey('DTK', algorithm)), fields);
  return toHex(purchaseTac(algorithm, dtk, terms, fromHex(terminalSequence)));
}

/** Fields of an offline proof that the module signs, and the process factor it signed with. */
export type ModuleMacFields = Parameters<typeof moduleProofText>[0] & {
  readonly algorithm: KeyedAlgorithm;
  /** Process factor, 16 hex digits. */
  readonly factor: string;
};

/**
 * The MAC that the security module of this terminal gives over `moduleProofText`, 8 hex digits: text in
 * UTF-8, fill 80 00…, chained from zero under the session key of the terminal's MAC key (TMK) and the
 * factor; left four bytes of the last block, for 16-byte blocks too.
 */
export function expectedModuleMac(fields: ModuleMacFields): string {
  const { algorithm, terminalNumber, factor } = fields;
  const key = terminalMacKey(algorithm, terminalNumber);
  const size = blockBytes(algorithm);
  const text = Uint8Array.from(Buffer.from(moduleProofText(fields), 'utf8'));
  const session = sessionKey(algorithm, key, fromHex(factor));
  return toHex(chain(algorithm, session, new Uint8Array(size), padded(text, size)).slice(0, 4));
}

/** MAC key of one terminal: root TMK diversified at issue by `tm` and the terminal number (six bytes BCD). */
export function terminalMacKey(algorithm: KeyedAlgorithm, terminalNumber: string): Uint8Array {
  assert(/^\d{12}$/.test(terminalNumber), 'a terminal number has twelve digits');
  const factor = concatBytes(Uint8Array.from(Buffer.from('tm', 'ascii')), fromHex(terminalNumber));
  return diversify(algorithm, fromHex(testRootKey('TMK', algorithm)), factor);
}
