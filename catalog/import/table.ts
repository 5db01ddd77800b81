import { err, ok, type Result } from '#core/result';
import { decodeText } from './decode.ts';
import { type Delimiter, type NoTable, readRecords, type Table } from './records.ts';
import { isWorkbook, readWorkbook } from './workbook.ts';

/** Any file that is offered as a list: workbook or delimited text. */
export async function openTable(bytes: Uint8Array): Promise<Result<Table, NoTable>> {
  return isWorkbook(bytes) ? readWorkbook(bytes) : openText(bytes);
}

/** Delimited text: tabs or commas, UTF-8 or GB18030. */
export function openText(bytes: Uint8Array): Result<Table, NoTable> {
  const decoded = decodeText(bytes);
  if (!decoded.ok) return err({ code: 'catalog-source-encoding', detail: decoded.error });
  const { text, encoding } = decoded.value;
  const head = findHeader(text);
  if (head === undefined) return err({ code: 'catalog-source-empty', encoding });
  const records = readRecords(head.rest, head.delimiter, head.line);
  const first = records.next();
  if (first.done) return err({ code: 'catalog-source-empty', encoding });
  return ok({ encoding, header: first.value, records, rows: roughRows(bytes) });
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

const LINE_FEED = 10;

function roughRows(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) lines += 1;
  return lines;
}
