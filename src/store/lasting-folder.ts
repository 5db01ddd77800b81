import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';

/**
 * Makes a folder, closed to other users, that is still there after a power cut: the name of a new folder is synced
 * with the folder it lies in. Costs nothing when it exists. Throws the system's errors.
 */
export function makeLastingFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const made = relative(dirname(first), folder).split(sep).length;
  for (let level = 0, at = dirname(folder); level < made; level += 1, at = dirname(at)) syncFolder(at);
}

/** Makes the names in a folder last: new, renamed and removed ones. */
export function syncFolder(folder: string): void {
  // A folder cannot be opened on Windows, where names last by themselves.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
