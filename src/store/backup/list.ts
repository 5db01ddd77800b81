import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, manifestEnding, readManifest } from './manifest.ts';

export interface ListedBackup {
  readonly file: string;
  readonly manifest: Manifest;
}

/** Whole backups in a folder, newest first: a manifest, and beside it a copy of the size that it tells. */
export function listBackups(folder: string): readonly ListedBackup[] {
  return namesIn(folder)
    .flatMap((name) => whole(folder, name))
    .toSorted(
      (a, b) => b.manifest.atMs - a.manifest.atMs || b.manifest.head.sequence - a.manifest.head.sequence,
    );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(manifestEnding));
  } catch {
    return [];
  }
}

function whole(folder: string, name: string): readonly ListedBackup[] {
  try {
    const read = readManifest(readFileSync(join(folder, name), 'utf8'));
    if (!read.ok) return [];
    const { manifest } = read.value;
    const file = join(folder, manifest.file.name);
    return statSync(file).size === manifest.file.bytes ? [{ file, manifest }] : [];
  } catch {
    return [];
  }
}
