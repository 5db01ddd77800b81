import { z } from 'zod';
import { err, ok, type Result } from '#core/result';
import { firstProblem, inRequired, outRequired, outText } from '../wire.ts';

/** 9101 文件上传, input (table 3.5.1): the zip as Base64 text. */
export const uploadInput = z.strictObject({
  fsUploadIn: z.strictObject({
    in: z.string().min(1),
    filename: inRequired(200),
    fixmedins_code: inRequired(30),
  }),
});
export type UploadInput = z.infer<typeof uploadInput>;

/** 9101 output, without a node (table 3.5.2). File numbers look like storage paths and exceed the printed 30. */
const uploadOutput = z.object({ file_qury_no: outRequired(200), filename: outText(200) });

/** 9102 文件下载, input (table 3.5.3); the answer is the file itself, an error comes as JSON. */
export const downloadInput = z.strictObject({
  fsDownloadIn: z.strictObject({
    file_qury_no: inRequired(200),
    filename: inRequired(200),
    fixmedins_code: inRequired(30),
  }),
});
export type DownloadInput = z.infer<typeof downloadInput>;

/** A file at the agency (文件查询号 and name). */
export interface AgencyFile {
  readonly fileNumber: string;
  readonly name: string;
}

export function uploadRequest(zip: Uint8Array, name: string, institutionCode: string): UploadInput {
  return {
    fsUploadIn: {
      in: Buffer.from(zip).toString('base64'),
      filename: name,
      fixmedins_code: institutionCode,
    },
  };
}

export function readUpload(output: unknown): Result<AgencyFile, string> {
  const parsed = uploadOutput.safeParse(output);
  if (!parsed.success) return err(firstProblem(parsed.error));
  return ok({ fileNumber: parsed.data.file_qury_no, name: parsed.data.filename });
}

export function downloadRequest(file: AgencyFile, institutionCode: string): DownloadInput {
  return {
    fsDownloadIn: { file_qury_no: file.fileNumber, filename: file.name, fixmedins_code: institutionCode },
  };
}
