import { parseBusinessDateTime } from '#core/business-time';

/** The instant of `yyyyMMddHHmmssSSS` (table 1.2), or undefined. */
export function parseEnvelopeTime(text: string): number | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{3})$/.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, millisecond] = parts;
  const wholeMs = parseBusinessDateTime(`${year}-${month}-${day} ${hour}:${minute}:${second}`);
  return wholeMs === undefined ? undefined : wholeMs + Number(millisecond);
}

/**
 * Agency time minus terminal time, ms. With both times of the envelope the two ways cancel out; with one the
 * way back is counted as drift. Undefined when the answer carries no usable time.
 */
export function driftOf(
  receivedTime: string,
  respondedTime: string,
  sentAtMs: number,
  answeredAtMs: number,
): number | undefined {
  const received = parseEnvelopeTime(receivedTime);
  const responded = parseEnvelopeTime(respondedTime);
  if (responded === undefined) return received === undefined ? undefined : received - sentAtMs;
  if (received === undefined) return responded - answeredAtMs;
  return Math.round((received + responded - sentAtMs - answeredAtMs) / 2);
}

/** Answers by which the agency's clock is known, and how far the clocks of its machines may lie apart. */
const ANSWERS_KEPT = 9;
const MACHINES_APART_MS = 500;

/**
 * Tells an answer that the agency wrote before its question left, which a proxy on the way handed out for another
 * one: a refusal names no message, so nothing else ties it to its question (table 1.2, `refmsg_time`). The agency's
 * clock is known from the last answers, the one in the middle, so that one stray answer or wrong time leads nobody
 * astray; the terminal's is the monotonic one, which nobody sets.
 */
export class AnswerTimes {
  /** Agency's time minus the monotonic time at which the answer was there: its clock, less the way back. */
  #offsets: readonly number[] = [];

  /** Whether it was received before its question was sent. Unknown times say nothing. */
  isOlder(receivedTime: string, sentAtMonotonicMs: number): boolean {
    const receivedMs = parseEnvelopeTime(receivedTime);
    const sorted = [...this.#offsets].sort((a, b) => a - b);
    const offset = sorted[Math.floor(sorted.length / 2)];
    if (receivedMs === undefined || offset === undefined) return false;
    return receivedMs < sentAtMonotonicMs + offset - MACHINES_APART_MS;
  }

  note(receivedTime: string, answeredAtMonotonicMs: number): void {
    const receivedMs = parseEnvelopeTime(receivedTime);
    if (receivedMs === undefined) return;
    this.#offsets = [...this.#offsets, receivedMs - answeredAtMonotonicMs].slice(-ANSWERS_KEPT);
  }
}
