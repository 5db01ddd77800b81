import type { Till } from '#checkout/facade';
import { ok } from '#core/result';
import { defineRoute, plain, type Route } from '../route.ts';
import {
  decideMappingBody,
  mappingExample,
  mappingParams,
  mappingRow,
  mappingsAnswer,
  mappingsQuery,
  matchAnswer,
  uploadMappingsAnswer,
} from '../schemas-mappings.ts';

const oneMapping = { schema: mappingRow, example: mappingExample };

/** The work-list of own items and their national codes. */
export function mappingRoutes(till: Till): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/mappings',
      tag: 'operations',
      summary: 'Own items and their national codes: what waits for a person or for the agency',
      access: 'caller',
      query: mappingsQuery,
      answer: {
        schema: mappingsAnswer,
        example: { counts: { proposed: 1 }, rows: [mappingExample] },
      },
      handle: ({ query }) =>
        ok({ value: till.mappings(query.state === undefined ? undefined : [query.state]) }),
    }),
    defineRoute({
      method: 'POST',
      url: '/api/mappings/match',
      tag: 'operations',
      summary: 'Propose national codes for every item that nobody has decided about',
      access: 'caller',
      answer: { schema: matchAnswer, example: { looked: 2549, confirmed: 2310, proposed: 239 } },
      faults: ['catalog-none', 'mapping-busy'],
      handle: async () => plain(await till.matchItems()),
    }),
    defineRoute({
      method: 'POST',
      url: '/api/mappings/upload',
      tag: 'operations',
      summary: 'Tell the agency the confirmed mappings (3301) and take back the revoked ones (3302)',
      access: 'caller',
      answer: { schema: uploadMappingsAnswer, example: { uploaded: 100, refused: 1, left: 0 } },
      faults: ['agency-unreachable', 'mapping-busy'],
      handle: async () => plain(await till.uploadMappings()),
    }),
    defineRoute({
      method: 'PUT',
      url: '/api/mappings/:shopCode',
      tag: 'operations',
      summary: "A person's choice of an item's national code; null = it has none",
      access: 'caller',
      params: mappingParams,
      body: decideMappingBody,
      bodyExample: { nationalCode: 'XA10BAE065A001010100001' },
      answer: oneMapping,
      faults: ['mapping-unknown', 'mapping-code-unknown', 'mapping-at-agency'],
      handle: async ({ params, body }) =>
        plain(await till.decideMapping(params.shopCode, body.nationalCode ?? undefined)),
    }),
    defineRoute({
      method: 'DELETE',
      url: '/api/mappings/:shopCode',
      tag: 'operations',
      summary: 'Take an uploaded mapping back with the next upload (3302)',
      access: 'caller',
      params: mappingParams,
      answer: oneMapping,
      faults: ['mapping-unknown', 'mapping-not-at-agency'],
      handle: async ({ params }) => plain(await till.revokeMapping(params.shopCode)),
    }),
  ];
}
