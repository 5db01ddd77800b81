import { fault } from '#core/fault';
import type { Result } from '#core/result';
import { type MessageExchange, outcomeOf, refused, unknown } from './exchange.ts';
import { detailText, detailZip, readResultRows, resultText } from './messages/detail-files.ts';
import { detailInput, detailRequest, readDetail } from './messages/detail-statement.ts';
import {
  type AgencyFile,
  downloadInput,
  downloadRequest,
  readUpload,
  uploadInput,
  uploadRequest,
} from './messages/files.ts';
import type { AgencyOutcome, DetailDifference, DetailRequest, MessageContext } from './port.ts';

export interface ReconcileOptions {
  readonly institutionCode: string;
  readonly region: string;
  readonly accountInsideFund: boolean;
  readonly nowMs: number;
}

type Outcome = AgencyOutcome<readonly DetailDifference[]>;

/**
 * The day's detail reconciliation: 9101 uploads our rows, 3202 compares, 9102 fetches the result file. The
 * first step that is not a success is the answer of the whole. Nothing is booked by any of the three.
 */
export async function reconcileDetail(
  exchange: MessageExchange,
  request: DetailRequest,
  context: MessageContext,
  options: ReconcileOptions,
): Promise<Outcome> {
  const text = detailText(request.rows, options.accountInsideFund);
  if (!text.ok) return refused(fault('agency-message-invalid', text.error), '', '');
  const file = detailZip(request, text.value, options.nowMs);
  const uploaded = await upload(exchange, file, context, options);
  if (uploaded.kind !== 'success') return uploaded;
  const compared = await compare(exchange, request, uploaded.value, context, options);
  if (compared.kind !== 'success') return compared;
  return await download(exchange, compared.value, context, options);
}

async function upload(
  exchange: MessageExchange,
  file: { readonly name: string; readonly zip: Uint8Array },
  context: MessageContext,
  options: ReconcileOptions,
): Promise<AgencyOutcome<AgencyFile>> {
  const input = uploadRequest(file.zip, file.name, options.institutionCode);
  const message = exchange.prepare('9101', uploadInput, input, context, options.region);
  if (!message.ok) return refused(message.error, '', '');
  return outcomeOf(await exchange.send(message.value), readUpload);
}

async function compare(
  exchange: MessageExchange,
  request: DetailRequest,
  file: AgencyFile,
  context: MessageContext,
  options: ReconcileOptions,
): Promise<AgencyOutcome<AgencyFile>> {
  const input = detailRequest(request, file, options.accountInsideFund);
  const message = exchange.prepare('3202', detailInput, input, context, options.region);
  if (!message.ok) return refused(message.error, '', '');
  return outcomeOf(await exchange.send(message.value), readDetail);
}

async function download(
  exchange: MessageExchange,
  file: AgencyFile,
  context: MessageContext,
  options: ReconcileOptions,
): Promise<Outcome> {
  const input = downloadRequest(file, options.institutionCode);
  const message = exchange.prepare('9102', downloadInput, input, context, options.region);
  if (!message.ok) return refused(message.error, '', '');
  const exchanged = await exchange.send(message.value);
  if (exchanged.kind !== 'file') return outcomeOf(exchanged, () => notAFile);
  const text = resultText(exchanged.bytes);
  if (!text.ok) return unknown('agency-garbled', text.error, exchanged.lastByteAtMs, '');
  const rows = readResultRows(text.value, options.accountInsideFund);
  if (!rows.ok) return unknown('agency-garbled', rows.error, exchanged.lastByteAtMs, text.value);
  return { kind: 'success', value: rows.value, answer: text.value, warnings: [] };
}

const notAFile: Result<never, string> = { ok: false, error: 'a message instead of the file' };
