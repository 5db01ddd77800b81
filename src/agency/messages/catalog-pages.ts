import { z } from 'zod';
import { err, ok, type Result } from '#core/result';
import { exactNumber } from '../json.ts';
import type { CatalogPage } from '../port.ts';
import { firstProblem, inDate, inNumber, inText, outCount, outList } from '../wire.ts';
import { type PagedTable, rowSchemas } from './catalog-page-rows.ts';

/** 1312, 1316–1319 目录查询, input (section 3.4): only what is needed; every other filter stays open. */
export const catalogPageInput = z.strictObject({
  data: z.strictObject({
    updt_time: inDate,
    page_num: inNumber(4, 0),
    page_size: inNumber(4, 0),
    /** 1317 only. */
    fixmedins_code: inText(30).optional(),
  }),
});
export type CatalogPageInput = z.infer<typeof catalogPageInput>;

export interface PageQuestion {
  readonly since: string;
  readonly page: number;
  readonly size: number;
}

/** What is asked when nothing is held: the interface demands a day. */
const BEFORE_ALL = '1970-01-01';
/** `page_num` has four digits. */
const MOST_PAGES = 9999;

export function catalogPageRequest(
  table: PagedTable,
  question: PageQuestion,
  institutionCode: string,
): CatalogPageInput {
  return {
    data: {
      updt_time: question.since === '0' || question.since === '' ? BEFORE_ALL : question.since,
      page_num: exactNumber(String(question.page)),
      page_size: exactNumber(String(question.size)),
      ...(table === '1317' ? { fixmedins_code: institutionCode } : {}),
    },
  };
}

/** Page members (section 3.4), camel case; the others repeat what these say. */
const pageOutput = z.object({
  pageNum: outCount,
  pageSize: outCount,
  pages: outCount,
  recordCounts: outCount,
  data: outList(z.unknown()),
});

/**
 * One page. Its number, its size, the number of pages and the number of rows must agree with each other and
 * with what was asked: a page that lies about itself would lose rows without a word. A page behind the last
 * one is empty and tells the new total, so that the asker sees that the table became shorter.
 */
export function readCatalogPage(
  output: unknown,
  table: PagedTable,
  question: PageQuestion,
  institutionCode: string,
): Result<CatalogPage, string> {
  const parsed = pageOutput.safeParse(output);
  if (!parsed.success) return err(firstProblem(parsed.error));
  const { pageNum, pageSize, pages, recordCounts: rows, data } = parsed.data;
  const { page } = question;
  if (data.length > question.size) return err(`data: ${data.length} rows, ${question.size} were asked for`);
  if (rows === 0) {
    if (data.length > 0 || pages > 1) return err('recordCounts: none, but there are rows or pages');
    return ok({ lines: [], page, pages: 0, rows: 0 });
  }
  if (pageSize < 1 || pageSize > question.size) return err('pageSize: not what was asked for');
  if (pages !== Math.ceil(rows / pageSize)) return err('pages: not recordCounts by pageSize');
  if (pages > MOST_PAGES) return err(`pages: more than ${MOST_PAGES}`);
  if (page > pages && data.length === 0) return ok({ lines: [], page, pages, rows });
  if (pageNum !== page) return err('pageNum: of another page');
  const expected = page < pages ? pageSize : rows - (pages - 1) * pageSize;
  if (data.length !== expected) return err(`data: ${data.length} rows, the page promises ${expected}`);
  const lines: string[] = [];
  const schema = rowSchemas(institutionCode)[table];
  for (const [index, row] of data.entries()) {
    const read = schema.safeParse(row);
    if (!read.success) return err(`data.${index}.${firstProblem(read.error)}`);
    lines.push(JSON.stringify(read.data));
  }
  return ok({ lines, page, pages, rows });
}
