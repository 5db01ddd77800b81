import type { Fault } from '#core/fault';
import type { Result } from '#core/result';

/** What a reader port reports; `insertion` counts insertions so that a quick swap is seen as one. */
export type ReaderEvent =
  | { readonly kind: 'reader-added'; readonly reader: string }
  | { readonly kind: 'reader-removed'; readonly reader: string; readonly fault: Fault }
  | {
      readonly kind: 'card-inserted';
      readonly reader: string;
      readonly atr: Uint8Array;
      readonly insertion: number;
    }
  | {
      readonly kind: 'card-removed';
      readonly reader: string;
      readonly insertion: number;
      readonly fault: Fault;
    }
  | { readonly kind: 'card-mute'; readonly reader: string; readonly insertion: number; readonly fault: Fault }
  | { readonly kind: 'service-lost'; readonly fault: Fault }
  | { readonly kind: 'service-back' };

export interface ReaderState {
  readonly reader: string;
  readonly card: 'none' | 'present' | 'mute';
  readonly atr?: Uint8Array;
  readonly insertion: number;
}

/**
 * One connection to one inserted card, exclusive. It dies with the card: after a removal, swap, reader
 * loss or service loss every call answers the matching fault and never reaches a later card.
 */
export interface CardConnection {
  readonly reader: string;
  readonly atr: Uint8Array;
  /** The insertion this connection belongs to. */
  readonly insertion: number;
  readonly protocol: 'T0' | 'T1';
  /**
   * Sends one command APDU; answers data and status word (at least two bytes). 61xx and 6Cxx are the
   * caller's business. Deadline 3 s; an answer under two bytes counts as `card-removed`.
   */
  transmit(command: Uint8Array): Promise<Result<Uint8Array, Fault>>;
  /** Lets go of the card; safe to call twice, never blocks the caller past its deadline. */
  close(): Promise<void>;
}

/**
 * Card readers of the machine. Never throws after `start`; recovers by itself from unplugged readers and a
 * service that stops and starts.
 */
export interface CardReaderPort {
  /** Begins watching; resolves when the first state of all readers is known or the service is known to be down. */
  start(): Promise<void>;
  stop(): Promise<void>;
  onEvent(listener: (event: ReaderEvent) => void): () => void;
  readers(): readonly ReaderState[];
  /** Whether the card service answers, with the reason if it does not. */
  service(): Result<void, Fault>;
  /**
   * Connects exclusively to the card in `reader`. Deadline 5 s. Faults: `card-none`, `card-mute`,
   * `reader-busy`, `reader-lost`, `reader-service-down`, `reader-timeout`.
   */
  connect(reader: string): Promise<Result<CardConnection, Fault>>;
}
