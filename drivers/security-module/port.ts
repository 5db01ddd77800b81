import type { CardAlgorithm } from '#core/domain/holder';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';

/** One card's challenges, as the agency's encryption machine would get them (card reference 4.6). All hex. */
export interface SecurityModuleRequest {
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

/** Eight bytes each, hex: what a genuine card must answer, and what opens its holder file. */
export interface SecurityModuleAnswer {
  readonly internalData: string;
  readonly externalData: string;
}

/** What the module says of itself (files MF/0015 and MF/0016). */
export interface SecurityModuleIdentity {
  /** Serial number of the module (PSAM序列号), 20 digits. */
  readonly serial: string;
  /** Terminal number (终端机编号), 12 digits, the first six a region. */
  readonly terminalNumber: string;
}

export type SecurityModuleState =
  | { readonly kind: 'ready'; readonly identity: SecurityModuleIdentity }
  | { readonly kind: 'missing'; readonly fault: Fault };

/**
 * The shop's terminal security module (PSAM): proves cards while the agency is out of reach. Never throws
 * after `start`; takes up a module that was pulled and put back by itself.
 */
export interface SecurityModulePort {
  /** Looks for the module; resolves when its first state is known. */
  start(): Promise<void>;
  stop(): Promise<void>;
  state(): SecurityModuleState;
  /** Called after every change of state; the answer ends it. */
  onChange(listener: (state: SecurityModuleState) => void): () => void;
  /**
   * Computes the data of internal authentication (IRK) and external authentication (RKSSSE) for one card.
   * Faults: `security-module-missing` (absent, without the key, or not for this algorithm; `detail` says
   * which), `card-algorithm-unsupported` for SSF33.
   */
  authenticate(request: SecurityModuleRequest): Promise<Result<SecurityModuleAnswer, Fault>>;
}
