import { readFileSync } from 'node:fs';

const KINDS = [
  'none',
  'open',
  'close',
  'write',
  'sync',
  'truncate',
  'unlink',
  'rename',
  'make-folder',
  'remove-folder',
  'link',
  'mark',
] as const;
const HEAD_BYTES = 24;

/** One thing that happened to the recorded folder; see tools/record-io.c, which writes them. */
export interface RecordedEntry {
  readonly kind: (typeof KINDS)[number];
  readonly handle: number;
  /** Where a write goes, the length after a truncate, 1 for an open that empties the file. */
  readonly number: number;
  /** Data of a write, or the mark. */
  readonly data: Buffer;
  /** Absolute; of a rename or link the old name, then the new one. */
  readonly paths: readonly string[];
}

/** Reads a recording; one whose last entry is cut off ends before it. */
export function readRecording(file: string): readonly RecordedEntry[] {
  const bytes = readFileSync(file);
  const entries: RecordedEntry[] = [];
  let at = 0;
  while (at + HEAD_BYTES <= bytes.length) {
    const kind = KINDS[bytes.readUInt32LE(at)];
    const length = Number(bytes.readBigUInt64LE(at + 16));
    if (kind === undefined) throw new Error(`entry ${entries.length} of the recording is of no known kind`);
    const data = bytes.subarray(at + HEAD_BYTES, at + HEAD_BYTES + length);
    if (data.length < length) break;
    entries.push({
      kind,
      handle: bytes.readInt32LE(at + 4),
      number: Number(bytes.readBigUInt64LE(at + 8)),
      data,
      paths: ['write', 'mark'].includes(kind) ? [] : data.toString('utf8').split('\0'),
    });
    at += HEAD_BYTES + length;
  }
  return entries;
}
