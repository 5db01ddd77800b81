import { isAscii } from 'node:buffer';
import iconv from 'iconv-lite';
import { type Fault, fault } from '#core/fault';
import { decodeText, type NotText } from '../import/decode.ts';

/** As much is decoded at a time, cut behind a line. No row of the interface is nearly as long. */
const BLOCK_BYTES = 512 * 1024;

/** One line that is not empty, as a place in the text around it: cutting each out would cost more than reading it. */
export interface LinePlace {
  text: string;
  from: number;
  /** Behind the last character. */
  end: number;
  /** From 1. */
  line: number;
  /** Whether a control character or a lost one (U+FFFD) stands somewhere around it. */
  odd: boolean;
}

/** Gets each line; the place is changed for the next one. */
export type TakeLine = (place: Readonly<LinePlace>) => void;

/** Anything but tabs and ends of lines. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ODD = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\uFFFD]/;

/**
 * Lines of a text that comes in pieces, UTF-8 (with or without byte order mark) or GB18030, cut at LF; a CR
 * before it goes. After the last one `fault` says whether the text was whole: `catalog-source-encoding` for
 * anything that is no such text.
 */
export class TextLines {
  encoding: 'utf-8' | 'gb18030' | undefined;
  fault: Fault | undefined;
  readonly #pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.#pieces = pieces;
  }

  async each(take: TakeLine): Promise<void> {
    const place: LinePlace = { text: '', from: 0, end: 0, line: 1, odd: false };
    for await (const block of this.#blocks()) {
      const text = this.#decode(block);
      if (text === undefined) return;
      place.text = text;
      place.odd = ODD.test(text);
      place.from = 0;
      while (place.from < text.length) {
        const found = text.indexOf('\n', place.from);
        const next = found === -1 ? text.length : found;
        place.end = next > place.from && text.charCodeAt(next - 1) === 13 ? next - 1 : next;
        if (place.end > place.from) take(place);
        place.from = next + 1;
        place.line += 1;
      }
    }
  }

  /** Bytes in blocks of whole lines. */
  async *#blocks(): AsyncGenerator<Uint8Array> {
    let held: Uint8Array[] = [];
    let heldBytes = 0;
    for await (const piece of this.#pieces) {
      held.push(Uint8Array.from(piece));
      heldBytes += piece.length;
      if (heldBytes < BLOCK_BYTES) continue;
      const block = Buffer.concat(held);
      const end = block.lastIndexOf(0x0a) + 1;
      if (end === 0) {
        this.#refuse('binary data');
        return;
      }
      yield block.subarray(0, end);
      held = [block.subarray(end)];
      heldBytes = block.length - end;
    }
    if (heldBytes > 0) yield Buffer.concat(held);
  }

  #decode(block: Uint8Array): string | undefined {
    const bytes = Buffer.from(block.buffer, block.byteOffset, block.length);
    if (this.encoding === undefined) return this.#decodeFirst(bytes);
    if (bytes.includes(0)) return this.#refuse('binary data');
    const text = this.encoding === 'utf-8' ? this.#decodeUtf8(bytes) : decodeGb18030(bytes);
    return text ?? this.#refuse('bytes that are neither UTF-8 nor GB18030');
  }

  /** The first block that is more than ASCII tells the encoding of all that follow. */
  #decodeFirst(bytes: Buffer): string | undefined {
    if (isAscii(bytes) && !bytes.includes(0)) return bytes.toString('latin1');
    const found = decodeText(bytes);
    if (!found.ok) return this.#refuse(found.error);
    this.encoding = found.value.encoding;
    return found.value.text;
  }

  #decodeUtf8(bytes: Buffer): string | undefined {
    try {
      // As a stream it takes half the time; a block ends with a line, so nothing is carried over.
      return this.#utf8.decode(bytes, { stream: true });
    } catch {
      return undefined;
    }
  }

  #refuse(why: NotText): undefined {
    this.fault = fault('catalog-source-encoding', why);
    return undefined;
  }
}

function decodeGb18030(bytes: Buffer): string | undefined {
  const text = iconv.decode(bytes, 'gb18030');
  return text.includes('\uFFFD') ? undefined : text;
}
