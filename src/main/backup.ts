import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { BackupFacts, Backups } from '#checkout/backups';
import type { Log } from '#checkout/parts';
import { systemClock } from '#core/clock';
import type { Config } from '#core/config/schema';
import { type Fault, fault } from '#core/fault';
import type { BuildProgress } from '#core/ports/agency-catalog';
import { err, ok, type Result } from '#core/result';
import { listBackups } from '#store/backup/list';
import { type Backup, takeBackup } from '#store/backup/take';
import { keyFileOf, openRecords, type RecordsPlace } from './records.ts';

const hourMs = 3_600_000;
/** After the start, so that a till that is switched off every evening is backed up too. */
const FIRST_AFTER_MS = 60_000;
const RETRY_MS = 10 * 60_000;

export interface BackupRequest {
  /** Absolute folder; absent = the configured one. */
  readonly to?: string;
  readonly withKeys?: boolean;
  readonly onProgress?: (progress: BuildProgress) => void;
  readonly signal?: AbortSignal;
}

/** Copies the records of one shop; the records are, or may be, open in this process. */
function copier({ config, folder }: RecordsPlace, sealKey: () => Uint8Array) {
  return async (request: BackupRequest): Promise<Result<BackupFacts, Fault>> => {
    const to = request.to ?? config.backup.folder;
    if (to === undefined) return err(fault('backup-no-folder'));
    if (!isAbsolute(to)) return err(fault('backup-failed', 'the backup folder is not an absolute path'));
    const keyFile = keyFileOf(folder);
    const scheduled = request.to === undefined;
    const taken = await takeBackup({
      folder,
      to,
      terminal: config.shop.terminal,
      clock: systemClock,
      sealKey: sealKey(),
      ...(request.withKeys === true && existsSync(keyFile) ? { keyFile } : {}),
      ...(scheduled ? { keep: config.backup.keep } : {}),
      ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    return taken.ok ? ok(factsOf(taken.value)) : taken;
  };
}

/** `guitai backup` while no till runs; `store-locked` when one does, which then copies by itself. */
export async function backUpOffline(
  place: RecordsPlace,
  request: BackupRequest,
): Promise<Result<BackupFacts, Fault>> {
  const records = await openRecords(place);
  if (!records.ok) return records;
  try {
    return await copier(place, () => records.value.keyStore.derive('records'))(request);
  } finally {
    await records.value.close();
  }
}

export interface ScheduledBackups extends Backups {
  start(log: Log): void;
  /** Ends a copy that is under way; a half one is no backup. */
  stop(): Promise<void>;
}

/** The till's own copies: when asked, and by schedule where a folder is configured. */
export function scheduledBackups(place: RecordsPlace, sealKey: () => Uint8Array): ScheduledBackups {
  const { backup } = place.config;
  const ending = new AbortController();
  const copy = copier(place, sealKey);
  let last: Promise<unknown> = Promise.resolve();
  let cancel: (() => void) | undefined;
  const newest = () => (backup.folder === undefined ? undefined : newestIn(backup.folder, place.config));
  const take: Backups['take'] = (wish) => {
    const taken = last.then(() => copy({ ...wish, signal: ending.signal }));
    last = taken.catch(() => undefined);
    return taken;
  };
  const plan = (log: Log, delayMs: number) => {
    if (ending.signal.aborted) return;
    cancel = systemClock.after(delayMs, () => void run(log));
  };
  const dueMs = () => {
    const made = newest();
    const ageMs = made === undefined ? Number.POSITIVE_INFINITY : systemClock.nowMs() - made.atMs;
    // A copy from the future was made before the clock was set back: it says nothing.
    return ageMs < 0 ? 0 : Math.max(0, backup.every_hours * hourMs - ageMs);
  };
  const run = async (log: Log) => {
    if (dueMs() > 0) return plan(log, dueMs());
    const taken = await take({});
    if (ending.signal.aborted) return;
    if (taken.ok) log.info({ sequence: taken.value.sequence, bytes: taken.value.bytes }, 'records backed up');
    else log.warn({ code: taken.error.code, detail: taken.error.detail }, 'the scheduled backup failed');
    plan(log, taken.ok ? Math.max(RETRY_MS, dueMs()) : RETRY_MS);
  };
  return {
    last: newest,
    schedule: { on: backup.folder !== undefined, oldAfterMs: 2 * backup.every_hours * hourMs },
    take,
    start: (log) => {
      if (backup.folder !== undefined) plan(log, FIRST_AFTER_MS);
    },
    async stop() {
      cancel?.();
      ending.abort();
      await last;
    },
  };
}

/** Newest good backup of this terminal in the configured folder. */
function newestIn(folder: string, { shop }: Config): BackupFacts | undefined {
  const found = listBackups(folder).find(({ manifest }) => manifest.terminal === shop.terminal);
  return found === undefined ? undefined : factsOf(found);
}

function factsOf({ file, manifest }: Backup): BackupFacts {
  return { file, atMs: manifest.atMs, bytes: manifest.file.bytes, sequence: manifest.head.sequence };
}
