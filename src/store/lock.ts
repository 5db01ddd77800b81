import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';

/**
 * Keeps a second till out of the data folder: an exclusive transaction, never ended, on a database of its
 * own. The operating system drops the lock when the process dies, however it dies, so none is ever stale.
 */
export function lockFolder(folder: string): Result<{ readonly release: () => void }, Fault> {
  const db = new Database(join(folder, 'till.lock'), { timeout: 0 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      return err(fault('store-locked'));
    }
    throw error;
  }
  return ok({ release: () => db.close() });
}
