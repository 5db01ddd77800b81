import { randomInt } from 'node:crypto';
import { compactDateTime } from '#core/business-time';
import { err, ok, type Result } from '#core/result';
import type { MessageIdSource } from './port.ts';

/** Four digits. */
const perSecond = 10_000;

/** Parts of a sender message id (发送方报文ID, interface table 1.1). */
export interface MessageIdParts {
  readonly institutionCode: string;
  /** `yyyyMMddHHmmss`. */
  readonly time: string;
  readonly sequence: string;
}

/** 12 characters institution, 14 digits time, 4 digits sequence: 30 characters. */
export function composeMessageId(institutionCode: string, nowMs: number, sequence: number): string {
  return `${institutionCode}${compactDateTime(nowMs)}${String(sequence).padStart(4, '0')}`;
}

export function messageIdParts(messageId: string): Result<MessageIdParts, 'not-a-message-id'> {
  const parts = /^([A-Z0-9]{12})(\d{14})(\d{4})$/.exec(messageId);
  if (parts === null) return err('not-a-message-id');
  return ok({ institutionCode: parts[1] ?? '', time: parts[2] ?? '', sequence: parts[3] ?? '' });
}

/**
 * Takes the next id and checks it against the rule: a source that breaks it is found before the message is
 * stored, not by the agency.
 */
export function takeMessageId(
  source: MessageIdSource,
  institutionCode: string,
  nowMs: number,
): Result<string, 'not-a-message-id'> {
  const messageId = source.nextMessageId(institutionCode, nowMs);
  const parts = messageIdParts(messageId);
  if (!parts.ok || parts.value.institutionCode !== institutionCode) return err('not-a-message-id');
  return ok(messageId);
}

/**
 * Ids that live as long as the process, for questions asked by tools without a store. A second that is not
 * later than the last one keeps counting on the last one, so ids never repeat when the clock goes back. The count
 * begins somewhere else in each process (`first`, 0 to 9999): two runs within a second would else give out the same ids.
 */
export function volatileMessageIds(first = randomInt(perSecond)): MessageIdSource {
  let lastSecond = 0;
  let given = 0;
  return {
    nextMessageId(institutionCode, nowMs) {
      const second = Math.floor(nowMs / 1000);
      if (second > lastSecond || given === perSecond) {
        lastSecond = Math.max(second, lastSecond + 1);
        given = 0;
      }
      const sequence = (first + given) % perSecond;
      given += 1;
      return composeMessageId(institutionCode, lastSecond * 1000, sequence);
    },
  };
}
