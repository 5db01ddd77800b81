import type { CardMedicalData } from '#core/domain/card-medical';
import type { CardProof, CardProofRequest, CardSecurityRequest } from '#core/domain/card-proof';
import type { CardIdentity, CardIssuerData } from '#core/domain/holder';
import type { Fault } from '#core/fault';
import type { Money } from '#core/money';
import type { Pin } from '#core/pin';
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

/** One command that was sent and what the card said to it. */
export interface CardTurn {
  readonly command: Uint8Array;
  readonly answer: Uint8Array;
}

/** Work on a plan's first turns while the card still answers its last commands. */
export interface EarlyTurns {
  /** How many commands are still to come when `hear` is called; at least 1. */
  readonly aheadOf: number;
  /** Called once or never, with all turns up to now, before the plan is answered. What it throws is dropped. */
  hear(turns: readonly CardTurn[]): void;
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
  /**
   * Sends up to 16 commands, one after the other, and answers what the card said to each; the first answer
   * whose status is not 9000 is the last one. The same as that many calls of `transmit`, only quicker; the
   * deadline is 3 s and 0.3 s for each command after the first.
   */
  transmitAll(commands: readonly Uint8Array[]): Promise<Result<readonly Uint8Array[], Fault>>;
  /**
   * Sends up to 16 commands like `transmitAll`, but follows 61xx and 6Cxx on the spot and goes on over a
   * missing record (6A83). Answers everything that was sent, follow-ups included, in order; the last one may
   * be the first answer that stopped it. Deadline as `transmitAll`. `early` may hear the
   * first turns while the last commands are still under way; the answer holds them again, a fault takes them back.
   */
  transmitPlan(
    commands: readonly Uint8Array[],
    early?: EarlyTurns,
  ): Promise<Result<readonly CardTurn[], Fault>>;
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

/**
 * A card as a reader's contacts see it, in process: what virtual cards implement and the fake reader takes.
 * `transmit` answers data and status word, or undefined when the card stays mute.
 */
export interface CardLike {
  readonly atr: Uint8Array;
  powerOn(): void;
  powerOff(): void;
  /** Warm reset: challenges and rights are gone, files and counters stay. */
  reset(): void;
  transmit(apdu: Uint8Array): Uint8Array | undefined;
}

/**
 * Asks whoever holds the keys. A fault of retry class `permanent` refuses the card; any other means that
 * nobody could be asked just now.
 */
export type CardAuthenticator = (request: CardProofRequest) => Promise<Result<CardProof, Fault>>;

export interface CardReadOptions {
  /** Business day `yyyy-MM-dd`, against which the card's expiry is judged. */
  readonly today: string;
  /** Refuse an expired card instead of warning; a parameter of the region. Default false. */
  readonly refuseExpired?: boolean;
  /**
   * `required`: no proof, no identity. `when-available`: without proof a 1.00 or 2.00 card is read with
   * `authenticatedBy: 'none'`, a 3.00 card gives its issuer data only. A wrong proof refuses either way.
   */
  readonly authenticate: 'required' | 'when-available';
  /** Who the authenticator speaks for; recorded with the identity. Default `agency`. */
  readonly authenticatedBy?: 'agency' | 'security-module';
}

/** One whole read; `warnings` are shown and do not stop the sale. */
export interface CardRead {
  readonly reader: string;
  readonly insertion: number;
  readonly identity: CardIdentity;
  readonly warnings: readonly Fault[];
}

/** Where a PIN is asked for: the environment, or DF04, whose files and money open with it. */
export type PinScope = 'environment' | 'medical';

/**
 * Whoever makes the data that open a key-protected file or a maintenance command: the security module, or the
 * agency's machine. All hex, eight bytes of authentication data; a fault leaves the card as it was.
 */
export interface CardKeyHolder {
  /** Authentication data for EXTERNAL AUTHENTICATION with one key of the card (card reference 4.1, 4.5). */
  externalData(request: CardSecurityRequest): Promise<Result<string, Fault>>;
  /**
   * Cipher part (may be empty) and MAC, hex, of a maintenance command under STK (card reference 3, 4.2).
   * `header`: CLA INS P1 P2 Lc as they will be sent, 10 hex digits. `plain`: whole blocks ready to be
   * enciphered (length, PIN, 80, 00…), 8 bytes, 16 for SM4; empty when only the MAC is wanted. The caller
   * wipes `plain`.
   */
  maintenanceData(
    request: CardSecurityRequest & { readonly header: string; readonly plain: Uint8Array },
  ): Promise<Result<string, Fault>>;
}

/** A purchase on the card's own account (offline mode, card reference 4.8); amounts in fen. */
export interface CardPurchase {
  readonly account: Money;
  readonly own: Money;
  readonly pool: Money;
  /** Terminal number of the security module, 12 digits. */
  readonly terminalNumber: string;
}

/** Answer to INITIALIZE FOR PURCHASE: nothing is deducted yet. */
export interface CardPurchaseStart {
  readonly balance: Money;
  /** Card's transaction counter before this purchase, 4 hex digits: names the purchase in a later proof. */
  readonly cardSequence: string;
  readonly keyVersion: string;
  readonly algorithm: string;
  /** 8 hex digits. */
  readonly random: string;
}

/** Answer to DEBIT FOR PURCHASE: the card has deducted and signed. 8 hex digits each. */
export interface CardPurchaseProof {
  readonly tac: string;
  readonly mac2: string;
}

export type PinOutcome =
  | { readonly kind: 'ok' }
  | { readonly kind: 'wrong'; readonly triesLeft: number; readonly fault: Fault }
  | { readonly kind: 'locked'; readonly fault: Fault };

export type PinState =
  | { readonly kind: 'none' }
  | { readonly kind: 'set'; readonly triesLeft: number }
  | { readonly kind: 'locked'; readonly fault: Fault };

/**
 * The card at the counter, from its read until the sale lets go of it. One connection is held all that
 * time, so that "the card is still there" means the same card in the same insertion and nothing else (P5).
 * Verbs run one after the other; expected failures are faults, nothing throws.
 */
export interface CardDesk {
  /** Events of the readers that this desk uses, and of the service. */
  onEvent(listener: (event: ReaderEvent) => void): () => void;
  /** State of the readers that this desk uses. */
  readers(): readonly ReaderState[];
  /** Whether a card could be read at all: faults `reader-service-down`, `reader-none`. */
  status(): Result<void, Fault>;
  /**
   * Reads and authenticates the card in `reader` (default: the first reader that holds one) and keeps hold
   * of it. A failed read lets go of the card. Besides the read's own faults those of `connect`.
   */
  read(
    authenticator: CardAuthenticator,
    options: CardReadOptions,
    reader?: string,
  ): Promise<Result<CardRead, Fault>>;
  /** Whether the held card has a PIN and how many tries are left; costs no try. Default scope environment. */
  pinState(scope?: PinScope): Promise<Result<PinState, Fault>>;
  /** Checks the holder's PIN on the held card. The card keeps the right until another application is chosen. */
  verifyPin(pin: Pin, scope?: PinScope): Promise<Result<PinOutcome, Fault>>;
  /** Challenge for a PIN that a pad enciphers itself (PKI environment, 8 bytes); see `verifyPinBlock`. */
  pinChallenge(): Promise<Result<Uint8Array, Fault>>;
  /**
   * VERIFY with a block that the pad made over the last `pinChallenge` (card reference 3, PKI PIN): SM4-ECB of
   * challenge ‖ challenge under the first 16 bytes of SM3 over the ASCII digits. Our reading, unconfirmed.
   */
  verifyPinBlock(block: Uint8Array): Promise<Result<PinOutcome, Fault>>;
  /** CHANGE PIN: the old one is proved by the card itself. */
  changePin(old: Pin, replacement: Pin): Promise<Result<PinOutcome, Fault>>;
  /** Restores the try counter (PUK and STK of `keys`); with `replacement` also sets a new PIN. */
  unblockPin(keys: CardKeyHolder, replacement?: Pin): Promise<Result<void, Fault>>;
  /**
   * DF04/EF05 of the held card: opened by a PIN that was just verified in scope `medical`, or by key RK1DF04
   * of `keys`. Faults: `card-medical-closed` (neither opens it), `card-medical-none` (no such application).
   */
  readMedical(keys?: CardKeyHolder): Promise<Result<CardMedicalData, Fault>>;
  /**
   * The holder's photo (EF08, bmp or jpeg bytes), undefined when the card has none. A card that keeps it
   * behind key RKSSSE wants the proof of its read, or `keys`; else fault `card-holder-file-closed`.
   */
  readPhoto(keys?: CardKeyHolder): Promise<Result<Uint8Array | undefined, Fault>>;
  /**
   * Begins an offline purchase in DF04, where the PIN must have been verified. Faults `card-balance-short`
   * (9401), `card-counter-full` (9402), `card-purchase-refused`.
   */
  beginPurchase(purchase: CardPurchase): Promise<Result<CardPurchaseStart, Fault>>;
  /**
   * Deducts. `card-purchase-unknown` (retry class ambiguous): the card left or stayed silent, it may have
   * deducted; `purchaseProof` of the same card tells. Any other fault: nothing was deducted.
   */
  debit(order: {
    readonly terminalSequence: string;
    /** `yyyyMMddHHmmss`. */
    readonly time: string;
    readonly mac1: string;
  }): Promise<Result<CardPurchaseProof, Fault>>;
  /**
   * GET TRANSACTION PROOF of the card that is held now (read it first): what became of the purchase with
   * this card sequence; undefined = nothing was deducted (9406).
   */
  purchaseProof(cardSequence: string): Promise<Result<CardPurchaseProof | undefined, Fault>>;
  /**
   * Proves just before commit that the card of `issuer` is the one that was read and never left: same
   * insertion, same card id and number, and the same answer to a secret question that was put to it once,
   * at the read. Faults: `card-removed` (gone, or pulled and put back: read it again), `card-swapped`
   * (another card is in), `card-none` (nothing is held) and the reader's own.
   */
  confirmPresence(issuer: CardIssuerData): Promise<Result<void, Fault>>;
  /** Lets go of the card at once, even during a read; that read then fails. */
  release(): Promise<void>;
}
