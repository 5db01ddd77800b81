import type { CardAlgorithm } from './holder.ts';

/**
 * One card's challenges for whoever holds the keys, the agency's encryption machine (加密机) or the security
 * module (PSAM): card reference section 4.6. All hex.
 */
export interface CardProofRequest {
  /** Issuing region of the card, six digits. */
  readonly region: string;
  /** 13 historical bytes of the card's ATR; the last eight select the card's keys. */
  readonly historicalBytes: string;
  readonly algorithm: CardAlgorithm;
  /** Card identification code, 32 hex digits. */
  readonly cardId: string;
  /** Process factors and raw information of internal and external authentication, eight bytes each. */
  readonly internalFactor: string;
  readonly internalRaw: string;
  readonly externalFactor: string;
  readonly externalRaw: string;
}

/** The answer, eight bytes each in hex: what a genuine card answers, and what opens its holder file. */
export interface CardProof {
  readonly internalData: string;
  readonly externalData: string;
}

/** Keys of a card that somebody else may have to use for the terminal (card reference 4.4, 4.5). */
export type CardKeyName =
  | 'RKSSSE'
  | 'RK1DF01'
  | 'RK1DF02'
  | 'RK1DF03'
  | 'RK2DF03'
  | 'RK1DF04'
  /** Before a PIN is unblocked or reset. */
  | 'PUK'
  /** Secure messages of PIN unblock and reset. */
  | 'STK';

/** One calculation with one key of one card; all hex. */
export interface CardSecurityRequest {
  readonly region: string;
  readonly historicalBytes: string;
  readonly algorithm: CardAlgorithm;
  readonly key: CardKeyName;
  /** Process factor: the card's last challenge, eight bytes. */
  readonly factor: string;
  /** Raw information, eight bytes; unused by maintenance commands. */
  readonly raw: string;
}
