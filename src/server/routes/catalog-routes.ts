import type { Till } from '#checkout/facade';
import { ok } from '#core/result';
import { defineRoute, plain, type Route } from '../route.ts';
import { catalogStateAnswer, catalogStateExample } from '../schemas-catalog.ts';

const answer = { schema: catalogStateAnswer, example: catalogStateExample };

/** Download of the agency's own catalogue. */
export function catalogRoutes(till: Till): Route[] {
  const common = { tag: 'operations', access: 'caller', answer } as const;
  return [
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/catalog/download',
      summary: "Begins to download what is new in the agency's catalogue (1301–1319), or goes on with it",
      description: 'Answers at once; GET /api/catalog/state tells how far it is. Selling goes on meanwhile.',
      faults: ['catalog-download-off', 'catalog-download-no-shift'],
      handle: async () => plain(await till.downloadCatalog()),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      url: '/api/catalog/state',
      summary: "How far the download of the agency's catalogue is, and what became of the last one",
      handle: () => ok({ value: till.catalogState() }),
    }),
  ];
}
