import type { CardProof, CardProofRequest, CardSecurityRequest } from '#core/domain/card-proof';
import type { CardAlgorithm } from '#core/domain/holder';
import type { Fault } from '#core/fault';
import type { Money } from '#core/money';
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
  /** Authentication data for one key of the card; faults as `authenticate`, `detail` names the missing key. */
  externalData(request: CardSecurityRequest): Promise<Result<string, Fault>>;
  /** Cipher part and MAC of a maintenance command (PIN unblock and reset) under STK, hex. */
  maintenanceData(
    request: CardSecurityRequest & { readonly header: string; readonly plain: Uint8Array },
  ): Promise<Result<string, Fault>>;
  /**
   * INIT SAM FOR PURCHASE with DPK: MAC1 for the card's DEBIT. It counts the module's transaction counter up.
   * Until `finishPurchase` or the next beginning the module waits for MAC2.
   */
  beginPurchase(request: ModulePurchase): Promise<Result<ModulePurchaseStart, Fault>>;
  /** CREDIT SAM FOR PURCHASE: whether MAC2 is the card's own. Fault `security-module-mac-wrong`. */
  finishPurchase(mac2: string): Promise<Result<void, Fault>>;
  /** The module's own transaction counter for a sale that the card does not sign, 8 hex digits; never repeats. */
  nextSequence(): Promise<Result<string, Fault>>;
  /** MAC of the module over a text: proof of the terminal where the card gives none. */
  signText(text: string): Promise<Result<ModuleSignature, Fault>>;
}

export interface ModulePurchase {
  readonly region: string;
  readonly historicalBytes: string;
  readonly algorithm: CardAlgorithm;
  /** From the card's INITIALIZE FOR PURCHASE. */
  readonly cardRandom: string;
  readonly cardSequence: string;
  readonly keyVersion: string;
  readonly cardAlgorithm: string;
  readonly account: Money;
  readonly own: Money;
  readonly pool: Money;
  /** `yyyyMMddHHmmss`. */
  readonly time: string;
}

/** 8 hex digits each; `type` is the transaction type byte that went into MAC1. */
export interface ModulePurchaseStart {
  readonly terminalSequence: string;
  readonly mac1: string;
  readonly type: string;
}

export interface ModuleSignature {
  /** 8 hex digits. */
  readonly mac: string;
  /** Process factor of the session key, 16 hex digits. */
  readonly factor: string;
}
