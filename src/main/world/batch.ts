import { bugNamed } from './bugs.ts';
import type { Ground } from './ground.ts';
import { planWorld } from './plan.ts';
import { playWorld } from './play.ts';
import { shrink } from './shrink.ts';
import { storyText } from './story.ts';

/** Some worlds, one after the other in this process. */
export interface Batch {
  readonly firstSeed: number;
  readonly seeds: number;
  /** Tries to sell in each world. */
  readonly sales: number;
  readonly bug?: string;
}

export interface BatchReport {
  readonly worlds: number;
  /** Sales of which the cashier was told that they are done. */
  readonly sales: number;
  readonly crashes: number;
  readonly cpuMs: number;
  /** One for each world that broke a promise, in the order of the seeds. */
  readonly failures: readonly WorldFailure[];
  /** Digest of every world (P10). */
  readonly digests: readonly string[];
}

export interface WorldFailure {
  readonly seed: number;
  readonly promise: string;
  readonly sentence: string;
  /** The shrunk course in sentences; empty when it was not asked for. */
  readonly story: string;
}

/**
 * Plays a batch. `shrinkFailures` tells the first failure as a short story; further ones are only named. Throws with the
 * seed where `playWorld` throws.
 */
export async function playBatch(ground: Ground, batch: Batch, shrinkFailures: boolean): Promise<BatchReport> {
  const beganMs = process.cpuUsage().user / 1000;
  const failures: WorldFailure[] = [];
  const digests: string[] = [];
  let sales = 0;
  let crashes = 0;
  for (let seed = batch.firstSeed; seed < batch.firstSeed + batch.seeds; seed += 1) {
    const plan = planWorld(seed, batch.sales, ground.products.length);
    const makeBug = bugNamed(batch.bug);
    const played = await playWorld(ground, plan, makeBug()).catch((cause: unknown) => {
      throw new Error(`seed ${seed} --sales ${batch.sales}: the simulator itself is wrong`, { cause });
    });
    sales += played.sales;
    crashes += played.crashes;
    digests.push(played.digest);
    if (played.violation === undefined) continue;
    const isTold = shrinkFailures && failures.length === 0;
    const told = isTold ? await shrink(ground, plan, played, makeBug) : undefined;
    const story = told === undefined ? '' : storyText(told.plan, told.played);
    failures.push({ seed, promise: played.violation.promise, sentence: played.violation.sentence, story });
  }
  const cpuMs = process.cpuUsage().user / 1000 - beganMs;
  return { worlds: batch.seeds, sales, crashes, cpuMs, failures, digests };
}
