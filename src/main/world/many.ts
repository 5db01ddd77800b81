import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Batch, BatchReport } from './batch.ts';

export interface ManyOptions extends Batch {
  /** Goes on behind the last seed until so many sales are done. */
  readonly total: number;
  readonly jobs: number;
  readonly onReport: (batch: Batch, report: BatchReport) => void;
}

const SEEDS_AT_ONCE = 4;

/** Plays many worlds in processes of their own. Rejects when one of them ends by itself. */
export async function playMany(options: ManyOptions): Promise<void> {
  let next = options.firstSeed;
  let sales = 0;
  const takeBatch = (): Batch | undefined => {
    const left = options.firstSeed + options.seeds - next;
    if (left <= 0 && sales >= options.total) return undefined;
    const seeds = left > 0 ? Math.min(SEEDS_AT_ONCE, left) : SEEDS_AT_ONCE;
    const batch = { firstSeed: next, seeds, sales: options.sales };
    next += seeds;
    return options.bug === undefined ? batch : { ...batch, bug: options.bug };
  };
  const onReport = (batch: Batch, report: BatchReport): void => {
    sales += report.sales;
    options.onReport(batch, report);
  };
  await Promise.all(Array.from({ length: options.jobs }, () => runWorker(takeBatch, onReport)));
}

function runWorker(
  takeBatch: () => Batch | undefined,
  onReport: (batch: Batch, report: BatchReport) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = fork(fileURLToPath(new URL('worker.js', import.meta.url)), { serialization: 'advanced' });
    let batch = takeBatch();
    let isDone = false;
    const give = (): void => {
      if (batch !== undefined) worker.send(batch);
      else {
        isDone = true;
        worker.disconnect();
      }
    };
    worker.on('message', (report: BatchReport) => {
      if (batch !== undefined) onReport(batch, report);
      batch = takeBatch();
      give();
    });
    worker.on('error', reject);
    worker.on('exit', (code, signal) => {
      if (isDone) resolve();
      else reject(new Error(`a worker of worlds ended with ${code ?? signal ?? ''}`));
    });
    give();
  });
}
