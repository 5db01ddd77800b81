import type { Policy, Step } from '#core/policy';
import { choose } from './seeded.ts';

type Random = () => number;

const roundings = ['half-up', 'down', 'up'] as const;

/**
 * The document as another region might have written it: other roundings, other rules for later stays, other
 * goods that nobody covers. What no shipped document says is tried too.
 */
export function variantOf(random: Random, policy: Policy): Policy {
  return { ...policy, id: `${policy.id} (varied)`, steps: policy.steps.map((step) => varied(random, step)) };
}

function varied(random: Random, step: Step): Step {
  if (random() < 0.3) return step;
  const rounded = 'rounding' in step ? { ...step, rounding: choose(random, roundings) } : step;
  switch (rounded.kind) {
    case 'scope':
      return { ...rounded, notCovered: [choose(random, ['material', 'service', 'drug', 'herbal'])] };
    case 'limit':
      return rounded.per === 'dose'
        ? rounded
        : { ...rounded, per: choose(random, ['visit', 'stay', 'line']) };
    case 'deductible':
      return {
        ...rounded,
        later: choose(random, ['entries', 'none', 'difference']),
        timesAMonth: choose(random, [1, 2]),
      };
    case 'bands':
      return rounded.runsOn === 'case' || rounded.runsOn === 'after-deductible'
        ? { ...rounded, runsOn: choose(random, ['case', 'after-deductible']) }
        : rounded;
    case 'quota':
      return { ...rounded, overrun: choose(random, ['institution', 'half-patient']) };
    case 'fill':
      return { ...rounded, oneStop: random() < 0.5 };
    case 'account':
      return { ...rounded, paysOutOfScope: random() < 0.5, paysOverCeiling: random() < 0.5 };
    default:
      return rounded;
  }
}
