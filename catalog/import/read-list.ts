import type { Product } from '#core/domain/product';
import { type FaultCode, fault } from '#core/fault';
import type { ConfirmedColumns, ImportReport, ReadOptions, RowProblem } from '#core/ports/catalog-store';
import type { Result } from '#core/result';
import { type ColumnMap, type Layout, readHeader } from './columns.ts';
import { firstRows, proposeColumns } from './propose-columns.ts';
import type { NoTable, Table, TextRecord } from './records.ts';
import { checkRow } from './row.ts';
import { openTable, openText } from './table.ts';

/** Bad rows that a report lists; beyond this they are counted only. */
export const MAX_LISTED = 10_000;

/**
 * Reads a shop's own list (TSV or CSV, UTF-8 or GB18030; columns in `catalog/README.md`). Gives each good
 * product to `accept` in order while no error was found. All or nothing: a report with a `fault` means that
 * nothing may be imported. Every bad row is named with line, column and reason.
 */
export function readList(
  bytes: Uint8Array,
  accept: (product: Product) => void,
  options: ReadOptions = {},
): ImportReport {
  return readTable(openText(bytes), accept, options);
}

/** The same for any file that is offered: a workbook (XLSX) too. */
export async function readAnyList(
  bytes: Uint8Array,
  accept: (product: Product) => void,
  options: ReadOptions = {},
): Promise<ImportReport> {
  return readTable(await openTable(bytes), accept, options);
}

function readTable(
  opened: Result<Table, NoTable>,
  accept: (product: Product) => void,
  options: ReadOptions,
): ImportReport {
  if (!opened.ok) {
    const { code, detail, encoding } = opened.error;
    return { ...refused(code, detail), ...(encoding === undefined ? {} : { encoding }) };
  }
  const table = opened.value;
  const about = table.encoding === undefined ? {} : { encoding: table.encoding };
  const { header } = table;
  const columns = options.columns ?? knownColumns(header.fields, options.known ?? []);
  const layout = readHeader(header.fields, columns);
  if (!layout.ok || header.refusal !== undefined) {
    const problems = layout.ok ? [] : layout.error;
    const errors: RowProblem[] = problems.map(({ header: column, zh, en }) => ({
      line: header.line,
      column,
      zh,
      en,
    }));
    if (header.refusal !== undefined) errors.unshift({ line: header.line, ...header.refusal });
    const proposal = proposeColumns(header.fields, firstRows(table.records));
    return { ...refused('catalog-source-columns'), ...about, errors, errorCount: errors.length, proposal };
  }
  const confirmed = columns === undefined ? {} : { confirmed: { header: header.fields, columns } };
  const progress = (done: number) => options.progress?.(done, table.rows);
  return {
    ...readRows(table.records, { layout: layout.value, width: header.fields.length, progress }, accept),
    ...about,
    ...confirmed,
  };
}

function knownColumns(header: readonly string[], known: readonly ConfirmedColumns[]): ColumnMap | undefined {
  const same = (other: readonly string[]) =>
    other.length === header.length && other.every((text, index) => text === header[index]);
  return known.find((entry) => same(entry.header))?.columns;
}

/** Progress is told once in so many rows. */
const TELL_EVERY = 2_000;

interface RowPlan {
  readonly layout: Layout;
  readonly width: number;
  readonly progress: (done: number) => void;
}

function readRows(
  records: Iterable<TextRecord>,
  { layout, width, progress }: RowPlan,
  accept: (product: Product) => void,
): ImportReport {
  const errors = new Problems();
  const warnings = new Problems();
  const lineOfCode = new Map<string, number>();
  let rowsRead = 0;
  let products = 0;
  for (const record of records) {
    const { line, fields } = record;
    rowsRead += 1;
    if (rowsRead % TELL_EVERY === 0) progress(rowsRead);
    const shape = shapeProblem(record, width);
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

function shapeProblem(record: TextRecord, width: number): RowProblem | undefined {
  const { line, fields, broken, refusal } = record;
  if (broken) return quotes(line);
  if (refusal !== undefined) return { line, ...refusal };
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
