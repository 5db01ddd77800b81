import { assert } from '#core/assert';
import type { MessageState, StoredMessage } from '#core/domain/message';
import type { Operator, Sale, SaleState } from '#core/domain/sale';
import type { FaultCode } from '#core/fault';
import type { Change } from '../port.ts';

/** What every business step knows: the sale as stored, the time and who does it. */
export interface Step {
  readonly sale: Sale;
  readonly nowMs: number;
  /** Operator number; `till` for what the program does by itself. */
  readonly operator: Operator['number'];
}

/** Operator of steps that the terminal takes without a person. */
export const byItself = 'till';

/** The fixed bytes of a message before it is sent (the agency's `PreparedMessage`). */
export interface FixedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly preparedAtMs: number;
}

/** A readable answer to a message, kept word for word. */
export interface Answered {
  readonly messageId: string;
  readonly answer: string;
}

/**
 * A refusal. The agency's words may name people: they are kept with the sealed answer and on the work-list, and
 * never in the journal, which is in clear and only grows.
 */
export interface Refused {
  readonly faultCode: string;
  readonly agencyText: string;
}

/** No readable answer: when the last byte may have left, and why there was none. */
export interface Unanswered {
  readonly messageId: string;
  readonly lastByteAtMs: number;
  readonly faultCode: FaultCode;
  readonly answer?: string;
}

type MessageChange = NonNullable<Change['messages']>[number];

export function intent(
  saleId: string,
  transaction: StoredMessage['transaction'],
  message: FixedMessage,
  originalMessageId?: string,
): StoredMessage {
  return {
    messageId: message.messageId,
    saleId,
    transaction,
    body: message.body,
    preparedAtMs: message.preparedAtMs,
    state: 'intent',
    ...(originalMessageId === undefined ? {} : { originalMessageId }),
  };
}

export function answered(
  { messageId, answer }: Answered,
  to: MessageState,
  nowMs: number,
  faultCode?: string,
): MessageChange {
  return {
    messageId,
    was: ['intent'],
    to,
    answeredAtMs: nowMs,
    answer,
    ...(faultCode === undefined ? {} : { faultCode }),
  };
}

export function unanswered(message: Unanswered): MessageChange {
  const { messageId, lastByteAtMs, faultCode, answer } = message;
  return {
    messageId,
    was: ['intent'],
    to: 'unknown',
    lastByteAtMs,
    faultCode,
    ...(answer === undefined || answer === '' ? {} : { answer }),
  };
}

/**
 * A text that somebody typed, for the journal: every name and number of the sale's people is blanked, and
 * whatever looks like an identity number.
 */
export function journaled(typed: string, sale?: Sale): string {
  const { holder, actingPerson } = sale ?? {};
  const known = [
    holder?.name,
    holder?.certificateNumber,
    holder?.mediumNumber,
    holder?.personNumber,
    holder?.cardId,
    actingPerson?.name,
    actingPerson?.identityNumber,
  ];
  let blanked = typed;
  for (const value of known) {
    if (value !== undefined && value !== '') blanked = blanked.replaceAll(value, '***');
  }
  return blanked.replace(/(?<!\d)\d{17}[\dXx](?!\d)|\b\d{15}\b/g, '***');
}

/** The row with a new state, guarded by the states from which the step may come. */
export function moved(sale: Sale, from: readonly SaleState[], to: SaleState): NonNullable<Change['sale']> {
  assert(from.includes(sale.state), `a ${sale.state} sale does not become ${to} by this step`);
  return { row: { ...sale, state: to }, was: sale.state };
}

/** Slip ids are made from the sale, so one settlement can never owe two originals. */
export function slipOf(
  saleId: string,
  kind: NonNullable<Change['slip']>['kind'],
): NonNullable<Change['slip']> {
  return { slipId: `${saleId}:${kind}`, saleId, kind };
}
