import { z } from 'zod';
import type { TillStore } from '#store/port';

/** A settlement whose sums left the basket uncovered, or gave too much for it. */
export interface Dispute {
  readonly saleId: string;
  readonly saleNumber: string;
  /** How often it was settled before the agency answered. */
  readonly attempts: number;
  /** What the agency's own sums contradict. */
  readonly brokenRelations: readonly string[];
  /** Journal facts of quote and answer, to be read by people. */
  readonly facts: readonly string[];
}

const intended = z.object({ attempt: z.number() });
const disputed = z.object({ brokenRelations: z.array(z.string()).default([]) });

/** Of the sales that a second person has to look at, and of those already looked at. */
export function* disputesIn(store: TillStore): Iterable<Dispute> {
  for (const { saleId, saleNumber } of store.salesInState(['disputed', 'done'])) {
    const journal = store.journalOfSale(saleId);
    const found = journal.find(({ kind }) => kind === 'settled-disputed');
    if (found === undefined) continue;
    const asked = journal.filter(({ kind }) => kind === 'settlement-intended');
    yield {
      saleId,
      saleNumber,
      attempts: Math.max(0, ...asked.map(({ facts }) => intended.parse(JSON.parse(facts)).attempt)),
      brokenRelations: disputed.parse(JSON.parse(found.facts)).brokenRelations,
      facts: [...asked, found].map(({ facts }) => facts),
    };
  }
}

/**
 * A sale that was in doubt is settled anew minutes later with the sums that the counters of the year and the account give
 * then. Other sales of the same holder may have come between, so its parts may differ from what the customer paid: that
 * is what a second person is for. Anything else is broken.
 */
export function isExplained({ attempts, brokenRelations }: Dispute): boolean {
  return attempts > 1 && brokenRelations.length === 0;
}
