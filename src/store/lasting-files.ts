import { closeSync, fsyncSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';

/*
 * Files and folders that are still there after a power cut. Everything throws the system's errors. What may lie on a
 * slow medium (`replaceFile`, `moveFile`) lets the till go on meanwhile; the rest is for children and commands.
 */

/**
 * Makes a folder, closed to other users, that lasts: the name of a new folder is synced with the folder it lies in.
 * Costs nothing when it exists.
 */
export function makeLastingFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const holder of holdersOf(first, folder)) syncFolder(holder);
}

/** Makes the names in a folder last: new, renamed and removed ones. */
export function syncFolder(folder: string): void {
  if (keepsNamesByItself) return;
  sync(openSync(folder, 'r'));
}

/** Makes the content of a file last. */
export function syncFile(path: string): void {
  // Windows flushes only what was opened for writing.
  sync(openSync(path, 'r+'));
}

/** Gives a finished file its name: from here on it is there, whole. */
export function giveName(temporary: string, path: string): void {
  syncFile(temporary);
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** Puts a text in place of a file in one step: after a power cut the old one or the new one is there. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const holder of holdersOf(first, folder)) await syncNames(holder);
  const temporary = `${path}.new`;
  // Left behind by a write that was cut off; its mode might be anybody's.
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
  await moveFile(temporary, path);
}

/** Gives a file another name in the same folder. */
export async function moveFile(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncNames(dirname(to));
}

async function syncNames(folder: string): Promise<void> {
  if (keepsNamesByItself) return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A folder cannot be opened on Windows. */
const keepsNamesByItself = process.platform === 'win32';

function sync(handle: number): void {
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The folders in which new ones were made, `first` being the uppermost of those. */
function holdersOf(first: string | undefined, folder: string): readonly string[] {
  if (first === undefined) return [];
  const holders: string[] = [];
  const made = relative(dirname(first), folder).split(sep).length;
  for (let at = dirname(folder); holders.length < made; at = dirname(at)) holders.push(at);
  return holders;
}
