import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import type { Protection } from './key-file.ts';

export interface RenewedKek {
  readonly kek: Uint8Array;
  readonly protection: Protection;
  readonly settle: () => Promise<Result<void, Fault>>;
}

/** Whoever keeps the key of the key file (key encryption key, KEK, 32 bytes): a secret file, or a token. */
export interface KekKeeper {
  readonly kind: Protection['kind'];
  /** A KEK for a new key file and what the file has to say so that it is come by again. */
  create(): Promise<Result<{ readonly kek: Uint8Array; readonly protection: Protection }, Fault>>;
  /**
   * A fresh KEK in the place of the one in use. `settle` is called when the key file is written under it: before
   * that the old one, after it the new one is come by, also when the process dies in between.
   */
  renew(): Promise<Result<RenewedKek, Fault>>;
  /** The KEK that a `renew` which was cut off before its `settle` may have left; undefined = there is none. */
  unsettled(protection: Protection): Promise<Result<Pick<RenewedKek, 'kek' | 'settle'> | undefined, Fault>>;
  /** The KEK of an existing file. Fault `key-store-locked`, `detail` says why. */
  open(protection: Protection): Promise<Result<Uint8Array, Fault>>;
}
