import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';

// Writes as `src/store/lasting-files.ts` does: a driver knows the core only, and the core touches no files.

const OWNER_ONLY = 0o600;
const OTHERS_MAY = 0o077;

export type PrivateText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'none' }
  /** Group or others have rights on it (not told on Windows, whose rights are no mode bits). */
  | { readonly kind: 'exposed' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Reads a file that only its owner may read. */
export async function readPrivateText(path: string): Promise<PrivateText> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { mode } = await file.stat();
    if (process.platform !== 'win32' && (mode & OTHERS_MAY) !== 0) return { kind: 'exposed' };
    return { kind: 'text', text: await file.readFile('utf8') };
  } catch (error) {
    const reason = codeOf(error);
    return reason === 'ENOENT' ? { kind: 'none' } : { kind: 'unreadable', reason };
  } finally {
    await file?.close();
  }
}

/** Puts a new text in place of a file in one step: after a power cut the old one or the new one is there. */
export async function replaceFile(path: string, text: string): Promise<Result<void, Fault>> {
  const temporary = `${path}.new`;
  return attempt(async () => {
    await makeFolder(dirname(path));
    // Left behind by a write that was cut off; its mode might be anybody's.
    await rm(temporary, { force: true });
    await writeThrough(temporary, text);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  });
}

/** Gives a file the place of another in one step, lastingly. */
export async function moveFile(from: string, to: string): Promise<Result<void, Fault>> {
  return attempt(async () => {
    await rename(from, to);
    await syncFolder(dirname(to));
  });
}

async function writeThrough(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The name of a new folder lasts when the folder that it lies in is synced. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let at = path; at.length >= first.length; at = dirname(at)) await syncFolder(dirname(at));
}

/** Makes names in a folder last. Windows opens no folders, and keeps them by itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function attempt(write: () => Promise<void>): Promise<Result<void, Fault>> {
  try {
    await write();
    return ok(undefined);
  } catch (error) {
    const reason = codeOf(error);
    return err(fault(reason === 'ENOSPC' ? 'store-disk-full' : 'store-write-failed', `key store: ${reason}`));
  }
}

/** The system's code of an error; anything else is a bug and thrown on. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}
