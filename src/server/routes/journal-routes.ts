import type { Till } from '#checkout/facade';
import { defineRoute, plain, type Route } from '../route.ts';
import { journalVerifyAnswer, journalVerifyExample } from '../schemas-journal.ts';

/** The journal of this till. */
export function journalRoutes(till: Till): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/journal/verify',
      tag: 'operations',
      summary: 'Looks for changes that other tools made to journal and records',
      description:
        'The whole journal and every record, in pieces between which sales go on: about a minute for a million ' +
        'entries. What ran already when a second caller asks is answered to both.',
      access: 'caller',
      answer: { schema: journalVerifyAnswer, example: journalVerifyExample },
      handle: async () => plain(await till.verifyJournal()),
    }),
  ];
}
