import { z } from 'zod';
import { err, ok, type Result } from '#core/result';
import type { CatalogFileTicket } from '../port.ts';
import { firstProblem, inRequired, outText } from '../wire.ts';

/**
 * 1301 … 1309 目录下载, input (table 3.3.1). `ver` is the greatest version held and may not be empty; the printed
 * 20 characters are too few for versions that were seen, so more are let through.
 */
export const catalogFileInput = z.strictObject({ data: z.strictObject({ ver: inRequired(40) }) });
export type CatalogFileInput = z.infer<typeof catalogFileInput>;

/** Output, without a node (table 3.3.2); the number of rows is spelt in two ways. */
const catalogFileOutput = z.object({
  file_qury_no: outText(200),
  filename: outText(200),
  data_cnt: outText(20),
  data_cn: outText(20),
});

/** Name under which 9102 hands out every catalogue file (table 3.5.3). */
export const CATALOG_FILE_NAME = 'plc';

export function catalogFileRequest(since: string): CatalogFileInput {
  return { data: { ver: since } };
}

/** The ticket of the file, or undefined when the agency says that it holds no newer row. */
export function readCatalogFile(output: unknown): Result<CatalogFileTicket | undefined, string> {
  const parsed = catalogFileOutput.safeParse(output);
  if (!parsed.success) return err(firstProblem(parsed.error));
  const { file_qury_no: fileNumber, filename: fileName, data_cnt, data_cn } = parsed.data;
  const count = data_cnt === '' ? data_cn : data_cnt;
  if (!/^\d{0,9}$/.test(count)) return err('data_cnt: is not a number of rows');
  if (count !== '' && Number(count) === 0) return ok(undefined);
  if (fileNumber === '') return err('file_qury_no: is missing');
  return ok({ fileNumber, fileName, ...(count === '' ? {} : { rows: Number(count) }) });
}
