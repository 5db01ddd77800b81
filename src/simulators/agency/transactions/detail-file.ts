import { strToU8, unzipSync, zipSync } from 'fflate';
import { err, ok, type Result } from '#core/result';
import type { Violation } from '../fields.ts';
import type { SettlementRecord } from '../records.ts';
import { scaledFrom, scaledText } from '../wire.ts';

/** One row of the uploaded detail file (table 6.4), amounts in fen. */
export interface UploadedRow {
  readonly settlementId: string;
  readonly visitId: string;
  readonly personNumber: string;
  readonly total: bigint;
  readonly fund: bigint;
  readonly account: bigint;
  readonly refund: boolean;
}

const MOST_BYTES = 20_000_000;

/** Reads the zip with its one txt: UTF-8, TAB, no header, seven or eight columns. */
export function readDetailFile(bytes: Uint8Array): Result<UploadedRow[], Violation> {
  const text = onlyEntry(bytes);
  if (text === undefined) return err({ field: 'file', text: '不是含一个UTF-8文本的zip文件' });
  const rows: UploadedRow[] = [];
  const seen = new Set<string>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const row = readRow(line.replace(/\r$/, ''));
    if (row === undefined) return err({ field: `file[${index}]`, text: '行格式不符' });
    if (seen.has(row.settlementId)) return err({ field: `file[${index}].setl_id`, text: '结算ID重复' });
    seen.add(row.settlementId);
    rows.push(row);
  }
  return ok(rows);
}

function onlyEntry(bytes: Uint8Array): string | undefined {
  try {
    const files = Object.values(unzipSync(bytes, { filter: (file) => file.originalSize <= MOST_BYTES }));
    const [first] = files;
    if (first === undefined || files.length > 1) return undefined;
    return new TextDecoder('utf-8', { fatal: true }).decode(first);
  } catch {
    return undefined;
  }
}

function readRow(line: string): UploadedRow | undefined {
  const columns = line.split('\t');
  if (columns.length !== 7 && columns.length !== 8) return undefined;
  const [settlementId = '', visitId = '', personNumber = '', , , , flag = ''] = columns;
  const [total, fund, account] = columns.slice(3, 6).map((value) => scaledFrom(value, 2));
  if (total === undefined || fund === undefined || account === undefined) return undefined;
  if (settlementId === '' || visitId === '' || personNumber === '' || !/^[01]$/.test(flag)) return undefined;
  return { settlementId, visitId, personNumber, total, fund, account, refund: flag === '1' };
}

/** Result of one compared settlement: 000000 同, 000101 中心多, 000102 机构多, 000103 不一致. */
export type StatementResult = '000000' | '000101' | '000102' | '000103';

const words: Readonly<Record<StatementResult, string>> = {
  '000000': '对账平',
  '000101': '医保中心多',
  '000102': '医药机构多',
  '000103': '数据不一致',
};

/** Compares the agency's records with the uploaded rows by settlement id; rows of the result file (table 6.6). */
export function compareDetail(
  ours: readonly SettlementRecord[],
  theirs: readonly UploadedRow[],
  rows: 'differing' | 'all',
): string[] {
  const uploaded = new Map(theirs.map((row) => [row.settlementId, row]));
  const lines: string[] = [];
  for (const record of ours) {
    const row = uploaded.get(record.settlementId);
    uploaded.delete(record.settlementId);
    const result = row === undefined ? '000101' : judge(record, row);
    if (result !== '000000' || rows === 'all') lines.push(ourLine(record, result));
  }
  for (const row of uploaded.values()) lines.push(theirLine(row));
  return lines;
}

function judge(record: SettlementRecord, row: UploadedRow): StatementResult {
  const same =
    row.visitId === record.visitId &&
    row.personNumber === record.personNumber &&
    row.total === record.total &&
    row.fund === record.fund &&
    row.account === record.account &&
    row.refund === (record.kind === 'cancellation');
  return same ? '000000' : '000103';
}

function ourLine(record: SettlementRecord, result: StatementResult): string {
  return [
    record.personNumber,
    record.visitId,
    record.settlementId,
    record.messageId,
    result,
    record.kind === 'cancellation' ? '1' : '0',
    words[result],
    scaledText(record.total, 2),
    scaledText(record.fund, 2),
    scaledText(record.account, 2),
  ].join('\t');
}

/** The agency has no message id and no amounts for what it does not know. */
function theirLine(row: UploadedRow): string {
  const flag = row.refund ? '1' : '0';
  return [
    row.personNumber,
    row.visitId,
    row.settlementId,
    '',
    '000102',
    flag,
    words['000102'],
    '',
    '',
    '',
  ].join('\t');
}

/** Zip with `result.txt`. */
export function resultFile(lines: readonly string[]): Uint8Array {
  return zipSync({ 'result.txt': strToU8(lines.map((line) => `${line}\n`).join('')) });
}
