import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { compactDateTime } from '#core/business-time';
import type { Clock } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import type { BuildProgress } from '#core/ports/agency-catalog';
import { err, ok, type Result } from '#core/result';
import { prepareFolder, runBuilder } from '../catalog-file/run-builder.ts';
import { moveFile, replaceFile, syncFile } from '../lasting-files.ts';
import { recordsFile } from '../open.ts';
import type { CopyOrder } from './copy-child.ts';
import { makePrivateFolder } from './files.ts';
import { listBackups } from './list.ts';
import { copyEnding, type Manifest, manifestEnding, manifestText, sealKeyId } from './manifest.ts';

/** Ending of the wrapped key file that goes along when asked for. */
export const keysEnding = '.keys.json';

export interface BackupWish {
  /** Data folder of the till. */
  readonly folder: string;
  /** Where backups go; made when missing, closed to other users. */
  readonly to: string;
  readonly terminal: string;
  readonly clock: Clock;
  readonly sealKey: Uint8Array;
  /** Wrapped key file to put beside the copy. Its secret never goes along. */
  readonly keyFile?: string;
  /** Older good backups of this terminal beyond this number are removed. */
  readonly keep?: number;
  readonly onProgress?: (progress: BuildProgress) => void;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface Backup {
  /** Path of the copy; its manifest lies beside it. */
  readonly file: string;
  readonly manifest: Manifest;
}

const copyAnswer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('copied'),
    file: z.string(),
    schema: z.number(),
    head: z.object({ sequence: z.number(), hash: z.string() }),
    bytes: z.number(),
    sm3: z.string(),
  }),
  z.object({ kind: z.literal('damaged'), detail: z.string() }),
  z.object({ kind: z.literal('failed'), detail: z.string() }),
]);

/**
 * Backs the records up while the till sells: a process of its own copies and checks them, then the copy gets its
 * name and at last its manifest, which alone makes it a backup. Faults `backup-folder-open`, `backup-failed`,
 * `store-damaged` (the records themselves do not pass the check), `store-disk-full`.
 */
export async function takeBackup(wish: BackupWish): Promise<Result<Backup, Fault>> {
  const { folder, to, clock, terminal } = wish;
  try {
    if (!makePrivateFolder(to)) return err(fault('backup-folder-open', to));
    if (!prepareFolder(to)) return err(fault('backup-failed', `${to} cannot be written`));
    const stamp = freeStamp(to, terminal, clock.nowMs());
    const atMs = Math.round(clock.nowMs());
    const order: CopyOrder = { source: join(folder, recordsFile), folder: to, stamp };
    const told = copyAnswer.safeParse(
      await runBuilder({
        entry: 'src/store/backup/copy-child.js',
        order,
        clock,
        ...(wish.signal === undefined ? {} : { signal: wish.signal }),
        ...(wish.timeoutMs === undefined ? {} : { timeoutMs: wish.timeoutMs }),
        ...(wish.onProgress === undefined ? {} : { onProgress: wish.onProgress }),
      }),
    );
    if (!told.success) return err(fault('backup-failed', 'the copying process ended'));
    const copy = told.data;
    if (copy.kind === 'damaged') return err(fault('store-damaged', copy.detail));
    if (copy.kind === 'failed') return err(failure(copy.detail));
    const file = join(to, `${stamp}${copyEnding}`);
    const { schema, head, bytes, sm3 } = copy;
    const manifest: Manifest = {
      form: 1,
      program: 'guitai',
      terminal,
      atMs,
      schema,
      head,
      file: { name: basename(file), bytes, sm3 },
      keyId: sealKeyId(wish.sealKey),
    };
    await finish(wish, { copied: copy.file, file, stamp, text: manifestText(manifest, wish.sealKey) });
    return ok({ file, manifest });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    return err(failure(code));
  }
}

/** Names, then the manifest; only after that older backups go. */
async function finish(
  { to, keyFile, keep, terminal }: BackupWish,
  made: { readonly copied: string; readonly file: string; readonly stamp: string; readonly text: string },
): Promise<void> {
  if (keyFile !== undefined) {
    const copy = join(to, `${made.stamp}${keysEnding}`);
    copyFileSync(keyFile, copy);
    syncFile(copy);
  }
  await moveFile(made.copied, made.file);
  await replaceFile(join(to, `${made.stamp}${manifestEnding}`), made.text);
  removeHalves(to);
  if (keep !== undefined) prune(to, terminal, keep);
}

/** The manifest goes first: what is left of a removed backup is then no backup any more. */
function prune(to: string, terminal: string, keep: number): void {
  const old = listBackups(to)
    .filter(({ manifest }) => manifest.terminal === terminal)
    .slice(Math.max(1, keep));
  for (const { file } of old) {
    const stamp = file.slice(0, -copyEnding.length);
    for (const ending of [manifestEnding, copyEnding, keysEnding])
      rmSync(`${stamp}${ending}`, { force: true });
  }
}

/** Copies of a process that died before it wrote their manifest. */
function removeHalves(to: string): void {
  for (const name of readdirSync(to)) {
    if (!name.startsWith('guitai-') || !name.endsWith(copyEnding)) continue;
    const manifest = `${name.slice(0, -copyEnding.length)}${manifestEnding}`;
    if (!existsSync(join(to, manifest))) rmSync(join(to, name), { force: true });
  }
}

function freeStamp(to: string, terminal: string, nowMs: number): string {
  const base = `guitai-${terminal}-${compactDateTime(nowMs)}`;
  for (let count = 0; ; count += 1) {
    const stamp = count === 0 ? base : `${base}-${count}`;
    if (!existsSync(join(to, `${stamp}${manifestEnding}`))) return stamp;
  }
}

function failure(code: string): Fault {
  const full = code === 'ENOSPC' || code === 'SQLITE_FULL';
  return full ? fault('store-disk-full', 'backup folder') : fault('backup-failed', code);
}
