import { concatBytes, fromHex } from '#core/hex';
import { type Answer, answerData, type Command, statusOnly, sw } from './apdu.ts';

/** `pin`, or the number of a key that was used in EXTERNAL AUTHENTICATION. */
export type Condition = 'pin' | number;

/** Any of these groups, all of a group: `[['pin'], [0x84]]` is PIN or key 84. `[[]]` is free. */
export type AccessRule = readonly (readonly Condition[])[];

export const freeAccess: AccessRule = [[]];

/** Elementary file (基本文件). Circular files list the newest record first. */
export interface ElementaryFile {
  /** Four hex digits. */
  readonly fid: string;
  readonly sfi: number;
  readonly read: AccessRule;
  readonly content: FileContent;
  /** Number of the key (UK) under which the file may be updated; absent: never. */
  readonly update?: number;
  /** Filled by the card itself with the transactions of its money (EF08 of DF04). */
  readonly isTransactionList?: true;
}

export type FileContent =
  | { readonly kind: 'records'; readonly records: readonly Uint8Array[] }
  | { readonly kind: 'transparent'; readonly bytes: Uint8Array };

/** Variable records, tag and length in front, from hex. */
export function recordFile(
  fid: string,
  sfi: number,
  read: AccessRule,
  records: readonly string[],
  update?: number,
): ElementaryFile {
  const content = { kind: 'records', records: records.map(fromHex) } as const;
  return { fid, sfi, read, content, ...(update === undefined ? {} : { update }) };
}

export function transparentFile(
  fid: string,
  sfi: number,
  read: AccessRule,
  bytes: Uint8Array,
  update?: number,
): ElementaryFile {
  const content = { kind: 'transparent', bytes } as const;
  return { fid, sfi, read, content, ...(update === undefined ? {} : { update }) };
}

/** Outcome of a record read: the answer and where the record pointer (0 = none) stands afterwards. */
export interface RecordRead {
  readonly answer: Answer;
  readonly pointer: number;
}

/** READ RECORD in all modes of P2 (card reference 2.1), `pointer` being the current record number or 0. */
export function readRecords(records: readonly Uint8Array[], command: Command, pointer: number): RecordRead {
  const mode = command.p2 & 0x07;
  if (mode === 7) return { answer: statusOnly(sw.wrongP1P2), pointer };
  if (mode === 5 || mode === 6) return readMany(records, command.p1, mode, pointer);
  const number = mode === 4 ? command.p1 || pointer : findByTag(records, command.p1, mode, pointer);
  const record = records[number - 1];
  if (record === undefined) return { answer: statusOnly(sw.recordNotFound), pointer };
  return { answer: answerData(record), pointer: number };
}

function readMany(records: readonly Uint8Array[], from: number, mode: 5 | 6, pointer: number): RecordRead {
  const first = from || pointer;
  if (records[first - 1] === undefined) return { answer: statusOnly(sw.recordNotFound), pointer };
  const wanted = records.slice(first - 1);
  const data = concatBytes(...(mode === 5 ? wanted : wanted.toReversed()));
  if (data.length > 256) return { answer: statusOnly(sw.wrongLength), pointer };
  return { answer: answerData(data), pointer };
}

/** Number of the first, last, next or previous record with this tag; 0 when there is none. */
function findByTag(records: readonly Uint8Array[], tag: number, mode: number, pointer: number): number {
  const numbers = records.flatMap((record, index) => (record[0] === tag ? [index + 1] : []));
  if (mode === 0) return numbers.at(0) ?? 0;
  if (mode === 1) return numbers.at(-1) ?? 0;
  if (mode === 2) return numbers.find((number) => number > pointer) ?? 0;
  // Without a current record, "previous" starts behind the last one.
  return numbers.findLast((number) => pointer === 0 || number < pointer) ?? 0;
}

/** UPDATE RECORD by number (mode 4) or first record with the tag (mode 0): a whole record, tag and length in front. */
export function updateRecord(
  records: readonly Uint8Array[],
  { p1, p2 }: Pick<Command, 'p1' | 'p2'>,
  record: Uint8Array,
): readonly Uint8Array[] | number {
  const mode = p2 & 0x07;
  if (mode !== 0 && mode !== 4) return sw.wrongP1P2;
  const number = mode === 4 ? p1 : findByTag(records, p1, 0, 0);
  const before = records[number - 1];
  if (before === undefined) return sw.recordNotFound;
  if (record[0] !== before[0] || record[1] !== record.length - 2) return sw.lengthNotTlv;
  if (record.length > before.length) return sw.noRoomInFile;
  return records.with(number - 1, record);
}

/** UPDATE BINARY from `offset`; the file keeps its length. */
export function updateBytes(bytes: Uint8Array, offset: number, data: Uint8Array): Uint8Array | number {
  if (offset >= bytes.length) return sw.wrongOffset;
  if (offset + data.length > bytes.length) return sw.wrongLength;
  const updated = Uint8Array.from(bytes);
  updated.set(data, offset);
  return updated;
}

/** READ BINARY from `offset`; Le 00 asks for up to 256 bytes. */
export function readBytes(bytes: Uint8Array, offset: number, le: number): Answer {
  if (offset >= bytes.length) return statusOnly(sw.wrongOffset);
  return answerData(bytes.slice(offset, offset + (le === 0 ? 256 : le)));
}
