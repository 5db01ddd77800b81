import { join } from 'node:path';
import type { Clock } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { openFileKeyStore, rotateFileKeyStore } from './file.ts';
import type { KekKeeper } from './kek-keeper.ts';
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
  const keeper = keeperOf(options);
  return keeper.ok ? openFileKeyStore({ folder, clock, keeper: keeper.value }) : keeper;
}

/**
 * Puts a fresh root key in the place of the one in use: a new secret file, or a new key wrapped by the token. The
 * records stay as they are, because what seals them is only wrapped anew. Faults as `openKeyStore`.
 */
export async function rotateRootKey(options: KeyStoreOptions): Promise<Result<void, Fault>> {
  const { folder, clock } = options;
  const keeper = keeperOf(options);
  return keeper.ok ? rotateFileKeyStore({ folder, clock, keeper: keeper.value }) : keeper;
}

function keeperOf({ store, folder, secretFile, pkcs11 }: KeyStoreOptions): Result<KekKeeper, Fault> {
  if (store === 'file') return ok(secretKeeper(secretFile ?? join(folder, 'keys.secret')));
  if (pkcs11 === undefined) return err(fault('key-store-locked', 'no token is configured'));
  return ok(tokenKeeper(pkcs11));
}
