import type { Till } from '#checkout/facade';
import { rightsOf } from '#core/domain/rights';
import { fault } from '#core/fault';
import { err, ok } from '#core/result';
import type { ShopAnswer } from '../api-types.ts';
import type { Attempts } from '../attempts.ts';
import { type Caller, defineRoute, type Route } from '../route.ts';
import { emptyAnswer, lockAnswer, sessionAnswer, shopAnswer } from '../schemas.ts';
import { credentialBody } from '../schemas-parts.ts';
import type { Session, Sessions } from '../sessions.ts';

export interface SessionDeps {
  readonly till: Till;
  readonly sessions: Sessions;
  readonly attempts: Attempts;
  readonly pinHints?: readonly { readonly number: string; readonly pin: string }[];
  /** Ends the live connections of a session that was signed out. */
  readonly sessionEnded: (sessionId: string) => void;
}

export function sessionRoutes(deps: SessionDeps): Route[] {
  return [shopRoute(deps), signInRoute(deps), signOutRoute(deps), lockRoute(deps)];
}

function shopRoute({ till, pinHints }: SessionDeps): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/shop',
    tag: 'session',
    summary: 'What the sign-in screen shows',
    access: 'open',
    answer: {
      schema: shopAnswer,
      example: {
        shopName: '示例大药房',
        terminal: 'T01',
        training: false,
        operators: [{ number: '01', name: '柜员甲' }],
        session: null,
      },
    },
    handle: ({ caller }) => ok({ value: shopOf({ till, pinHints }, caller) }),
  });
}

/** What the sign-in screen shows, and who is signed in already. */
export function shopOf(
  { till, pinHints }: Pick<SessionDeps, 'till'> & { pinHints: SessionDeps['pinHints'] | undefined },
  caller: Caller,
): ShopAnswer {
  const view = till.view();
  const session =
    caller.kind === 'page'
      ? {
          operator: signedIn(till, caller.session.operator),
          csrf: caller.session.csrf,
          lockMinutes: till.lockMinutes(),
        }
      : null;
  return {
    shopName: view.shopName,
    terminal: view.terminal,
    training: view.training,
    operators: till.operators().map(operatorOf),
    ...(view.training && pinHints !== undefined ? { pinHints: [...pinHints] } : {}),
    session,
  };
}

function signInRoute({ till, sessions, attempts }: SessionDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/session',
    tag: 'session',
    summary: 'Signs a cashier in: answers the check value and sets the cookie of the page',
    description:
      'For the pages. Other programs send the token with every request and need no session. ' +
      'Wrong PINs make the next attempt slower. An operator who has shown the password within twelve hours may ' +
      'use the quick PIN instead.',
    access: 'open',
    body: credentialBody,
    bodyExample: { number: '01', pin: '000000' },
    answer: {
      schema: sessionAnswer,
      example: {
        operator: { number: '01', name: '柜员甲', role: 'cashier', rights: ['sell', 'second'] },
        csrf: 'value-for-x-guitai-csrf',
      },
    },
    faults: ['operator-unknown', 'operator-wait', 'attempts-too-many'],
    async handle({ body, connection }) {
      const quick = sessions.provedLately(body.number);
      const proved = await attempts.run(body.number, connection, () => till.checkOperator(body, { quick }));
      if (!proved.ok) return proved;
      // Not renewed by a quick PIN: twice a day the password is asked for.
      if (!quick) sessions.provedPassword(body.number);
      const session = sessions.open(proved.value);
      return ok({
        value: { operator: signedIn(till, proved.value), csrf: session.csrf },
        cookie: session.id,
      });
    },
  });
}

function signOutRoute({ sessions, sessionEnded }: SessionDeps): Route {
  return defineRoute({
    method: 'DELETE',
    url: '/api/session',
    tag: 'session',
    summary: 'Signs the page out; shift, basket and queue stay as they are',
    access: 'caller',
    right: 'none',
    answer: { schema: emptyAnswer, example: {} },
    handle({ caller }) {
      if (caller.kind !== 'page') return err(fault('session-missing'));
      sessions.close(caller.session.id);
      sessionEnded(caller.session.id);
      return ok({ value: {}, cookie: null });
    },
  });
}

/** The page asks when nobody has touched it for long; another page of the same session may be in use. */
function lockRoute({ till, sessions, sessionEnded }: SessionDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/session/lock',
    tag: 'session',
    summary:
      'Locks the page when nobody has used it for the configured minutes: its session ends, the sale stays',
    access: 'caller',
    right: 'none',
    answer: { schema: lockAnswer, example: { locked: true } },
    handle({ caller }) {
      if (caller.kind !== 'page') return err(fault('session-missing'));
      const { id } = caller.session;
      const idleMs = till.lockMinutes() * 60_000;
      if (idleMs === 0 || sessions.idleMs(id) < idleMs) return ok({ value: { locked: false } });
      sessions.close(id);
      sessionEnded(id);
      return ok({ value: { locked: true }, cookie: null });
    },
  });
}

function signedIn(till: Till, { number, name, role }: Session['operator']) {
  const now = till.operatorRole(number) ?? role;
  return { number, name, role: now, rights: [...rightsOf(now)] };
}

function operatorOf({ number, name }: { number: string; name: string }): { number: string; name: string } {
  return { number, name };
}
