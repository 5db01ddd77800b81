import type { Product } from '#core/domain/product';
import { type FaultCode, fault } from '#core/fault';
import type { ImportReport, RowProblem } from '#core/ports/catalog-store';
import { type Layout, readHeader } from './columns.ts';
import { decodeText } from './decode.ts';
import { type Delimiter, readRecords, type TextRecord } from './records.ts';
import { checkRow } from './row.ts';

/** Bad rows that a report lists; beyond this they are counted only. */
export const MAX_LISTED = 10_000;

/**
 * Reads a shop's own list (TSV or CSV, UTF-8 or GB18030; columns in `catalog/README.md`). Gives each good
 * product to `accept` in order while no error was found. All or nothing: a report with a `fault` means that
 * nothing may be imported. Every bad row is named with line, column and reason.
 */
export function readList(bytes: Uint8Array, accept: (product: Product) => void): ImportReport {
  const decoded = decodeText(bytes);
  if (!decoded.ok) return refused('catalog-source-encoding', decoded.error);
  const { text, encoding } = decoded.value;
  const head = findHeader(text);
  if (head === undefined) return { ...refused('catalog-source-empty'), encoding };

  const records = readRecords(head.rest, head.delimiter, head.line);
  const first = records.next();
  if (first.done) return { ...refused('catalog-source-empty'), encoding };
  const layout = readHeader(first.value.fields);
  if (!layout.ok) {
    const errors = layout.error.map(
      ({ header, zh, en }): RowProblem => ({ line: first.value.line, column: header, zh, en }),
    );
    return { ...refused('catalog-source-columns'), encoding, errors, errorCount: errors.length };
  }
  return { ...readRows(records, layout.value, first.value.fields.length, accept), encoding };
}

function readRows(
  records: Iterable<TextRecord>,
  layout: Layout,
  width: number,
  accept: (product: Product) => void,
): ImportReport {
  const errors = new Problems();
  const warnings = new Problems();
  const lineOfCode = new Map<string, number>();
  let rowsRead = 0;
  let products = 0;
  for (const { line, fields, broken } of records) {
    rowsRead += 1;
    const shape = broken ? quotes(line) : shapeProblem(line, fields, width);
    if (shape !== undefined) {
      errors.add(shape);
      continue;
    }
    const row = checkRow(fields, layout, line);
    for (const problem of row.errors) errors.add(problem);
    for (const problem of row.warnings) warnings.add(problem);
    if (row.product === undefined) continue;
    const key = row.product.shopCode.toUpperCase();
    const before = lineOfCode.get(key);
    if (before !== undefined) {
      errors.add(twice(line, before, layout, row.product.shopCode));
      continue;
    }
    lineOfCode.set(key, line);
    if (errors.count > 0) continue;
    products += 1;
    accept(row.product);
  }
  const code = stopCode(errors.count, rowsRead);
  return {
    rowsRead,
    products: code === undefined ? products : 0,
    ...(code === undefined ? {} : { fault: fault(code, detailOf(errors)) }),
    errors: errors.listed,
    errorCount: errors.count,
    warnings: warnings.listed,
    warningCount: warnings.count,
  };
}

function stopCode(errorCount: number, rowsRead: number): FaultCode | undefined {
  if (errorCount > 0) return 'catalog-source-rows';
  return rowsRead === 0 ? 'catalog-source-empty' : undefined;
}

function detailOf(errors: Problems): string | undefined {
  const [first] = errors.listed;
  if (first === undefined) return undefined;
  return `${errors.count} problems; the first: line ${first.line}, ${first.column ?? 'row'}: ${first.en}`;
}

class Problems {
  readonly listed: RowProblem[] = [];
  count = 0;

  add(problem: RowProblem): void {
    this.count += 1;
    if (this.listed.length < MAX_LISTED) this.listed.push(problem);
  }
}

/** Comment lines that begin with `#` may stand before the header. */
function findHeader(text: string): { rest: string; line: number; delimiter: Delimiter } | undefined {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const end = text.indexOf('\n', at);
    const head = text.slice(at, end === -1 ? text.length : end);
    if (head.trim() !== '' && !head.startsWith('#')) {
      return { rest: text.slice(at), line, delimiter: head.includes('\t') ? '\t' : ',' };
    }
    if (end === -1) return undefined;
    at = end + 1;
    line += 1;
  }
  return undefined;
}

function shapeProblem(line: number, fields: readonly string[], width: number): RowProblem | undefined {
  // Spreadsheets leave out empty cells at the end of a line, so a short row is filled up by its checks.
  if (fields.slice(width).every((field) => field.trim() === '')) return undefined;
  const zh = `有 ${fields.length} 列，表头只有 ${width} 列`;
  return { line, zh, en: `has ${fields.length} cells, the header has ${width}` };
}

function quotes(line: number): RowProblem {
  return {
    line,
    zh: '引号不成对，或引号后还有文字',
    en: 'quotes do not pair, or text follows a closing quote',
  };
}

function twice(line: number, before: number, layout: Layout, value: string): RowProblem {
  const column = layout.get('shopCode')?.header ?? 'shop_code';
  return {
    line,
    column,
    value,
    zh: `店内码与第 ${before} 行重复`,
    en: `the same shop code as line ${before}`,
  };
}

function refused(code: FaultCode, detail?: string): ImportReport {
  return {
    rowsRead: 0,
    products: 0,
    fault: fault(code, detail),
    errors: [],
    errorCount: 0,
    warnings: [],
    warningCount: 0,
  };
}
