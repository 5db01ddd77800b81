import type { Till } from '#checkout/facade';
import { ok } from '#core/result';
import { answerOf, defineRoute, type Route } from '../route.ts';
import {
  equivalentsAnswer,
  equivalentsExample,
  equivalentsQuery,
  priceLogAnswer,
  priceLogExample,
  priceLogQuery,
  pricesAnswer,
  pricesExample,
  pricesQuery,
  ROWS_DEFAULT,
} from '../schemas-prices.ts';

/** Prices for inspection, and what else has the same medicine in it. */
export function priceRoutes(till: Till): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/catalog/prices',
      tag: 'operations',
      summary: 'Prices in force at the end of a day, today without one',
      description:
        'Answered in pieces: `next` of one answer is `after` of the next question; without `next` it was the last. ' +
        'Reckoned back from the list in use by the price log, so old versions need not be there.',
      access: 'caller',
      query: pricesQuery,
      answer: { schema: pricesAnswer, example: pricesExample },
      faults: ['catalog-none', 'catalog-prices-unknown', 'catalog-damaged'],
      handle: ({ query }) => {
        return answerOf(till.dayPrices(query.day, query.after ?? 0, query.limit ?? ROWS_DEFAULT));
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/catalog/price-log',
      tag: 'operations',
      summary: 'Changes of prices, oldest first',
      access: 'caller',
      query: priceLogQuery,
      answer: { schema: priceLogAnswer, example: priceLogExample },
      faults: ['catalog-none', 'catalog-damaged'],
      handle: ({ query: { from, to, shopCode, limit } }) => {
        const wanted = {
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
          ...(shopCode === undefined ? {} : { shopCode }),
        };
        const found = till.priceLog(wanted, limit ?? ROWS_DEFAULT);
        return found.ok ? ok({ value: { rows: found.value } }) : found;
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/catalog/equivalents',
      tag: 'sale',
      summary: 'Products with the same medicine, form and strength, what spares the holder most first',
      access: 'caller',
      query: equivalentsQuery,
      answer: { schema: equivalentsAnswer, example: equivalentsExample },
      faults: ['catalog-none', 'catalog-product-unknown', 'catalog-damaged'],
      handle: ({ query }) => {
        return answerOf(till.equivalents(query.shopCode));
      },
    }),
  ];
}
