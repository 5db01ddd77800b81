import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const VERSION = /^\d{8}-\d{6}-[0-9a-f]{8}(\.\d+)?$/;

/** Versions in a folder, oldest first: names begin with the time of the import (`yyyyMMdd-HHmmss-…`). */
export function listVersions(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.db') && VERSION.test(name.slice(0, -'.db'.length)))
    .map((name) => name.slice(0, -'.db'.length))
    .sort(byAge);
}

/** Two imports of one list in the same second get two names; a finished version is never overwritten. */
export function freeName(folder: string, wanted: string): string {
  let name = wanted;
  for (let count = 2; existsSync(join(folder, `${name}.db`)); count += 1) name = `${wanted}.${count}`;
  return name;
}

/** Where a version lies; only characters of a version name, so that a name from outside stays in the folder. */
export function versionFile(folder: string, version: string): string {
  return join(folder, `${version.replace(/[^\w.-]/g, '')}.db`);
}

/** The unfinished file of a builder's process; its number tells whether that process still lives. */
export function temporaryFile(folder: string, name: string): string {
  return join(folder, `.${name}.${process.pid}.building`);
}

export interface Pruning {
  /** Folder of one kind of version files. */
  readonly folder: string;
  readonly inUse: string | undefined;
  /** How many stay, the one in use among them; the newest ones. */
  readonly keep: number;
  /** Versions that stay whatever their age. */
  readonly keepAlso?: readonly string[];
}

/**
 * Removes the oldest versions beyond `keep`, never the one in use nor one of `keepAlso`. Answers the names of
 * those removed; a file that cannot be removed now (open elsewhere on Windows) stays until the next time.
 */
export function pruneVersions({ folder, inUse, keep, keepAlso = [] }: Pruning): readonly string[] {
  const versions = listVersions(folder);
  const safe = new Set([...keepAlso, ...(inUse === undefined ? [] : [inUse])]);
  const staying = versions.filter((version) => safe.has(version)).length;
  const loose = versions.filter((version) => !safe.has(version));
  const room = Math.max(0, keep - staying);
  return loose.slice(0, Math.max(0, loose.length - room)).filter((version) => {
    try {
      rmSync(versionFile(folder, version));
      return true;
    } catch {
      return false;
    }
  });
}

/** `….2` and `….10` of one second by number, all else by text. */
function byAge(a: string, b: string): number {
  const [nameA = '', countA = '1'] = a.split('.');
  const [nameB = '', countB = '1'] = b.split('.');
  if (nameA !== nameB) return nameA < nameB ? -1 : 1;
  return Number(countA) - Number(countB);
}
