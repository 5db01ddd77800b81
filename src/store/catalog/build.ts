import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { assert } from '#core/assert';
import { compactDateTime } from '#core/business-time';
import type { Clock } from '#core/clock';
import { fault } from '#core/fault';
import type { BuildProgress } from '#core/ports/agency-catalog';
import type { CatalogVersion, ColumnReport, ImportReport } from '#core/ports/catalog-store';
import { err, ok, type Result } from '#core/result';
import { prepareFolder, runBuilder } from '../catalog-file/run-builder.ts';
import { listVersions, versionFile } from '../catalog-file/versions.ts';
import type { BuildAnswer, ColumnsOrder, VersionOrder } from './build-message.ts';
import { rememberColumns } from './known-columns.ts';

export interface BuildRequest {
  /** The shop's list: TSV, CSV or XLSX file. */
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
  readonly onProgress?: (progress: BuildProgress) => void;
  /** Name of the version in use: its prices are compared and its price log goes on. */
  readonly previous?: string;
  /** Columns that a person confirmed for this list: header → English header, or `-` = leave out. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** A new version with what was noticed on the way (warnings stop nothing). */
export interface BuiltCatalog extends CatalogVersion {
  readonly file: string;
  readonly report: ImportReport;
}

/**
 * Builds a new version file `<folder>/<version>.db` from the shop's list in a child process. All or nothing:
 * on an error the report says why (`fault`, bad rows) and the folder is as before; versions in use are never
 * touched. Needs the compiled program (the child is started from `dist`).
 */
export async function buildCatalogVersion(
  request: BuildRequest,
): Promise<Result<BuiltCatalog, ImportReport>> {
  const folder = resolve(request.folder);
  if (!prepareFolder(folder)) return err(failed('the folder of the catalogues cannot be written'));
  const nowMs = request.clock.nowMs();
  const compact = compactDateTime(nowMs);
  const { previous, columns } = request;
  const order: VersionOrder = {
    task: 'build',
    source: resolve(request.source),
    sourceName: basename(request.source),
    folder,
    stamp: `${compact.slice(0, 8)}-${compact.slice(8)}`,
    importedAtMs: nowMs,
    readerModule: request.readerModule,
    ...(previous === undefined ? {} : { previousFile: versionFile(folder, previous) }),
    ...(columns === undefined ? {} : { columns }),
    knownColumnsFile: join(folder, KNOWN_COLUMNS),
  };
  const told = await runBuilder({ ...request, entry: ENTRY, order });
  if (told === undefined) return err(failed('the builder ended without an answer'));
  const answer = parseAnswer(told);
  if (answer.kind === 'failed') return err(failed(answer.detail));
  if (answer.kind === 'refused') return err(answer.report);
  assert(answer.kind === 'built', 'an order to build is answered with a version');
  if (columns !== undefined && answer.report.confirmed !== undefined)
    rememberColumns(join(folder, KNOWN_COLUMNS), answer.report.confirmed);
  const file = join(folder, `${answer.version.version}.db`);
  return ok({ ...answer.version, file, report: answer.report });
}

/**
 * What the columns of a list are, or may be, read in the builder's process: a workbook of any size and kind
 * costs the caller nothing.
 */
export async function proposeColumns(
  request: Pick<BuildRequest, 'source' | 'clock' | 'readerModule' | 'signal' | 'timeoutMs'>,
): Promise<ColumnReport> {
  const order: ColumnsOrder = {
    task: 'columns',
    source: resolve(request.source),
    folder: tmpdir(),
    readerModule: request.readerModule,
  };
  const told = await runBuilder({ ...request, entry: ENTRY, order });
  const answer = told === undefined ? undefined : parseAnswer(told);
  if (answer?.kind === 'columns') return answer.report;
  const detail = answer?.kind === 'failed' ? answer.detail : 'the builder ended without an answer';
  return { fault: fault('catalog-build-failed', detail), columns: [], missing: [] };
}

/** Version files of a folder, oldest first; names begin with the time of the import. */
export function listCatalogVersions(folder: string): readonly string[] {
  return listVersions(folder).map((version) => versionFile(folder, version));
}

const ENTRY = 'src/store/catalog/build-child.js';
/** Beside the versions: what was confirmed about the columns of this shop's lists. */
const KNOWN_COLUMNS = 'columns.json';

const answerShape = z.object({
  kind: z.enum(['built', 'refused', 'columns', 'failed']),
});

function parseAnswer(message: unknown): BuildAnswer {
  assert(answerShape.safeParse(message).success, 'the builder answers in its own form');
  return message as BuildAnswer;
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
