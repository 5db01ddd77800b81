import type { Till } from '#checkout/facade';
import { tillView } from '#checkout/view';
import type { Attempts } from '../attempts.ts';
import { tillExample } from '../examples.ts';
import { defineRoute, plain, type Route } from '../route.ts';
import { saleParams } from '../schemas.ts';
import {
  refundBody,
  refundPreviewAnswer,
  refundPreviewBody,
  refundPreviewExample,
} from '../schemas-refund.ts';
import { withSecond } from '../second.ts';

const lines = [{ lineNumber: 1, quantity: '1' }];
const faults = ['sale-not-found', 'cancel-not-possible', 'refund-beyond-sold', 'refund-replaced'] as const;

/** Taking back single lines (部分退货): told, done by two, and its rest given up. */
export function refundRoutes(till: Till, attempts: Attempts): Route[] {
  const common = { access: 'caller', method: 'POST' } as const;
  return [
    defineRoute({
      ...common,
      url: '/api/sales/:saleId/refund/preview',
      tag: 'sales',
      summary: 'What taking back these lines would give back to whom; changes nothing',
      params: saleParams,
      body: refundPreviewBody,
      bodyExample: { lines },
      answer: { schema: refundPreviewAnswer, example: refundPreviewExample },
      faults: [...faults, 'refund-not-uploaded'],
      handle: ({ params, body }) => plain(till.refundPreview(params.saleId, body.lines)),
    }),
    defineRoute({
      ...common,
      url: '/api/sales/:saleId/refund',
      tag: 'sales',
      summary: 'Takes back single lines of a done sale; a second operator proves it',
      description:
        'The whole sale is cancelled (2103), and what the customer keeps lies on the counter as a sale of its own ' +
        '(`sale.replaces`): quote and pay it as any other, for the same holder, or give it up.',
      params: saleParams,
      body: refundBody,
      bodyExample: { lines, second: { number: '02', pin: '000000' }, reason: '顾客退货' },
      answer: { schema: tillView, example: tillExample },
      faults: [...faults, 'refund-not-uploaded', 'sale-in-progress', 'operator-unknown', 'attempts-too-many'],
      handle: ({ params, body, caller, connection }) =>
        withSecond(till, attempts, body.second, { caller, connection }, async () =>
          plain(await till.refundLines(params.saleId, body.lines, body.second, body.reason)),
        ),
    }),
    defineRoute({
      ...common,
      url: '/api/sale/give-up-rest',
      tag: 'sale',
      summary: 'The customer keeps nothing after all: the rest on the counter is not sold',
      answer: { schema: tillView, example: tillExample },
      faults: ['sale-not-now'],
      handle: async () => plain(await till.giveUpRest()),
    }),
  ];
}
