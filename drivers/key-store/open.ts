import { join } from 'node:path';
import type { Clock } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import { err, type Result } from '#core/result';
import { openFileKeyStore } from './file.ts';
import { type TokenOptions, tokenKeeper } from './pkcs11.ts';
import type { KeyStorePort } from './port.ts';
import { secretKeeper } from './secret.ts';

export interface KeyStoreOptions {
  /** `file`: wrapped under a secret file. `pkcs11`: wrapped by a key that never leaves a token. */
  readonly store: 'file' | 'pkcs11';
  /** Where `keys.json` is kept; made when missing. */
  readonly folder: string;
  /** Default `keys.secret` in the folder; better on another medium than the data. Unused with `pkcs11`. */
  readonly secretFile?: string;
  readonly pkcs11?: TokenOptions;
  readonly clock: Clock;
}

/**
 * Opens the terminal's keys, or makes them at the first run. Faults `key-store-locked` (`detail` says why),
 * `key-store-damaged`; `store-write-failed` and `store-disk-full` at the first run.
 */
export async function openKeyStore(options: KeyStoreOptions): Promise<Result<KeyStorePort, Fault>> {
  const { folder, clock } = options;
  if (options.store === 'file') {
    const secretFile = options.secretFile ?? join(folder, 'keys.secret');
    return openFileKeyStore({ folder, clock, keeper: secretKeeper(secretFile) });
  }
  if (options.pkcs11 === undefined) return err(fault('key-store-locked', 'no token is configured'));
  return openFileKeyStore({ folder, clock, keeper: tokenKeeper(options.pkcs11) });
}
