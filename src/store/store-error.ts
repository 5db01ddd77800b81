import Database from 'better-sqlite3';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';

/**
 * The records refuse: the disk failed, a seal is broken, a budget is used up. Thrown, because no business
 * step may go on without its record.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly fault: Fault;

  constructor(found: Fault, cause?: unknown) {
    super(`${found.code}: ${found.en}${found.detail === undefined ? '' : ` (${found.detail})`}`, { cause });
    this.fault = found;
  }
}

/** What an error of SQLite means for the till, or undefined when it is no trouble of disk or file. */
export function storeFault(error: unknown): Fault | undefined {
  if (!(error instanceof Database.SqliteError)) return undefined;
  const code: string = error.code;
  const detail = `${code}: ${error.message}`;
  if (code === 'SQLITE_FULL') return fault('store-disk-full', detail);
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return fault('store-damaged', detail);
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return fault('store-locked', detail);
  if (
    code.startsWith('SQLITE_IOERR') ||
    code.startsWith('SQLITE_CANTOPEN') ||
    code.startsWith('SQLITE_READONLY')
  ) {
    return fault('store-write-failed', detail);
  }
  return undefined;
}

/** Runs `work`; trouble of disk or file is thrown as `StoreError`, everything else as it is. */
export function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const found = storeFault(error);
    if (found !== undefined) throw new StoreError(found, error);
    throw error;
  }
}

/** Runs `work`; where the records refuse, their fault is the answer, and everything else is thrown as it is. */
export function answered<T>(work: () => T): Result<T, Fault> {
  try {
    return ok(work());
  } catch (error) {
    if (error instanceof StoreError) return err(error.fault);
    throw error;
  }
}
