import type { Money } from '../money.ts';

/**
 * What proves an offline sale to the agency (design section 6, step 5). `card-tac`: the card signed the
 * transaction (TAC) while deducting from its own balance. `module-mac`: the shop's security module signed it,
 * which proves the terminal and not the card, and is named so.
 */
export type OfflineSignature =
  | {
      readonly kind: 'card-tac';
      /** Transaction counter of the card, 4 hex digits. */
      readonly cardSequence: string;
      /** Transaction authentication code (TAC), 8 hex digits. */
      readonly tac: string;
      /** Transaction type as it went into the codes, two hex digits (32 in public code). */
      readonly type: string;
    }
  | {
      readonly kind: 'module-mac';
      /** Message authentication code of the module, 8 hex digits. */
      readonly mac: string;
      /** Process factor of the module's session key, 16 hex digits. */
      readonly factor: string;
    };

/** One offline sale as it was signed. It is stored, printed (in part) and sent with the upload. */
export interface OfflineProof {
  readonly saleNumber: string;
  /** Card identification code, 32 hex digits. */
  readonly cardId: string;
  /** Region and historical bytes select the card's keys. */
  readonly region: string;
  readonly historicalBytes: string;
  readonly algorithm: 'tdes' | 'sm4';
  /** Terminal number (终端机编号) of the security module, 12 digits. */
  readonly terminalNumber: string;
  /** Transaction counter of the module (终端交易序号), 8 hex digits; with `module-mac` the records' own, top bit set. */
  readonly terminalSequence: string;
  /** `yyyyMMddHHmmss`, Asia/Shanghai: the time that went into the codes. */
  readonly time: string;
  readonly account: Money;
  /** Own pay outside the account (自付). */
  readonly own: Money;
  /** Paid by the pooled fund (统筹). */
  readonly pool: Money;
  readonly signature: OfflineSignature;
  readonly blacklistVersion: string;
  /** Terminal's SM2 signature over `offlineProofText`; absent before the key store signed. */
  readonly terminal?: { readonly keyId: string; readonly signature: string };
}

/**
 * The text that the terminal's key signs: every field but the signature itself, in fixed order. Both sides,
 * terminal and agency, make it from the fields, never from each other's text.
 */
export function offlineProofText(proof: Omit<OfflineProof, 'terminal'>): string {
  const { signature } = proof;
  const own =
    signature.kind === 'card-tac'
      ? ['card-tac', signature.cardSequence, signature.tac, signature.type]
      : ['module-mac', signature.mac, signature.factor];
  return [
    'guitai-offline-1',
    proof.saleNumber,
    proof.cardId,
    proof.region,
    proof.historicalBytes,
    proof.algorithm,
    proof.terminalNumber,
    proof.terminalSequence,
    proof.time,
    proof.account.toString(),
    proof.own.toString(),
    proof.pool.toString(),
    ...own,
    proof.blacklistVersion,
  ].join('|');
}

/** Text that the module signs where the card does not: amounts, time, terminal, sequence and the card. */
export function moduleProofText(
  proof: Pick<
    OfflineProof,
    'saleNumber' | 'cardId' | 'terminalNumber' | 'terminalSequence' | 'time' | 'account' | 'own' | 'pool'
  >,
): string {
  const { saleNumber, cardId, terminalNumber, terminalSequence, time, account, own, pool } = proof;
  return [saleNumber, cardId, terminalNumber, terminalSequence, time, account, own, pool].join('|');
}
