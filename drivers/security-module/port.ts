import type { CardProof, CardProofRequest } from '#core/domain/card-proof';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';

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
  authenticate(request: CardProofRequest): Promise<Result<CardProof, Fault>>;
}
