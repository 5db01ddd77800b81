import { readFileSync } from 'node:fs';

export interface FixtureExchange {
  readonly request: Record<string, unknown>;
  readonly response: Record<string, unknown> | null;
}

/** Exchanges of one fixture file; numbers stay in the file's own text because answers are sent as text. */
export function fixture(name: string): readonly FixtureExchange[] {
  const url = new URL(`../../fixtures/agency/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { exchanges: FixtureExchange[] }).exchanges;
}

/** The answer of one exchange as JSON text, with the message id of the real request put in its place. */
export function answerText(name: string, infno: string, messageId?: string): string {
  const exchange = fixture(name).find((each) => each.request['infno'] === infno);
  if (exchange === undefined) throw new Error(`no ${infno} in ${name}`);
  const text = JSON.stringify(exchange.response);
  const own = exchange.request['msgid'];
  return messageId === undefined || typeof own !== 'string' ? text : text.replaceAll(own, messageId);
}

export function requestOf(name: string, infno: string): Record<string, unknown> {
  const exchange = fixture(name).find((each) => each.request['infno'] === infno);
  if (exchange === undefined) throw new Error(`no ${infno} in ${name}`);
  return exchange.request;
}
