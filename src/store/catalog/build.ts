import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { assert } from '#core/assert';
import { compactDateTime } from '#core/business-time';
import type { Clock } from '#core/clock';
import { fault } from '#core/fault';
import type { CatalogVersion, ImportReport } from '#core/ports/catalog-store';
import { err, ok, type Result } from '#core/result';
import type { BuildAnswer, BuildOrder } from './build-message.ts';

export interface BuildRequest {
  /** The shop's list: TSV or CSV file. */
  readonly source: string;
  /** Folder of the catalogue versions; made when it is missing. */
  readonly folder: string;
  readonly clock: Clock;
  /** Module that exports `reader: CatalogReader`: `readerModule` of `catalog/reader`. */
  readonly readerModule: string;
  /** Ends the builder; the import then fails with `catalog-build-failed`. */
  readonly signal?: AbortSignal;
  /** The builder is ended after this time; absent = ten minutes. */
  readonly timeoutMs?: number;
}

/** A new version with what was noticed on the way (warnings stop nothing). */
export interface BuiltCatalog extends CatalogVersion {
  readonly file: string;
  readonly report: ImportReport;
}

const DEFAULT_TIMEOUT_MS = 600_000;

/**
 * Builds a new version file `<folder>/<version>.db` from the shop's list in a child process. All or nothing:
 * on an error the report says why (`fault`, bad rows) and the folder is as before; versions in use are never
 * touched. Needs the compiled program (the child is started from `dist`).
 */
export async function buildCatalogVersion(
  request: BuildRequest,
): Promise<Result<BuiltCatalog, ImportReport>> {
  const folder = resolve(request.folder);
  try {
    mkdirSync(folder, { recursive: true });
    removeLeftovers(folder);
  } catch {
    return err(failed('the folder of the catalogues cannot be written'));
  }
  const nowMs = request.clock.nowMs();
  const compact = compactDateTime(nowMs);
  const answer = await runChild(request, {
    source: resolve(request.source),
    sourceName: basename(request.source),
    folder,
    stamp: `${compact.slice(0, 8)}-${compact.slice(8)}`,
    importedAtMs: nowMs,
    readerModule: request.readerModule,
  });
  if (answer === undefined) return err(failed('the builder ended without an answer'));
  if (answer.kind === 'failed') return err(failed(answer.detail));
  if (answer.kind === 'refused') return err(answer.report);
  const file = join(folder, `${answer.version.version}.db`);
  return ok({ ...answer.version, file, report: answer.report });
}

/** Version files of a folder, oldest first by name; names begin with the time of the import. */
export function listCatalogVersions(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^\d{8}-\d{6}-[0-9a-f]{8}(\.\d+)?\.db$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function runChild(request: BuildRequest, order: BuildOrder): Promise<BuildAnswer | undefined> {
  return new Promise((settle) => {
    const child = fork(childEntry(), [JSON.stringify(order)], {
      execArgv: [],
      // The builder says what is wrong by its answer; a crash report could hold rows of the shop's list.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    let answer: BuildAnswer | undefined;
    const stop = () => child.kill('SIGKILL');
    const cancel = request.clock.after(request.timeoutMs ?? DEFAULT_TIMEOUT_MS, stop);
    request.signal?.addEventListener('abort', stop, { once: true });
    if (request.signal?.aborted) stop();
    child.on('message', (message) => {
      answer = parseAnswer(message);
    });
    const end = () => {
      cancel();
      request.signal?.removeEventListener('abort', stop);
      if (answer === undefined) removeOf(order.folder, child.pid);
      settle(answer);
    };
    child.once('error', end);
    child.once('exit', end);
  });
}

const answerShape = z.object({
  kind: z.enum(['built', 'refused']),
  report: z.object({ rowsRead: z.number() }),
});

function parseAnswer(message: unknown): BuildAnswer {
  assert(answerShape.safeParse(message).success, 'the builder answers in its own form');
  return message as BuildAnswer;
}

/** The compiled entry beside this module, also when this module itself runs from source. */
function childEntry(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    assert(dirname(folder) !== folder, 'the program lies in its package');
    folder = dirname(folder);
  }
  return join(folder, 'dist/src/store/catalog/build-child.js');
}

/** A builder that was killed leaves its half-written file; one whose process still lives is left alone. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /^\..+\.(\d+)\.building$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true });
  }
}

function removeOf(folder: string, pid: number | undefined): void {
  for (const name of readdirSync(folder)) {
    if (pid !== undefined && name.endsWith(`.${pid}.building`)) rmSync(join(folder, name), { force: true });
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

function failed(detail: string): ImportReport {
  return {
    rowsRead: 0,
    products: 0,
    fault: fault('catalog-build-failed', detail),
    errors: [],
    errorCount: 0,
    warnings: [],
    warningCount: 0,
  };
}
