import { availableParallelism } from 'node:os';
import { type Batch, type BatchReport, playBatch, type WorldFailure } from './batch.ts';
import { bugNamed, bugNames } from './bugs.ts';
import { openGround } from './ground.ts';
import { playMany } from './many.ts';
import { planWorld } from './plan.ts';
import { playWorld } from './play.ts';
import { storyText } from './story.ts';

export interface WorldCommandOptions {
  readonly seed?: number;
  readonly seeds?: number;
  readonly sales?: number;
  readonly total?: number;
  readonly jobs?: number;
  readonly story?: boolean;
  readonly bug?: string;
}

const SALES = 60;

/** `guitai simulate world`; 0 = every promise was kept, 1 = one was broken, 2 = the command is wrong. */
export async function runWorldCommand(options: WorldCommandOptions): Promise<number> {
  const { bug, sales = SALES, seeds = 1, total = 0 } = options;
  if (bug !== undefined && !bugNames.includes(bug)) {
    process.stderr.write(`--bug: ${bugNames.join(', ')}\n`);
    return 2;
  }
  const seed = options.seed ?? Math.trunc(Date.now() % 1_000_000_000);
  if (options.story === true) return tellStory(seed, sales, bug);
  const jobs = options.jobs ?? availableParallelism();
  const sum = { worlds: 0, sales: 0, crashes: 0 };
  const failures: WorldFailure[] = [];
  const beganMs = Date.now();
  const onReport = (report: BatchReport): void => {
    sum.worlds += report.worlds;
    sum.sales += report.sales;
    sum.crashes += report.crashes;
    failures.push(...report.failures);
    const seconds = Math.round((Date.now() - beganMs) / 1000);
    process.stdout.write(
      `worlds ${sum.worlds}, sales ${sum.sales}, power cuts ${sum.crashes}, ${seconds} s\n`,
    );
    for (const failure of report.failures) process.stdout.write(failureText(failure, sales));
  };
  const batch = { firstSeed: seed, seeds, sales, ...(bug === undefined ? {} : { bug }) };
  if (seeds === 1 && total === 0) onReport(await playHere(batch));
  else await playMany({ ...batch, total, jobs, onReport: (_batch, report) => onReport(report) });
  const perSecond = (sum.sales / Math.max(1, Date.now() - beganMs)) * 1000;
  process.stdout.write(
    `${sum.sales} sales in ${sum.worlds} worlds from seed ${seed}, ${sum.crashes} power cuts, ` +
      `${Math.round(perSecond * 10) / 10} sales/s: ${failures.length === 0 ? 'every promise kept / 承诺全部守住' : `${failures.length} worlds broke a promise`}\n`,
  );
  return failures.length === 0 ? 0 : 1;
}

async function playHere(batch: Batch): Promise<BatchReport> {
  const ground = await openGround();
  try {
    return await playBatch(ground, batch, true);
  } finally {
    ground.close();
  }
}

function failureText({ seed, promise, sentence, story }: WorldFailure, sales: number): string {
  return `seed ${seed} --sales ${sales}: ${promise}: ${sentence}\n${story}`;
}

async function tellStory(seed: number, sales: number, bug: string | undefined): Promise<number> {
  const ground = await openGround();
  try {
    const plan = planWorld(seed, sales, ground.products.length);
    const played = await playWorld(ground, plan, bugNamed(bug)());
    process.stdout.write(storyText(plan, played));
    process.stdout.write(
      `${played.sales} sales done, ${played.crashes} power cuts, trace ${played.digest}\n`,
    );
    return played.violation === undefined ? 0 : 1;
  } finally {
    ground.close();
  }
}
