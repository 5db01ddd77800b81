import type { Till } from '#checkout/facade';
import { ok } from '#core/result';
import { answerOf, defineRoute, type Route } from '../route.ts';
import { backupAnswer, backupBody, backupExample, owedAnswer, owedExample } from '../schemas-guards.ts';

/** What is still owed, and copies of the records. */
export function guardRoutes(till: Till): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/owed',
      tag: 'operations',
      summary: 'What must be uploaded, cleared up, printed or looked at before these records may go',
      access: 'caller',
      answer: { schema: owedAnswer, example: owedExample },
      handle: () => {
        const { rows, total } = till.owed();
        return ok({ value: { rows: [...rows], total } });
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/backup',
      tag: 'operations',
      summary: 'Backs the records up while the till sells, checked before it counts',
      access: 'caller',
      body: backupBody,
      bodyExample: {},
      answer: { schema: backupAnswer, example: backupExample },
      faults: ['backup-failed', 'backup-no-folder', 'backup-folder-open', 'store-disk-full'],
      handle({ body: { to, withKeys } }) {
        const wish = { ...(to === undefined ? {} : { to }), ...(withKeys === undefined ? {} : { withKeys }) };
        return answerOf(till.backUp(wish));
      },
    }),
  ];
}
