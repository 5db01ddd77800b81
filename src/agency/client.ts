import { assert } from '#core/assert';
import type { Clock } from '#core/clock';
import type { Cancellation, Settlement } from '#core/domain/settlement';
import { fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { type AddressStyle, checkBaseUrl } from './addresses.ts';
import { catalogQuestions } from './catalog-questions.ts';
import { doubtfulRelations } from './doubtful-relations.ts';
import { type Exchanged, MessageExchange, outcomeOf, refused } from './exchange.ts';
import { createHttpLink, type TlsOptions } from './http-link.ts';
import type { Link } from './link.ts';
import { askedCancellation, cancelInput, cancelRequest, readCancellation } from './messages/cancellation.ts';
import {
  cardAuthenticationInput,
  cardAuthenticationRequest,
  readCardAuthentication,
} from './messages/card-authentication.ts';
import { cardStatusInput, cardStatusRequest, readCardStatus } from './messages/card-status.ts';
import type { Office } from './messages/certificate.ts';
import { offlineProofContent } from './messages/offline-proof.ts';
import { isNobody, personInput, personRequest, readPerson } from './messages/person.ts';
import { reversalInput, reversalRequest } from './messages/reversal.ts';
import { settlementInput, settlementRequest } from './messages/settlement.ts';
import { readSettlementAnswer } from './messages/settlement-answer.ts';
import { askedAnew, askedSettlement } from './messages/settlement-asked.ts';
import { readSignIn, signInInput, signInRequest } from './messages/sign-in.ts';
import { signOutInput, signOutRequest } from './messages/sign-out.ts';
import type {
  AgencyOutcome,
  AgencyPort,
  MessageIdSource,
  PreparedMessage,
  TransactionNumber,
} from './port.ts';
import { reconcileDetail } from './reconcile-detail.ts';
import {
  checkCancellation,
  checkSettlement,
  describeBroken,
  nationalRelations,
  type RelationRules,
} from './relations.ts';
import { toCancellation, toSettlement } from './settlement-split.ts';
import { terminalQuestions } from './terminal-questions.ts';
import { noSignature, type SignHeaders, type XTifCredentials, xTifSigner } from './x-tif.ts';

/** Waiting times, ms. The interface prints none; clients in the field use 15 s and 20 to 180 s. */
export interface AgencyTimeouts {
  /** Until the connection stands, TLS included (default 5 s). */
  readonly connectMs: number;
  /** From the first byte sent to the last byte of the answer (default 30 s). */
  readonly answerMs: number;
  /** Other answer times for single transactions. */
  readonly byTransaction: Readonly<Partial<Record<TransactionNumber, number>>>;
}

export interface AgencyClientOptions {
  readonly baseUrl: string;
  /** Default `path`. */
  readonly addressStyle?: AddressStyle;
  /** Plain http beyond this machine (default no). */
  readonly allowPlainHttp?: boolean;
  /** Paths that differ from `defaultPaths`; those of 2101–2103, 1903 and 1904 are told by the agency. */
  readonly paths?: Readonly<Partial<Record<TransactionNumber, string>>>;
  readonly tls?: TlsOptions;
  /** Code of 12 characters (定点医药机构编号) and name. */
  readonly institution: { readonly code: string; readonly name: string };
  /** Region of the institution, six digits. */
  readonly region: string;
  /** Default `YBXT`. */
  readonly receiverSystem?: string;
  /** Default `V1.0`. */
  readonly interfaceVersion?: string;
  readonly deviceNumber: string;
  /** Who decodes electronic certificates (医保科室); default `YD01` 药店. */
  readonly office?: Office;
  /** Named at sign-in (default 127.0.0.1 and no MAC). */
  readonly terminal?: { readonly ip: string; readonly mac: string };
  readonly xTif?: XTifCredentials;
  /** Another way of signing headers; takes the place of `xTif`. */
  readonly signHeaders?: SignHeaders;
  readonly timeouts?: Partial<AgencyTimeouts>;
  /** The region's reading of relations 2, 3, 5 and 12; default `nationalRelations`. */
  readonly relations?: Partial<RelationRules>;
  readonly clock: Clock;
  readonly messageIds: MessageIdSource;
  /** Default: HTTP with a connection per message. */
  readonly link?: Link;
}

/** A message id begins with its institution (发送方报文ID). */
const INSTITUTION_CHARACTERS = 12;

/** The agency over HTTP. Throws only when the base address was not checked before (`checkBaseUrl`). */
export function createAgencyClient(options: AgencyClientOptions): AgencyPort {
  const relations = { ...nationalRelations, ...options.relations };
  const exchange = new MessageExchange(exchangeOptions(options));
  return {
    ...questions(exchange, options, relations),
    ...terminalQuestions(exchange, {
      institutionCode: options.institution.code,
      region: options.region,
      office: options.office ?? { id: 'YD01', name: '药店' },
      nowMs: () => options.clock.nowMs(),
    }),
    ...catalogQuestions(exchange, { institutionCode: options.institution.code, region: options.region }),
    ...moneyMessages(exchange, options, relations),
    driftMs: () => exchange.driftMs(),
  };
}

function exchangeOptions(options: AgencyClientOptions) {
  const timeouts = { connectMs: 5000, answerMs: 30_000, byTransaction: {}, ...options.timeouts };
  const addresses = {
    baseUrl: options.baseUrl,
    style: options.addressStyle ?? 'path',
    paths: options.paths ?? {},
    allowPlainHttp: options.allowPlainHttp ?? false,
  };
  assert(checkBaseUrl(addresses).ok, 'the base address of the agency was checked with the configuration');
  const byTransaction: Readonly<Partial<Record<TransactionNumber, number>>> = timeouts.byTransaction;
  return {
    settings: {
      institution: options.institution,
      region: options.region,
      receiverSystem: options.receiverSystem ?? 'YBXT',
      interfaceVersion: options.interfaceVersion ?? 'V1.0',
      deviceNumber: options.deviceNumber,
    },
    addresses,
    signHeaders: options.signHeaders ?? (options.xTif === undefined ? noSignature : xTifSigner(options.xTif)),
    answerTimeoutMs: (transaction: TransactionNumber) => byTransaction[transaction] ?? timeouts.answerMs,
    clock: options.clock,
    messageIds: options.messageIds,
    link:
      options.link ??
      createHttpLink({
        clock: options.clock,
        connectTimeoutMs: timeouts.connectMs,
        ...(options.tls === undefined ? {} : { tls: options.tls }),
      }),
  };
}

type Questions = Pick<
  AgencyPort,
  'signIn' | 'signOut' | 'person' | 'authenticateCard' | 'cardStatus' | 'trial' | 'reconcileDetail'
>;

/** Messages that book nothing: an unknown outcome is only a failed question. */
function questions(
  exchange: MessageExchange,
  options: AgencyClientOptions,
  relations: RelationRules,
): Questions {
  const { clock, region } = options;
  const ask = async <T>(
    message: Result<PreparedMessage, Parameters<typeof refused>[0]>,
    read: (output: unknown) => Result<T, string>,
  ): Promise<AgencyOutcome<T>> => {
    if (!message.ok) return refused(message.error, '', '');
    return outcomeOf(await exchange.send(message.value), read);
  };
  return {
    signIn(context) {
      const terminal = options.terminal ?? { ip: '127.0.0.1', mac: '' };
      const input = signInRequest({ ...terminal, operator: context.operator.number });
      const fresh = { ...context, signInNumber: '' };
      return ask(exchange.prepare('9001', signInInput, input, fresh, region), (output) =>
        readSignIn(output, clock.nowMs()),
      );
    },
    signOut(context) {
      const input = signOutRequest(context.signInNumber, context.operator.number);
      return ask(exchange.prepare('9002', signOutInput, input, context, region), nothing);
    },
    async person(query, context) {
      const input = personRequest(query, clock.nowMs());
      const message = exchange.prepare('1101', personInput, input, context, region);
      if (!message.ok) return refused(message.error, '', '');
      const exchanged = await exchange.send(message.value);
      if (exchanged.kind === 'success' && isNobody(exchanged.response.output)) {
        return refused(fault('agency-person-unknown', '1101'), '', exchanged.answer);
      }
      return outcomeOf(exchanged, (output) => readPerson(output, query, clock.nowMs()));
    },
    authenticateCard(request, context) {
      const input = cardAuthenticationRequest(request);
      return ask(exchange.prepare('1903', cardAuthenticationInput, input, context, region), (output) =>
        readCardAuthentication(output, request),
      );
    },
    cardStatus(card, context) {
      const input = cardStatusRequest(card);
      return ask(exchange.prepare('1904', cardStatusInput, input, context, region), readCardStatus);
    },
    async trial(request, context) {
      const input = settlementRequest(request, '2101');
      const message = exchange.prepare('2101', settlementInput, input, context, request.insuredRegion);
      if (!message.ok) return refused(message.error, '', '');
      const outcome = await settle(exchange, message.value, relations, clock);
      if (outcome.kind !== 'success' || outcome.value.brokenRelations.length === 0) return outcome;
      const why = fault('agency-sums-wrong', outcome.value.brokenRelations.join('; ').slice(0, 500));
      return refused(why, '', outcome.answer);
    },
    reconcileDetail(request, context) {
      return reconcileDetail(exchange, request, context, {
        institutionCode: options.institution.code,
        region,
        accountInsideFund: relations.accountInsideFund,
        nowMs: clock.nowMs(),
      });
    },
  };
}

type MoneyMessages = Pick<
  AgencyPort,
  'prepareSettlement' | 'prepareReversal' | 'prepareCancel' | 'sendSettlement' | 'sendReversal' | 'sendCancel'
>;

function moneyMessages(
  exchange: MessageExchange,
  options: AgencyClientOptions,
  relations: RelationRules,
): MoneyMessages {
  return {
    prepareSettlement(request, context) {
      const proof =
        request.offlineProof === undefined ? undefined : offlineProofContent(request.offlineProof);
      if (proof?.ok === false) return proof;
      const input = settlementRequest(request, '2102', proof?.value);
      const message = exchange.prepare('2102', settlementInput, input, context, request.insuredRegion);
      if (!message.ok) return message;
      const asked = askedAnew(message.value, input, request.insuredRegion);
      return asked.ok ? message : err(asked.error);
    },
    prepareReversal(request, context) {
      const input = reversalRequest(request);
      return exchange.prepare('2601', reversalInput, input, context, request.insuredRegion);
    },
    prepareCancel(request, context) {
      const input = cancelRequest(request);
      return exchange.prepare('2103', cancelInput, input, context, request.insuredRegion);
    },
    sendSettlement: (message) => settle(exchange, message, relations, options.clock),
    async sendReversal(message) {
      return outcomeOf(await exchange.send(message), nothing);
    },
    sendCancel: (message) => cancel(exchange, message, relations),
  };
}

/** 2101 or 2102: the answer is held against the bytes that asked for it; doubtful relations only warn. */
async function settle(
  exchange: MessageExchange,
  message: PreparedMessage,
  relations: RelationRules,
  clock: Clock,
): Promise<AgencyOutcome<Settlement>> {
  const asked = askedSettlement(message);
  if (!asked.ok) return refused(asked.error, '', '');
  const transaction = message.transaction === '2101' ? '2101' : '2102';
  const doubts: string[] = [];
  const outcome = outcomeOf(await exchange.send(message), (output) => {
    const answer = readSettlementAnswer(output, transaction);
    if (!answer.ok) return answer;
    if (answersAnother(message, answer.value.echoedMessageId)) return err(OTHERS_ANSWER);
    doubts.push(...doubtfulRelations(answer.value).map(describeBroken));
    const broken = checkSettlement(answer.value, asked.value, relations);
    return ok(toSettlement(answer.value, asked.value, broken, relations, clock.nowMs()));
  });
  if (outcome.kind !== 'success' || doubts.length === 0) return outcome;
  return { ...outcome, warnings: [...outcome.warnings, ...doubts] };
}

/** 2103: broken relations become warnings, because what was given back is given back. */
async function cancel(
  exchange: MessageExchange,
  message: PreparedMessage,
  relations: RelationRules,
): Promise<AgencyOutcome<Cancellation>> {
  const asked = askedCancellation(message);
  if (!asked.ok) return refused(asked.error, '', '');
  const broken: string[] = [];
  const exchanged: Exchanged = await exchange.send(message);
  const outcome = outcomeOf(exchanged, (output) => {
    const answer = readCancellation(output);
    if (!answer.ok) return answer;
    if (answersAnother(message, answer.value.echoedMessageId)) return err(OTHERS_ANSWER);
    broken.push(...checkCancellation(answer.value, asked.value, relations).map(describeBroken));
    return ok(toCancellation(answer.value, relations));
  });
  if (outcome.kind !== 'success' || broken.length === 0) return outcome;
  return { ...outcome, warnings: [...outcome.warnings, ...broken] };
}

const OTHERS_ANSWER = 'setlinfo: the answer to another message';

/**
 * Whether the id that an answer repeats is that of another message of this institution: a proxy has mixed answers
 * up, and nobody knows what became of this message. Anything else in the field is the platform's own way.
 */
function answersAnother({ messageId }: PreparedMessage, echoed: string): boolean {
  if (echoed === messageId || echoed.length !== messageId.length) return false;
  return echoed.slice(0, INSTITUTION_CHARACTERS) === messageId.slice(0, INSTITUTION_CHARACTERS);
}

function nothing(): Result<void, string> {
  return ok(undefined);
}
