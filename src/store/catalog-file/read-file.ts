import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type Fault, fault } from '#core/fault';
import { CatalogUnreadable } from '#core/ports/catalog-store';
import { err, ok, type Result } from '#core/result';
import type { FileKind } from './write-file.ts';

export interface OpenedFile<Facts> {
  readonly db: Database.Database;
  readonly facts: Facts;
}

/**
 * Opens a version file read-only. Looks at head, format, size and what `readFacts` reads, which is quick at
 * any size; `readFacts` answers undefined when the facts do not fit the rows. Errors: `catalog-none` (no such
 * file), `catalog-damaged`, `catalog-newer-format`.
 */
export function openVersionFile<Facts>(
  file: string,
  kind: FileKind,
  readFacts: (db: Database.Database) => Facts | undefined,
): Result<OpenedFile<Facts>, Fault> {
  let db: Database.Database | undefined;
  try {
    const sizeBytes = statSync(file).size;
    db = new Database(file, { readonly: true, fileMustExist: true });
    const bad = formatFault(db, kind, sizeBytes);
    if (bad === undefined) {
      const facts = readFacts(db);
      if (facts !== undefined) return ok({ db, facts });
    }
    db.close();
    return err(bad ?? fault('catalog-damaged', 'facts about the version are missing or do not fit the rows'));
  } catch (error) {
    db?.close();
    if (isMissing(error)) return err(fault('catalog-none', 'no such file'));
    return err(fault('catalog-damaged', messageOf(error)));
  }
}

/** Reads every page, then closes the file. */
export function verifyPages<Facts>({ db, facts }: OpenedFile<Facts>): Result<Facts, Fault> {
  try {
    const answer = db.pragma('integrity_check(1)', { simple: true });
    return answer === 'ok' ? ok(facts) : err(fault('catalog-damaged', String(answer)));
  } catch (error) {
    return err(fault('catalog-damaged', messageOf(error)));
  } finally {
    db.close();
  }
}

/** Facts about the version by name, as every kind of version file keeps them in its table `meta`. */
export function readMeta(db: Database.Database): ReadonlyMap<string, string> {
  const rows = db.prepare<[], { name: string; value: string }>('SELECT name, value FROM meta').all();
  return new Map(rows.map(({ name, value }) => [name, value]));
}

/** A look-up that throws `CatalogUnreadable` when the file turns out to be damaged. */
export function guarded<A extends unknown[], R>(look: (...asked: A) => R): (...asked: A) => R {
  return (...asked) => {
    try {
      return look(...asked);
    } catch (error) {
      if (error instanceof Database.SqliteError)
        throw new CatalogUnreadable(`${error.code}: ${error.message}`);
      throw error;
    }
  };
}

function formatFault(db: Database.Database, kind: FileKind, sizeBytes: number): Fault | undefined {
  if (db.pragma('application_id', { simple: true }) !== kind.applicationId) {
    return fault('catalog-damaged', 'not a catalogue file');
  }
  const format = db.pragma('user_version', { simple: true });
  if (typeof format === 'number' && format > kind.format) {
    return fault('catalog-newer-format', `format ${format}, this program reads ${kind.format}`);
  }
  if (typeof format !== 'number' || format < (kind.oldestFormat ?? kind.format))
    return fault('catalog-damaged', `format ${String(format)}`);
  const pages = Number(db.pragma('page_count', { simple: true }));
  const expected = pages * Number(db.pragma('page_size', { simple: true }));
  return expected === sizeBytes ? undefined : fault('catalog-damaged', `${sizeBytes} of ${expected} bytes`);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function messageOf(error: unknown): string {
  // Messages of SQLite name no path; those of the file system do, and the detail is shown on screens.
  return error instanceof Database.SqliteError ? error.message : 'the file cannot be read';
}
