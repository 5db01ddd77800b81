import type { CardProof, CardProofRequest } from '#core/domain/card-proof';
import type { CardHolderData, CardIdentity, CardIssuerData } from '#core/domain/holder';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import type { CardReadOptions } from '../port.ts';
import type { Values } from './decode.ts';
import type { Exchange } from './exchange.ts';
import type { HolderItem, IssuerItem } from './items.ts';

/** What a reading starts from. */
export interface ReadStart extends CardReadOptions {
  /** Answer to reset, as the reader told it. */
  readonly atr: Uint8Array;
}

/** Where a reading is; each place waits for the answer to one command, `proof` for the agency's. */
export type ReadPlace =
  | { readonly at: 'environment' }
  | { readonly at: 'bank-environment'; readonly environmentStatus: number }
  | { readonly at: 'issuer-file' }
  | { readonly at: 'issuer-item'; readonly index: number }
  | { readonly at: 'challenge'; readonly index: number }
  | { readonly at: 'internal' }
  | { readonly at: 'proof' }
  | { readonly at: 'external' }
  | { readonly at: 'holder-file' }
  | { readonly at: 'holder-item'; readonly index: number }
  | { readonly at: 'end' };

/** What was learnt so far; thrown away as a whole when the reading fails. */
export interface Learnt {
  readonly algorithm?: CardIssuerData['algorithm'];
  readonly historical?: Uint8Array;
  readonly issuerValues: Values<IssuerItem>;
  readonly issuer?: CardIssuerData;
  readonly holderValues: Values<HolderItem>;
  readonly holder?: CardHolderData;
  /** In the order of asking: internal raw, internal factor, external raw, external factor. */
  readonly challenges: readonly Uint8Array[];
  readonly cardProof?: Uint8Array;
  readonly externalProof?: Uint8Array;
  readonly authenticated: boolean;
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
  | {
      readonly kind: 'transmit';
      readonly command: Uint8Array;
      /** Commands that follow as long as every answer is 9000: they may be sent together with this one. */
      readonly ahead: readonly Uint8Array[];
    }
  | { readonly kind: 'authenticate'; readonly request: CardProofRequest }
  | { readonly kind: 'done'; readonly identity: CardIdentity; readonly warnings: readonly Fault[] }
  | { readonly kind: 'failed'; readonly fault: Fault };

export interface ReadTurn {
  readonly state: ReadState;
  readonly step: ReadStep;
}
