import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { assert } from '#core/assert';
import type { Clock } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { createSealer, type Sealer } from '#core/seal';
import { makeLastingFolder, syncFolder } from './lasting-files.ts';
import { lockFolder } from './lock.ts';
import { applicationId, migrations, sealedSince } from './migrations/list.ts';
import { beginSealing, finishSealing } from './migrations/seal-old-records.ts';
import { Reserve } from './reserve.ts';
import { Seals } from './seals.ts';
import { SqliteStore } from './sqlite-store.ts';
import { StoreError, storeFault } from './store-error.ts';

export interface StoreOptions {
  /** Data folder of this till; made when missing. One till per folder. */
  readonly folder: string;
  /** Terminal number inside the shop: part of every sale number, one to eight letters or digits. */
  readonly terminal: string;
  readonly clock: Clock;
  /** 32 bytes: the key store's `derive('records')`. Columns with persons' data are sealed with it. */
  readonly sealKey: Uint8Array;
  /** Size of the reserve for running sales on a full disk, see `Reserve`; absent or 0 = none is kept. */
  readonly reserveBytes?: number;
  /** Upper limit of the records file in bytes; a write beyond it fails like a full disk. */
  readonly maxBytes?: number;
  /** Called with each change that is committed. */
  readonly stepTaken?: () => void;
}

export const recordsFile = 'till.db';
/** Stands in the folder while a restore puts files in their places; records beside it are not opened. */
export const restoringFile = 'restoring.json';
/** Up to this size the whole file is checked at start (about 0.15 s); above it only what a start reads. */
const fullCheckBytes = 32 * 1024 * 1024;
/** Journal entries at the end of the chain that are recomputed at every start. */
const checkedTail = 200;

/**
 * Opens the records of one till, migrating them forward in one transaction; unsealed ones of an older program
 * are then sealed batch by batch, which takes about a second per thousand sales. Refuses with `store-locked`,
 * `store-newer-schema`, `store-key-wrong`, `restore-unfinished`, `store-damaged`, `store-disk-full` or `store-write-failed`; nothing
 * is lost then, and but for that sealing nothing is changed.
 */
export function openTillStore(options: StoreOptions): Result<SqliteStore, Fault> {
  assert(/^[0-9A-Za-z]{1,8}$/.test(options.terminal), 'a terminal number has one to eight letters or digits');
  try {
    makeLastingFolder(options.folder);
    const half = halfRestored(options.folder);
    if (half !== undefined) return err(half);
    const lock = lockFolder(options.folder);
    if (!lock.ok) return lock;
    const opened = openRecords(options, lock.value.release);
    if (!opened.ok) lock.value.release();
    return opened;
  } catch (error) {
    return err(openingFault(error));
  }
}

/** Opening would begin empty records here, and SQLite would drop a log whose file is gone. */
function halfRestored(folder: string): Fault | undefined {
  if (existsSync(join(folder, restoringFile))) return fault('restore-unfinished', folder);
  const path = join(folder, recordsFile);
  const orphan = !existsSync(path) && existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0;
  return orphan ? fault('store-damaged', `${recordsFile} is gone, its log is still there`) : undefined;
}

function openRecords(options: StoreOptions, release: () => void): Result<SqliteStore, Fault> {
  const path = join(options.folder, recordsFile);
  const isNew = !existsSync(path);
  const db = new Database(path, { timeout: 1000 });
  try {
    // Before there is a log beside it: a log without its file would look like lost records.
    if (isNew) syncFolder(options.folder);
    db.defaultSafeIntegers(true);
    const version = refuseForeign(db);
    if (!version.ok) {
      db.close();
      return version;
    }
    const sealer = createSealer(options.sealKey);
    const key = version.value < sealedSince ? ok(undefined) : checkKey(db, sealer);
    if (!key.ok) {
      db.close();
      return key;
    }
    const seals = new Seals(sealer);
    prepareConnection(db, options.maxBytes);
    migrate(db, version.value, sealer, seals);
    finishSealing(db, seals);
    if (statSync(path).size <= fullCheckBytes) {
      const found: unknown = db.pragma('quick_check(1)', { simple: true });
      if (found !== 'ok') throw new StoreError(fault('store-damaged', String(found)));
    }
    const reserve = new Reserve(options.folder, options.reserveBytes ?? 0);
    const store = new SqliteStore(db, { ...options, seals, reserve }, release);
    store.checkTail(checkedTail);
    reserve.fill();
    return ok(store);
  } catch (error) {
    db.close();
    return err(openingFault(error));
  }
}

/**
 * Bytes of a page of new records. A step of a sale changes a few hundred bytes in each of some twenty pages, and every
 * page that changes is written to the log whole: at SQLite's own 4,096 that is 75 kB for an outcome instead of 20, and a
 * sixth more time for its commit.
 */
const PAGE_BYTES = 1_024;

/** Reads only: a file of another program or a newer schema is left exactly as it is. */
export function refuseForeign(db: Database.Database): Result<number, Fault> {
  const version = Number(db.pragma('user_version', { simple: true }));
  const id = Number(db.pragma('application_id', { simple: true }));
  const empty = db.prepare('SELECT COUNT(*) FROM sqlite_schema').pluck().get() === 0n;
  if (id !== applicationId && !(id === 0 && version === 0 && empty)) {
    return err(fault('store-damaged', 'the file is not the records of a till'));
  }
  if (version > migrations.length) {
    return err(fault('store-newer-schema', `schema ${version}, this program knows ${migrations.length}`));
  }
  return ok(version);
}

/** A known text, sealed when the key was first used: whether it opens tells a wrong key from a broken record. */
const keyCheck = 'seal-check';

/** Reads only. */
export function checkKey(db: Database.Database, sealer: Sealer): Result<void, Fault> {
  const sealed: unknown = db.prepare('SELECT value FROM settings WHERE name = ?').pluck().get(keyCheck);
  if (typeof sealed !== 'string') return err(fault('store-damaged', 'the check value of the key is missing'));
  const opened = sealer.open(sealed, keyCheck);
  return opened.ok && opened.value === keyCheck ? ok(undefined) : err(fault('store-key-wrong'));
}

function prepareConnection(db: Database.Database, maxBytes: number | undefined): void {
  // Before the first page is written; records that are there keep the size of theirs.
  db.pragma(`page_size = ${PAGE_BYTES}`);
  assert(db.pragma('journal_mode = WAL', { simple: true }) === 'wal', 'the records are kept in WAL mode');
  db.pragma('synchronous = FULL');
  assert(db.pragma('synchronous', { simple: true }) === 2n, 'every commit is synced in full');
  db.pragma('foreign_keys = ON');
  assert(db.pragma('foreign_keys', { simple: true }) === 1n, 'foreign keys are checked');
  db.pragma('trusted_schema = OFF');
  // What is overwritten or deleted is wiped where that costs no page of its own; the rest is sealed anyway.
  db.pragma('secure_delete = FAST');
  assert(db.pragma('secure_delete', { simple: true }) === 2n, 'deleted content is wiped');
  if (maxBytes !== undefined) {
    const pageBytes = Number(db.pragma('page_size', { simple: true }));
    db.pragma(`max_page_count = ${Math.max(1, Math.floor(maxBytes / pageBytes))}`);
  }
}

function migrate(db: Database.Database, from: number, sealer: Sealer, seals: Seals): void {
  if (from === migrations.length) return;
  db.transaction(() => {
    for (const sql of migrations.slice(from)) db.exec(sql);
    if (from < sealedSince) {
      db.prepare('INSERT INTO settings VALUES (?, ?)').run(keyCheck, sealer.seal(keyCheck, keyCheck));
      if (from > 0) beginSealing(db, seals);
    }
    db.pragma(`application_id = ${applicationId}`);
    db.pragma(`user_version = ${migrations.length}`);
  })();
}

export function openingFault(error: unknown): Fault {
  if (error instanceof StoreError) return error.fault;
  const found = storeFault(error);
  if (found !== undefined) return found;
  if (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^E[A-Z]+$/.test(error.code)
  ) {
    return fault(error.code === 'ENOSPC' ? 'store-disk-full' : 'store-write-failed', error.code);
  }
  throw error;
}
