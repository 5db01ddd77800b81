import type { Till } from '#checkout/facade';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { Attempts } from '../attempts.ts';
import { type Caller, defineRoute, plain, type Route } from '../route.ts';
import {
  addOperatorBody,
  changeOperatorBody,
  dayPictureAnswer,
  dayPictureExample,
  glassParams,
  glassRowExample,
  looksAnswer,
  looksExample,
  officeDayQuery,
  operatorParams,
  operatorRow,
  operatorRowExample,
  operatorsAnswer,
  ownSecretBody,
  settingsAnswer,
  settingsCheckAnswer,
  settingsCheckExample,
  settingsExample,
  verifyStateAnswer,
  verifyStateExample,
} from '../schemas-office.ts';
import { withSecond } from '../second.ts';
import type { Sessions } from '../sessions.ts';

export interface OfficeDeps {
  readonly till: Till;
  readonly sessions: Sessions;
  readonly attempts: Attempts;
  /** Ends the live connections of a session. */
  readonly sessionEnded: (sessionId: string) => void;
}

const look = { tag: 'office', access: 'caller', right: 'look' } as const;
const row = { schema: operatorRow, example: operatorRowExample } as const;

/** What the back office shows and changes. */
export function officeRoutes(deps: OfficeDeps): Route[] {
  return [
    ...operatorRoutes(deps),
    glassRoute(deps.till),
    ...ownRoutes(deps),
    ...bookRoutes(deps.till),
    ...settingsRoutes(deps.till),
  ];
}

function operatorRoutes({ till, sessions, attempts, sessionEnded }: OfficeDeps): Route[] {
  const manage = { tag: 'office', access: 'caller', right: 'manage', answer: row } as const;
  const example = { second: { number: '0101', pin: '000000' }, reason: '新员工入职' };
  return [
    defineRoute({
      ...look,
      method: 'GET',
      url: '/api/office/operators',
      summary: 'Operators with their rights, and steps for two that one person took alone',
      answer: {
        schema: operatorsAnswer,
        example: { operators: [operatorRowExample], glass: [glassRowExample] },
      },
      handle: () => ok({ value: { operators: till.operatorRows(), glass: till.glassRows() } }),
    }),
    defineRoute({
      ...manage,
      method: 'POST',
      url: '/api/office/operators',
      summary: 'Adds an operator; a manager asks, a second operator proves it',
      body: addOperatorBody,
      bodyExample: { number: '0103', name: '收银员丙', role: 'cashier', password: 'k7-mountain', ...example },
      faults: ['operator-exists', 'password-weak', 'operator-second-needed', 'reason-missing'],
      handle: ({ body: { second, reason, ...wish }, caller, connection }) =>
        asFirst(caller, (first) => {
          const add = async () => plain(await till.addOperator(wish, { first, second, reason }));
          // The first manager adds the second operator: the till itself proves the password, and reports the step.
          if (till.operatorRows().length === 1) return attempts.run(second.number, connection, add);
          return withSecond(till, attempts, second, { caller, connection }, add);
        }),
    }),
    defineRoute({
      ...manage,
      method: 'PATCH',
      url: '/api/office/operators/:number',
      summary:
        'Changes, disables or enables an operator, by two people; pages of that operator are signed out',
      params: operatorParams,
      body: changeOperatorBody,
      bodyExample: { state: 'disabled', ...example },
      faults: ['operator-last-manager', 'password-weak', 'operator-second-needed', 'reason-missing'],
      handle: ({ params: { number }, body: { second, reason, ...wish }, caller, connection }) =>
        asFirst(caller, (first) =>
          withSecond(till, attempts, second, { caller, connection }, async () => {
            const changed = await till.changeOperator(number, wish, { first, second, reason });
            // One's own page goes on when only a name or a day was changed.
            const strict =
              wish.state === 'disabled' || wish.role !== undefined || wish.password !== undefined;
            if (changed.ok && strict) for (const id of sessions.closeOf(number)) sessionEnded(id);
            return plain(changed);
          }),
        ),
    }),
  ];
}

function glassRoute(till: Till): Route {
  return defineRoute({
    ...look,
    // Not of the inspector, who changes nothing; and never of the one who broke the glass.
    right: 'manage',
    method: 'POST',
    url: '/api/office/glass/:id/seen',
    summary: 'Somebody else has seen a step for two that one person took alone',
    params: glassParams,
    answer: {
      schema: operatorsAnswer,
      example: { operators: [operatorRowExample], glass: [] },
    },
    faults: ['record-unknown', 'operator-second-needed'],
    handle: ({ params: { id }, caller }) =>
      asFirst(caller, async (first) => {
        const seen = till.seeGlass(id, first);
        if (!seen.ok) return seen;
        return ok({ value: { operators: till.operatorRows(), glass: till.glassRows() } });
      }),
  });
}

function ownRoutes({ till, attempts }: OfficeDeps): Route[] {
  return [
    defineRoute({
      tag: 'office',
      access: 'caller',
      right: 'none',
      method: 'POST',
      url: '/api/office/own-secret',
      summary: "Changes the signed-in operator's own password or quick PIN, with the password",
      body: ownSecretBody,
      bodyExample: { kind: 'quick', old: 'k7-mountain', to: '4061' },
      answer: row,
      faults: ['operator-unknown', 'password-weak'],
      handle: ({ body: { kind, old, to }, caller, connection }) =>
        asFirst(caller, async (number) => {
          if (kind === 'password' && to === null) return err(fault('password-weak'));
          const credential = { number, pin: old };
          const change = kind === 'quick' ? ({ kind, to } as const) : ({ kind, to: to ?? '' } as const);
          return plain(
            await attempts.run(number, connection, () => till.changeOwnSecret(credential, change)),
          );
        }),
    }),
  ];
}

function bookRoutes(till: Till): Route[] {
  const verify = { schema: verifyStateAnswer, example: verifyStateExample } as const;
  return [
    defineRoute({
      ...look,
      method: 'POST',
      url: '/api/office/journal/verify',
      summary: 'Begins a look at the whole journal; answers at once, the state tells how far it is',
      description: 'It reads only, so an inspector may ask for it.',
      answer: verify,
      handle: () => ok({ value: till.startVerify() }),
    }),
    defineRoute({
      ...look,
      method: 'GET',
      url: '/api/office/journal/verify',
      summary: 'How far the look at the journal is, and what the last one found',
      answer: verify,
      handle: () => ok({ value: till.verifyState() }),
    }),
    defineRoute({
      ...look,
      method: 'GET',
      url: '/api/office/looks',
      summary: 'Who looked at whose data on a day, latest first',
      query: officeDayQuery,
      answer: { schema: looksAnswer, example: looksExample },
      handle: ({ query }) => ok({ value: { looks: till.looks(query.day) } }),
    }),
    defineRoute({
      ...look,
      method: 'GET',
      url: '/api/office/day',
      summary: 'A day in numbers: sales by hour, time per sale, split by payer, refusals',
      query: officeDayQuery,
      answer: { schema: dayPictureAnswer, example: dayPictureExample },
      handle: ({ query }) => ok({ value: till.dayPicture(query.day) }),
    }),
  ];
}

function settingsRoutes(till: Till): Route[] {
  return [
    defineRoute({
      ...look,
      method: 'GET',
      url: '/api/office/settings',
      summary: 'The configuration as it counts now, without secrets',
      answer: { schema: settingsAnswer, example: settingsExample },
      handle: () => ok({ value: till.settings() }),
    }),
    defineRoute({
      ...look,
      method: 'GET',
      url: '/api/office/settings/check',
      summary: 'Reads the configuration file as the next start would; names line and reason of what is wrong',
      answer: { schema: settingsCheckAnswer, example: settingsCheckExample },
      handle: async () => ok({ value: await till.checkSettings() }),
    }),
  ];
}

/** Steps of a person: another program is nobody. */
async function asFirst<T>(
  caller: Caller,
  act: (operator: string) => Promise<Result<T, Fault>>,
): Promise<Result<T, Fault>> {
  return caller.kind === 'page' ? act(caller.session.operator.number) : err(fault('session-missing'));
}
