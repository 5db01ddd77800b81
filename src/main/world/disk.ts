import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SeededRandom } from './random.ts';

/** Every file of the data folder as it stood at one moment, by name. */
export type DiskImage = ReadonlyMap<string, Buffer>;

const SECTOR_BYTES = 512;
/** Rebuilt by the next process from the log; the lock lives with its process. */
const NOT_KEPT = /-shm$|^till\.lock/;

/** The disk under the till's data folder: what is on it when the power comes back. */
export class Disk {
  readonly folder: string;
  isFull = false;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  read(): DiskImage {
    const names = readdirSync(this.folder, { recursive: true, encoding: 'utf8' });
    const kept = names.filter((name) => !NOT_KEPT.test(name) && statSync(join(this.folder, name)).isFile());
    return new Map(kept.sort().map((name) => [name, readFileSync(join(this.folder, name))]));
  }

  /** The folder holds exactly this image afterwards. */
  write(image: DiskImage): void {
    if (existsSync(this.folder)) rmSync(this.folder, { recursive: true });
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    for (const [name, bytes] of image) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), bytes, { mode: 0o600 });
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * A write that the power cut in the middle: of what it changed, any sector may be there or not, and the last one
 * may be half. When the write had already begun to copy its log into the file, the log itself was synced before.
 */
export function tornImage(before: DiskImage, after: DiskImage, random: SeededRandom): DiskImage {
  const changed = [...after].filter(([name, bytes]) => before.get(name)?.equals(bytes) !== true);
  const main = changed.filter(([name]) => name.endsWith('.db'));
  const torn = main.length > 0 ? main : changed;
  const image = new Map(after);
  for (const [name, bytes] of torn) image.set(name, mixedSectors(before.get(name), bytes, random));
  return image;
}

function mixedSectors(old: Buffer | undefined, now: Buffer, random: SeededRandom): Buffer {
  const mixed = Buffer.from(now);
  const before = Buffer.alloc(now.length);
  old?.copy(before);
  // Most cuts leave a beginning; some disks write in any order.
  const inOrder = random.chance(0.6);
  const changed: number[] = [];
  for (let at = 0; at < now.length; at += SECTOR_BYTES) {
    const end = Math.min(now.length, at + SECTOR_BYTES);
    if (before.compare(now, at, end, at, end) !== 0) changed.push(at);
  }
  const cut = random.int(0, changed.length);
  for (const [place, at] of changed.entries()) {
    const lost = inOrder ? place >= cut : random.chance(0.5);
    if (!lost) continue;
    const end = Math.min(now.length, at + SECTOR_BYTES);
    const from = inOrder && place === cut ? random.int(at, end) : at;
    if (from < end) before.copy(mixed, from, from, end);
  }
  const wasLonger = old !== undefined && old.length < now.length && random.chance(0.3);
  return wasLonger ? mixed.subarray(0, random.int(old.length, now.length)) : mixed;
}
