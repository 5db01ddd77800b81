import type { z } from 'zod';
import type { Clock } from '#core/clock';
import { type Fault, type FaultCode, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { type Addresses, addressOf } from './addresses.ts';
import { AnswersSeen } from './answers-seen.ts';
import {
  type AgencyResponse,
  buildRequest,
  type EnvelopeSettings,
  type ResponseProblem,
  readResponse,
} from './envelope.ts';
import { decodeUtf8 } from './json.ts';
import type { FileSink, Link, LinkResult } from './link.ts';
import { takeMessageId } from './message-id.ts';
import type {
  AgencyOutcome,
  MessageContext,
  MessageIdSource,
  PreparedMessage,
  TransactionNumber,
} from './port.ts';
import { isUnclearRefusal, refusalCode, serviceCodes } from './refusals.ts';
import { AnswerTimes, driftOf } from './respond-time.ts';
import { firstProblem } from './wire.ts';
import type { SignHeaders } from './x-tif.ts';

/** An unreadable answer is kept for the back office up to this length. */
const MAX_KEPT_ANSWER = 64 * 1024;

export interface ExchangeOptions {
  readonly settings: EnvelopeSettings;
  readonly addresses: Addresses;
  readonly signHeaders: SignHeaders;
  readonly answerTimeoutMs: (transaction: TransactionNumber) => number;
  readonly clock: Clock;
  readonly messageIds: MessageIdSource;
  readonly link: Link;
}

/** When a message began to leave, by the wall clock and by the one that nobody sets. */
interface SendTime {
  readonly atMs: number;
  readonly monotonicMs: number;
}

type NotSuccess = Exclude<AgencyOutcome<never>, { kind: 'success' }>;

/** A readable success, a file (9102 only), or one of the two other outcomes. */
export type Exchanged =
  | {
      readonly kind: 'success';
      readonly response: AgencyResponse;
      readonly answer: string;
      readonly lastByteAtMs: number;
    }
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly lastByteAtMs: number }
  /** A file that went to the sink. */
  | { readonly kind: 'stored'; readonly size: number; readonly lastByteAtMs: number }
  | NotSuccess;

/** Builds, sends and classifies messages; knows envelopes and outcomes, not what the nodes mean. */
export class MessageExchange {
  readonly #options: ExchangeOptions;
  readonly #times = new AnswerTimes();
  readonly #seen = new AnswersSeen();
  #driftMs: number | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** Agency time minus terminal time in the last answer that carried times. */
  driftMs(): number | undefined {
    return this.#driftMs;
  }

  /** Fixes id and bytes of a message, or says which field does not fit the interface. */
  prepare<T extends Readonly<Record<string, unknown>>>(
    transaction: TransactionNumber,
    schema: z.ZodType<T>,
    input: T,
    context: MessageContext,
    insuredRegion: string,
  ): Result<PreparedMessage, Fault> {
    const checked = schema.safeParse(input);
    if (!checked.success) {
      return err(fault('agency-message-invalid', `input.${firstProblem(checked.error)}`));
    }
    const { settings, messageIds, clock } = this.#options;
    const atMs = clock.nowMs();
    const messageId = takeMessageId(messageIds, settings.institution.code, atMs);
    if (!messageId.ok) return err(fault('agency-message-invalid', 'msgid: not 12 + 14 + 4 characters'));
    const body = buildRequest(settings, {
      transaction,
      messageId: messageId.value,
      operator: context.operator,
      signInNumber: context.signInNumber,
      insuredRegion,
      atMs,
      input,
    });
    if (!body.ok) return body;
    return ok({ transaction, messageId: messageId.value, body: body.value, preparedAtMs: atMs });
  }

  /** Sends the exact bytes once. Never throws. With `file`, a zip in the answer goes there piece by piece. */
  async send(message: PreparedMessage, file?: FileSink): Promise<Exchanged> {
    const { link, addresses, signHeaders, clock } = this.#options;
    const body = new TextEncoder().encode(message.body);
    const sent = { atMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
    let result: LinkResult;
    try {
      result = await link.send({
        url: addressOf(message.transaction, addresses),
        headers: signHeaders(body, sent.atMs),
        body,
        answerTimeoutMs: this.#options.answerTimeoutMs(message.transaction),
        ...(file === undefined ? {} : { file }),
      });
    } catch {
      // A link that breaks its promise may have sent everything.
      return unknown('agency-no-answer', 'link failed', clock.nowMs(), '');
    }
    return this.#classify(message.transaction, result, sent);
  }

  #classify(transaction: TransactionNumber, result: LinkResult, sent: SendTime): Exchanged {
    if (result.kind === 'not-sent') {
      const detail = [result.failure, result.detail].filter((part) => part !== '').join(' ');
      return refused(fault('agency-unreachable', detail), '', '');
    }
    if (result.kind === 'unknown') {
      const unreadable = result.failure === 'answer-too-large' || result.failure === 'answer-unreadable';
      const code = unreadable ? 'agency-garbled' : 'agency-no-answer';
      return unknown(code, result.failure, result.lastByteAtMs, keptAnswer(result.received));
    }
    if (result.kind === 'file')
      return { kind: 'stored', size: result.size, lastByteAtMs: result.lastByteAtMs };
    const { status, body, lastByteAtMs } = result;
    if (transaction === '9102' && status === 200 && isZip(body)) {
      return { kind: 'file', bytes: body, lastByteAtMs };
    }
    const text = decodeUtf8(body);
    const answer = text.ok ? text.value : keptAnswer(body);
    const response = text.ok ? readResponse(text.value) : text;
    if (response.ok && this.#isAnothers(transaction, response.value, sent, body))
      return unknown('agency-garbled', 'the answer of another message', lastByteAtMs, keptAnswer(body));
    if (response.ok) this.#noteTimes(response.value, sent);
    const exchanged = classifyAnswer(transaction, { status, response, answer, lastByteAtMs });
    const { retryAfterMs } = result;
    return exchanged.kind === 'unknown' && retryAfterMs !== undefined
      ? { ...exchanged, retryAfterMs }
      : exchanged;
  }

  /**
   * What names its message or its sale is told by that; a refusal and the bare success of 2601 only by their time, and
   * by having come before.
   */
  #isAnothers(
    transaction: TransactionNumber,
    response: AgencyResponse,
    sent: SendTime,
    body: Uint8Array,
  ): boolean {
    if (response.status === 'success' && transaction !== '2601') return false;
    if (this.#seen.isRepeated(transaction, response, body)) return true;
    return this.#times.isOlder(response.receivedTime, sent.monotonicMs);
  }

  #noteTimes({ receivedTime, respondedTime }: AgencyResponse, sent: SendTime): void {
    const { clock } = this.#options;
    this.#driftMs = driftOf(receivedTime, respondedTime, sent.atMs, clock.nowMs()) ?? this.#driftMs;
    this.#times.note(receivedTime, clock.monotonicMs());
  }
}

/**
 * HTTP status and envelope together. 5xx, 408, 425 and 429 say nothing about the booking: unknown, even with
 * an envelope. Another 4xx is the gateway turning the message away before any booking. A redirect is not
 * followed: whoever answered is not the agency.
 */
function classifyAnswer(
  transaction: TransactionNumber,
  got: {
    readonly status: number;
    readonly response: Result<AgencyResponse, ResponseProblem>;
    readonly answer: string;
    readonly lastByteAtMs: number;
  },
): Exchanged {
  const { status, response, lastByteAtMs } = got;
  const kept = got.answer.slice(0, MAX_KEPT_ANSWER);
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    return unknown('agency-server-error', `http ${status}`, lastByteAtMs, kept);
  }
  const isAnswer = status >= 200 && status < 300;
  const isTurnedAway = status >= 400;
  if (response.ok && response.value.status === 'refused' && (isAnswer || isTurnedAway)) {
    const text = response.value.errorText;
    const detail = [transaction, ...serviceCodes(text)].join(' ');
    if (isUnclearRefusal(transaction, text)) {
      return unknown('agency-server-error', `unclear refusal ${detail}`, lastByteAtMs, kept);
    }
    const code = response.value.byGateway ? 'agency-gateway-refused' : refusalCode(transaction, text);
    return refused(fault(code, detail), text, got.answer);
  }
  if (response.ok && isAnswer) {
    return { kind: 'success', response: response.value, answer: got.answer, lastByteAtMs };
  }
  if (!response.ok && isTurnedAway) {
    return refused(fault('agency-gateway-refused', `http ${status}`), '', kept);
  }
  const reason = response.ok || !isAnswer ? `http ${status}` : response.error;
  return unknown('agency-garbled', reason, lastByteAtMs, kept);
}

/** Turns a readable success into a value; a success that cannot be understood is unknown, never refused. */
export function outcomeOf<T>(
  exchanged: Exchanged,
  read: (output: unknown) => Result<T, string>,
): AgencyOutcome<T> {
  if (exchanged.kind === 'refused' || exchanged.kind === 'unknown') return exchanged;
  if (exchanged.kind === 'file' || exchanged.kind === 'stored')
    return unknown('agency-garbled', 'a file', exchanged.lastByteAtMs, '');
  const value = read(exchanged.response.output);
  if (!value.ok) {
    const kept = exchanged.answer.slice(0, MAX_KEPT_ANSWER);
    return unknown('agency-garbled', `output.${value.error}`, exchanged.lastByteAtMs, kept);
  }
  return {
    kind: 'success',
    value: value.value,
    answer: exchanged.answer,
    warnings: exchanged.response.warnings,
  };
}

export function refused(why: Fault, agencyText: string, answer: string): NotSuccess {
  return { kind: 'refused', fault: why, agencyText, answer };
}

export function unknown(code: FaultCode, detail: string, lastByteAtMs: number, answer: string): NotSuccess {
  return { kind: 'unknown', fault: fault(code, detail), lastByteAtMs, answer };
}

function keptAnswer(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, MAX_KEPT_ANSWER)).toString('utf8');
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}
