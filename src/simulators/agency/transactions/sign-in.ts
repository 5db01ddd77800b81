import { businessDateTime } from '#core/business-time';
import { need } from '../basket-check.ts';
import { type AgencyContext, done, type Outcome, refused } from '../context.ts';
import { nextCount } from '../database.ts';
import type { CheckedRequest } from '../request.ts';

const NEEDS_SIGN_IN = new Set(['2101', '2102', '2103']);

/** 9001 签到: a new sign-in number of eight digits. */
export function signIn(request: CheckedRequest, context: AgencyContext): Outcome {
  const node = request.nodes['signIn'] ?? {};
  const nowMs = context.clock.nowMs();
  const number = (90_000_000n + nextCount(context.database, 'sign-in')).toString();
  context.database
    .prepare('INSERT INTO sign_in (sign_number, institution, operator, at_ms, open) VALUES (?, ?, ?, ?, 1)')
    .run(number, need(request.envelope, 'fixmedins_code'), need(node, 'opter_no'), nowMs);
  return done({ signinoutb: { sign_time: businessDateTime(nowMs), sign_no: number } });
}

/** 9002 签退: ends the sign-in; an unknown or ended number is refused. */
export function signOut(request: CheckedRequest, context: AgencyContext): Outcome {
  const number = need(request.nodes['signOut'] ?? {}, 'sign_no');
  const ended = context.database
    .prepare('UPDATE sign_in SET open = 0 WHERE sign_number = ? AND institution = ? AND open = 1')
    .run(number, need(request.envelope, 'fixmedins_code'));
  if (ended.changes === 0) return invalidSignIn();
  return done({ signoutoutb: { sign_time: businessDateTime(context.clock.nowMs()) } });
}

/** A sign-in number that is sent must be valid; the money transactions must send one. */
export function checkSignIn(request: CheckedRequest, context: AgencyContext): Outcome | undefined {
  if (request.infno === '9001' || request.infno === '9002') return undefined;
  const number = request.envelope['sign_no'];
  if (number === undefined) {
    const needed = context.behaviour.requireSignIn && NEEDS_SIGN_IN.has(request.infno);
    return needed ? invalidSignIn() : undefined;
  }
  const row = context.database
    .prepare<[string, string], { open: bigint }>(
      'SELECT open FROM sign_in WHERE sign_number = ? AND institution = ?',
    )
    .get(number, need(request.envelope, 'fixmedins_code'));
  return row?.open === 1n ? undefined : invalidSignIn();
}

function invalidSignIn(): Outcome {
  return refused('签到编号无效，请重新签到', 'signInSignOutBO_2001', 'sign_no');
}
