import type { Till } from '#checkout/facade';
import { ok } from '#core/result';
import { defineRoute, operatorOf, plain, type Route } from '../route.ts';
import { listAnswer, listColumnsBody, listExample, listNameQuery } from '../schemas-list.ts';

/** A shop's list of 250,000 rows has about 40 MB. */
const MOST_BYTES = 64 * 1_048_576;
const URL = '/api/catalog/list';

/** The shop's own list: offered as a file, its columns confirmed, imported. */
export function listRoutes(till: Till): Route[] {
  const common = {
    tag: 'office',
    access: 'caller',
    right: 'manage',
    answer: { schema: listAnswer, example: listExample },
  } as const;
  return [
    defineRoute({
      ...common,
      right: 'look',
      method: 'GET',
      url: URL,
      summary: "Versions of the shop's own list, and how far an import is",
      handle: () => ok({ value: till.listState() }),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: URL,
      summary:
        'Takes a list of goods (TSV, CSV, XLSX) and answers what its columns may be; nothing is imported',
      query: listNameQuery,
      upload: { mostBytes: MOST_BYTES },
      faults: ['catalog-import-busy', 'catalog-source-unreadable', 'catalog-source-workbook'],
      handle: async ({ query, upload }) => plain(await till.offerList(query.name, upload)),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: `${URL}/import`,
      summary:
        'Imports the offered list with the confirmed columns; answers at once, GET tells how far it is',
      body: listColumnsBody,
      bodyExample: { columns: { '零售价(元)': 'price' } },
      faults: ['catalog-import-busy', 'catalog-import-none', 'catalog-columns-invalid'],
      handle: async ({ body, caller }) =>
        plain(await till.importList(body.columns, operatorOf(caller) ?? '')),
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      url: URL,
      summary: 'Drops the offered list',
      faults: ['catalog-import-busy'],
      handle: async () => plain(await till.dropList()),
    }),
  ];
}
