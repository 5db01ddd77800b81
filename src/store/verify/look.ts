import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { createSealer } from '#core/seal';
import { migrations } from '../migrations/list.ts';
import { checkKey, openingFault, recordsFile, refuseForeign } from '../open.ts';
import { Seals } from '../seals.ts';

/** Up to this size the whole file is checked for damage too. */
const CHECKED_BYTES = 64 * 1024 * 1024;
/** Bytes 18 and 19 of the file say how it is written: 2 = with a log (WAL), 1 = without (SQLite file format 1.3). */
const VERSION_BYTES = 18;
const WITHOUT_LOG = Uint8Array.from([1, 1]);

/** Records opened to be looked at: nothing can be written, and the folder stays as it is. */
export interface Looking {
  readonly db: Database.Database;
  /** Undefined without the key. */
  readonly seals: Seals | undefined;
  close(): void;
}

/**
 * Opens the records of a till that may be running or closed, at one moment of theirs. Beside a running till the file
 * itself is read; of a closed one a copy in the system's temporary folder, because SQLite cannot open such a file
 * without making files beside it. Faults: `records-none`, `store-older-schema`, `store-newer-schema`,
 * `store-key-wrong`, `store-damaged`, `store-disk-full`, `store-write-failed`.
 */
export function openForLooking(folder: string, sealKey: Uint8Array | undefined): Result<Looking, Fault> {
  const path = join(folder, recordsFile);
  if (!existsSync(path)) return err(fault('records-none', path));
  let temporary: string | undefined;
  const drop = () => {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  };
  try {
    if (!isLive(path)) {
      temporary = copyOf(path);
      // A till that started meanwhile has its own log now: its file is read where it lies.
      if (isLive(path)) {
        drop();
        temporary = undefined;
      }
    }
    const opened = open(temporary === undefined ? path : join(temporary, recordsFile), sealKey, drop);
    if (!opened.ok) drop();
    return opened;
  } catch (error) {
    drop();
    return err(openingFault(error));
  }
}

/** With log and index of the log beside it, a read-only connection makes no file. */
function isLive(path: string): boolean {
  return existsSync(`${path}-wal`) && existsSync(`${path}-shm`);
}

function copyOf(path: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'guitai-look-'));
  try {
    const to = join(folder, recordsFile);
    copyFileSync(path, to);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${to}-wal`);
    else markWithoutLog(to);
    return folder;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function markWithoutLog(path: string): void {
  if (statSync(path).size < VERSION_BYTES + WITHOUT_LOG.length) return;
  const file = openSync(path, 'r+');
  try {
    writeSync(file, WITHOUT_LOG, 0, WITHOUT_LOG.length, VERSION_BYTES);
  } finally {
    closeSync(file);
  }
}

function open(path: string, sealKey: Uint8Array | undefined, drop: () => void): Result<Looking, Fault> {
  // A copy with a log is opened for writing, so that the log is read; nothing is written to it all the same.
  const db = new Database(path, {
    fileMustExist: true,
    readonly: isLive(path) || !existsSync(`${path}-wal`),
  });
  const close = () => {
    db.close();
    drop();
  };
  try {
    db.defaultSafeIntegers(true);
    db.pragma('query_only = ON');
    const refused = whyNot(db, path);
    if (refused !== undefined) {
      close();
      return err(refused);
    }
    const sealer = sealKey === undefined ? undefined : createSealer(sealKey);
    const key = sealer === undefined ? ok(undefined) : checkKey(db, sealer);
    if (!key.ok) {
      close();
      return key;
    }
    db.exec('BEGIN');
    return ok({ db, seals: sealer === undefined ? undefined : new Seals(sealer), close });
  } catch (error) {
    close();
    throw error;
  }
}

function whyNot(db: Database.Database, path: string): Fault | undefined {
  const version = refuseForeign(db);
  if (!version.ok) return version.error;
  if (version.value < migrations.length)
    return fault('store-older-schema', `schema ${version.value} of ${migrations.length}`);
  if (statSync(path).size > CHECKED_BYTES) return undefined;
  const found: unknown = db.pragma('quick_check(1)', { simple: true });
  return found === 'ok' ? undefined : fault('store-damaged', String(found));
}
