import { InvalidSpreadsheetError, readSheet } from 'read-excel-file/universal';
import { err, ok, type Result } from '#core/result';
import { type Refusal, refuse } from './fields.ts';
import type { NoTable, Table, TextRecord } from './records.ts';
import { type SheetPart, unpackWorkbook } from './workbook-parts.ts';

/** More rows than this are for a text file. */
const MOST_ROWS = 300_000;
/** A header has at least so many cells; fewer are a title. */
const HEADER_CELLS = 3;
const TITLE_ROWS = 20;
/** A spreadsheet keeps fifteen digits of a number; a longer code in a number cell is lost already. */
const DIGITS_KEPT = 15;

const ZIP = [0x50, 0x4b, 0x03, 0x04];
const COMPOUND = [0xd0, 0xcf, 0x11, 0xe0];

/** True for a file that a spreadsheet program wrote, of the new form or the old one. */
export function isWorkbook(bytes: Uint8Array): boolean {
  return [ZIP, COMPOUND].some((head) => head.every((byte, index) => bytes[index] === byte));
}

/**
 * Reads the first visible sheet that is not empty (XLSX). Numbers and days become text as the spreadsheet shows
 * them, without scientific notation; formulas give the value stored with them. The header is the first row
 * with three cells or more. Errors: `catalog-source-locked`, `-old-workbook`, `-workbook`, `-empty`.
 */
export async function readWorkbook(bytes: Uint8Array): Promise<Result<Table, NoTable>> {
  if (bytes[0] === COMPOUND[0]) return err({ code: compoundFault(bytes) });
  const unpacked = unpackWorkbook(bytes);
  if (!unpacked.ok) return err({ code: 'catalog-source-workbook', detail: unpacked.error });
  const { sheets, plain } = unpacked.value;
  for (const sheet of sheets) {
    if (!sheet.visible || sheet.xml === undefined || !hasCells(sheet.xml)) continue;
    const problem = sheetProblem(sheet.xml);
    if (problem !== undefined) return err({ code: 'catalog-source-workbook', detail: problem });
    const cells = await readCells(plain, sheet.number);
    if (!cells.ok) return err({ code: 'catalog-source-workbook', detail: cells.error });
    const table = tableOf(cells.value, sheet);
    if (table !== undefined) return ok(table);
  }
  return err({ code: 'catalog-source-empty', detail: 'no visible sheet with a table' });
}

/** A workbook behind a password is a compound file with its cipher text in a stream of this name. */
function compoundFault(bytes: Uint8Array): 'catalog-source-locked' | 'catalog-source-old-workbook' {
  const stream = Buffer.from('EncryptedPackage', 'utf16le');
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return whole.includes(stream) ? 'catalog-source-locked' : 'catalog-source-old-workbook';
}

function hasCells(xml: string): boolean {
  return /<(?:\w+:)?c[\s>]/.test(xml);
}

function sheetProblem(xml: string): string | undefined {
  if (/\sr="[A-Z]{3,}\d+"/.test(xml)) return 'more than 702 columns';
  if (/<\/f>\s*<\/c>|<f\b[^>]*\/>\s*<\/c>/.test(xml)) return 'a formula has no stored value';
  const lastRow = /<row\s(?:[^>]*\s)?r="(\d+)"[^>]*>(?![\s\S]*<row\s)/.exec(xml.slice(-100_000))?.[1];
  if (Number(lastRow ?? 0) > MOST_ROWS) return `more than ${MOST_ROWS} rows`;
  return undefined;
}

/** A number as the file has it: the binary fraction behind 12.3 is not made worse by reading it once more. */
interface NumberCell {
  readonly number: string;
}

type CellRows = readonly (readonly unknown[])[];

async function readCells(plain: ArrayBuffer, number: number): Promise<Result<CellRows, string>> {
  try {
    const rows = await readSheet<NumberCell>(plain, number, { parseNumber: (text) => ({ number: text }) });
    return rows.length > MOST_ROWS ? err(`more than ${MOST_ROWS} rows`) : ok(rows);
  } catch (error) {
    // Its messages name the place of a bad cell and nothing of its content.
    if (error instanceof InvalidSpreadsheetError) return err(error.message.slice(0, 200));
    throw error;
  }
}

function tableOf(rows: CellRows, sheet: SheetPart): Table | undefined {
  const at = rows.slice(0, TITLE_ROWS).findIndex((row) => row.filter(isFilled).length >= HEADER_CELLS);
  const header = rows[at];
  if (header === undefined) return undefined;
  const bad = badRows(sheet.xml ?? '', at + 1);
  return {
    sheet: sheet.name,
    header: recordOf(header, at + 1, bad),
    records: recordsBelow(rows, at, bad),
    rows: rows.length - at - 1,
  };
}

function* recordsBelow(rows: CellRows, header: number, bad: BadRows): Generator<TextRecord> {
  for (let index = header + 1; index < rows.length; index += 1) {
    const row = rows[index] ?? [];
    if (row.some(isFilled)) yield recordOf(row, index + 1, bad);
  }
}

function recordOf(row: readonly unknown[], line: number, bad: BadRows): TextRecord {
  const refusal = bad.get(line);
  return { line, fields: row.map(textOf), ...(refusal === undefined ? {} : { refusal }) };
}

/** Why a row cannot be taken as it is, by its number in the sheet. */
type BadRows = ReadonlyMap<number, Refusal>;

const MERGED = refuse(
  '有合并单元格，请取消合并并逐行填写',
  'has merged cells: take them apart and fill in each row',
);
/** The reader of cells gives nothing for them, and an empty ceiling means that there is none. */
const FAILED = refuse('有出错的公式（如 #N/A）', 'has a formula that failed (such as #N/A)');

/** Failed formulas, and merged ranges where they begin, from the header down; titles above it may be merged. */
function badRows(xml: string, headerLine: number): BadRows {
  const bad = new Map<number, Refusal>();
  for (const [tag] of xml.matchAll(/<(?:\w+:)?c\s[^>]*\bt="e"[^>]*>/g)) {
    const line = Number(/\sr="[A-Z]+(\d+)"/.exec(tag)?.[1] ?? headerLine);
    if (line >= headerLine) bad.set(line, FAILED);
  }
  const ranges = /<(?:\w+:)?mergeCell\s[^>]*ref="[A-Z]+(\d+):[A-Z]+(\d+)"/g;
  for (const [, from = '', to = from] of xml.matchAll(ranges)) {
    if (Number(to) >= headerLine) bad.set(Math.max(Number(from), headerLine), MERGED);
  }
  return bad;
}

function isFilled(cell: unknown): boolean {
  return cell !== null && cell !== undefined && cell !== '';
}

function textOf(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  if (typeof cell === 'boolean') return String(cell);
  return isNumber(cell) ? numberText(cell.number) : '';
}

function isNumber(cell: unknown): cell is NumberCell {
  return typeof cell === 'object' && cell !== null && 'number' in cell && typeof cell.number === 'string';
}

/** As the spreadsheet shows it: fifteen digits, never an exponent, unless digits are lost already. */
function numberText(text: string): string {
  if (/^-?\d{1,15}$/.test(text)) return text;
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  // Left as 6.9E+15, which the check of codes refuses with the reason.
  if (Math.abs(value) >= 10 ** DIGITS_KEPT) return value.toExponential().toUpperCase();
  const shown = String(Number(value.toPrecision(DIGITS_KEPT)));
  return /e/i.test(shown)
    ? Number(shown)
        .toFixed(DIGITS_KEPT)
        .replace(/\.?0+$/, '')
    : shown;
}
