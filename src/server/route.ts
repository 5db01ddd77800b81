import type { z } from 'zod';
import type { Right } from '#core/domain/rights';
import { type Fault, type FaultCode, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { errorBody, statusOf } from './answers.ts';
import type { Session } from './sessions.ts';

/** Who calls: nobody known (open routes only), a cashier's page, or another program with the token. */
export type Caller =
  | { readonly kind: 'open' }
  | { readonly kind: 'page'; readonly session: Session }
  | { readonly kind: 'program' };

export interface RawCall {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly caller: Caller;
  /** Identity of the connection, for slowing down guesses. */
  readonly connection: object;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly mediaType?: string;
  /** Session id to set, or null to clear the cookie. */
  readonly cookie?: string | null;
  /** For the log. */
  readonly faultCode?: string;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Documented {
  readonly method: Method;
  /** Path with `:name` places. */
  readonly url: string;
  readonly tag: 'session' | 'till' | 'sale' | 'sales' | 'operations' | 'devices' | 'office' | 'training';
  readonly summary: string;
  readonly description?: string;
  readonly access: 'open' | 'caller';
  /** What the operator of a calling page must be allowed; by default `sell` for whatever changes something. */
  readonly right?: Right | 'none';
  /** Acts on the sale at the counter: a page may do it only for the operator of the open shift. */
  readonly atCounter?: true;
  /** A page may ask it over its live connection as well. */
  readonly overLive?: true;
  readonly bodyExample?: unknown;
  /** A file as the body (`application/octet-stream`) instead of JSON. */
  readonly upload?: { readonly mostBytes: number };
  readonly answer: { readonly schema: z.ZodType; readonly example: unknown } | { readonly mediaType: string };
  /** Expected faults worth telling a reader of the document, beside those of every route. */
  readonly faults?: readonly FaultCode[];
}

/** One route of the API: its description for the document, and how a raw request is answered. */
export interface Route extends Documented {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  run(call: RawCall): Promise<Reply>;
}

interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Empty where the route takes none. */
  readonly upload: Uint8Array;
  readonly caller: Caller;
  readonly connection: object;
}

interface Handled {
  readonly value: unknown;
  readonly mediaType?: string;
  readonly cookie?: string | null;
}

/** What a verb of the till answered, as the answer of a route. */
export async function answerOf<T>(
  answer: Result<T, Fault> | Promise<Result<T, Fault>>,
): Promise<Result<{ readonly value: T }, Fault>> {
  const told = await answer;
  return told.ok ? ok({ value: told.value }) : told;
}

interface Spec<P, Q, B> extends Documented {
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  handle(call: Call<P, Q, B>): Promise<Result<Handled, Fault>> | Result<Handled, Fault>;
}

/** Binds a handler to its schemas: whatever reaches the handler has been checked. */
export function defineRoute<P = undefined, Q = undefined, B = undefined>(spec: Spec<P, Q, B>): Route {
  return {
    ...spec,
    async run(raw) {
      const params = parsePart(spec.params, raw.params, 'path');
      if (!params.ok) return refusal(params.error);
      const query = parsePart(spec.query, raw.query, 'query');
      if (!query.ok) return refusal(query.error);
      const body = parsePart(spec.body, raw.body ?? {}, 'body');
      if (!body.ok) return refusal(body.error);
      const file = raw.body instanceof Uint8Array ? raw.body : undefined;
      if (spec.upload !== undefined && file === undefined)
        return refusal(fault('request-invalid', 'body: a file is expected'));
      const result = await spec.handle({
        params: params.value,
        query: query.value,
        body: body.value,
        upload: file ?? new Uint8Array(),
        caller: raw.caller,
        connection: raw.connection,
      });
      if (!result.ok) return refusal(result.error);
      const { value, ...rest } = result.value;
      return { status: 200, body: value, ...rest };
    },
  };
}

/** What of these routes changes something acts on the sale at the counter; `except`: for others as well. */
export function atCounter(routes: readonly Route[], except: readonly string[] = []): Route[] {
  return routes.map((route) =>
    route.method === 'GET' || except.includes(route.url) ? route : { ...route, atCounter: true },
  );
}

/** The verbs of the sale, the most of what a page asks; it knows them by the same names (`goesOverLive`). */
const OVER_LIVE = /^\/api\/(?:scan$|account$|sale\/)/;

/** Lets these be asked over a live connection as well, as far as they are verbs of the sale. */
export function overLive(routes: readonly Route[]): Route[] {
  return routes.map((route) =>
    route.method !== 'GET' && OVER_LIVE.test(route.url) ? { ...route, overLive: true } : route,
  );
}

/** Who calls, as records name it: the operator of a page, undefined for another program. */
export function operatorOf(caller: Caller): string | undefined {
  return caller.kind === 'page' ? caller.session.operator.number : undefined;
}

export function refusal(found: Fault): Reply {
  return { status: statusOf(found), body: errorBody(found), faultCode: found.code };
}

/** A result of the till as the answer of a route. */
export function plain<T>(result: Result<T, Fault>): Result<Handled, Fault> {
  return result.ok ? ok({ value: result.value }) : result;
}

/** Without a schema the part is not looked at, so the handler is given nothing of it. */
function parsePart<T>(schema: z.ZodType<T> | undefined, given: unknown, where: string): Result<T, Fault> {
  if (schema === undefined) return ok(undefined as T);
  const parsed = schema.safeParse(given);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  // Zod's sentences name types and rules, never the value that was sent.
  const path = issue === undefined ? '' : [where, ...issue.path.map(String)].join('.');
  return err(fault('request-invalid', `${path}: ${issue?.message ?? 'not valid'}`.slice(0, 300)));
}
