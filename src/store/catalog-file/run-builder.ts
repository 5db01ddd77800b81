import { fork } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { assert } from '#core/assert';
import type { Clock } from '#core/clock';
import type { BuildProgress } from '#core/ports/agency-catalog';
import { makeLastingFolder } from '../lasting-files.ts';
import { letOthersFirst } from './let-others-first.ts';

/** How a builder's process is run; the same for every kind of version file. */
export interface BuilderRun<Order extends { readonly folder: string }> {
  /** Compiled entry of the builder's process: its path below `dist`. */
  readonly entry: string;
  /** Told to the process on its command line, as JSON. */
  readonly order: Order;
  readonly clock: Clock;
  /** Ends the builder. */
  readonly signal?: AbortSignal;
  /** The builder is ended after this time; absent = ten minutes. */
  readonly timeoutMs?: number;
  readonly onProgress?: (progress: BuildProgress) => void;
}

const DEFAULT_TIMEOUT_MS = 600_000;

/** Makes the folder and clears what killed builders left in it; false when it cannot be written. */
export function prepareFolder(folder: string): boolean {
  try {
    makeLastingFolder(folder);
    removeLeftovers(folder);
    return true;
  } catch {
    return false;
  }
}

/** Runs a builder to its end. Undefined = it ended without an answer; nothing of it is left then. */
export function runBuilder<Order extends { readonly folder: string }>(
  run: BuilderRun<Order>,
): Promise<unknown> {
  const { clock, order, signal, timeoutMs = DEFAULT_TIMEOUT_MS } = run;
  return new Promise((settle) => {
    const child = fork(join(packageRoot(), 'dist', run.entry), [JSON.stringify(order), String(process.pid)], {
      // Rows are short-lived: more room for young objects spares a tenth of the time.
      execArgv: ['--max-semi-space-size=32'],
      // The builder says what is wrong by its answer; a crash report could hold rows of the shop's list.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    letOthersFirst(child.pid);
    let answer: unknown;
    const stop = () => child.kill('SIGKILL');
    const cancel = clock.after(timeoutMs, stop);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    child.on('message', (message) => {
      const told = progressMessage.safeParse(message);
      if (told.success) run.onProgress?.(progressOf(told.data.progress));
      else answer = message;
    });
    const end = () => {
      cancel();
      signal?.removeEventListener('abort', stop);
      if (answer === undefined) removeOf(order.folder, child.pid);
      settle(answer);
    };
    child.once('error', end);
    child.once('exit', end);
  });
}

const progressMessage = z.object({
  progress: z.object({
    phase: z.enum(['reading', 'rows', 'index', 'sync']),
    of: z.string(),
    done: z.number(),
    total: z.number().optional(),
  }),
});

function progressOf({ total, ...rest }: z.infer<typeof progressMessage>['progress']): BuildProgress {
  return { ...rest, ...(total === undefined ? {} : { total }) };
}

/** Folder of package.json: the compiled entries lie in its `dist`, also when this module runs from source. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    assert(dirname(folder) !== folder, 'the program lies in its package');
    folder = dirname(folder);
  }
  return folder;
}

/** A builder that was killed leaves its half-written file; one whose process still lives is left alone. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /^\..+\.(\d+)\.building(-journal)?$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true });
  }
}

function removeOf(folder: string, pid: number | undefined): void {
  for (const name of readdirSync(folder)) {
    if (pid !== undefined && name.includes(`.${pid}.building`)) rmSync(join(folder, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
