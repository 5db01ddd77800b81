import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agencyReaderModule } from '#catalog/agency/reader-module';
import { findDocuments } from '#catalog/search/find';
import type { AgencyTable } from '#core/domain/agency-catalog';
import { ManualClock } from '#core/manual-clock';
import type { AgencyCatalogStore, AgencySource } from '#core/ports/agency-catalog';
import {
  type AgencyBuildRequest,
  type BuiltAgencyCatalog,
  buildAgencyVersion,
} from '#store/agency-catalog/build';
import { openAgencyCatalog } from '#store/agency-catalog/open';
import { temporaryFolder } from '../../../catalog/temporary-folder.ts';

export const clock = new ManualClock(Date.UTC(2026, 10, 21, 13, 30, 45));

/** A file with this text, named by its table. */
export function source(
  table: AgencyTable,
  text: string | Uint8Array,
  scope: AgencySource['scope'] = 'full',
): AgencySource {
  const file = join(temporaryFolder(), `${table}.txt`);
  writeFileSync(file, text);
  return { table, file, scope };
}

export function build(
  folder: string,
  sources: readonly AgencySource[],
  more: Partial<AgencyBuildRequest> = {},
) {
  return buildAgencyVersion({ sources, folder, clock, readerModule: agencyReaderModule, ...more });
}

export async function built(
  folder: string,
  sources: readonly AgencySource[],
  base?: string,
): Promise<BuiltAgencyCatalog> {
  const answer = await build(folder, sources, base === undefined ? {} : { base });
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return answer.value;
}

/** Opens a version for one look and closes it. */
export function inside<T>(file: string, look: (store: AgencyCatalogStore) => T): T {
  const opened = openAgencyCatalog(file, findDocuments);
  if (!opened.ok) throw new Error(opened.error.code);
  try {
    return look(opened.value);
  } finally {
    opened.value.close();
  }
}

/** A line of a paged table. */
export function pageRow(table: AgencyTable, record: string, rest: object): string {
  const common = { table, recordId: record, valid: true, version: '2025-08-01', from: '2025-01-01' };
  return `${JSON.stringify({ ...common, ...rest })}\n`;
}
