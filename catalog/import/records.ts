import type { FaultCode } from '#core/fault';
import type { Refusal } from './fields.ts';

/** One record of a table; `line` is where it begins, counted from 1. */
export interface TextRecord {
  readonly line: number;
  readonly fields: readonly string[];
  /** Set when the quotes of the record do not pair; then `fields` is what was read so far. */
  readonly broken?: boolean;
  /** Why the record cannot be taken as it is (merged cells, a failed formula of a workbook). */
  readonly refusal?: Refusal;
}

/** A list as rows of text, whatever file it came in. */
export interface Table {
  readonly encoding?: 'utf-8' | 'gb18030';
  /** Name of the sheet, of a workbook. */
  readonly sheet?: string;
  readonly header: TextRecord;
  /** Rows below the header; can be gone through once. */
  readonly records: Iterable<TextRecord>;
  /** About how many rows there are. */
  readonly rows: number;
}

/** Why a file is no table at all. */
export interface NoTable {
  readonly code: FaultCode;
  readonly detail?: string;
  readonly encoding?: 'utf-8' | 'gb18030';
}

export type Delimiter = '\t' | ',';

/**
 * Splits delimited text into records: RFC 4180 quotes with either delimiter, LF, CRLF or CR line ends, blank
 * lines left out. A record with unpaired quotes is given as broken and reading goes on at the next line, so
 * that one stray quote does not swallow the file.
 */
export function* readRecords(text: string, delimiter: Delimiter, firstLine = 1): Generator<TextRecord> {
  const all = text.includes('\n') ? text : text.replaceAll('\r', '\n');
  let at = 0;
  let line = firstLine;
  while (at < all.length) {
    const end = lineEnd(all, at);
    const plain = all.slice(at, end).replace(/\r$/, '');
    if (!plain.includes('"')) {
      if (plain.trim() !== '') yield { line, fields: plain.split(delimiter) };
      at = end + 1;
      line += 1;
      continue;
    }
    const quoted = readQuoted(all, at, delimiter);
    if (quoted === undefined) {
      yield { line, fields: plain.split(delimiter), broken: true };
      at = end + 1;
      line += 1;
      continue;
    }
    yield { line, fields: quoted.fields };
    line += quoted.lines;
    at = quoted.next;
  }
}

/** A cell longer than this is an unpaired quote that ran on. */
const LONGEST_CELL = 20_000;

interface Quoted {
  readonly fields: string[];
  readonly next: number;
  readonly lines: number;
}

function readQuoted(text: string, from: number, delimiter: Delimiter): Quoted | undefined {
  const fields: string[] = [];
  let at = from;
  let lines = 1;
  for (;;) {
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, delimiter);
    if (cell === undefined) return undefined;
    fields.push(cell.value.replace(/\r$/, ''));
    lines += cell.lines;
    at = cell.next;
    if (text[at] === '\r' && (at + 1 >= text.length || text[at + 1] === '\n')) at += 1;
    if (at >= text.length || text[at] === '\n') return { fields, next: at + 1, lines };
    if (text[at] !== delimiter) return undefined;
    at += 1;
  }
}

interface Cell {
  readonly value: string;
  readonly next: number;
  readonly lines: number;
}

function plainCell(text: string, from: number, delimiter: Delimiter): Cell {
  const end = lineEnd(text, from);
  const comma = text.indexOf(delimiter, from);
  const next = comma === -1 || comma > end ? end : comma;
  return { value: text.slice(from, next), next, lines: 0 };
}

function quotedCell(text: string, from: number): Cell | undefined {
  let value = '';
  let lines = 0;
  let at = from + 1;
  while (value.length <= LONGEST_CELL) {
    const close = text.indexOf('"', at);
    if (close === -1) return undefined;
    const part = text.slice(at, close);
    value += part;
    lines += part.split('\n').length - 1;
    if (text[close + 1] !== '"') return { value, next: close + 1, lines };
    value += '"';
    at = close + 2;
  }
  return undefined;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
