import type { FastifyRequest } from 'fastify';
import { hasRight, type OperatorRole, type Right } from '#core/domain/rights';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { Caller } from './route.ts';
import { Sessions } from './sessions.ts';
import { sameSecret } from './token.ts';

export interface Keys {
  /** Role of somebody who may sign in now. */
  readonly roleOf: (operator: string) => OperatorRole | undefined;
  /** Operator of the open shift. */
  readonly shiftOperator: () => string | undefined;
  readonly sessions: Sessions;
  readonly token: string;
  readonly cookieName: string;
}

const SAFE_METHODS = new Set(['GET', 'HEAD']);

/**
 * Who calls. Another program shows the token. A page shows its cookie, and whenever something changes also
 * its Origin (a browser cannot forge it) and its check value (another page cannot read it); a WebSocket of
 * a page needs the Origin too. An open route takes an unknown caller, yet nothing changes without an Origin.
 */
export function identify(
  request: FastifyRequest,
  access: 'open' | 'caller',
  keys: Keys,
): Result<Caller, Fault> {
  const { headers } = request;
  if (headers.authorization !== undefined) {
    const given = /^Bearer ([\x21-\x7e]{1,256})$/i.exec(headers.authorization)?.[1];
    return given !== undefined && sameSecret(given, keys.token)
      ? ok({ kind: 'program' })
      : err(fault('token-wrong'));
  }
  const changes = !SAFE_METHODS.has(request.method);
  if ((changes || request.ws) && headers.origin === undefined) {
    return err(fault('origin-forbidden', 'without an Origin the token is needed'));
  }
  const session = keys.sessions.find(request.cookies[keys.cookieName]);
  // Disabled meanwhile: what the session was opened for counts no more.
  if (session === undefined || keys.roleOf(session.operator.number) === undefined)
    return access === 'open' ? ok({ kind: 'open' }) : err(fault('session-missing'));
  if (changes && access === 'caller' && !Sessions.proves(session, headers['x-guitai-csrf'])) {
    return err(fault('session-stale'));
  }
  return ok({ kind: 'page', session });
}

/**
 * Whether the operator of the calling page may do that; other programs have the token, which is the shop's own.
 * Without a right of its own, whatever changes something is for those who sell: an inspector changes nothing (A8).
 */
export function mayCall(
  caller: Caller,
  method: string,
  right: Right | undefined,
  roleOf: Keys['roleOf'],
): Result<void, Fault> {
  const needed = right ?? (SAFE_METHODS.has(method) ? undefined : 'sell');
  if (caller.kind !== 'page' || needed === undefined) return ok(undefined);
  const role = roleOf(caller.session.operator.number);
  return role !== undefined && hasRight(role, needed) ? ok(undefined) : err(fault('right-missing', needed));
}

/**
 * Who sells stands on every transaction: what acts on the sale at the counter is for the operator of the open shift.
 * Somebody else who signs in takes the shift over first.
 */
export function mayActAtCounter(caller: Caller, shiftOperator: string | undefined): Result<void, Fault> {
  if (caller.kind !== 'page' || shiftOperator === undefined) return ok(undefined);
  return caller.session.operator.number === shiftOperator ? ok(undefined) : err(fault('shift-of-another'));
}
