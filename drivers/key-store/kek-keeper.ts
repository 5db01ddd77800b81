import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import type { Protection } from './key-file.ts';

/** Whoever keeps the key of the key file (key encryption key, KEK, 32 bytes): a secret file, or a token. */
export interface KekKeeper {
  readonly kind: Protection['kind'];
  /** A KEK for a new key file and what the file has to say so that it is come by again. */
  create(): Promise<Result<{ readonly kek: Uint8Array; readonly protection: Protection }, Fault>>;
  /** The KEK of an existing file. Fault `key-store-locked`, `detail` says why. */
  open(protection: Protection): Promise<Result<Uint8Array, Fault>>;
}
