import { randomFillSync } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fault } from '#core/fault';
import { StoreError } from './store-error.ts';

/** Space beside the records that is given up when the disk is full. */
export const reserveFile = 'till.reserve';
const CHUNK_BYTES = 1024 * 1024;
/** With less than this a write that failed for an unclear reason failed for want of room. */
const NOTHING_LEFT_BYTES = 256 * 1024;

export interface DiskState {
  /** Free for this user on the disk of the records. */
  readonly freeBytes: number;
  /** `given-up`: begun sales are finished in its room, new ones are refused. `none`: no reserve is kept. */
  readonly reserve: 'held' | 'given-up' | 'none';
}

/**
 * Room on the disk for the outcome of a running sale: a file of really written bytes, removed when a commit finds
 * the disk full, and written again when there is twice its room.
 */
export class Reserve {
  readonly #folder: string;
  readonly #path: string;
  readonly #bytes: number;

  /** `bytes` 0 = none is kept. */
  constructor(folder: string, bytes: number) {
    this.#folder = folder;
    this.#path = join(folder, reserveFile);
    this.#bytes = bytes;
  }

  state(): DiskState {
    return { freeBytes: freeBytes(this.#folder), reserve: this.#bytes === 0 ? 'none' : this.#held() };
  }

  /** Writes the reserve when it is missing and there is room; false = there is no room for it. */
  fill(): boolean {
    if (this.#bytes === 0 || this.#held() === 'held') return true;
    if (freeBytes(this.#folder) < 2 * this.#bytes) return false;
    try {
      this.#write();
      return true;
    } catch {
      rmSync(this.#path, { force: true });
      return false;
    }
  }

  /** Nothing new is begun in the room that is kept for what is under way: throws `StoreError` with `disk-low`. */
  refuseWhenGivenUp(): void {
    if (!this.fill()) throw new StoreError(fault('disk-low'));
  }

  /** Runs `work`; when the disk is full and a reserve is held, gives it up and runs it once more. */
  spend<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!this.#forWantOfRoom(error) || this.#held() !== 'held' || this.#bytes === 0) throw error;
      rmSync(this.#path, { force: true });
      return work();
    }
  }

  #held(): 'held' | 'given-up' {
    try {
      return statSync(this.#path).size >= this.#bytes ? 'held' : 'given-up';
    } catch {
      return 'given-up';
    }
  }

  /** Random bytes: zeros take no room on a disk that compresses. */
  #write(): void {
    const file = openSync(this.#path, 'w', 0o600);
    try {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, this.#bytes));
      for (let left = this.#bytes; left > 0; ) {
        randomFillSync(chunk);
        left -= writeSync(file, chunk, 0, Math.min(chunk.length, left));
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  /** Some file systems tell a full disk as a failed write of the log's index. */
  #forWantOfRoom(error: unknown): boolean {
    if (!(error instanceof StoreError)) return false;
    if (error.fault.code === 'store-disk-full') return true;
    return error.fault.code === 'store-write-failed' && freeBytes(this.#folder) < NOTHING_LEFT_BYTES;
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
