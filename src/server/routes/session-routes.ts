import type { Till } from '#checkout/facade';
import { fault } from '#core/fault';
import { err, ok } from '#core/result';
import type { Attempts } from '../attempts.ts';
import { defineRoute, type Route } from '../route.ts';
import { credentialBody, emptyAnswer, sessionAnswer, shopAnswer } from '../schemas.ts';
import type { Sessions } from '../sessions.ts';

export interface SessionDeps {
  readonly till: Till;
  readonly sessions: Sessions;
  readonly attempts: Attempts;
  readonly pinHints?: readonly { readonly number: string; readonly pin: string }[];
  /** Ends the live connections of a session that was signed out. */
  readonly sessionEnded: (sessionId: string) => void;
}

export function sessionRoutes(deps: SessionDeps): Route[] {
  return [shopRoute(deps), signInRoute(deps), signOutRoute(deps)];
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
    handle({ caller }) {
      const view = till.view();
      const session =
        caller.kind === 'page'
          ? { operator: operatorOf(caller.session.operator), csrf: caller.session.csrf }
          : null;
      return ok({
        value: {
          shopName: view.shopName,
          terminal: view.terminal,
          training: view.training,
          operators: till.operators().map(operatorOf),
          ...(view.training && pinHints !== undefined ? { pinHints } : {}),
          session,
        },
      });
    },
  });
}

function signInRoute({ till, sessions, attempts }: SessionDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/session',
    tag: 'session',
    summary: 'Signs a cashier in: answers the check value and sets the cookie of the page',
    description:
      'For the pages. Other programs send the token with every request and need no session. ' +
      'Wrong PINs make the next attempt slower.',
    access: 'open',
    body: credentialBody,
    bodyExample: { number: '01', pin: '000000' },
    answer: {
      schema: sessionAnswer,
      example: { operator: { number: '01', name: '柜员甲' }, csrf: 'value-for-x-guitai-csrf' },
    },
    faults: ['operator-unknown', 'operator-wait', 'attempts-too-many'],
    async handle({ body, connection }) {
      const proved = await attempts.run(body.number, connection, () => till.checkOperator(body));
      if (!proved.ok) return proved;
      const session = sessions.open(proved.value);
      return ok({ value: { operator: operatorOf(proved.value), csrf: session.csrf }, cookie: session.id });
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
    answer: { schema: emptyAnswer, example: {} },
    handle({ caller }) {
      if (caller.kind !== 'page') return err(fault('session-missing'));
      sessions.close(caller.session.id);
      sessionEnded(caller.session.id);
      return ok({ value: {}, cookie: null });
    },
  });
}

function operatorOf({ number, name }: { number: string; name: string }): { number: string; name: string } {
  return { number, name };
}
