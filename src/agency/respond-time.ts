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
