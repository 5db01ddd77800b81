import type { Till } from '#checkout/facade';
import { tillView } from '#checkout/view';
import { fault } from '#core/fault';
import { err, ok } from '#core/result';
import type { Attempts } from '../attempts.ts';
import { doctorExample, queueExample, receiptExample, summaryExample, tillExample } from '../examples.ts';
import { defineRoute, operatorOf, plain, type Route } from '../route.ts';
import {
  basketBody,
  cancelBody,
  connectivityBody,
  dayQuery,
  decisionBody,
  disputeBody,
  doctorAnswer,
  queueAnswer,
  receiptAnswer,
  reconcileAnswer,
  reconcileBody,
  saleParams,
  salesAnswer,
  syncAnswer,
  useCatalogBody,
} from '../schemas.ts';
import { withSecond } from '../second.ts';

/** In the list of who looked at whom: a program with the token, not a person. */
const BY_PROGRAM = 'program';
const tillAnswer = { schema: tillView, example: tillExample };

/** Whole sales: made in one call, listed, cancelled, printed. */
export function salesRoutes(till: Till, attempts: Attempts): Route[] {
  return [sellRoute(till), ...listRoutes(till), ...decisionRoutes(till, attempts), ...slipRoutes(till)];
}

function sellRoute(till: Till): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/sales',
    tag: 'sales',
    summary: 'A whole sale in one call',
    description:
      'For another cash register: insert the card, then send the basket. `reference` is your own key: after a ' +
      'lost connection or an answer 409 with retry class "ambiguous", send the same reference again and you get ' +
      'the same sale, never a second one.',
    access: 'caller',
    body: basketBody,
    bodyExample: {
      reference: 'my-register-000123',
      lines: [{ code: '6900000000014', quantity: '2' }],
      pay: 'account',
    },
    answer: { schema: receiptAnswer, example: receiptExample },
    faults: ['catalog-product-unknown', 'card-none', 'consent-missing', 'agency-refused', 'agency-no-answer'],
    handle: async ({ body }) => plain(await till.sellBasket(body)),
  });
}

function listRoutes(till: Till): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/sales',
      tag: 'sales',
      summary: 'Sales of a business day, today without one',
      access: 'caller',
      query: dayQuery,
      answer: { schema: salesAnswer, example: { sales: [summaryExample] } },
      handle: ({ query }) => ok({ value: { sales: till.sales(query.day) } }),
    }),
    defineRoute({
      method: 'GET',
      url: '/api/sales/:saleId',
      tag: 'sales',
      summary: 'One sale with its lines and split',
      access: 'caller',
      params: saleParams,
      answer: { schema: receiptAnswer, example: receiptExample },
      faults: ['sale-not-found'],
      handle: ({ params, caller }) => {
        const receipt = till.saleById(params.saleId, operatorOf(caller) ?? BY_PROGRAM);
        return receipt === undefined ? err(fault('sale-not-found')) : ok({ value: receipt });
      },
    }),
  ];
}

function decisionRoutes(till: Till, attempts: Attempts): Route[] {
  const common = { tag: 'sales', access: 'caller', params: saleParams, answer: tillAnswer } as const;
  return [
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/sales/:saleId/cancel',
      summary: 'Cancels a done sale (2103); a second operator proves it',
      body: cancelBody,
      bodyExample: { second: { number: '02', pin: '000000' }, reason: '顾客退货' },
      faults: ['sale-not-found', 'operator-unknown', 'attempts-too-many'],
      handle: ({ params, body, caller, connection }) =>
        withSecond(till, attempts, body.second, { caller, connection }, async () =>
          plain(await till.cancelSale(params.saleId, body.second, body.reason)),
        ),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/sales/:saleId/dispute',
      summary: 'Decides a sale whose sums from the agency look wrong; a second operator proves it',
      body: disputeBody,
      bodyExample: {
        decision: 'accept',
        second: { number: '02', pin: '000000' },
        reason: '已与经办机构核对',
      },
      faults: ['sale-not-found', 'operator-unknown', 'attempts-too-many'],
      handle: ({ params, body, caller, connection }) =>
        withSecond(till, attempts, body.second, { caller, connection }, async () =>
          plain(await till.decideDispute(params.saleId, body.decision, body.second, body.reason)),
        ),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/sales/:saleId/decide',
      summary:
        'Decides a rejected, suspended or torn sale that nothing else can clear up; a second operator proves it',
      body: decisionBody,
      bodyExample: {
        decision: { kind: 'written-off' },
        second: { number: '02', pin: '000000' },
        reason: '经办机构确认不予支付',
      },
      faults: ['sale-not-found', 'sale-not-now', 'reason-missing', 'operator-unknown', 'attempts-too-many'],
      handle: ({ params, body, caller, connection }) =>
        withSecond(till, attempts, body.second, { caller, connection }, async () =>
          plain(
            await till.decideSale(params.saleId, body.decision, body.second, body.reason, operatorOf(caller)),
          ),
        ),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/sales/:saleId/give-up',
      summary: 'Stops settling an unknown sale again; its reversal goes on',
      handle: async ({ params }) => plain(await till.giveUp(params.saleId)),
    }),
  ];
}

function slipRoutes(till: Till): Route[] {
  return [
    defineRoute({
      method: 'POST',
      url: '/api/sales/:saleId/print',
      tag: 'sales',
      summary: 'Prints the slip again, marked as a copy when the first one came out',
      access: 'caller',
      params: saleParams,
      answer: tillAnswer,
      faults: ['sale-not-found'],
      handle: async ({ params }) => plain(await till.printAgain(params.saleId)),
    }),
    defineRoute({
      method: 'GET',
      url: '/api/sales/:saleId/slip.svg',
      tag: 'sales',
      summary: 'The slip as a picture, without printing',
      access: 'caller',
      params: saleParams,
      answer: { mediaType: 'image/svg+xml' },
      faults: ['sale-not-found'],
      handle: ({ params, caller }) => {
        const slip = till.slipPreview(params.saleId, operatorOf(caller) ?? BY_PROGRAM);
        return slip.ok ? ok({ value: slip.value.svg, mediaType: 'image/svg+xml; charset=utf-8' }) : slip;
      },
    }),
  ];
}

/** Queue, reconciliation, link and self-test. */
export function operationRoutes(till: Till): Route[] {
  return [...queueRoutes(till), ...linkRoutes(till)];
}

function queueRoutes(till: Till): Route[] {
  const common = { tag: 'operations', access: 'caller' } as const;
  return [
    defineRoute({
      ...common,
      method: 'GET',
      url: '/api/queue',
      summary: 'Offline sales that wait for upload, and what became of them',
      answer: { schema: queueAnswer, example: queueExample },
      handle: () => ok({ value: { rows: till.queue() } }),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/queue/:saleId/note',
      summary: 'Somebody has seen what the agency adjusted in an upload',
      params: saleParams,
      answer: tillAnswer,
      faults: ['sale-not-now', 'shift-not-open'],
      handle: async ({ params, caller }) =>
        plain(await till.noteAdjustment(params.saleId, operatorOf(caller))),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/queue/sync',
      summary: 'Uploads the queue now',
      answer: { schema: syncAnswer, example: { accepted: 3, rejected: 0, left: 0 } },
      handle: async () => plain(await till.syncNow()),
    }),
  ];
}

function linkRoutes(till: Till): Route[] {
  const common = { tag: 'operations', access: 'caller' } as const;
  return [
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/reconcile',
      summary: "Compares a day's details with the agency (3202) and gives back second charges",
      body: reconcileBody,
      bodyExample: { day: '2026-03-02' },
      answer: { schema: reconcileAnswer, example: { proved: 1, returned: 0, differences: 0 } },
      handle: async ({ body }) => plain(await till.reconcile(body.day)),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/connectivity',
      summary: 'Forces offline, or lets the till find its way online again',
      body: connectivityBody,
      bodyExample: { forcedOffline: true },
      answer: tillAnswer,
      handle: async ({ body }) => plain(await till.forceOffline(body.forcedOffline)),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/catalog/use',
      right: 'manage',
      summary: 'Sells from another imported catalogue version from now on',
      body: useCatalogBody,
      bodyExample: { version: '2026-03-01' },
      answer: tillAnswer,
      handle: async ({ body, caller }) =>
        plain(await till.useCatalog(body.version, operatorOf(caller) ?? '')),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/catalog/use-agency',
      right: 'manage',
      summary: "Prices by another version of the agency's own tables from now on",
      body: useCatalogBody,
      bodyExample: { version: '20260301-020304-0a1b2c3d' },
      answer: tillAnswer,
      handle: async ({ body }) => plain(await till.useAgencyCatalog(body.version)),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      url: '/api/doctor',
      summary: 'Checks every part and says what to do',
      answer: { schema: doctorAnswer, example: doctorExample },
      handle: async () => ok({ value: { rows: await till.doctor() } }),
    }),
  ];
}
