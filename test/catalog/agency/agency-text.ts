import { strToU8, zipSync } from 'fflate';
import { readSource } from '#catalog/agency/read-source';
import type { AgencyCatalogRow, AgencyTable } from '#core/domain/agency-catalog';
import type { SourceBytes } from '#core/ports/agency-catalog';
import type { ImportReport } from '#core/ports/catalog-store';

/** A line of a text table: `cells` by the interface's own numbers, from 1. */
export function line(width: number, cells: Readonly<Record<number, string>>): string {
  return Array.from({ length: width }, (_, at) => cells[at + 1] ?? '').join('\t');
}

/** A good row of 1301 (92 columns) with its record id; `more` by number goes before it. */
export function drug(record: number, more: Readonly<Record<number, string>> = {}): string {
  const cells = {
    1: `XJ01CAA999A0010101${String(record).padStart(5, '0')}`,
    4: '阿莫西林示例片',
    54: '示例制药一厂',
    79: '1',
    80: `R${record}`,
    83: 'F001_20250801000000_A',
  };
  return line(92, { ...cells, ...more });
}

export function drugs(count: number): string {
  return Array.from({ length: count }, (_, at) => `${drug(at + 1)}\n`).join('');
}

export function bytesOf(bytes: Uint8Array): SourceBytes {
  return { sizeBytes: bytes.length, read: (from, to) => bytes.subarray(from, to) };
}

export interface ReadRows {
  readonly report: ImportReport;
  readonly rows: readonly AgencyCatalogRow[];
}

export async function read(table: AgencyTable, source: string | Uint8Array): Promise<ReadRows> {
  const rows: AgencyCatalogRow[] = [];
  const bytes = typeof source === 'string' ? strToU8(source) : source;
  const order = { table, file: 'test', scope: 'full' } as const;
  const report = await readSource(order, bytesOf(bytes), (row) => rows.push(row));
  return { report, rows };
}

export function zipped(files: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const entries = Object.entries(files).map(
    ([name, content]) => [name, typeof content === 'string' ? strToU8(content) : content] as const,
  );
  return zipSync(Object.fromEntries(entries));
}
