import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { syncFolder } from '../lasting-files.ts';
import { FILE_MAX_BYTES, TRAILER_BYTES } from './file-form.ts';

/** A medium as carry files use it; tests pull it out at any step. Each throws the system's errors. */
export interface Medium {
  create(path: string): number;
  write(file: number, bytes: Uint8Array): void;
  sync(file: number): void;
  close(file: number): void;
  rename(from: string, to: string): void;
  syncFolder(folder: string): void;
  read(path: string): Uint8Array;
  remove(path: string): void;
  isFolder(path: string): boolean;
}

export const realMedium: Medium = {
  create: (path) => openSync(path, 'w', 0o600),
  write: (file, bytes) => {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
  },
  sync: fsyncSync,
  close: closeSync,
  rename: renameSync,
  syncFolder,
  read: (path) => readFileSync(path),
  remove: (path) => rmSync(path, { force: true }),
  isFolder: (path) => statSync(path).isDirectory(),
};

/**
 * Puts a file on a medium in one step and reads it back. `carry-write-failed`: there is certainly no whole file
 * on it. `carry-maybe-written`: there may be one. The signature goes last, because without it nobody can use
 * the rest.
 */
export function writeToMedium(
  medium: Medium,
  folder: string,
  name: string,
  bytes: Uint8Array,
): Result<string, Fault> {
  const path = join(folder, name);
  const temporary = `${path}.part`;
  let isWhole = false;
  try {
    if (!medium.isFolder(folder)) return err(fault('carry-write-failed', 'not a folder'));
    const file = medium.create(temporary);
    try {
      medium.write(file, bytes.subarray(0, -TRAILER_BYTES));
      medium.sync(file);
      isWhole = true;
      medium.write(file, bytes.subarray(-TRAILER_BYTES));
      medium.sync(file);
    } finally {
      medium.close(file);
    }
    medium.rename(temporary, path);
    medium.syncFolder(folder);
    if (Buffer.from(medium.read(path)).equals(bytes)) return ok(path);
    return err(fault('carry-maybe-written', 'read back differs'));
  } catch (error) {
    const detail = reasonOf(error);
    if (!isWhole || wasRemoved(medium, folder, [temporary, path]))
      return err(fault('carry-write-failed', detail));
    return err(fault('carry-maybe-written', detail));
  }
}

/** Takes a file that was written in vain off the medium; true only when it is certainly gone. */
function wasRemoved(medium: Medium, folder: string, paths: readonly string[]): boolean {
  try {
    for (const path of paths) medium.remove(path);
    medium.syncFolder(folder);
    return true;
  } catch {
    return false;
  }
}

/** `carry-file-cut` for a file that cannot be read to its end, `carry-file-altered` for one that is no such file. */
export function readFromMedium(medium: Medium, path: string): Result<Uint8Array, Fault> {
  try {
    const bytes = medium.read(path);
    return bytes.length > FILE_MAX_BYTES ? err(fault('carry-file-altered', 'too large')) : ok(bytes);
  } catch (error) {
    return err(fault('carry-file-cut', reasonOf(error)));
  }
}

/** The system's code; a message would name the path, which may name a person's folder. */
function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
