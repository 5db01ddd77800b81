import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compactDateTime } from '#core/business-time';
import type { Clock } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { makeLastingFolder, replaceFile, syncFile, syncFolder } from '../lasting-files.ts';
import { lockFolder } from '../lock.ts';
import { migrations } from '../migrations/list.ts';
import { openTillStore, recordsFile, restoringFile } from '../open.ts';
import { fileHash } from './files.ts';
import { checkManifest, copyEnding, type Manifest, manifestEnding, readManifest } from './manifest.ts';

export interface RestoreWish {
  /** The copy, or its manifest. */
  readonly file: string;
  /** Data folder to put the records into; made when missing. */
  readonly folder: string;
  readonly terminal: string;
  readonly clock: Clock;
  readonly sealKey: Uint8Array;
  /** Records in the folder are moved aside instead of refusing. */
  readonly replace?: boolean;
}

export interface Restored {
  readonly manifest: Manifest;
  /** Journal entry that chains on to the backup's head. */
  readonly sequence: number;
  readonly hash: string;
  /** Mark of the new epoch, part of every sale number from now on. */
  readonly epoch: string;
  /** Folder that keeps the records that were there. */
  readonly keptIn?: string;
}

const workFolder = '.restoring';

/**
 * Puts a backup back. Everything is checked before anything is touched: manifest, key, content, every page and
 * link; the new epoch is begun in the copy; only then the copy takes its place in one rename. Faults
 * `backup-damaged`, `store-key-wrong`, `store-newer-schema`, `restore-folder-used`, `store-locked` (a till runs),
 * and those of `openTillStore`.
 */
export async function restoreBackup(wish: RestoreWish): Promise<Result<Restored, Fault>> {
  const checked = checkedBackup(wish);
  if (!checked.ok) return checked;
  const { folder } = wish;
  const here = join(folder, recordsFile);
  const used = existsSync(here) || existsSync(`${here}-wal`) || existsSync(join(folder, restoringFile));
  if (used && wish.replace !== true) return err(fault('restore-folder-used', folder));
  try {
    makeLastingFolder(folder);
    const lock = lockFolder(folder);
    if (!lock.ok) return lock;
    try {
      return await put(wish, checked.value);
    } finally {
      rmSync(join(folder, workFolder), { recursive: true, force: true });
      lock.value.release();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    return err(fault(code === 'ENOSPC' ? 'store-disk-full' : 'store-write-failed', code));
  }
}

interface Checked {
  readonly copy: string;
  readonly manifest: Manifest;
}

/** Reads only. */
function checkedBackup({ file, sealKey, terminal }: RestoreWish): Result<Checked, Fault> {
  const manifestPath = file.endsWith(manifestEnding)
    ? file
    : `${file.slice(0, -copyEnding.length)}${manifestEnding}`;
  try {
    const read = readManifest(readFileSync(manifestPath, 'utf8'));
    if (!read.ok) return read;
    const { manifest } = read.value;
    const genuine = checkManifest(read.value, sealKey);
    if (!genuine.ok) return genuine;
    if (manifest.schema > migrations.length)
      return err(
        fault('store-newer-schema', `schema ${manifest.schema}, this program knows ${migrations.length}`),
      );
    if (manifest.terminal !== terminal)
      return err(fault('backup-damaged', `backup of terminal ${manifest.terminal}, this is ${terminal}`));
    const copy = join(dirname(manifestPath), manifest.file.name);
    if (statSync(copy).size !== manifest.file.bytes || fileHash(copy) !== manifest.file.sm3)
      return err(fault('backup-damaged', 'the copy differs from its manifest'));
    return ok({ copy, manifest });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    return err(fault('backup-damaged', `${code}: manifest or copy cannot be read`));
  }
}

async function put(wish: RestoreWish, { copy, manifest }: Checked): Promise<Result<Restored, Fault>> {
  const { folder, clock } = wish;
  const work = join(folder, workFolder);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { mode: 0o700 });
  const fresh = join(work, recordsFile);
  copyFileSync(copy, fresh);
  const begun = beginIn(work, wish, manifest);
  if (!begun.ok) return begun;
  syncFile(fresh);
  const here = join(folder, recordsFile);
  const old = ['', '-wal', '-shm'].map((ending) => `${recordsFile}${ending}`);
  const kept = old.filter((name) => existsSync(join(folder, name)));
  const aside = freeFolder(join(folder, `before-restore-${compactDateTime(clock.nowMs())}`));
  // From here to the end these files belong together only as this marker says: no till opens them.
  await replaceFile(join(folder, restoringFile), `${JSON.stringify({ from: manifest.file.name, aside })}\n`);
  if (kept.length > 0) mkdirSync(aside, { recursive: true, mode: 0o700 });
  for (const name of kept) renameSync(join(folder, name), join(aside, name));
  if (kept.length > 0) syncFolder(aside);
  renameSync(fresh, here);
  syncFolder(folder);
  rmSync(join(folder, restoringFile));
  syncFolder(folder);
  return ok({ manifest, ...begun.value, ...(kept.length === 0 ? {} : { keptIn: aside }) });
}

/** Opens the copy as a till would, walks the whole chain, and chains the event of the restore on to it. */
function beginIn(
  work: string,
  { terminal, clock, sealKey }: RestoreWish,
  { head, atMs }: Manifest,
): Result<Pick<Restored, 'sequence' | 'hash' | 'epoch'>, Fault> {
  const opened = openTillStore({ folder: work, terminal, clock, sealKey });
  if (!opened.ok) return opened;
  const store = opened.value;
  try {
    const { brokenAt } = store.verifyJournal();
    if (brokenAt !== undefined) return err(fault('backup-damaged', `journal entry ${brokenAt} does not fit`));
    const last = store.journal(head.sequence, 2);
    const ends = head.sequence === 0 ? last.length === 0 : last.length === 1 && last[0]?.hash === head.hash;
    if (!ends) return err(fault('backup-damaged', 'the journal ends elsewhere than the manifest says'));
    const entry = store.beginEpoch({ nowMs: clock.nowMs(), backupAtMs: atMs });
    const { epoch } = JSON.parse(entry.facts) as { epoch: string };
    const whole = store.verifyJournal().brokenAt === undefined && entry.previousHash === head.hash;
    if (!whole) return err(fault('backup-damaged', 'the chain does not go on from the backup'));
    return ok({ sequence: entry.sequence, hash: entry.hash, epoch });
  } finally {
    store.close();
  }
}

function freeFolder(wanted: string): string {
  for (let count = 0; ; count += 1) {
    const name = count === 0 ? wanted : `${wanted}-${count}`;
    if (!existsSync(name)) return name;
  }
}
