import { crc32 } from 'node:zlib';
import { unzipSync, zipSync } from 'fflate';
import { formatMoney, type Money, parseMoney, subtractMoney } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { decodeUtf8 } from '../json.ts';
import type { DetailDifference, DetailRequest, DetailRow } from '../port.ts';
import { answeredFund } from './detail-statement.ts';

/** A result file larger than this, unpacked, is not a day of one shop. */
const MAX_UNPACKED_BYTES = 4 * 1024 * 1024;

/** Columns of the detail file (table 6.4), tab separated, UTF-8, no header, LF after each row. */
export function detailText(rows: readonly DetailRow[], accountInsideFund: boolean): Result<string, string> {
  let text = '';
  for (const row of rows) {
    const cells = [
      row.settlementId,
      row.visitId,
      row.personNumber,
      formatMoney(row.total),
      formatMoney(answeredFund(row, accountInsideFund)),
      formatMoney(row.account),
      row.refund ? '1' : '0',
    ];
    // A tab or line end inside an id would shift every following column.
    if (cells.some((cell) => cell === '' || /[\t\r\n]/.test(cell))) return err('detail file: unusable id');
    text += `${cells.join('\t')}\n`;
  }
  return ok(text);
}

/** The zip to upload and its name. */
export function detailZip(
  request: DetailRequest,
  text: string,
  nowMs: number,
): { readonly name: string; readonly zip: Uint8Array } {
  const inner = `3202_${request.businessDay.replaceAll('-', '')}.txt`;
  const zip = zipSync({ [inner]: new TextEncoder().encode(text) }, { mtime: new Date(nowMs) });
  return { name: `${inner}.zip`, zip };
}

/** Text of `result.txt`, or of the only file in the zip. Damaged and oversized zips are refused. */
export function resultText(zip: Uint8Array): Result<string, string> {
  const entries = centralDirectory(zip);
  const entry =
    entries.find((each) => each.name === 'result.txt') ?? (entries.length === 1 ? entries[0] : undefined);
  if (entry === undefined) return err('result file: no result.txt in the zip');
  if (entry.size > MAX_UNPACKED_BYTES) return err('result file: too large');
  let bytes: Uint8Array | undefined;
  try {
    bytes = unzipSync(zip, { filter: (file) => file.name === entry.name })[entry.name];
  } catch {
    return err('result file: damaged zip');
  }
  // The unpacker stops silently at the stated size; only the checksum tells a whole file.
  if (bytes === undefined || bytes.length !== entry.size || crc32(bytes) !== entry.crc) {
    return err('result file: damaged zip');
  }
  const text = decodeUtf8(bytes);
  return text.ok ? text : err(`result file: ${text.error}`);
}

/**
 * Rows of the result file (table 6.6): person, visit, settlement, message id, result, refund flag, remark,
 * total, fund, account. Trailing columns may be missing; an older layout has result and refund flag swapped.
 * One row that cannot be read refuses the file: a skipped row would be a hidden difference.
 */
export function readResultRows(
  text: string,
  accountInsideFund: boolean,
): Result<readonly DetailDifference[], string> {
  const rows: DetailDifference[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const row = resultRow(line.split('\t'), accountInsideFund);
    if (row === undefined) return err(`result file: row ${index + 1} cannot be read`);
    rows.push(row);
  }
  return ok(rows);
}

/** Code lists stmt_rslt and its one-digit spelling. */
const RESULTS: ReadonlyMap<string, DetailDifference['result']> = new Map([
  ['000000', 'balanced'],
  ['000101', 'agency-only'],
  ['000102', 'institution-only'],
  ['000103', 'differs'],
  ['0', 'balanced'],
  ['1', 'agency-only'],
  ['2', 'institution-only'],
  ['3', 'differs'],
]);

function resultRow(cells: readonly string[], accountInsideFund: boolean): DetailDifference | undefined {
  const cell = (index: number) => (cells[index] ?? '').trim();
  const swapped = /^[01]$/.test(cell(4)) && /^\d{6}$/.test(cell(5));
  const result = RESULTS.get(cell(swapped ? 5 : 4));
  const refund = cell(swapped ? 4 : 5);
  if (cell(0) === '' || result === undefined || !/^[01]?$/.test(refund)) return undefined;
  // What only the institution has, the agency never saw: it cannot name a message.
  if (cell(3) === '' && result !== 'institution-only') return undefined;
  const [total, fund, account] = [amountCell(cell(7)), amountCell(cell(8)), amountCell(cell(9))];
  if (total === 'unreadable' || fund === 'unreadable' || account === 'unreadable') return undefined;
  const fundTotal =
    accountInsideFund && fund !== undefined && account !== undefined ? subtractMoney(fund, account) : fund;
  return {
    messageId: cell(3),
    settlementId: cell(2),
    visitId: cell(1),
    personNumber: cell(0),
    result,
    refund: refund === '1',
    ...(total === undefined ? {} : { total }),
    ...(fundTotal === undefined ? {} : { fundTotal }),
    ...(account === undefined ? {} : { account }),
  };
}

function amountCell(text: string): Money | undefined | 'unreadable' {
  if (text === '' || text === 'null') return undefined;
  const parsed = parseMoney(text);
  return parsed.ok ? parsed.value : 'unreadable';
}

/** Names, sizes and checksums from the zip's central directory; empty when there is none. */
function centralDirectory(zip: Uint8Array): { name: string; size: number; crc: number }[] {
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > bytes.length) return [];
  const entries: { name: string; size: number; crc: number }[] = [];
  let at = bytes.readUInt32LE(end + 16);
  while (at + 46 <= end && bytes.readUInt32LE(at) === 0x02014b50 && entries.length < 16) {
    const nameLength = bytes.readUInt16LE(at + 28);
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      size: bytes.readUInt32LE(at + 24),
      crc: bytes.readUInt32LE(at + 16),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}
