import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';

const SHAPE = /^[A-Za-z0-9_-]{32,128}$/;

/** 256 random bits as URL-safe text. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Shown where the program is started, while the shop has no operator: only who set it up makes the first manager. */
export function setupCode(token: string): string {
  const digest = createHash('sha256').update(`guitai first manager ${token}`, 'utf8').digest();
  return String(digest.readUInt32BE(0) % 100_000_000).padStart(8, '0');
}

/** Compares secrets in a time that depends on neither their content nor their length. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/**
 * The token of other programs, from a file of one line that only its owner may read; made when missing.
 * Fault `token-file-exposed` when others may read it or when it holds something else, `store-disk-full`.
 */
export function readOrCreateToken(path: string): Result<string, Fault> {
  if (existsSync(path)) return readTokenFile(path);
  try {
    return ok(createTokenFile(path));
  } catch (error) {
    const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
    return err(fault(isFull ? 'store-disk-full' : 'token-file-exposed', 'the file cannot be made'));
  }
}

/** Under its name only when it is whole: a program killed meanwhile must find no empty file at its next start. */
function createTokenFile(path: string): string {
  const token = newSecret();
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  writeSynced(openSync(temporary, 'wx', 0o600), `${token}\n`);
  renameSync(temporary, path);
  // Windows opens no folders, and keeps names by itself.
  if (process.platform !== 'win32') writeSynced(openSync(dirname(path), 'r'), '');
  return token;
}

function writeSynced(file: number, text: string): void {
  try {
    if (text !== '') writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function readTokenFile(path: string): Result<string, Fault> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return err(fault('token-file-exposed', 'the file cannot be read'));
  }
  try {
    // Windows has no such bits: there the folder's own rights keep other users out.
    if (process.platform !== 'win32' && (fstatSync(file).mode & 0o077) !== 0) {
      return err(fault('token-file-exposed', 'other users may read the file'));
    }
    const token = readFileSync(file, 'utf8').trim();
    return SHAPE.test(token) ? ok(token) : err(fault('token-file-exposed', 'the file holds no token'));
  } finally {
    closeSync(file);
  }
}
