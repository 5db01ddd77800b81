import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import { rotateRootKey } from '#drivers/key-store/open';
import { lockFolder } from '#store/lock';
import { keyStoreOptions, type RecordsPlace } from './records.ts';

/** `guitai key rotate-root`; refused with `store-locked` while a till runs, because it holds the old key. */
export async function rotateRoot(place: RecordsPlace): Promise<Result<void, Fault>> {
  const options = keyStoreOptions(place);
  if (!options.ok) return options;
  const lock = lockFolder(place.folder);
  if (!lock.ok) return lock;
  try {
    return await rotateRootKey(options.value);
  } finally {
    lock.value.release();
  }
}
