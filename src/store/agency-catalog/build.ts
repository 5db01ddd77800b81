import { join, resolve } from 'node:path';
import { z } from 'zod';
import { assert } from '#core/assert';
import { compactDateTime } from '#core/business-time';
import type { Clock } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import type { AgencyCatalogVersion, AgencySource, BuildProgress } from '#core/ports/agency-catalog';
import { err, ok, type Result } from '#core/result';
import { prepareFolder, runBuilder } from '../catalog-file/run-builder.ts';
import type { AgencyBuildAnswer, AgencyBuildOrder, SourceReport } from './build-message.ts';
import { openAgencyFile } from './open.ts';

export type { SourceReport } from './build-message.ts';

export interface AgencyBuildRequest {
  /** Taken in this order; a table may stand there in full and then with changes. */
  readonly sources: readonly AgencySource[];
  /** Folder of the version files of the agency's tables; made when it is missing. */
  readonly folder: string;
  /** Version file in use: what no source replaces is kept from it, and changes are laid on it. */
  readonly base?: string;
  readonly clock: Clock;
  /** Module that exports `reader: AgencyCatalogReader`: `agencyReaderModule` of `catalog/agency/reader-module`. */
  readonly readerModule: string;
  /** Ends the builder; the import then fails with `catalog-build-failed`. */
  readonly signal?: AbortSignal;
  /** The builder is ended after this time; absent = ten minutes. */
  readonly timeoutMs?: number;
  readonly onProgress?: (progress: BuildProgress) => void;
}

/** A new version, with what was noticed in its sources (warnings stop nothing). */
export interface BuiltAgencyCatalog extends AgencyCatalogVersion {
  readonly file: string;
  readonly reports: readonly SourceReport[];
  /** Greatest resident memory of the builder, in bytes. */
  readonly peakBytes: number;
}

/** Why no version was made: the first fault, and the report of every source that was read. */
export interface RefusedAgencyBuild {
  readonly fault: Fault;
  readonly reports: readonly SourceReport[];
}

/**
 * Builds a new version file `<folder>/<version>.db` of the agency's tables in a child process. All or nothing:
 * on an error the reports say why and the folder is as before; versions in use are never touched. Needs the
 * compiled program (the child is started from `dist`). Faults: those of the reader, `catalog-build-failed`,
 * `catalog-changes-without-base`, `catalog-damaged` and `catalog-newer-format` of the base.
 */
export async function buildAgencyVersion(
  request: AgencyBuildRequest,
): Promise<Result<BuiltAgencyCatalog, RefusedAgencyBuild>> {
  const folder = resolve(request.folder);
  if (!prepareFolder(folder)) return failed('the folder of the catalogues cannot be written');
  const { base } = request;
  if (base !== undefined) {
    const checked = openAgencyFile(base);
    if (!checked.ok) return err({ fault: checked.error, reports: [] });
    checked.value.db.close();
  }
  const nowMs = request.clock.nowMs();
  const compact = compactDateTime(nowMs);
  const order: AgencyBuildOrder = {
    sources: request.sources.map((source) => ({ ...source, file: resolve(source.file) })),
    folder,
    ...(base === undefined ? {} : { base: resolve(base) }),
    stamp: `${compact.slice(0, 8)}-${compact.slice(8)}`,
    importedAtMs: nowMs,
    readerModule: request.readerModule,
  };
  const told = await runBuilder({ ...request, entry: 'src/store/agency-catalog/build-child.js', order });
  if (told === undefined) return failed('the builder ended without an answer');
  const answer = parseAnswer(told);
  if (answer.kind === 'failed') return failed(answer.detail);
  if (answer.kind === 'refused') return err({ fault: answer.fault, reports: answer.reports });
  const { version, reports, peakBytes } = answer;
  return ok({ ...version, file: join(folder, `${version.version}.db`), reports, peakBytes });
}

const answerShape = z.object({ kind: z.enum(['built', 'refused', 'failed']) });

function parseAnswer(message: unknown): AgencyBuildAnswer {
  assert(answerShape.safeParse(message).success, 'the builder answers in its own form');
  return message as AgencyBuildAnswer;
}

function failed(detail: string): Result<never, RefusedAgencyBuild> {
  return err({ fault: fault('catalog-build-failed', detail), reports: [] });
}
