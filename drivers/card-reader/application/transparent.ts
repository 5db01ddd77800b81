import { concatBytes, fromHex } from '#core/hex';
import { statusWord } from './apdu.ts';

/** A file without records: read in pieces of up to 256 bytes (READ BINARY, card reference 2.1). */
export interface TransparentFile {
  /** Two bytes, hex. */
  readonly fid: string;
  readonly sfi: number;
  readonly mostBytes: number;
}

/** The holder's photo (照片), EF08 of the environment, behind RKSSSE. */
export const photoFile: TransparentFile = { fid: 'EF08', sfi: 0x08, mostBytes: 0x1000 };

const PIECE = 256;

export interface TransparentReading {
  readonly file: TransparentFile;
  readonly place: 'selecting' | 'reading';
  readonly bytes: Uint8Array;
}

export type TransparentStep =
  | { readonly kind: 'transmit'; readonly reading: TransparentReading; readonly command: Uint8Array }
  | { readonly kind: 'done'; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly status: number };

export function startTransparent(file: TransparentFile): TransparentStep {
  const reading = { file, place: 'selecting', bytes: new Uint8Array() } as const;
  return { kind: 'transmit', reading, command: concatBytes(fromHex('00A4020002'), fromHex(file.fid)) };
}

/** Takes the complete answer to the last command. The end is a short piece, or an offset outside the file. */
export function advanceTransparent(
  reading: TransparentReading,
  answer: { readonly data: Uint8Array; readonly status: number },
): TransparentStep {
  const { file, place, bytes } = reading;
  const { data, status } = answer;
  if (place === 'selecting') {
    // A card that refuses the FID may still know the file by its short identifier.
    const isSelected = status === statusWord.ok;
    return readPiece({ file, place: 'reading', bytes }, isSelected ? 0 : 0x80 | file.sfi);
  }
  if (status === statusWord.wrongOffset && bytes.length > 0) return { kind: 'done', bytes };
  if (status !== statusWord.ok) return { kind: 'refused', status };
  const all = concatBytes(bytes, data.subarray(0, file.mostBytes - bytes.length));
  if (data.length < PIECE || all.length >= file.mostBytes) return { kind: 'done', bytes: all };
  // The short identifier has made it the current file.
  return readPiece({ ...reading, bytes: all }, all.length >> 8);
}

function readPiece(reading: TransparentReading, p1: number): TransparentStep {
  const command = Uint8Array.of(0x00, 0xb0, p1, reading.bytes.length & 0xff, 0x00);
  return { kind: 'transmit', reading, command };
}
