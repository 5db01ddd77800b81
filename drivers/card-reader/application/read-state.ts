import type { CardProof, CardProofRequest } from '#core/domain/card-proof';
import type { CardHolderData, CardIdentity, CardIssuerData } from '#core/domain/holder';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import type { CardReadOptions } from '../port.ts';
import type { Exchange } from './exchange.ts';
import type { FileReading } from './read-file.ts';

/** What a reading starts from. */
export interface ReadStart extends CardReadOptions {
  /** Answer to reset, as the reader told it. */
  readonly atr: Uint8Array;
  /**
   * Both authentications' values that the card need not give, eight random bytes each, drawn for this reading
   * alone. Were they the card's, a copy could hand out recorded ones with the recorded answer.
   */
  readonly chosen: ChosenValues;
  /** Secret question (process factor, raw information) that is put to the card at the end of the reading. */
  readonly question?: PresenceQuestion;
}

export interface ChosenValues {
  readonly internalFactor: Uint8Array;
  readonly internalRaw: Uint8Array;
  readonly externalRaw: Uint8Array;
}

/** Two times eight bytes, known to this terminal alone. */
export interface PresenceQuestion {
  readonly factor: Uint8Array;
  readonly raw: Uint8Array;
}

/** Where a reading is; each place waits for the answer to one command, `proof` for the agency's. */
export type ReadPlace =
  | { readonly at: 'environment' }
  | { readonly at: 'bank-environment'; readonly environmentStatus: number }
  | { readonly at: 'issuer'; readonly reading: FileReading }
  | { readonly at: 'internal' }
  | { readonly at: 'challenge' }
  | { readonly at: 'proof' }
  | { readonly at: 'external' }
  | { readonly at: 'holder'; readonly reading: FileReading }
  | { readonly at: 'question' }
  | { readonly at: 'end' };

/** What was learnt so far; thrown away as a whole when the reading fails. */
export interface Learnt {
  readonly algorithm?: CardIssuerData['algorithm'];
  readonly historical?: Uint8Array;
  readonly issuer?: CardIssuerData;
  readonly holder?: CardHolderData;
  /** The card's own challenge: process factor of the external authentication. */
  readonly challenge?: Uint8Array;
  readonly cardProof?: Uint8Array;
  readonly externalProof?: Uint8Array;
  readonly authenticated: boolean;
  /** What the card said to the question; absent when none was put or it cannot answer such questions. */
  readonly questionAnswer?: Uint8Array;
  readonly warnings: readonly Fault[];
}

export interface ReadState {
  readonly start: ReadStart;
  readonly place: ReadPlace;
  readonly exchange: Exchange;
  readonly learnt: Learnt;
}

export type ReadInput =
  /** Answer of the card to the command of the last step: data and status word. */
  | { readonly kind: 'answer'; readonly bytes: Uint8Array }
  /** Answer of whoever holds the keys to the request of the last step. */
  | { readonly kind: 'proof'; readonly result: Result<CardProof, Fault> };

export type ReadStep =
  | { readonly kind: 'transmit'; readonly command: Uint8Array }
  | { readonly kind: 'authenticate'; readonly request: CardProofRequest }
  | {
      readonly kind: 'done';
      readonly identity: CardIdentity;
      readonly warnings: readonly Fault[];
      readonly questionAnswer?: Uint8Array;
    }
  | { readonly kind: 'failed'; readonly fault: Fault };

export interface ReadTurn {
  readonly state: ReadState;
  readonly step: ReadStep;
}
