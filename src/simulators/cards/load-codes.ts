import { concatBytes } from '#core/hex';
import { type KeyedAlgorithm, mac4, sessionKey } from './card-keys.ts';
import { fourBytes, tacKey, transactionType } from './purchase-codes.ts';

/**
 * Codes of loading money onto the card (圈存). The reference gives the commands and their lengths only, as
 * loading is online business; what goes into the codes here follows the electronic purse of bank cards.
 */
export interface LoadTerms {
  /** Fen. */
  readonly amount: bigint;
  readonly terminal: Uint8Array;
  /** `yyyyMMddHHmmss`, seven bytes BCD. */
  readonly time: Uint8Array;
}

/** Process key: card random, load sequence, 8000. */
export function loadKey(
  algorithm: KeyedAlgorithm,
  cardDlk: Uint8Array,
  random: Uint8Array,
  sequence: Uint8Array,
): Uint8Array {
  return sessionKey(algorithm, cardDlk, concatBytes(random, sequence, Uint8Array.of(0x80, 0x00)));
}

/** MAC1, from the card to the issuer: balance, amount, type, terminal. */
export function loadMac1(
  algorithm: KeyedAlgorithm,
  key: Uint8Array,
  { balance, amount, terminal }: Omit<LoadTerms, 'time'> & { readonly balance: bigint },
): Uint8Array {
  const type = Uint8Array.of(transactionType.load);
  return mac4(algorithm, key, concatBytes(fourBytes(balance), fourBytes(amount), type, terminal));
}

/** MAC2, from the issuer to the card: amount, type, terminal, time. */
export function loadMac2(algorithm: KeyedAlgorithm, key: Uint8Array, terms: LoadTerms): Uint8Array {
  return mac4(algorithm, key, loadBytes(terms));
}

/** TAC of a load: balance afterwards, load sequence, amount, type, terminal, time. */
export function loadTac(
  algorithm: KeyedAlgorithm,
  cardDtk: Uint8Array,
  terms: LoadTerms & { readonly balance: bigint; readonly sequence: Uint8Array },
): Uint8Array {
  const message = concatBytes(fourBytes(terms.balance), terms.sequence, loadBytes(terms));
  return mac4(algorithm, tacKey(algorithm, cardDtk), message);
}

function loadBytes({ amount, terminal, time }: LoadTerms): Uint8Array {
  return concatBytes(fourBytes(amount), Uint8Array.of(transactionType.load), terminal, time);
}
