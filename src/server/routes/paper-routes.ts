import type { PaperAsk, Till } from '#checkout/facade';
import { tillView } from '#checkout/view';
import { assert } from '#core/assert';
import { tillExample } from '../examples.ts';
import { defineRoute, operatorOf, plain, type Route } from '../route.ts';
import { consentBody, paperAnswer, paperBody, paperExample, salePaperBody } from '../schemas-papers.ts';

const printed = { schema: tillView, example: tillExample } as const;
const shown = { schema: paperAnswer, example: paperExample } as const;

/** Papers of the counter that are no slip of a sale: looked at, and printed. */
export function paperRoutes(till: Till): Route[] {
  return [...salePapers(till), consentRoute(till), ...shopPapers(till)];
}

function salePapers(till: Till): Route[] {
  const common = { url: '/api/sale/papers', tag: 'sale', access: 'caller' } as const;
  return [
    defineRoute({
      ...common,
      method: 'GET',
      summary: 'Own-pay consent or refusal of the sale on the counter, without printing',
      query: salePaperBody,
      answer: shown,
      faults: ['sale-not-now', 'slip-none'],
      handle: ({ query, caller }) => plain(till.paperPreview(query, operatorOf(caller))),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      summary: 'Prints own-pay consent or refusal of the sale on the counter',
      body: salePaperBody,
      bodyExample: { kind: 'consent' },
      answer: printed,
      faults: ['sale-not-now', 'slip-none', 'shift-not-open', 'printer-unreachable'],
      handle: async ({ body, caller }) => plain(await till.printPaper(body, operatorOf(caller))),
    }),
  ];
}

function consentRoute(till: Till): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/sale/consent',
    tag: 'sale',
    summary: 'The holder agrees to what the insurance does not pay of the quoted sale',
    description:
      'Needed before the payment where `sale.consent.state` says so. Kept with the sale and in the journal: when, ' +
      'by whom, which lines, which amount, on paper or on the screen. A changed basket, quote or holder needs a new one.',
    access: 'caller',
    body: consentBody,
    bodyExample: { own: '15.90' },
    answer: printed,
    faults: ['sale-not-now', 'sale-quote-changed', 'consent-not-printed', 'shift-not-open'],
    handle: async ({ body }) => plain(await till.confirmConsent(body.own)),
  });
}

function shopPapers(till: Till): Route[] {
  const common = { url: '/api/papers', tag: 'operations', access: 'caller' } as const;
  return [
    defineRoute({
      ...common,
      method: 'GET',
      summary: 'Day summary or price label, without printing',
      query: paperBody,
      answer: shown,
      faults: ['catalog-none', 'catalog-product-unknown'],
      handle: ({ query, caller }) => plain(till.paperPreview(shopPaper(query), operatorOf(caller))),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      summary: 'Prints a day summary or a price label',
      body: paperBody,
      bodyExample: { kind: 'day-summary', day: '2026-03-02' },
      answer: printed,
      faults: ['catalog-none', 'catalog-product-unknown', 'printer-unreachable'],
      handle: async ({ body, caller }) => plain(await till.printPaper(shopPaper(body), operatorOf(caller))),
    }),
  ];
}

function shopPaper(asked: {
  kind: 'day-summary' | 'price-label';
  day?: string;
  shopCode?: string;
}): PaperAsk {
  const { kind, day, shopCode } = asked;
  if (kind === 'day-summary') return { kind, ...(day === undefined ? {} : { day }) };
  assert(shopCode !== undefined, 'a label without a product is refused by its schema');
  return { kind, shopCode };
}
