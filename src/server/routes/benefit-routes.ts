import type { Till } from '#checkout/facade';
import { ok } from '#core/result';
import { defineRoute, type Route } from '../route.ts';
import {
  daysQuery,
  policiesAnswer,
  policiesExample,
  splitReportAnswer,
  splitReportExample,
} from '../schemas-benefits.ts';

/** Which rules are in force, and where the agency computed otherwise. */
export function benefitRoutes(till: Till): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/policies',
      tag: 'operations',
      summary: 'Policy documents in use',
      access: 'caller',
      answer: { schema: policiesAnswer, example: policiesExample },
      handle: () => ok({ value: { policies: till.policies() } }),
    }),
    defineRoute({
      method: 'GET',
      url: '/api/split-differences',
      tag: 'operations',
      summary: "Where the agency's split differs from the till's own, today without days",
      description:
        'Every answer of the agency is compared with what the till computes itself from its policies and catalogue. ' +
        "The agency's answer counts; a difference means that a policy, a class, a share or a ceiling here is not the agency's.",
      access: 'caller',
      query: daysQuery,
      answer: { schema: splitReportAnswer, example: splitReportExample },
      handle: ({ query }) => ok({ value: till.splitReport(query.from, query.to) }),
    }),
  ];
}
