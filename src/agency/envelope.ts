import { z } from 'zod';
import { businessDateTime } from '#core/business-time';
import type { Operator } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { type JsonProblem, parseJson, toJson } from './json.ts';
import type { TransactionNumber } from './port.ts';
import { firstProblem, inDateTime, inPattern, inRequired, inText, lengthOf, outText } from './wire.ts';

/** Longest input node (table 1.1), characters of JSON text; a file upload carries its file and is exempt. */
const MAX_INPUT_LENGTH = 40_000;

/** Request envelope (交易请求, interface table 1.1). */
const requestEnvelope = z.strictObject({
  infno: inPattern(/^(?:\d{4}[A-Z]?|G\d{3})$/, 'a transaction number'),
  msgid: inPattern(/^[A-Z0-9]{12}\d{18}$/, 'a message id of 30 characters'),
  mdtrtarea_admvs: inPattern(/^\d{6}$/, 'a region of six digits'),
  insuplc_admdvs: inPattern(/^(?:\d{6})?$/, 'a region of six digits'),
  recer_sys_code: inRequired(10),
  dev_no: inText(100),
  dev_safe_info: inText(2000),
  cainfo: inText(1024),
  signtype: inText(10),
  infver: inRequired(6),
  opter_type: inPattern(/^[123]$/, 'an operator type'),
  opter: inRequired(30),
  opter_name: inRequired(50),
  inf_time: inDateTime,
  fixmedins_code: inPattern(/^[A-Z0-9]{12}$/, 'an institution code of 12 characters'),
  fixmedins_name: inRequired(200),
  sign_no: inText(30),
  input: z.record(z.string(), z.unknown()),
});

export type RequestEnvelope = z.infer<typeof requestEnvelope>;

/** What is the same in every message of one terminal. */
export interface EnvelopeSettings {
  readonly institution: { readonly code: string; readonly name: string };
  /** Region of the institution (就医地医保区划), six digits. */
  readonly region: string;
  /** 接收方系统代码, for example `YBXT`, told by the agency. */
  readonly receiverSystem: string;
  /** 接口版本号, for example `V1.0`, told by the agency. */
  readonly interfaceVersion: string;
  readonly deviceNumber: string;
}

export interface RequestParts {
  readonly transaction: TransactionNumber;
  readonly messageId: string;
  readonly operator: Operator;
  readonly signInNumber: string;
  /** Region of the insured person; the institution's own where no person is meant. */
  readonly insuredRegion: string;
  readonly atMs: number;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Exact JSON text of a request, or `agency-message-invalid` naming the field that does not fit table 1.1. */
export function buildRequest(settings: EnvelopeSettings, parts: RequestParts): Result<string, Fault> {
  const envelope: RequestEnvelope = {
    infno: parts.transaction,
    msgid: parts.messageId,
    mdtrtarea_admvs: settings.region,
    insuplc_admdvs: parts.insuredRegion,
    recer_sys_code: settings.receiverSystem,
    dev_no: settings.deviceNumber,
    dev_safe_info: '',
    cainfo: '',
    signtype: '',
    infver: settings.interfaceVersion,
    opter_type: '1',
    opter: parts.operator.number,
    opter_name: parts.operator.name,
    inf_time: businessDateTime(parts.atMs),
    fixmedins_code: settings.institution.code,
    fixmedins_name: settings.institution.name,
    sign_no: parts.signInNumber,
    input: parts.input,
  };
  const checked = requestEnvelope.safeParse(envelope);
  if (!checked.success) return err(fault('agency-message-invalid', firstProblem(checked.error)));
  const text = toJson(envelope);
  // The input node is part of the text: it is measured alone only where it could be too long.
  const mayBeLong = parts.transaction !== '9101' && text.length > MAX_INPUT_LENGTH;
  if (mayBeLong && lengthOf(toJson(parts.input)) > MAX_INPUT_LENGTH) {
    return err(fault('agency-message-invalid', `input: longer than ${MAX_INPUT_LENGTH} characters`));
  }
  return ok(text);
}

/** Reads a request that this program wrote earlier, for example one kept since before a restart. */
export function readRequest(body: string): Result<RequestEnvelope, Fault> {
  const json = parseJson(body);
  if (!json.ok) return err(fault('agency-message-invalid', `body: ${json.error}`));
  const envelope = requestEnvelope.safeParse(json.value);
  if (!envelope.success) return err(fault('agency-message-invalid', firstProblem(envelope.error)));
  return ok(envelope.data);
}

/**
 * Response envelope (交易应答, interface table 1.2). Everything but `infcode` may be absent: gateways answer
 * `{type, infcode, err_msg}` (section 12).
 */
const responseEnvelope = z.object({
  type: outText(100),
  infcode: outText(10),
  inf_refmsgid: outText(100),
  refmsg_time: outText(40),
  respond_time: outText(40),
  err_msg: outText(100_000),
  warn_msg: outText(100_000),
  output: z.unknown().optional(),
});

export interface AgencyResponse {
  readonly status: 'success' | 'refused';
  /** Refused by the gateway in its short shape: the transaction itself never saw the message. */
  readonly byGateway: boolean;
  /** Free Chinese text of the agency, at most 1000 characters; empty on success. */
  readonly errorText: string;
  readonly warnings: readonly string[];
  /** Agency's own times as answered, `yyyyMMddHHmmssSSS`, or empty. */
  readonly receivedTime: string;
  readonly respondedTime: string;
  /** Output node; JSON text is already read, null and absence are the empty object. */
  readonly output: unknown;
}

export type ResponseProblem = JsonProblem | 'not-an-envelope';

/**
 * Reads an answer. infcode 0 is success; 9 is a success with a warning (Hebei); any other whole number is a
 * refusal; everything else is no answer at all.
 */
export function readResponse(text: string): Result<AgencyResponse, ResponseProblem> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const envelope = responseEnvelope.safeParse(json.value);
  if (!envelope.success || !/^-?\d{1,9}$/.test(envelope.data.infcode)) return err('not-an-envelope');
  const data = envelope.data;
  const success = data.infcode === '0' || data.infcode === '9';
  const output = readOutput(data.output);
  // An unreadable output beside a refusal changes nothing: the agency said no.
  if (success && !output.ok) return output;
  return ok({
    status: success ? 'success' : 'refused',
    byGateway: !success && data.type === 'error' && data.respond_time === '',
    errorText: success ? '' : data.err_msg.slice(0, 1000),
    warnings: warningsOf(data.warn_msg, data.infcode === '9' ? data.err_msg : ''),
    receivedTime: data.refmsg_time,
    respondedTime: data.respond_time,
    output: output.ok ? output.value : {},
  });
}

function readOutput(output: unknown): Result<unknown, ResponseProblem> {
  if (output === undefined || output === null || output === '') return ok({});
  if (typeof output !== 'string') return ok(output);
  const inner = parseJson(output);
  if (!inner.ok) return inner;
  return ok(inner.value ?? {});
}

function warningsOf(...texts: readonly string[]): string[] {
  return texts.filter((text) => text !== '').map((text) => text.slice(0, 1000));
}
