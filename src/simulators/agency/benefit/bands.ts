import type { BenefitCase } from '#core/domain/benefit';
import type { Band, Layer, StepOf } from '#core/policy';
import type { Base } from './base.ts';
import { divide, least, most } from './exact.ts';
import { firstThatHolds } from './holds.ts';

/** One band: positions in fen, the fund's share in 10⁻⁸. */
export interface Rate {
  readonly from: bigint;
  readonly to: bigint | undefined;
  readonly share: bigint;
}

const WHOLE = 10_000n;

/** The bands that hold for this visit; undefined = the document has no rule for it. */
export function ratesOf(step: StepOf<'bands'>, visit: BenefitCase): Rate[] | undefined {
  const entry = firstThatHolds(step.entries, visit);
  if (entry === undefined) return undefined;
  const multiplier = firstThatHolds(step.ownMultiplier ?? [], visit)?.ratio ?? WHOLE;
  return entry.bands.map((band) => ({
    from: band.from ?? 0n,
    to: band.to,
    share: WHOLE * WHOLE - ownShare(band) * multiplier,
  }));
}

function ownShare({ ownRatio, fundRatio }: Band): bigint {
  return ownRatio ?? WHOLE - (fundRatio ?? 0n);
}

/** What the layer pays by its bands, fen. */
export function bandsPay(
  step: StepOf<'bands'>,
  rates: readonly Rate[],
  visit: BenefitCase,
  { base, above, deductible }: Base,
): bigint {
  const round = (exact: bigint): bigint => divide(exact, WHOLE * WHOLE, step.rounding);
  switch (step.runsOn) {
    case 'case':
      return round(between(rates, deductible, base));
    case 'after-deductible':
      return round(between(rates, 0n, base - deductible));
    case 'above-yearly-counted':
      return round(between(rates, 0n, above));
    case 'year': {
      const year = round(between(rates, deductible, visit.usedThisYear.counted + base));
      // What the year still owes is paid with this visit's cost, never beyond it.
      return least(base, most(0n, year - paidBefore(step.layer, visit)));
    }
  }
}

/** What this layer has paid of the year before the visit. */
export function paidBefore(layer: Layer, { usedThisYear }: BenefitCase): bigint {
  return layer === 'basic' ? usedThisYear.fundPaid : (usedThisYear.byLayer[layer] ?? 0n);
}

/** Σ share × length of what lies between two positions, in 10⁻⁸ fen. */
function between(rates: readonly Rate[], low: bigint, high: bigint): bigint {
  let exact = 0n;
  for (const { from, to, share } of rates) {
    const length = least(high, to ?? high) - most(low, from);
    if (length > 0n) exact += length * share;
  }
  return exact;
}
