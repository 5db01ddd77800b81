import type { BenefitCase } from '#core/domain/benefit';
import { type Layer, layers, type Policy, type StepOf } from '#core/policy';
import { bandsPay, paidBefore, type Rate, ratesOf } from './bands.ts';
import type { Base } from './base.ts';
import type { LineCost } from './costs.ts';
import { divide, least, most, total } from './exact.ts';
import { firstThatHolds, holds } from './holds.ts';

/** Who pays what beside the patient, fen. */
export interface Payments {
  readonly byLayer: Readonly<Record<Layer, bigint>>;
  readonly institution: bigint;
  /** What yearly limits left each layer to pay before this visit. */
  readonly limits: Readonly<Partial<Record<Layer, bigint>>>;
  /** Bands of each layer. */
  readonly rates: Readonly<Partial<Record<Layer, readonly Rate[]>>>;
}

interface Paying {
  readonly visit: BenefitCase;
  readonly costs: readonly LineCost[];
  readonly base: Base;
  readonly whole: bigint;
  paid: Record<Layer, bigint>;
  institution: bigint;
  readonly limits: Partial<Record<Layer, bigint>>;
  readonly rates: Partial<Record<Layer, readonly Rate[]>>;
}

/** Undefined = the document has no rule for this visit. */
export function paymentsOf(
  policy: Policy,
  visit: BenefitCase,
  costs: readonly LineCost[],
  base: Base,
): Payments | undefined {
  const paying: Paying = {
    visit,
    costs,
    base,
    whole: total(costs.map(({ line }) => line.amount)),
    paid: { basic: 0n, seriousIllness: 0n, assistance: 0n, catchAll: 0n, supplement: 0n },
    institution: 0n,
    limits: {},
    rates: {},
  };
  for (const step of policy.steps) if (!pay(paying, step)) return undefined;
  const { paid: byLayer, institution, limits, rates } = paying;
  return { byLayer, institution, limits, rates };
}

/** Takes one step; false = no rule. */
function pay(paying: Paying, step: Policy['steps'][number]): boolean {
  const { visit, paid } = paying;
  switch (step.kind) {
    case 'bands': {
      const rates = ratesOf(step, visit);
      if (rates === undefined) return false;
      paying.rates[step.layer] = rates;
      paid[step.layer] += least(bandsPay(step, rates, visit, paying.base), unpaid(paying));
      return true;
    }
    case 'daily-addition':
      paid[step.layer] += least(dailyAddition(paying, step), unpaid(paying));
      return true;
    case 'yearly-payment': {
      const entry = firstThatHolds(step.entries, visit);
      if (entry === undefined) return true;
      const room = most(0n, entry.amount - paidBefore(step.layer, visit));
      paying.limits[step.layer] = room;
      paid[step.layer] = least(paid[step.layer], room);
      return true;
    }
    case 'fill': {
      const entry = firstThatHolds(step.entries, visit);
      if (entry === undefined || (step.oneStop && !visit.oneStop.possible)) return true;
      const target = divide(paying.whole * entry.share, 10_000n, step.rounding);
      const missing = most(0n, target - total(Object.values(paid)));
      paid[step.layer] += least(missing, unpaid(paying));
      return true;
    }
    case 'quota':
      return payQuota(paying, step);
    default:
      return true;
  }
}

function dailyAddition(
  { visit, costs, rates }: Paying,
  { entries, categories, layer }: StepOf<'daily-addition'>,
): bigint {
  const entry = firstThatHolds(entries, visit);
  if (entry === undefined) return 0n;
  const counted = total(
    costs.filter(({ line }) => categories.includes(line.category)).map((cost) => cost.counted),
  );
  const share = rates[layer]?.[0]?.share ?? 0n;
  const ownPart = divide(counted * (10n ** 8n - share), 10n ** 8n);
  return least(least(entry.perDay * BigInt(visit.stay.days), entry.most), ownPart);
}

function payQuota(paying: Paying, step: StepOf<'quota'>): boolean {
  const { visit, whole, paid } = paying;
  if (visit.quota === undefined) return false;
  const part = (amount: bigint, share: bigint): bigint => divide(amount * share, 10_000n, step.rounding);
  const b = least(whole, visit.quota.amount);
  const overrun = whole - b;
  paid.basic = part(b, step.basicRatio);
  if (holds(step.assisted, visit)) paid.assistance = most(0n, b - paid.basic - part(b, step.assistedOwn));
  paying.institution = step.overrun === 'institution' ? overrun : overrun - part(overrun, 5000n);
  return true;
}

/** What the patient would still bear. */
function unpaid({ whole, paid, institution }: Paying): bigint {
  return whole - institution - total(layers.map((layer) => paid[layer]));
}
