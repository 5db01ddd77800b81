import type { Ground } from './ground.ts';
import type { Plan } from './plan.ts';
import { type Played, playWorld } from './play.ts';
import type { Bugged } from './shop.ts';
import type { Step } from './steps.ts';

export interface Shrunk {
  readonly plan: Plan;
  readonly played: Played;
  /** Worlds that were played to get there. */
  readonly tries: number;
}

/**
 * Leaves out steps and perils as long as the same promise is still broken: first halves, then ever smaller
 * pieces, then single perils. `mostTries` bounds the time that this takes.
 */
export async function shrink(
  ground: Ground,
  plan: Plan,
  played: Played,
  makeBug: () => Bugged,
  mostTries = 120,
): Promise<Shrunk> {
  const promise = played.violation?.promise;
  let best: Omit<Shrunk, 'tries'> = {
    plan: { ...plan, steps: plan.steps.slice(0, (played.violation?.step ?? 0) + 1) },
    played,
  };
  let tries = 0;
  const accept = async (steps: readonly Step[]): Promise<boolean> => {
    if (tries >= mostTries) return false;
    tries += 1;
    const next = { ...plan, steps };
    const result = await playWorld(ground, next, makeBug());
    if (result.violation?.promise !== promise) return false;
    best = { plan: next, played: result };
    return true;
  };
  for (
    let size = Math.ceil(best.plan.steps.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < best.plan.steps.length && tries < mostTries; ) {
      const { steps } = best.plan;
      const isLess = await accept([...steps.slice(0, at), ...steps.slice(at + size)]);
      if (!isLess) at += size;
    }
  }
  for (let at = 0; at < best.plan.steps.length; at += 1)
    for (const without of simpler(best.plan.steps[at])) {
      const { steps } = best.plan;
      await accept([...steps.slice(0, at), without, ...steps.slice(at + 1)]);
    }
  return { ...best, tries };
}

/** The same step with one peril less, or with a single product. */
function simpler(step: Step | undefined): readonly Step[] {
  if (step === undefined) return [];
  const found: Step[] = [];
  for (const peril of ['fates', 'crash', 'pull', 'swap', 'print'] as const) {
    if (!(peril in step)) continue;
    const { [peril]: _left, ...rest } = step;
    found.push(rest as Step);
  }
  const { fates = [] } = step;
  if (fates.length > 1) for (const fate of fates) found.push({ ...step, fates: [fate] });
  if ('goods' in step && step.goods.length > 1) found.push({ ...step, goods: step.goods.slice(0, 1) });
  return found;
}
