import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { compactDateTime } from '#core/business-time';
import { type Checked, checkMessage, type Institution } from './check.ts';
import type { AgencyContext, Outcome } from './context.ts';
import { nextCount } from './database.ts';
import { type BreakableRelation, breakRelation } from './distort.ts';
import type { Fields, Violation } from './fields.ts';
import type { Infno } from './paths.ts';
import type { CheckedRequest } from './request.ts';
import { tellBlacklist } from './transactions/blacklist.ts';
import { cancelSettlement } from './transactions/cancel.ts';
import { authenticateCard, queryCardStatus } from './transactions/card-service.ts';
import { downloadTable } from './transactions/catalogue-files.ts';
import { queryTable } from './transactions/catalogue-pages.ts';
import { decodeCertificate } from './transactions/certificate.ts';
import { downloadFile, uploadFile } from './transactions/files.ts';
import { revokeMapping, uploadMappings } from './transactions/item-mapping.ts';
import { queryEntitlements } from './transactions/query-entitlements.ts';
import { queryPerson } from './transactions/query-person.ts';
import { reconcileDetail } from './transactions/reconcile.ts';
import { reverse } from './transactions/reverse.ts';
import { settle, trySettlement } from './transactions/settle.ts';
import { checkSignIn, signIn, signOut } from './transactions/sign-in.ts';
import { changeTerminalKey } from './transactions/terminal-key.ts';
import { formatJson, type JsonObject } from './wire.ts';
import type { XTifGuard } from './x-tif.ts';

type Handler = (request: CheckedRequest, context: AgencyContext) => Outcome;

const handlers: Readonly<Record<Infno, Handler>> = {
  '9001': signIn,
  '9002': signOut,
  '1101': queryPerson,
  '1162': decodeCertificate,
  '1903': authenticateCard,
  '1904': queryCardStatus,
  '2101': trySettlement,
  '2102': settle,
  '2103': cancelSettlement,
  '2601': reverse,
  '3202': reconcileDetail,
  '5301': queryEntitlements,
  '9101': uploadFile,
  '9102': downloadFile,
  '1301': downloadTable,
  '1302': downloadTable,
  '1303': downloadTable,
  '1305': downloadTable,
  '1306': downloadTable,
  '1307': downloadTable,
  '1309': downloadTable,
  '1312': queryTable,
  '1316': queryTable,
  '1317': queryTable,
  '1318': queryTable,
  '1319': queryTable,
  '3301': uploadMappings,
  '3302': revokeMapping,
  G001: changeTerminalKey,
  G002: tellBlacklist,
};

/** An HTTP answer before it is sent. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** What a control fault changes inside an otherwise right answer. */
export interface Distortion {
  readonly relation?: BreakableRelation;
  /** Added to the answer's times, ms. */
  readonly clockShiftMs?: number;
}

/** A refused message that broke the interface, for the tests of the sender. */
export interface RecordedViolation extends Violation {
  readonly infno: Infno;
  readonly messageId: string;
  readonly atMs: number;
}

/** One message as it was handled. */
export interface HandledMessage {
  readonly infno: Infno;
  readonly messageId: string;
  readonly atMs: number;
  readonly outcome: 'success' | 'refused';
  /** Words of the refusal. */
  readonly text?: string;
  /** For a 2601 that was accepted: the message that it undoes. */
  readonly reversedMessageId?: string;
}

const MOST_ERROR_CHARACTERS = 200;
/** What is remembered of a long training day. */
const MOST_REMEMBERED = 20_000;

/** Checks a message, does what it asks, and words the answer (interface table 1.2). */
export class AgencyGateway {
  readonly violations: RecordedViolation[] = [];
  readonly messages: HandledMessage[] = [];
  readonly #context: AgencyContext;
  readonly #institution: Institution | undefined;
  readonly #guard: XTifGuard | undefined;
  readonly #onReversed: (originalMessageId: string) => void;

  /** `onReversed` is told of every accepted 2601 after it took effect. */
  constructor(
    context: AgencyContext,
    institution: Institution | undefined,
    guard: XTifGuard | undefined,
    onReversed: (originalMessageId: string) => void,
  ) {
    this.#context = context;
    this.#institution = institution;
    this.#guard = guard;
    this.#onReversed = onReversed;
  }

  /** Refuses a call whose x-tif headers are wrong; nothing of it is processed. */
  rejectedCall(infno: Infno, headers: IncomingHttpHeaders): Reply | undefined {
    const wrong = this.#guard?.check(headers, this.#context.clock.nowMs());
    if (wrong === undefined) return undefined;
    this.#remember(infno, '', [wrong]);
    return this.gatewayError(`${wrong.field}${wrong.text}`);
  }

  handle(infno: Infno, body: Uint8Array, distortion: Distortion = {}): Reply {
    const receivedAtMs = this.#context.clock.nowMs();
    const checked = checkMessage(body, infno, this.#institution);
    if (checked.kind === 'wrong-address') {
      this.#remember(infno, '', checked.violations);
      return this.gatewayError('交易报文不正确：未知交易编号！');
    }
    const messageId = messageIdOf(checked);
    const outcome = this.#outcome(checked, body);
    const text = outcome.kind === 'refused' ? outcome.text : undefined;
    const reversed = reversedBy(checked, outcome);
    this.messages.push({
      infno,
      messageId,
      atMs: receivedAtMs,
      outcome: outcome.kind === 'refused' ? 'refused' : 'success',
      ...(text === undefined ? {} : { text }),
      ...reversed,
    });
    if (this.messages.length > MOST_REMEMBERED) this.messages.shift();
    if (checked.kind === 'bad') this.#remember(infno, messageId, checked.violations);
    else if (outcome.kind === 'refused' && outcome.field !== undefined)
      this.#remember(infno, messageId, [{ field: outcome.field, text: outcome.text }]);
    if (outcome.kind === 'file')
      return { status: 200, contentType: 'application/octet-stream', body: outcome.bytes };
    if (reversed.reversedMessageId !== undefined) this.#onReversed(reversed.reversedMessageId);
    const head = checked.kind === 'good' ? checked.request.envelope : checked.envelope;
    return json(this.#answer(outcome, head, receivedAtMs, distortion));
  }

  /** The short answer of the gateway itself, without times (section 12). */
  gatewayError(text: string): Reply {
    const serial = nextCount(this.#context.database, 'gateway-error').toString().padStart(10, '0');
    return json({ type: 'error', infcode: -1, err_msg: `FSI-FSI-${text},异常流水号:${serial}` });
  }

  #outcome(checked: Exclude<Checked, { kind: 'wrong-address' }>, body: Uint8Array): Outcome {
    if (checked.kind === 'bad') return { kind: 'refused', text: errorText(checked.violations) };
    const { request } = checked;
    const repeated = this.#claimMessageId(request, body);
    if (repeated !== undefined) return repeated;
    return checkSignIn(request, this.#context) ?? handlers[request.infno](request, this.#context);
  }

  /** A message id belongs to one message: the same bytes may come again, other bytes may not. */
  #claimMessageId(request: CheckedRequest, body: Uint8Array): Outcome | undefined {
    const messageId = request.envelope['msgid'] ?? '';
    const digest = createHash('sha256').update(body).digest('hex');
    const { database } = this.#context;
    database
      .prepare('INSERT OR IGNORE INTO message (message_id, digest) VALUES (?, ?)')
      .run(messageId, digest);
    const first = database
      .prepare<[string], { digest: string }>('SELECT digest FROM message WHERE message_id = ?')
      .get(messageId);
    if (first?.digest === digest) return undefined;
    return { kind: 'refused', text: 'FSI-msgid发送方报文ID重复[gatewayBO_0003]', field: 'msgid' };
  }

  #answer(
    outcome: Exclude<Outcome, { kind: 'file' }>,
    head: Fields,
    receivedAtMs: number,
    distortion: Distortion,
  ): JsonObject {
    const shiftMs = distortion.clockShiftMs ?? 0;
    const nowMs = this.#context.clock.nowMs();
    const succeeded = outcome.kind === 'done';
    const region = head['mdtrtarea_admvs'] ?? '000000';
    const serial = nextCount(this.#context.database, 'answer').toString().padStart(10, '0');
    const output = succeeded ? outcome.output : null;
    return {
      infcode: succeeded ? 0 : -1,
      inf_refmsgid: succeeded ? `${region}${compactDateTime(nowMs + shiftMs)}${serial}` : null,
      refmsg_time: wireTime(receivedAtMs + shiftMs),
      respond_time: wireTime(nowMs + shiftMs),
      enctype: null,
      signtype: null,
      cainfo: null,
      err_msg: succeeded ? null : [...outcome.text].slice(0, MOST_ERROR_CHARACTERS).join(''),
      warn_msg: null,
      output:
        output === null || distortion.relation === undefined
          ? output
          : breakRelation(output, distortion.relation),
    };
  }

  #remember(infno: Infno, messageId: string, violations: readonly Violation[]): void {
    const atMs = this.#context.clock.nowMs();
    for (const violation of violations) this.violations.push({ infno, messageId, atMs, ...violation });
    if (this.violations.length > MOST_REMEMBERED) this.violations.splice(0, violations.length);
  }
}

export function json(value: unknown): Reply {
  const body = new TextEncoder().encode(formatJson(value));
  return { status: 200, contentType: 'application/json;charset=UTF-8', body };
}

function messageIdOf(checked: Exclude<Checked, { kind: 'wrong-address' }>): string {
  return (checked.kind === 'good' ? checked.request.envelope : checked.envelope)['msgid'] ?? '';
}

function reversedBy(checked: Checked, outcome: Outcome): { reversedMessageId?: string } {
  if (checked.kind !== 'good' || checked.request.infno !== '2601' || outcome.kind !== 'done') return {};
  const original = checked.request.nodes['data']?.['omsgid'];
  return original === undefined ? {} : { reversedMessageId: original };
}

function errorText(violations: readonly Violation[]): string {
  return `FSI-${violations.map(({ field, text }) => `${field}${text}`).join('；')}`;
}

/** `yyyyMMddHHmmssSSS`. */
function wireTime(atMs: number): string {
  const whole = Math.trunc(atMs);
  return compactDateTime(whole) + (((whole % 1000) + 1000) % 1000).toString().padStart(3, '0');
}
