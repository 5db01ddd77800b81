import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { KekKeeper } from './kek-keeper.ts';
import {
  type KeyFile,
  type KeyFileContent,
  openKeyFile,
  type Protection,
  parseKeyFile,
  writeKeyFile,
} from './key-file.ts';
import { KeyRing, newKey } from './key-ring.ts';
import type { KeyStorePort } from './port.ts';
import { readPrivateText, replaceFile } from './safe-files.ts';

const KEY_FILE = 'keys.json';
const ROOT_BYTES = 32;

export interface FileKeyStoreOptions {
  /** Folder of `keys.json`; made when missing. Only one program at a time may have it open. */
  readonly folder: string;
  readonly keeper: KekKeeper;
  readonly clock: Clock;
}

/**
 * Opens the wrapped key file, or makes it with a root key and one SM2 key at the first run. Faults
 * `key-store-locked`, `key-store-damaged`; `store-write-failed` and `store-disk-full` at the first run.
 */
export async function openFileKeyStore(options: FileKeyStoreOptions): Promise<Result<KeyStorePort, Fault>> {
  const path = join(options.folder, KEY_FILE);
  const read = await readPrivateText(path);
  switch (read.kind) {
    case 'none':
      return makeFile(path, options);
    case 'exposed':
      return err(fault('key-store-locked', 'key file readable by others'));
    case 'unreadable':
      return err(fault('key-store-locked', `key file unreadable (${read.reason})`));
    case 'text':
      return openFile(path, read.text, options);
  }
}

async function makeFile(path: string, options: FileKeyStoreOptions): Promise<Result<KeyStorePort, Fault>> {
  const created = await options.keeper.create();
  if (!created.ok) return created;
  const { kek, protection } = created.value;
  const content = { root: Uint8Array.from(randomBytes(ROOT_BYTES)), keys: [newKey(options.clock)] };
  const written = await replaceFile(path, writeKeyFile(kek, protection, content));
  return written.ok ? ok(ring(path, options, kek, protection, content)) : written;
}

async function openFile(
  path: string,
  text: string,
  options: FileKeyStoreOptions,
): Promise<Result<KeyStorePort, Fault>> {
  const file = parseKeyFile(text);
  if (!file.ok) return file;
  const { protection } = file.value.body;
  const opened = await unwrap(file.value, options.keeper);
  if (!opened.ok) return opened;
  const { kek, content } = opened.value;
  return ok(ring(path, options, kek, protection, content));
}

interface Unwrapped {
  readonly kek: Uint8Array;
  readonly content: KeyFileContent;
}

/** By the key in use, or by the next one when a rotation was cut off after the file was written under it. */
async function unwrap(file: KeyFile, keeper: KekKeeper): Promise<Result<Unwrapped, Fault>> {
  const { protection } = file.body;
  const kek = await keeper.open(protection);
  const content = kek.ok ? openKeyFile(kek.value, file) : kek;
  if (kek.ok && content.ok) return ok({ kek: kek.value, content: content.value });
  const refused: Result<never, Fault> = content.ok ? err(fault('key-store-locked')) : content;
  if (!refused.ok && refused.error.code !== 'key-store-locked') return refused;
  const next = await keeper.unsettled(protection);
  if (!next.ok || next.value === undefined) return refused;
  const byNext = openKeyFile(next.value.kek, file);
  if (!byNext.ok) return refused;
  const settled = await next.value.settle();
  return settled.ok ? ok({ kek: next.value.kek, content: byNext.value }) : settled;
}

/**
 * A fresh root key: everything in the key file is wrapped anew, so that what was sealed stays readable. Nobody
 * else may have the store open. Killed at any moment, the old state or the new one opens. Faults as at opening.
 */
export async function rotateFileKeyStore(options: FileKeyStoreOptions): Promise<Result<void, Fault>> {
  const path = join(options.folder, KEY_FILE);
  const read = await readPrivateText(path);
  if (read.kind !== 'text') return err(fault('key-store-locked', `key file: ${read.kind}`));
  const file = parseKeyFile(read.text);
  if (!file.ok) return file;
  const opened = await unwrap(file.value, options.keeper);
  if (!opened.ok) return opened;
  const renewed = await options.keeper.renew();
  if (!renewed.ok) return renewed;
  const { kek, protection, settle } = renewed.value;
  const written = await replaceFile(path, writeKeyFile(kek, protection, opened.value.content));
  opened.value.kek.fill(0);
  kek.fill(0);
  return written.ok ? settle() : written;
}

function ring(
  path: string,
  { clock }: FileKeyStoreOptions,
  kek: Uint8Array,
  protection: Protection,
  { root, keys }: KeyFileContent,
): KeyStorePort {
  return new KeyRing({
    address: protection.kind === 'pkcs11' ? `pkcs11:${protection.token}` : `file:${path}`,
    clock,
    root,
    keys,
    save: (next) => replaceFile(path, writeKeyFile(kek, protection, { root, keys: next })),
    close: () => {
      kek.fill(0);
    },
  });
}
