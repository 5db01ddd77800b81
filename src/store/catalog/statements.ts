import type Database from 'better-sqlite3';

/** Ends a range of texts that begin alike: nothing comes after it. */
export const LAST = '\u{10FFFF}';

/** Terms, ids and stocks are whole numbers of at most 53 bits, written so: bigints would only cost time. */
export function numbers<P extends unknown[], R>(
  statement: Database.Statement<P, R>,
): Database.Statement<P, R> {
  return statement.safeIntegers(false);
}

export function hasTable(db: Database.Database, name: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined;
}
