import type { Till } from '#checkout/facade';
import { tillView } from '#checkout/view';
import { fault } from '#core/fault';
import { err } from '#core/result';
import type { Attempts } from '../attempts.ts';
import { tillExample } from '../examples.ts';
import { defineRoute, plain, type Route } from '../route.ts';
import { actingPersonBody, changePinBody, identityNumberBody, twoPeopleBody, visitBody } from '../schemas.ts';
import { withSecond } from '../second.ts';

const common = {
  tag: 'till',
  access: 'caller',
  answer: { schema: tillView, example: tillExample },
} as const;

/** Who stands at the counter other than by a card that is read, and the PIN of the card that is. */
export function holderRoutes(till: Till, attempts: Attempts): Route[] {
  return [...personRoutes(till), visitRoute(till), ...pinRoutes(till, attempts)];
}

function personRoutes(till: Till): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/holder/identity-number',
      summary: 'Identifies the holder by an identity number typed by hand',
      description: 'Only where the configuration names the document of the region that allows it.',
      body: identityNumberBody,
      bodyExample: { identityNumber: '990101196001010019', name: '测试甲', reason: '卡片损坏' },
      handle: async ({ body }) => plain(await till.identifyByNumber(body)),
    }),
    defineRoute({
      ...common,
      method: 'PUT',
      url: '/api/holder/acting-person',
      summary: 'Someone acts for the holder of this sale',
      body: actingPersonBody,
      bodyExample: { relation: 'child', name: '测试乙', identityNumber: '990101198501010019' },
      handle: async ({ body }) => plain(await till.setActingPerson(body)),
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      url: '/api/holder/acting-person',
      summary: 'The holder acts in person again',
      handle: async () => plain(await till.setActingPerson(undefined)),
    }),
  ];
}

function visitRoute(till: Till): Route {
  return defineRoute({
    ...common,
    method: 'PUT',
    url: '/api/sale/visit',
    summary: 'The kind of visit under which the sale is made: ordinary, or a chronic disease of the holder',
    description:
      'Only a disease that the agency has filed for the holder and that counts in this shop today; the view names ' +
      'them. Without a code it is an ordinary purchase. A quoted sale is quoted anew.',
    body: visitBody,
    bodyExample: { diseaseCode: 'M01600' },
    faults: ['holder-none', 'chronic-unknown', 'chronic-not-filed', 'chronic-not-valid', 'chronic-offline'],
    handle: async ({ body }) => plain(await till.setVisit(body.diseaseCode)),
  });
}

function pinRoutes(till: Till, attempts: Attempts): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/card/pin',
      summary: "Changes the PIN of the card in the reader; the card itself proves the holder's old one",
      description: 'Without digits the PIN pad asks the holder for the old PIN and twice for the new one.',
      body: changePinBody,
      bodyExample: { old: '000000', replacement: '111111' },
      faults: ['card-none', 'card-pin-wrong', 'card-pin-locked'],
      async handle({ body }) {
        const { old, replacement } = body;
        if (old === undefined && replacement === undefined) return plain(await till.changeCardPin());
        if (old === undefined || replacement === undefined) {
          return err(fault('request-invalid', 'body: old and replacement come together'));
        }
        return plain(await till.changeCardPin({ old, replacement }));
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/card/pin/unblock',
      summary: "Restores the tries of a locked card PIN, by two people, with the security module's keys",
      body: twoPeopleBody,
      bodyExample: { second: { number: '02', pin: '000000' }, reason: '持卡人忘记密码' },
      faults: ['card-none', 'operator-unknown', 'attempts-too-many'],
      handle: ({ body, caller, connection }) =>
        withSecond(till, attempts, body.second, { caller, connection }, async () =>
          plain(await till.unblockCardPin(body.second, body.reason)),
        ),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/pin-pad/cancel',
      summary: 'Ends an entry on the PIN pad',
      handle: async () => plain(await till.cancelPinEntry()),
    }),
  ];
}
