import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { toHex } from '#core/hex';
import { makeLastingFolder } from '../lasting-files.ts';

const OTHERS_MAY = 0o077;
const CHUNK_BYTES = 1024 * 1024;

/** Makes a folder that only its owner may enter; false = it was there and others may enter it. */
export function makePrivateFolder(folder: string): boolean {
  makeLastingFolder(folder);
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
