import Database from 'better-sqlite3';

/** What marks a kind of version file and its form. */
export interface FileKind {
  /** `application_id` of SQLite. */
  readonly applicationId: number;
  /** Form of the file, in `user_version`; a greater one was written by a newer program. */
  readonly format: number;
  /** The oldest form that is read; absent = only `format`. */
  readonly oldestFormat?: number;
}

/**
 * A database under construction. Journal and sync are off: a half-written file is thrown away, and the whole
 * is fsynced before it gets its name.
 */
export function openForBuilding(temporary: string, kind: FileKind): Database.Database {
  const db = new Database(temporary);
  // Only then is the journal really off; a half-written file is never used.
  db.unsafeMode();
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('temp_store = MEMORY');
  db.pragma(`application_id = ${kind.applicationId}`);
  db.pragma(`user_version = ${kind.format}`);
  return db;
}
