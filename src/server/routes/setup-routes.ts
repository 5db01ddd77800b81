import type { Till } from '#checkout/facade';
import { fault } from '#core/fault';
import { err } from '#core/result';
import type { Attempts } from '../attempts.ts';
import { defineRoute, plain, type Route } from '../route.ts';
import { firstManagerBody, operatorRow, operatorRowExample } from '../schemas-office.ts';
import { sameSecret } from '../token.ts';

/** One lane for all guesses of the set-up code. */
const LANE = 'setup';

/** The first manager of a new shop. */
export function setupRoutes(till: Till, attempts: Attempts, code: string): Route[] {
  return [
    defineRoute({
      method: 'POST',
      url: '/api/setup/manager',
      tag: 'office',
      summary: 'Makes the first manager of a shop that has no operator; refused ever after',
      description:
        'Needs the set-up code that the program shows where it is started. Wrong codes are slowed.',
      access: 'open',
      right: 'none',
      body: firstManagerBody,
      bodyExample: { code: '04213377', number: '0101', name: '店长甲', password: 'k7-mountain' },
      answer: { schema: operatorRow, example: operatorRowExample },
      faults: ['setup-over', 'setup-code-wrong', 'password-weak', 'attempts-too-many'],
      async handle({ body: { code: given, ...wish }, connection }) {
        if (till.operators().length > 0) return err(fault('setup-over'));
        return plain(
          await attempts.run(LANE, connection, async () =>
            sameSecret(given, code) ? till.addFirstManager(wish) : err(fault('setup-code-wrong')),
          ),
        );
      },
    }),
  ];
}
