import { expect, test } from 'vitest';
import type { BenefitCase } from '#core/domain/benefit';
import type { Policy } from '#core/policy';
import { shippedPolicies } from '../../helpers/policies.ts';
import { randomCase } from '../../simulation/benefit-cases.ts';
import {
  engineSums,
  fullRefundGivesAllBack,
  type Law,
  moreCostNeverCostsLess,
  orderDoesNotMatter,
  partRefundLeavesTheRest,
  partsAddUp,
  twoImplementationsAgree,
} from '../../simulation/benefit-laws.ts';
import { variantOf } from '../../simulation/benefit-variants.ts';
import { runLength, seededRandom } from '../../simulation/seeded.ts';

/*
 * Laws over every shipped document, on cases that look for its borders. The terminal's engine and the simulated
 * agency read the same documents by two implementations; a long run: npm run difference -- CASES SEED
 */
const { cases, seed } = runLength('DIFFERENCE', 2_000);
const policies = shippedPolicies();
/** The many city samples are alike: every other document has three turns to their one. */
const turns = policies.flatMap((policy) =>
  policy.status === 'sample' ? [policy] : [policy, policy, policy],
);
const timeout = 60_000 + cases * 20;

const laws: Readonly<Record<string, Law>> = {
  'the terminal and the agency come to the same fen, or refuse for the same reason': twoImplementationsAgree,
  'parts make the whole, for the sale and every line, and nothing is negative': partsAddUp,
  'more cost in scope never gives a smaller own part': moreCostNeverCostsLess,
  'the order of lines decides no money': orderDoesNotMatter,
  'a refund of everything gives back exactly what was taken': fullRefundGivesAllBack,
  'a refund of a part leaves what the agency makes of the rest': partRefundLeavesTheRest,
};

/** Cases in turn over the documents, each from a seed of its own that brings it back. */
function* generated(): Generator<{ policy: Policy; visit: BenefitCase; at: number }> {
  for (let number = 0; number < cases; number += 1) {
    const policy = turns[number % turns.length];
    if (policy === undefined) throw new Error('documents are shipped');
    yield { policy, visit: randomCase(seededRandom(seed + number), policy), at: seed + number };
  }
}

test.for(Object.entries(laws))(`%s: ${cases} cases, seed ${seed}`, { timeout }, ([, law]) => {
  expect(brokenBy(law, generated())).toEqual([]);
});

test(`both agree on documents that other regions might write: ${cases} cases, seed ${seed}`, {
  timeout,
}, () => {
  function* varied(): ReturnType<typeof generated> {
    for (const { policy, at } of generated()) {
      const variant = variantOf(seededRandom(at), policy);
      yield { policy: variant, visit: randomCase(seededRandom(at), variant), at };
    }
  }
  expect(brokenBy(twoImplementationsAgree, varied())).toEqual([]);
});

test(`most cases are such that the document knows them, and funds pay, seed ${seed}`, () => {
  const paying = new Map(policies.map(({ id }) => [id, 0]));
  let known = 0;
  for (const { policy, visit } of generated()) {
    const sums = engineSums(policy, visit);
    if (typeof sums === 'string') continue;
    known += 1;
    if (sums.fundTotal > 0n) paying.set(policy.id, (paying.get(policy.id) ?? 0) + 1);
  }
  expect(known / cases).toBeGreaterThan(0.6);
  expect([...paying].filter(([, count]) => count < cases / turns.length / 10)).toEqual([]);
});

/** The first three cases that break the law, each with as few lines as show it. */
function brokenBy(law: Law, from: ReturnType<typeof generated>): string[] {
  const broken: string[] = [];
  for (const { policy, visit, at } of from) {
    if (law(policy, visit, seededRandom(at)) === undefined) continue;
    const least = fewestLines(policy, visit, (each) => law(policy, each, seededRandom(at)) !== undefined);
    broken.push(`${policy.id}, seed ${at}: ${law(policy, least, seededRandom(at))} ${text(least)}`);
    if (broken.length >= 3) break;
  }
  return broken;
}

/** Leaves out line after line as long as the case still breaks the law. */
function fewestLines(
  policy: Policy,
  visit: BenefitCase,
  breaks: (visit: BenefitCase) => boolean,
): BenefitCase {
  for (const line of visit.lines) {
    const without = { ...visit, lines: visit.lines.filter((each) => each !== line) };
    if (without.lines.length > 0 && breaks(without)) return fewestLines(policy, without, breaks);
  }
  return visit;
}

function text(visit: BenefitCase): string {
  return JSON.stringify(visit, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}
