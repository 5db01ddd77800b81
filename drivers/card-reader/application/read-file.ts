import { assert } from '#core/assert';
import { statusWord } from './apdu.ts';
import { type Item, recordValue } from './items.ts';

/** A file of records that is read whole: the environment's EF05 and EF06, DF04's EF05. */
export interface RecordFile {
  /** Two bytes, hex. */
  readonly fid: string;
  readonly sfi: number;
  /** In reading order; the lengths are what a sound card holds, the card may correct them (6Cxx). */
  readonly items: readonly Item[];
  /** Without the first item the file counts as empty, and other ways of reading it are tried. */
  readonly firstRequired: boolean;
  /** Highest record number that is asked for where records go by number only. */
  readonly mostRecords: number;
}

/**
 * A way into the file. Cards differ (card reference 7): some refuse SELECT by FID, some know records by
 * number only. The usual way comes first and costs nothing more; the others are tried after a refusal.
 */
interface Way {
  /** P1 of the SELECT. */
  readonly select?: number;
  readonly by: 'tag' | 'number';
}

const ways: readonly Way[] = [{ select: 0x02, by: 'tag' }, { select: 0x00, by: 'tag' }, { by: 'tag' }];

/** An item's tag and what the card holds there. */
type TaggedValue = readonly [tag: number, value: Uint8Array];

export interface FileReading {
  readonly file: RecordFile;
  readonly way: number;
  readonly by: Way['by'];
  /** -1 while the file is being selected; else the item, or the record number less one. */
  readonly index: number;
  readonly values: readonly TaggedValue[];
}

export type FileStep =
  | { readonly kind: 'transmit'; readonly reading: FileReading; readonly command: Uint8Array }
  /** Values by tag; missing items are missing. */
  | { readonly kind: 'done'; readonly values: ReadonlyMap<number, Uint8Array> }
  /** `file`: it cannot be found or opened. `item`: its first item is missing, or an item is closed. */
  | { readonly kind: 'refused'; readonly at: 'file' | 'item'; readonly status: number };

export function startFileReading(file: RecordFile): FileStep {
  return takeWay(file, 0);
}

/**
 * What surely follows the command that `reading` waits for, while the card answers plainly. Nothing where
 * records go by number: nobody knows which one is the last.
 */
export function laterCommands({ file, way, by, index }: FileReading): readonly Uint8Array[] {
  if (by === 'number') return [];
  return file.items.slice(index + 1).map((item) => readByTag(item, file, way));
}

/** Takes the card's complete answer to the last command. */
export function advanceFileReading(
  reading: FileReading,
  answer: { readonly data: Uint8Array; readonly status: number },
): FileStep {
  const { status } = answer;
  if (isFinal(status)) return { kind: 'refused', at: reading.index < 0 ? 'file' : 'item', status };
  if (reading.index < 0) {
    return status === statusWord.ok
      ? askItem({ ...reading, index: 0 })
      : otherWay(reading, { kind: 'refused', at: 'file', status });
  }
  return reading.by === 'tag' ? itemRead(reading, answer) : recordRead(reading, answer);
}

/** No other way leads round these: closed, card locked, application locked. */
function isFinal(status: number): boolean {
  return (
    status === statusWord.securityNotSatisfied ||
    status === statusWord.notSupportedOrCardLocked ||
    status === statusWord.applicationLocked
  );
}

function itemRead(reading: FileReading, answer: { data: Uint8Array; status: number }): FileStep {
  const { file, index, values } = reading;
  const item = file.items[index];
  assert(item !== undefined, 'the index names an item');
  const value = answer.status === statusWord.ok ? recordValue(answer.data, item.tag) : undefined;
  if (value === undefined && index === 0 && wantsOtherWay(file, answer.status)) {
    // Asked for number 1 where tag 01 was not found.
    return askItem({ ...reading, by: 'number' });
  }
  const next: FileReading = {
    ...reading,
    index: index + 1,
    values: value === undefined ? values : [...values, [item.tag, value]],
  };
  return next.index < file.items.length ? askItem(next) : { kind: 'done', values: new Map(next.values) };
}

function wantsOtherWay(file: RecordFile, status: number): boolean {
  return file.firstRequired || status !== statusWord.recordNotFound;
}

/** By number the record's own tag tells what it is: 1.00 and 2.00 cards order EF06 differently. */
function recordRead(reading: FileReading, answer: { data: Uint8Array; status: number }): FileStep {
  const { file, index, values } = reading;
  const tag = answer.data[0] ?? 0;
  const value = answer.status === statusWord.ok ? recordValue(answer.data, tag) : undefined;
  if (value === undefined && index === 0) {
    return otherWay(reading, { kind: 'refused', at: 'item', status: answer.status });
  }
  const isNew = value !== undefined && !values.some(([known]) => known === tag);
  const next: FileReading = {
    ...reading,
    index: index + 1,
    values: isNew ? [...values, [tag, value]] : values,
  };
  const isOver = answer.status === statusWord.recordNotFound || next.index >= file.mostRecords;
  if (!isOver) return askItem(next);
  const found = new Map(next.values);
  const first = file.items[0];
  const isMissing = file.firstRequired && first !== undefined && !found.has(first.tag);
  return isMissing
    ? { kind: 'refused', at: 'item', status: statusWord.recordNotFound }
    : { kind: 'done', values: found };
}

function otherWay(reading: FileReading, refusal: FileStep): FileStep {
  // A file that was selected and holds nothing either way is empty: no other door shows more of it.
  const wasSelected = reading.index >= 0 && ways[reading.way]?.select !== undefined;
  if (wasSelected || reading.way + 1 >= ways.length) return refusal;
  return takeWay(reading.file, reading.way + 1);
}

function takeWay(file: RecordFile, way: number): FileStep {
  const taken = ways[way];
  assert(taken !== undefined, 'there is such a way');
  const reading = { file, way, by: taken.by, values: [] };
  if (taken.select === undefined) return askItem({ ...reading, index: 0 });
  const fid = Number.parseInt(file.fid, 16);
  const command = Uint8Array.of(0x00, 0xa4, taken.select, 0x00, 0x02, fid >> 8, fid & 0xff);
  return { kind: 'transmit', reading: { ...reading, index: -1 }, command };
}

function askItem(reading: FileReading): FileStep {
  const { file, way, by, index } = reading;
  const item = file.items[index];
  if (by === 'tag') {
    assert(item !== undefined, 'an item follows');
    return { kind: 'transmit', reading, command: readByTag(item, file, way) };
  }
  // The length is a guess: the card corrects it.
  const command = readRecord(index + 1, (sfiOf(file, way) << 3) | 0x04, item?.length ?? 1);
  return { kind: 'transmit', reading, command };
}

function readByTag(item: Item, file: RecordFile, way: number): Uint8Array {
  return readRecord(item.tag, sfiOf(file, way) << 3, item.length);
}

/** 0 means the selected file. */
function sfiOf(file: RecordFile, way: number): number {
  return ways[way]?.select === undefined ? file.sfi : 0;
}

export function isReadRecord(command: Uint8Array): boolean {
  return command[1] === 0xb2;
}

/** READ RECORD; Le is tag, length and value (card reference 2.1). */
export function readRecord(p1: number, p2: number, valueLength: number): Uint8Array {
  return Uint8Array.of(0x00, 0xb2, p1, p2, valueLength + 2);
}
