import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { type Fault, fault } from '#core/fault';
import type { SourceBytes } from '#core/ports/agency-catalog';
import { err, ok, type Result } from '#core/result';
import { findEntries, type ZipEntry } from './zip-entries.ts';

/** A province's widest table has some hundred million bytes. */
const MOST_BYTES = 4_000_000_000;
/** Text shrinks to a tenth; what shrinks to less than a two-hundredth is no table. */
const MOST_RATIO = 200;
/** Below this a high ratio costs nothing. */
const RATIO_FROM_BYTES = 64_000_000;
const PIECE_BYTES = 1024 * 1024;
const PACKED_BYTES = 64 * 1024;

/** The text in a zip, inflated piece by piece; `fault` is set when a piece could not be had. */
export interface ZippedText {
  readonly pieces: AsyncIterable<Uint8Array>;
  fault(): Fault | undefined;
}

export function isZip(bytes: SourceBytes): boolean {
  const [a, b, c, d] = bytes.read(0, Math.min(4, bytes.sizeBytes));
  if (a !== 0x50 || b !== 0x4b) return false;
  // An entry follows, or nothing at all.
  return (c === 3 && d === 4) || (c === 5 && d === 6);
}

/**
 * Opens a zip with exactly one text in it. Errors: `catalog-source-zip` (damaged, cut, encrypted, empty, not
 * exactly one .txt, a way of packing that is not read), `catalog-source-too-large`.
 */
export function openZip(bytes: SourceBytes): Result<ZippedText, Fault> {
  const entries = findEntries(bytes);
  if (!entries.ok) return err(fault('catalog-source-zip', entries.error));
  const files = entries.value.filter(({ name }) => !name.endsWith('/'));
  const [entry] = files;
  if (entry === undefined) return err(fault('catalog-source-zip', 'there is no file in it'));
  if (files.length > 1)
    return err(fault('catalog-source-zip', `${files.length} files in it, one is expected`));
  if (!/\.txt$/i.test(entry.name)) return err(fault('catalog-source-zip', 'the file in it is no .txt'));
  if (entry.encrypted) return err(fault('catalog-source-zip', 'it is encrypted'));
  if (entry.method !== 0 && entry.method !== 8) {
    return err(fault('catalog-source-zip', `packed by method ${entry.method}`));
  }
  const large = tooLarge(entry);
  return large === undefined ? ok(inflating(bytes, entry)) : err(large);
}

function tooLarge({ size, packedSize }: ZipEntry): Fault | undefined {
  if (size > MOST_BYTES) return fault('catalog-source-too-large', `${size} bytes, ${MOST_BYTES} at most`);
  if (size > RATIO_FROM_BYTES && size > packedSize * MOST_RATIO) {
    return fault('catalog-source-too-large', `${packedSize} bytes that grow to ${size}`);
  }
  return undefined;
}

function inflating(bytes: SourceBytes, entry: ZipEntry): ZippedText {
  let found: Fault | undefined;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    let size = 0;
    let sum = 0;
    try {
      for await (const piece of entry.method === 0 ? packed(bytes, entry) : inflated(bytes, entry)) {
        size += piece.length;
        // The head may lie about the size: what it says is a promise, and not more of it is taken.
        if (size > entry.size) break;
        sum = crc32(piece, sum);
        yield piece;
      }
    } catch (error) {
      if (!isZlibError(error)) throw error;
      found = fault('catalog-source-zip', 'damaged: it cannot be inflated');
      return;
    }
    if (size !== entry.size || sum !== entry.crc) {
      found = fault('catalog-source-zip', 'damaged: size or check sum do not fit');
    }
  }
  return { pieces: pieces(), fault: () => found };
}

function* packed(bytes: SourceBytes, { from, to }: ZipEntry): Generator<Uint8Array> {
  for (let at = from; at < to; at += PACKED_BYTES) {
    // The next piece is read before this one is done with.
    yield Uint8Array.from(bytes.read(at, Math.min(at + PACKED_BYTES, to)));
  }
}

/** Inflated by threads of the machine while the text before it is read. */
function inflated(bytes: SourceBytes, entry: ZipEntry): AsyncIterable<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize: PIECE_BYTES });
  // Errors come to whoever reads the pieces.
  pipeline(Readable.from(packed(bytes, entry)), inflate, () => {});
  return inflate;
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(Z_|ERR_STREAM)/.test(String(error.code));
}
