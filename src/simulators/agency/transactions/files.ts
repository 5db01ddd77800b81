import { randomUUID } from 'node:crypto';
import { businessDay } from '#core/business-time';
import { need } from '../basket-check.ts';
import { type AgencyContext, done, type Outcome, refused } from '../context.ts';
import type { CheckedRequest } from '../request.ts';

const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** 9101 文件上传: keeps the Base64 bytes under a new file number. */
export function uploadFile(request: CheckedRequest, context: AgencyContext): Outcome {
  const node = request.nodes['fsUploadIn'] ?? {};
  const institution = need(node, 'fixmedins_code');
  if (institution !== need(request.envelope, 'fixmedins_code'))
    return refused('医药机构编号与报文头不符', 'fileUploadBO_1001', 'fsUploadIn.fixmedins_code');
  const text = need(node, 'in');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    return refused('文件数据不是Base64', 'fileUploadBO_1002', 'fsUploadIn.in');
  const name = need(node, 'filename');
  const number = keepFile(context, institution, name, Buffer.from(text, 'base64'));
  return done({
    file_qury_no: number,
    filename: name,
    fixmedins_code: institution,
    dld_endtime: downloadEnd(context.clock.nowMs()),
  });
}

/** 9102 文件下载: the bytes themselves. */
export function downloadFile(request: CheckedRequest, context: AgencyContext): Outcome {
  const node = request.nodes['fsDownloadIn'] ?? {};
  const file = findFile(context, need(node, 'file_qury_no'), need(node, 'fixmedins_code'));
  if (file?.name !== need(node, 'filename')) return refused('文件不存在', 'fileDownloadBO_1001');
  return { kind: 'file', bytes: file.bytes };
}

export function keepFile(
  context: AgencyContext,
  institution: string,
  name: string,
  bytes: Uint8Array,
): string {
  const number = `fsi/plc/${randomUUID().replaceAll('-', '').slice(0, 20).toUpperCase()}`;
  context.database
    .prepare('INSERT INTO file (file_number, institution, name, bytes) VALUES (?, ?, ?, ?)')
    .run(number, institution, name, Buffer.from(bytes));
  return number;
}

export function findFile(
  context: AgencyContext,
  number: string,
  institution: string,
): { name: string; bytes: Uint8Array } | undefined {
  return context.database
    .prepare<[string, string], { name: string; bytes: Uint8Array }>(
      'SELECT name, bytes FROM file WHERE file_number = ? AND institution = ?',
    )
    .get(number, institution);
}

export function downloadEnd(nowMs: number): string {
  return `${businessDay(nowMs + KEPT_MS)} 00:00:00`;
}
