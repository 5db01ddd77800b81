import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OwedList } from '#checkout/facade';
import { owedBy } from '#checkout/owed';
import { compactDateTime } from '#core/business-time';
import { systemClock } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { copyEnding, manifestEnding } from '#store/backup/manifest';
import { type Restored, restoreBackup } from '#store/backup/restore';
import { keysEnding } from '#store/backup/take';
import { giveName, makeLastingFolder, syncFolder } from '#store/lasting-files';
import { lockFolder } from '#store/lock';
import { recordsFile } from '#store/open';
import { keyFileOf, openKeys, openRecords, type RecordsPlace } from './records.ts';

export type { Restored } from '#store/backup/restore';

/**
 * `guitai restore`: the key store of the folder opens the backup; where the folder has none, the wrapped key file
 * that lies beside the backup is put there first (its secret comes from where the configuration says).
 */
export async function restoreRecords(
  place: RecordsPlace,
  file: string,
  replace: boolean,
): Promise<Result<Restored, Fault>> {
  const { folder, config } = place;
  const keyFile = keyFileOf(folder);
  const beside = `${stampOf(file)}${keysEnding}`;
  const hadKeys = existsSync(keyFile);
  if (!hadKeys) {
    // A new key would open nothing: it is never made here.
    if (!existsSync(beside)) return err(fault('restore-key-missing', keyFile));
    makeLastingFolder(dirname(keyFile));
    copyFileSync(beside, `${keyFile}.restored`);
    giveName(`${keyFile}.restored`, keyFile);
  }
  const keys = await openKeys(place);
  if (!keys.ok) {
    // Another key file may open: this one must not stand in its way.
    if (!hadKeys) rmSync(keyFile, { force: true });
    return keys;
  }
  try {
    const sealKey = keys.value.derive('records');
    const { terminal } = config.shop;
    return await restoreBackup({ file, folder, terminal, clock: systemClock, sealKey, replace });
  } finally {
    await keys.value.close();
  }
}

function stampOf(file: string): string {
  const ending = file.endsWith(manifestEnding) ? manifestEnding : copyEnding;
  return file.endsWith(ending) ? file.slice(0, -ending.length) : file;
}

/** `guitai owed` while no till runs. */
export async function owedOffline(place: RecordsPlace): Promise<Result<OwedList, Fault>> {
  const records = await openRecords(place);
  if (!records.ok) return records;
  try {
    return ok(owedBy(records.value.store));
  } finally {
    await records.value.close();
  }
}

/**
 * `guitai reset`: begins with empty records. Refused with `data-still-owed` while something is owed, and with
 * `store-locked` while a till runs; the old records are moved aside, never deleted. Answers where they are.
 */
export async function resetRecords(place: RecordsPlace): Promise<Result<string, Fault>> {
  const { folder } = place;
  const here = join(folder, recordsFile);
  if (!existsSync(here)) return err(fault('store-write-failed', `${here}: no records`));
  const owed = await owedOffline(place);
  if (!owed.ok) return owed;
  const { rows, total } = owed.value;
  if (rows.length > 0) return err(fault('data-still-owed', `${rows.length} items, ${total} yuan`));
  const lock = lockFolder(folder);
  if (!lock.ok) return lock;
  try {
    const aside = join(folder, `before-reset-${compactDateTime(systemClock.nowMs())}`);
    mkdirSync(aside, { mode: 0o700 });
    // Closed just now: nothing is left in the log, so the file alone is the whole of the records.
    for (const ending of ['-wal', '-shm', '']) {
      const name = `${recordsFile}${ending}`;
      if (existsSync(join(folder, name))) renameSync(join(folder, name), join(aside, name));
    }
    syncFolder(aside);
    syncFolder(folder);
    return ok(aside);
  } finally {
    lock.value.release();
  }
}
