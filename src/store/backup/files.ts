import { createHash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { toHex } from '#core/hex';

const OTHERS_MAY = 0o077;
const CHUNK_BYTES = 1024 * 1024;

/** Makes a folder that only its owner may enter; false = it was there and others may enter it. */
export function makePrivateFolder(folder: string): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Windows has no such bits: there the folder's own rights keep other users out.
  return process.platform === 'win32' || (statSync(folder).mode & OTHERS_MAY) === 0;
}

/** SM3 over a whole file, in pieces, as hex. */
export function fileHash(path: string): string {
  const hash = createHash('sm3');
  const file = openSync(path, 'r');
  try {
    const piece = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const count = readSync(file, piece);
      if (count === 0) return toHex(hash.digest());
      hash.update(piece.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
}

/** Makes the content of a file last. */
export function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes names in a folder last. Windows opens no folders, and keeps them by itself. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Puts a small text in place in one step: after a power cut it is there whole or not at all. */
export function writeWhole(path: string, text: string): void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
}
