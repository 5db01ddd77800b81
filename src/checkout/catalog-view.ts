import { businessDateTime } from '#core/business-time';
import { agencyTables } from '#core/domain/agency-catalog';
import type { CatalogDownloadState } from '#sync/catalog-download';
import type { CatalogDownloadView } from './facade.ts';

const MOST_PROBLEMS = 50;

/** The download as people and programs are told of it; without one it is off. */
export function catalogDownloadView(state: CatalogDownloadState | undefined): CatalogDownloadView {
  if (state === undefined) return { phase: 'off', rows: 0, percent: 0, skipped: [], problems: [] };
  const { phase, table, rows, percent, version, lastFault, lastDoneAtMs, nextAtMs } = state;
  const problems = state.reports.flatMap((each) =>
    each.report.errors.map((problem) => ({ table: each.table, ...problem })),
  );
  return {
    phase,
    ...(table === undefined ? {} : { table, tableZh: nameOf(table) }),
    rows,
    percent,
    ...(version === undefined ? {} : { version }),
    skipped: state.skipped.map((each) => ({ ...each, tableZh: nameOf(each.table) })),
    problems: problems.slice(0, MOST_PROBLEMS),
    ...(lastFault === undefined ? {} : { lastFault }),
    ...(lastDoneAtMs === undefined ? {} : { lastDone: businessDateTime(lastDoneAtMs) }),
    ...(nextAtMs === undefined ? {} : { next: businessDateTime(nextAtMs) }),
  };
}

function nameOf(table: string): string {
  return agencyTables.find(({ id }) => id === table)?.zh ?? table;
}
