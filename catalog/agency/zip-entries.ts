import type { SourceBytes } from '#core/ports/agency-catalog';
import { err, ok, type Result } from '#core/result';

/** One file of a zip, as its directory and its own head say. */
export interface ZipEntry {
  readonly name: string;
  readonly encrypted: boolean;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Place of the packed bytes. */
  readonly from: number;
  readonly to: number;
}

const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const HEAD_BYTES = 46;
const LOCAL_BYTES = 30;
/** The directory of one file is small; a large one is not what is looked for. */
const LARGEST_DIRECTORY = 1_000_000;
const ZIP64 = 0xffffffff;

/** Reads the directory at the end of a zip; the error says what is wrong with it. */
export function findEntries(bytes: SourceBytes): Result<readonly ZipEntry[], string> {
  const end = findEnd(bytes);
  if (end === undefined) return err('damaged or cut: its directory is missing');
  const { count, from, sizeBytes } = end;
  if (count === 0xffff || from === ZIP64 || sizeBytes > LARGEST_DIRECTORY) {
    return err('a directory of that size is not read');
  }
  if (from + sizeBytes > bytes.sizeBytes) return err('damaged: its directory lies outside');
  const directory = copied(bytes, from, from + sizeBytes);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const head = headAt(directory, at);
    if (head === undefined) return err('damaged: its directory does not fit');
    const entry = entryOf(bytes, head);
    if (entry === undefined) return err('damaged: a file of it lies outside');
    entries.push(entry);
    at += head.bytes;
  }
  return ok(entries);
}

function findEnd(bytes: SourceBytes): { count: number; from: number; sizeBytes: number } | undefined {
  const tailFrom = Math.max(0, bytes.sizeBytes - END_BYTES - LONGEST_COMMENT);
  const tail = copied(bytes, tailFrom, bytes.sizeBytes);
  for (let at = tail.byteLength - END_BYTES; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) !== 0x06054b50) continue;
    return {
      count: tail.getUint16(at + 10, true),
      sizeBytes: tail.getUint32(at + 12, true),
      from: tail.getUint32(at + 16, true),
    };
  }
  return undefined;
}

type Head = Omit<ZipEntry, 'from' | 'to'> & { readonly local: number; readonly bytes: number };

function headAt(directory: DataView, at: number): Head | undefined {
  if (at + HEAD_BYTES > directory.byteLength || directory.getUint32(at, true) !== 0x02014b50)
    return undefined;
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((place) =>
    directory.getUint16(at + place, true),
  );
  const bytes = HEAD_BYTES + (nameBytes ?? 0) + (extraBytes ?? 0) + (commentBytes ?? 0);
  if (at + bytes > directory.byteLength) return undefined;
  const name = new Uint8Array(directory.buffer, directory.byteOffset + at + HEAD_BYTES, nameBytes);
  return {
    // Only its ending matters, which is plain in every encoding.
    name: Buffer.from(name).toString('latin1'),
    encrypted: (directory.getUint16(at + 8, true) & 1) !== 0,
    method: directory.getUint16(at + 10, true),
    crc: directory.getUint32(at + 16, true),
    packedSize: directory.getUint32(at + 20, true),
    size: directory.getUint32(at + 24, true),
    local: directory.getUint32(at + 42, true),
    bytes,
  };
}

function entryOf(bytes: SourceBytes, { local, bytes: _, ...head }: Head): ZipEntry | undefined {
  if (local + LOCAL_BYTES > bytes.sizeBytes) return undefined;
  const own = copied(bytes, local, local + LOCAL_BYTES);
  if (own.getUint32(0, true) !== 0x04034b50) return undefined;
  const from = local + LOCAL_BYTES + own.getUint16(26, true) + own.getUint16(28, true);
  const to = from + head.packedSize;
  return to <= bytes.sizeBytes ? { ...head, from, to } : undefined;
}

function copied(bytes: SourceBytes, from: number, to: number): DataView {
  const piece = Uint8Array.from(bytes.read(from, to));
  return new DataView(piece.buffer);
}
