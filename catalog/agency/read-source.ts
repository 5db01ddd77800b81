import type { AgencyCatalogRow, AgencyTable } from '#core/domain/agency-catalog';
import { type Fault, fault } from '#core/fault';
import type { AgencySource, SourceBytes } from '#core/ports/agency-catalog';
import type { ImportReport } from '#core/ports/catalog-store';
import { Cells } from './cells.ts';
import { chronicDiseases } from './chronic-diseases.ts';
import { diagnoses } from './diagnoses.ts';
import { drugs } from './drugs.ts';
import type { FileTable } from './file-table.ts';
import { herbalPieces } from './herbal-pieces.ts';
import { materials } from './materials.ts';
import { isPageTable, type PageTable, readPageRow } from './page-rows.ts';
import { preparations } from './preparations.ts';
import { Problems } from './problems.ts';
import { ownText } from './remembered.ts';
import { services } from './services.ts';
import { type LinePlace, TextLines } from './text-lines.ts';
import { isZip, openZip } from './unzip.ts';

const fileTables: readonly FileTable[] = [
  drugs,
  herbalPieces,
  preparations,
  services,
  materials,
  diagnoses,
  chronicDiseases,
];

/** As much as is taken from a text at a time. */
const PIECE_BYTES = 1024 * 1024;

/** Reads one line; undefined when something is wrong with it, which `problems` then says. */
type LineReader = (place: LinePlace) => AgencyCatalogRow | undefined;

/**
 * Reads one of the agency's tables: zip with one txt, bare txt (tab-separated, no header; interface 3.3), or
 * JSON lines of a paged query (3.4), zipped or not. All or nothing: see `AgencyCatalogReader`. Faults:
 * `catalog-source-zip`, `catalog-source-too-large`, `catalog-source-encoding`, `catalog-source-rows`,
 * `catalog-source-empty`.
 */
export async function readSource(
  { table }: AgencySource,
  bytes: SourceBytes,
  accept: (row: AgencyCatalogRow) => void,
): Promise<ImportReport> {
  const problems = new Problems();
  const zip = isZip(bytes) ? openZip(bytes) : undefined;
  if (zip?.ok === false) return problems.report({ rowsRead: 0, rows: 0, fault: zip.error });
  const text = new TextLines(zip === undefined ? piecesOf(bytes) : zip.value.pieces);
  const rows = new RowReader(lineReader(table, problems), problems, isPageTable(table), accept);
  await text.each((place) => rows.take(place));
  const { encoding } = text;
  const { rowsRead, accepted } = rows;
  const found = zip?.value.fault() ?? text.fault ?? rowFault(problems, rowsRead);
  return problems.report({ rowsRead, rows: accepted, encoding, fault: found });
}

function rowFault(problems: Problems, rowsRead: number): Fault | undefined {
  if (problems.errorCount > 0) return fault('catalog-source-rows', problems.first());
  // Changes may be none, but then there is no file of them: an empty one was cut.
  return rowsRead === 0 ? fault('catalog-source-empty') : undefined;
}

/** Takes line after line, holds record ids against each other and gives good rows on. */
class RowReader {
  rowsRead = 0;
  accepted = 0;
  readonly #read: LineReader;
  readonly #problems: Problems;
  /** Pages shift while they are asked for, so a row may come twice: the later one counts. */
  readonly #mayRepeat: boolean;
  readonly #accept: (row: AgencyCatalogRow) => void;
  readonly #lineOf = new Map<string, number>();

  constructor(
    read: LineReader,
    problems: Problems,
    mayRepeat: boolean,
    accept: (row: AgencyCatalogRow) => void,
  ) {
    this.#read = read;
    this.#problems = problems;
    this.#mayRepeat = mayRepeat;
    this.#accept = accept;
  }

  take(place: LinePlace): void {
    this.rowsRead += 1;
    const row = this.#read(place);
    if (row === undefined) return;
    const { line } = place;
    const before = this.#lineOf.get(row.recordId);
    this.#lineOf.set(before === undefined ? ownText(row.recordId) : row.recordId, line);
    if (before !== undefined) this.#repeated(row.recordId, line, before);
    else this.accepted += 1;
    if (this.#problems.errorCount === 0) this.#accept(row);
  }

  #repeated(value: string, line: number, before: number): void {
    const column = this.#mayRepeat ? 'recordId' : '唯一记录号';
    const zh = `唯一记录号与第 ${before} 行重复`;
    const problem = {
      line,
      column,
      value: ownText(value.slice(0, 60)),
      zh,
      en: `the same record id as line ${before}`,
    };
    if (this.#mayRepeat) this.#problems.warning(problem);
    else this.#problems.error(problem);
  }
}

function lineReader(table: AgencyTable, problems: Problems): LineReader {
  if (isPageTable(table)) return pageReader(table, problems);
  const file = fileTables.find((one) => one.table === table);
  if (file === undefined) throw new Error(`no reader for table ${table}`);
  return fileReader(file, problems);
}

function pageReader(table: PageTable, problems: Problems): LineReader {
  return ({ text, from, end, line }) => readPageRow(table, text.slice(from, end), line, problems);
}

function fileReader({ columns, widths, decode }: FileTable, problems: Problems): LineReader {
  const cells = new Cells(columns, problems);
  return (place) => {
    const count = cells.take(place);
    if (!widths.includes(count)) {
      const known = widths.join(' / ');
      cells.refuseRow({
        zh: `有 ${count} 列，应为 ${known} 列`,
        en: `has ${count} columns, ${known} are expected`,
      });
      return undefined;
    }
    const row = decode(cells);
    return cells.bad ? undefined : row;
  };
}

function* piecesOf(bytes: SourceBytes): Generator<Uint8Array> {
  for (let at = 0; at < bytes.sizeBytes; at += PIECE_BYTES) {
    yield bytes.read(at, Math.min(at + PIECE_BYTES, bytes.sizeBytes));
  }
}
