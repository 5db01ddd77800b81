import { join } from 'node:path';
import { systemClock } from '#core/clock';
import type { Config } from '#core/config/schema';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { type KeyStoreOptions, openKeyStore } from '#drivers/key-store/open';
import type { KeyStorePort } from '#drivers/key-store/port';
import { makeLastingFolder } from '#store/lasting-files';
import { openTillStore } from '#store/open';
import type { TillStore } from '#store/port';
import { optimiseFirstSteps } from './own-process.ts';

/** Where a shop keeps its records: checked configuration, absolute data folder, secrets already read. */
export interface RecordsPlace {
  readonly config: Config;
  readonly folder: string;
  /** PIN of the key token, read from its own file. */
  readonly tokenPin?: string;
}

export interface OpenRecords {
  readonly keyStore: KeyStorePort;
  readonly store: TillStore;
  close(): Promise<void>;
}

/** The records' own folder, closed to other users, for what lies there before the records are opened. */
export function makeFolder(folder: string): Result<void, Fault> {
  try {
    makeLastingFolder(folder);
    return ok(undefined);
  } catch (error) {
    return err(fault('store-write-failed', error instanceof Error ? error.message : folder));
  }
}

/** Key store first: what lies in the records is sealed with a key that lies outside of them. */
export async function openRecords(place: RecordsPlace): Promise<Result<OpenRecords, Fault>> {
  const made = makeFolder(place.folder);
  if (!made.ok) return made;
  const keys = await openKeys(place);
  if (!keys.ok) return keys;
  const keyStore = keys.value;
  const { config, folder } = place;
  const { terminal } = config.shop;
  const sealKey = keyStore.derive('records');
  const reserveBytes = config.data.reserve_mb * 1_048_576;
  const stepTaken = optimiseFirstSteps();
  const store = openTillStore({ folder, terminal, clock: systemClock, sealKey, reserveBytes, stepTaken });
  if (!store.ok) {
    await keyStore.close();
    return store;
  }
  const close = async () => {
    store.value.close();
    await keyStore.close();
  };
  return ok({ keyStore, store: store.value, close });
}

/** The wrapped key file of a data folder. */
export function keyFileOf(folder: string): string {
  return join(folder, 'keys', 'keys.json');
}

/** The key store of a data folder alone. */
export async function openKeys(place: RecordsPlace): Promise<Result<KeyStorePort, Fault>> {
  const options = keyStoreOptions(place);
  return options.ok ? openKeyStore(options.value) : options;
}

/** How the configuration says that the keys are kept. */
export function keyStoreOptions({ config, folder, tokenPin }: RecordsPlace): Result<KeyStoreOptions, Fault> {
  const { keys } = config;
  const common = { store: keys.store, folder: join(folder, 'keys'), clock: systemClock } as const;
  if (keys.store === 'file') {
    const { secret_file: secretFile } = keys;
    return ok({ ...common, ...(secretFile === undefined ? {} : { secretFile }) });
  }
  if (tokenPin === undefined)
    return err(fault('key-store-locked', 'keys.pkcs11_pin_file: needed for a token'));
  const { pkcs11_library: library, pkcs11_token: token } = keys;
  return ok({ ...common, pkcs11: { library, token, pin: tokenPin } });
}
