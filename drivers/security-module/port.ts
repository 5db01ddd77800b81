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
   * Faults: `card-algorithm-unsupported` for SSF33; `security-module-missing`, whose `detail` says why: it
   * begins with `no key NAME` or `no environment ALGORITHM` where the module is there and lacks just that
   * (`state` stays ready: whoever else has the key may be asked, and the module again with the next card),
   * and is anything else where the module itself is absent or out of order.
   */
  authenticate(request: CardProofRequest): Promise<Result<CardProof, Fault>>;
  /** Authentication data for one key of the card; faults as `authenticate`, `detail` names the missing key. */
  externalData(request: CardSecurityRequest): Promise<Result<string, Fault>>;
  /**
   * Cipher part and MAC of a maintenance command (PIN unblock and reset) under STK, hex. `header`: CLA INS P1
   * P2 Lc, ten hex digits, Lc counts cipher part and MAC. `plain`: what is enciphered, length byte and data,
   * with or without its fill 80 00…; empty = no cipher part. It may hold a PIN and is wiped by its owner.
   */
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
  /**
   * MAC of the module over a text (UTF-8): proof of the terminal where the card gives none. Key: the
   * terminal's own MAC key (usage 06, id 30) in the environment of `algorithm`, which is the one that the
   * proof names.
   */
  signText(text: string, algorithm: CardAlgorithm): Promise<Result<ModuleSignature, Fault>>;
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
